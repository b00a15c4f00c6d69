"""One queue of callers on the stage: what was ordered, and the calls as they are asked for by whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Protocol

from services.desk import Desk
from services.errors import Invalid
from services.practice.class_file import Session, append, clean_trainee
from services.practice.queue import Practice
from services.practice.values import Case, Difficulty, Ending, Fact, Outcome, queue_score
from services.sandbox.people import AGENT
from tui.demo.scene import Scene

CALLERS = 5
"""How many call unless somebody says otherwise."""

LARGEST_SEED = 999_999
"""Seeds are whole numbers from 0 on."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to practise.

    Attributes:
        class_file: where each call is written down; None for nowhere.
    """

    trainee: str = ""
    callers: int = CALLERS
    seed: int = 1
    difficulty: Difficulty = Difficulty.MIXED
    class_file: Path | None = None


class Box(Protocol):
    """What practice needs of a sandbox."""

    @property
    def desk(self) -> Desk:
        """The services over it."""
        ...

    @property
    def replacing(self) -> RLock:
        """Held by whoever asks services on a thread of its own."""
        ...

    def deliver(self) -> int:
        """Deal with all mail that is due."""
        ...


class PracticeRun:
    """A queue over a sandbox; its methods block, and are for a thread of their own."""

    def __init__(self, box: Box, order: Order, prepared: dict[str, Practice]) -> None:
        """`prepared` keeps the queues of this sandbox by their scenes: the sandbox prepares each scene once."""
        self.order = order
        self.trainee = clean_trainee(order.trainee)
        self._box = box
        self._prepared = prepared
        words = f"{order.callers} {order.difficulty} callers, seed {order.seed}"
        self.scene = Scene("", f"practice: {words}", words, (), prepare=self._prepare, signed_in=AGENT)
        self.unwritten = ""
        """Why a call is not in the class file; empty while all are."""

    @property
    def number(self) -> int:
        """Which caller is on the line, from 1."""
        return self._queue.number

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Of the calls that have ended."""
        return self._queue.outcomes

    @property
    def finished(self) -> bool:
        """Whether everybody was served."""
        return len(self.outcomes) == self.order.callers

    @property
    def score(self) -> int:
        """Of the whole queue so far."""
        return queue_score(self.outcomes)

    @property
    def told(self) -> str:
        """The score of the queue so far, in a sentence or two."""
        calls = f"{len(self.outcomes)} of {self.order.callers} calls"
        told = f"{self.trainee}: {self.score} of 100 in {calls} ({self.scene.summary})."
        return f"{told} Not in the class file: {self.unwritten}" if self.unwritten else told

    def begin(self) -> Case:
        """Let the first one call, as often as the scene begins."""
        with self._box.replacing:
            self._queue.restart()
            return self._queue.ring()

    def ring(self) -> Case:
        """Let the next one call. Raises Refused when nobody is left."""
        with self._box.replacing:
            return self._queue.ring()

    def ask(self, fact: Fact) -> str:
        """What the caller answers; mail that waits has come by then."""
        with self._box.replacing:
            self._box.deliver()
            return self._queue.ask(fact)

    def end(self, ending: Ending) -> Outcome:
        """End the call, and write it down. Raises Refused if it has ended already."""
        with self._box.replacing:
            outcome = self._queue.end(ending)
            number, now = self._queue.number, self._box.desk.ctx.clock.now()
        if self.order.class_file is not None:
            session = Session(self.trainee, self.order.seed, self.order.difficulty)
            try:
                append(self.order.class_file, session, number, outcome, now)
                self.unwritten = ""
            except Invalid as refusal:
                self.unwritten = refusal.problems["file"]
        return outcome

    @property
    def _queue(self) -> Practice:
        return self._prepared[self.scene.name]

    def _prepare(self, desk: Desk) -> None:
        order = self.order
        practice = Practice(desk, callers=order.callers, seed=order.seed, difficulty=order.difficulty)
        practice.prepare()
        self._prepared[self.scene.name] = practice
