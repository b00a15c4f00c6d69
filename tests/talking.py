"""A talk with the desk as lines, in this process: what somebody types, and all that they hear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from services.actor import Actor
from services.desk import Desk
from tests.making import HERE
from tui.plain.dialogue import Dialogue
from tui.plain.home import at_home
from tui.plain.lines import Idle, Lines
from tui.plain.run import hold_talk
from tui.plain.sitting import Sitting

Answer = str | Callable[[], str] | type[Idle]


class Typist(Lines):
    """Types one answer after the other, then closes the line; a function is asked when its turn comes."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.typed = False
        self.unseen: list[str] = []
        self._left = list(answers)
        self._hidden = False

    def next(self, patience: float | None = None) -> str:
        if not self._left:
            raise EOFError
        answer = self._left.pop(0)
        if isinstance(answer, type):
            raise answer
        said = answer if isinstance(answer, str) else answer()
        if self._hidden:
            self.unseen.append(said)
        return said

    @contextmanager
    def hidden(self) -> Iterator[None]:
        self._hidden = True
        try:
            yield
        finally:
            self._hidden = False


class Talk:
    """What was said in a talk.

    Attributes:
        heard: all of it; typist: who typed.
    """

    def __init__(self, desk: Desk, answers: Sequence[Answer], actor: Actor | None) -> None:
        self.typist = Typist(answers)
        self._said: list[str] = []
        sitting = Sitting(desk, Dialogue(self.typist, self._said.append), HERE)
        if actor is not None:
            sitting.arrive(actor)
        hold_talk(sitting, at_home if actor is not None else None)
        self.heard = "".join(self._said)


def talk(desk: Desk, *answers: Answer, actor: Actor | None = None) -> Talk:
    """Hold a talk, as somebody who is signed in already or as nobody."""
    return Talk(desk, answers, actor)
