"""A menu of what can be done with somebody: each line with its key, and why not where it is not possible."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from textual import on
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.clients.words import DIM
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.countdown import seconds_until
from screens.widgets.menu import Menu, Option
from services.clock import Clock
from services.when import show_wait

K = TypeVar("K")


class Offered(Protocol):
    """Whether something is possible now, and if not, why and until when."""

    @property
    def allowed(self) -> bool:
        """Whether it can be done now."""

    @property
    def reason(self) -> str:
        """Why not, with what to do instead; empty when allowed."""

    @property
    def allowed_at(self) -> datetime | None:
        """When the wait ends, for what is only too soon."""


@dataclass(frozen=True, slots=True)
class OfferLine(Generic[K]):
    """One line of the menu.

    Attributes:
        answer: what the dialog answers when it is chosen.
        key: its letter.
    """

    answer: K
    key: str
    words: str
    offer: Offered


class OfferMenu(ListDialog[K], Generic[K]):
    """Answers with what was chosen; what is not possible says why, and a wait is counted down before one's eyes.

    A subclass composes `menu()` and below it a `Static` of the class "why", and binds the keys to `press`.
    """

    def __init__(self, lines: Iterable[OfferLine[K]], clock: Clock) -> None:
        """`clock` tells when a wait is over."""
        super().__init__()
        self.lines = {line.key: line for line in lines}
        self._widest = max(len(line.words) for line in self.lines.values())
        self._clock = clock

    # mypy holds it; Textual's metaclass leaves no room for another.
    @abstractmethod
    def told_of(self, line: OfferLine[K]) -> str:
        """What stands below the list while the cursor is on this line."""

    def menu(self) -> Menu:
        """The list."""
        return Menu([Option(self._prompt(line), id=line.key) for line in self.lines.values()])

    def on_mount(self) -> None:
        """Without a wait nothing ticks."""
        self.query_one(Menu).focus()
        if any(self._wait(line) for line in self.lines.values()):
            self.set_interval(1.0, self._count_down)

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """Say below the list what there is to say of the line under the cursor."""
        option = self.query_one(Menu).highlighted_option
        if option is None:
            return
        line = self.lines[option.id or ""]
        why = self.query_one(".why", Static)
        why.set_class(not self.allows(line), "-closed")
        why.update(Content(self.told_of(line)))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        self.action_press(event.option_id or "")

    def action_press(self, key: str) -> None:
        """Answer, or put the cursor where it says why not; a key without a line does nothing."""
        line = self.lines.get(key)
        if line is None:
            return
        if self.allows(line):
            self.dismiss(line.answer)
            return
        self.query_one(Menu).highlight(key)
        self.app.bell()

    def allows(self, line: OfferLine[K]) -> bool:
        """Whether it is possible now; a wait may have ended meanwhile."""
        return line.offer.allowed or (line.offer.allowed_at is not None and not self._wait(line))

    def _wait(self, line: OfferLine[K]) -> int:
        return seconds_until(line.offer.allowed_at, self._clock)

    def _prompt(self, line: OfferLine[K]) -> Content:
        if self.allows(line):
            return Content.assemble((f"{line.key}  ", "bold"), line.words)
        wait = self._wait(line)
        when = f"possible in {show_wait(wait)}" if wait else "not possible now"
        return Content.assemble((f"{line.key}  {line.words:{self._widest}}  {when}", DIM))

    def _count_down(self) -> None:
        menu = self.query_one(Menu)
        for line in self.lines.values():
            if line.offer.allowed_at is not None:
                menu.replace_option_prompt(line.key, self._prompt(line))
        self.explain()
