"""A list of what an agency gave out and can take back: kiosks, SSH keys. Open ones stand first."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Generic, Protocol, TypeVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.types import CSSPathType
from textual.widgets import OptionList, Static

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.widgets.key_line import KeyLine
from screens.widgets.menu import Menu, Option
from screens.widgets.safe_text import fit
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.when import show_moment

MOMENT = 18
"""Cells of a moment."""


class Revocable(Protocol):
    """One of them."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def revoked_at(self) -> datetime | None:
        """When it was taken back; None while it works."""


V = TypeVar("V", bound=Revocable)


class RevocableList(DeskScreen[None], Generic[V]):
    """A line for each, its facts behind Enter; a revoked one is only looked at. A subclass gives the keys."""

    # Whole, since Textual looks beside the subclass.
    CSS_PATH: ClassVar[CSSPathType | None] = Path(__file__).with_name("revocable_list.tcss")

    needs_session = True
    title_words: ClassVar[str]
    heads: ClassVar[tuple[str, ...]]
    on_open_ones: ClassVar[frozenset[str]] = frozenset({"revoke"})
    """The actions that need one which is not revoked."""

    menu = getters.query_one(Menu)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self.actor = actor
        self.rows: Sequence[V] = ()
        """As they were read last."""

    def compose(self) -> ComposeResult:
        yield TitleBar(self.title_words, f"{self.actor.name} · {self.actor.role}")
        yield Static("", classes="heading", markup=False)
        yield Static("", classes="heads", markup=False)
        yield self.make_menu()
        yield KeyLine()

    # mypy holds these; Textual's metaclass leaves no room for another.
    @abstractmethod
    def make_menu(self) -> Menu:
        """The list itself, whose Enter says what it opens."""

    @abstractmethod
    async def read(self) -> tuple[str, Sequence[V]]:
        """What stands above the list, and its rows."""

    @abstractmethod
    def cells(self, row: V, when: str) -> Sequence[str]:
        """What stands in the columns; `when` tells when it was used last."""

    @abstractmethod
    def used(self, row: V) -> datetime | None:
        """When it was used last."""

    @abstractmethod
    def widths(self, room: int) -> Sequence[int]:
        """The columns in so many cells."""

    @abstractmethod
    def facts(self, row: V) -> tuple[str, Sequence[tuple[str, str]]]:
        """Its name, and all that is known of it."""

    @abstractmethod
    def question(self, row: V) -> Confirm:
        """What is asked before it is revoked."""

    @abstractmethod
    async def take_back(self, row: V) -> str:
        """Revoke it. Returns the sentence that says so."""

    def on_screen_resume(self) -> None:
        """Whatever was done meanwhile is seen."""
        self.load()

    def on_resize(self) -> None:
        """The columns follow the window."""
        self.call_after_refresh(self._show)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self) -> None:
        """Read the list anew."""
        async with self.problems_told():
            heading, self.rows = await self.read()
            above = self.query_one(".heading", Static)
            above.update(Content(heading))
            above.display = bool(heading)
            self._show()

    @on(OptionList.OptionHighlighted)
    def look_at_keys(self) -> None:
        """What can be done depends on the line."""
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    @work(exit_on_error=False)
    async def open(self) -> None:
        """All facts of the line."""
        row = self.here()
        if row is not None and self.is_active:
            name, facts = self.facts(row)
            await self.app.push_screen_wait(Details(name, facts))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A revoked one is only looked at."""
        if action in self.on_open_ones:
            row = self.here()
            return row is not None and row.revoked_at is None
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_revoke(self) -> None:
        """Ask, then do it."""
        row = self.here()
        if row is None or not self.is_active:
            return
        if await self.app.push_screen_wait(self.question(row)):
            async with self.problems_told():
                self.notify(await self.take_back(row), markup=False)
            self.load()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    def here(self) -> V | None:
        """The row under the cursor."""
        option = self.menu.highlighted_option if self.is_mounted else None
        return next((row for row in self.rows if option is not None and str(row.id) == option.id), None)

    def _show(self) -> None:
        present = self.menu.highlighted_option
        widths = self.widths(self.size.width - 4)
        heads = "  ".join(fit(head, width) for head, width in zip(self.heads, widths, strict=True))
        self.query_one(".heads", Static).update(Content(f"  {heads}" if self.rows else ""))
        self.menu.clear_options()
        self.menu.add_options([self._option(row, widths) for row in self.rows])
        ids = [str(row.id) for row in self.rows]
        if ids:
            self.menu.highlight(present.id if present is not None and present.id in ids else ids[0])
        self.menu.focus()
        self.refresh_bindings()

    def _option(self, row: V, widths: Sequence[int]) -> Option:
        used, gone = self.used(row), row.revoked_at is not None
        when = "revoked" if gone else show_moment(used, self.desk.ctx.clock.now()) if used else "never"
        sign = "✗" if gone else "●" if used else "○"
        told = "  ".join(fit(cell, width) for cell, width in zip(self.cells(row, when), widths, strict=True))
        return Option(Content.styled(f"{sign} {told}", "$foreground-muted" if gone else ""), id=str(row.id))


def exactly(moment: datetime) -> str:
    """A moment with its day and zone, as the facts of one row show it."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"
