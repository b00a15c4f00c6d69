"""Recovery codes, shown once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.widgets.key_line import KeyLine
from screens.widgets.tick import Tick
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.first_words import CODES_SHOWN
from services.actor import Actor

_TWO_COLUMNS = 70
"""Columns of a terminal in which two codes stand beside each other."""

_NOT_KEPT = "✗ Write the codes down or print them first, then tick the box."


class RecoveryCodes(DeskScreen[bool]):
    """Closes with whether the person has kept them; whoever has not is given new ones at the next sign-in."""

    CSS_PATH = "recovery_codes.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "keep", "Go on", id="codes.keep", tooltip="Go on, once the codes are kept"),
        Binding("escape", "leave", "Leave", id="codes.leave", tooltip="Leave without having kept them"),
        Binding("f1", "app.help", "Help", id="help", tooltip="The keys of this screen"),
    ]

    needs_session = True

    def __init__(self, place: Workplace, actor: Actor, codes: Sequence[str]) -> None:
        super().__init__(place)
        self._actor = actor
        self._codes = tuple(codes)

    def compose(self) -> ComposeResult:
        yield TitleBar("Recovery codes", self._actor.name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("Keep these recovery codes", classes="card-title", markup=False)
            yield Static(CODES_SHOWN, classes="card-lead", markup=False)
            yield Static("", classes="codes", markup=False)
            yield Tick("I have kept them", ticked=False)
            yield Static("", classes="card-message -bad", markup=False)
            with Horizontal(classes="card-buttons"):
                yield Button("Go on", id="keep", variant="primary")
        yield KeyLine()

    def on_mount(self) -> None:
        """The box is what there is to do."""
        self.query_one(Tick).focus()

    def on_resize(self) -> None:
        """A code is never broken in two: they are shown once."""
        columns = 2 if self.size.width >= _TWO_COLUMNS else 1
        self.query_one(".codes", Static).update(in_columns(self._codes, columns))

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """After the box, the button."""
        event.stop()
        self._say("")
        if event.ticked:
            self.query_one("#keep", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button does what the key does."""
        event.stop()
        self.action_keep()

    @work(exit_on_error=False)
    async def action_keep(self) -> None:
        """Go on, if the person says that they are kept."""
        if not self.query_one(Tick).ticked:
            self._say(_NOT_KEPT)
            self.query_one(Tick).focus()
            return
        async with self.problems_told():
            await self.call(self.desk.second_factor.keep_codes, self._actor)
            self.dismiss(True)

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Leave, after saying what that means."""
        if not self.is_active:
            return
        question = Confirm(
            "Leave without the codes?",
            ["They are not shown again. At your next sign-in you are given new ones, and these work no more."],
            yes="Leave",
            no="Back to the codes",
            dangerous=True,
        )
        if await self.app.push_screen_wait(question):
            self.dismiss(False)

    def _say(self, words: str) -> None:
        self.query_one(".card-message", Static).update(Content(words))


def in_columns(codes: Sequence[str], columns: int) -> Content:
    """Numbered downwards, in as many columns as there is room for."""
    rows = -(-len(codes) // columns)
    numbered = [f"{number:>2}  {code}" for number, code in enumerate(codes, 1)]
    return Content("\n".join("   ".join(numbered[row::rows]) for row in range(rows)))
