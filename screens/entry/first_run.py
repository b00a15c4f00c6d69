"""The first screen of a new desk: one's own agency, or sample data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.widgets.brand import Brand
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from services.actor import Actor


class Choice(Static, can_focus=True):
    """One of a few large choices: a key, what it does, and a sentence about it."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Choose", key_display="Enter", id="choice.choose", tooltip="Take this one"),
    ]

    @dataclass
    class Chosen(Message):
        """It was chosen."""

        choice: Choice

    def __init__(self, key: str, title: str, sentence: str, *, id: str) -> None:
        words = Content.assemble(
            (f" {key} ", "bold $accent"), ("  " + title, "bold"), ("\n     " + sentence, "$foreground-muted")
        )
        super().__init__(words, id=id)

    def action_choose(self) -> None:
        """Tell the screen."""
        self.post_message(self.Chosen(self))

    def on_click(self) -> None:
        """A click chooses."""
        self.action_choose()


class FirstRun(DeskScreen[Actor | None]):
    """Closes with the administrator signed in, or with None when nothing was set up."""

    CSS_PATH = "first_run.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "own", "My agency", id="first.own", tooltip="Set up your own agency"),
        Binding("2", "sample", "Sample data", id="first.sample", tooltip="Look around with made-up clients"),
        Binding("down,right", "app.focus_next", "Down", show=False, id="first.down", tooltip="To the other choice"),
        Binding("up,left", "app.focus_previous", "Up", show=False, id="first.up", tooltip="To the other choice"),
        Binding(
            "escape", "leave", "Quit", key_display="Esc", id="first.leave", tooltip="Leave Trakdesk; nothing is set up"
        ),
    ]

    def compose(self) -> ComposeResult:
        yield TitleBar("A new desk")
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Brand()
            yield Static("This desk is new. It has no agency and no account yet.", classes="card-lead", markup=False)
            yield Choice("1", "Set up your agency", "Name, contact and the first administrator: two minutes.", id="own")
            yield Choice(
                "2", "Start with sample data", "A made-up agency with made-up clients, to look around.", id="sample"
            )
        yield KeyLine()

    def on_mount(self) -> None:
        """Enter takes the first choice."""
        self.query_one("#own").focus()

    def on_choice_chosen(self, event: Choice.Chosen) -> None:
        """Begin with what was chosen."""
        if event.choice.id == "own":
            self.action_own()
        else:
            self.action_sample()

    @work(exit_on_error=False)
    async def action_own(self) -> None:
        """Set up the person's own agency."""
        if self.is_active:
            from screens.entry.founding import OwnAgency  # the first screen of all must come at once

            self._end(await self.app.push_screen_wait(OwnAgency(self.place)))

    @work(exit_on_error=False)
    async def action_sample(self) -> None:
        """Set up an agency with sample data."""
        if self.is_active:
            from screens.entry.founding import SampleAgency  # as above

            self._end(await self.app.push_screen_wait(SampleAgency(self.place)))

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Leave the program, after a question."""
        question = Confirm(
            "Leave Trakdesk?", ["Nothing has been set up. You can start again at any time."], yes="Leave", no="Stay"
        )
        if await self.app.push_screen_wait(question):
            self.dismiss(None)

    def _end(self, actor: Actor | None) -> None:
        if actor is not None:
            self.dismiss(actor)
