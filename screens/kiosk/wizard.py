"""The wizard of a kiosk: one question on one screen, and large buttons in the place of keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.types import CSSPathType
from textual.widgets import Button, ContentSwitcher, ProgressBar, Static

from screens.kiosk.frame import BACK, LOOKS, BigButton, KioskHeader, KioskNotice, KioskScreen, Progress
from screens.wizard.wizard import Wizard

D = TypeVar("D")
R = TypeVar("R")

WIZARD_LOOKS = Path(__file__).with_name("wizard.tcss")


class KioskWizard(KioskScreen[R | None], Wizard[D, R], Generic[D, R], inherit_bindings=False):
    """A wizard in the look of a kiosk; the heading of each step is its question.

    Closes with None for whoever starts again, or goes back from the first step.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = [LOOKS, WIZARD_LOOKS]
    HORIZONTAL_BREAKPOINTS = KioskScreen.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = KioskScreen.VERTICAL_BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next_field", "Next", show=False, priority=True, id="form.enter", tooltip="Go on"),
        Binding(
            "tab", "app.focus_next", "Next", show=False, priority=True, id="focus.next", tooltip="Go to the next one"
        ),
        Binding(
            "shift+tab",
            "app.focus_previous",
            "Before",
            show=False,
            priority=True,
            id="focus.before",
            tooltip="Go to the one before",
        ),
        Binding("down,right", "app.focus_next", "Next", show=False, id="form.down", tooltip="Go to the next one"),
        Binding("up,left", "app.focus_previous", "Before", show=False, id="form.up", tooltip="Go to the one before"),
        BACK,
    ]

    offers_help: ClassVar[bool] = False
    """Whether there is a button that asks for a human; a subclass with it gives `get_help`."""

    def compose(self) -> ComposeResult:
        yield KioskHeader(self.place.kiosk)
        with Horizontal(id="wizard-place"):
            yield Progress()
        with VerticalScroll(classes="kiosk-room", can_focus=False), Vertical(classes="kiosk-middle"):
            yield Static("", id="wizard-question", classes="kiosk-title", markup=False)
            with ContentSwitcher(initial=self._step.id, id="wizard-step"):
                yield from self._steps
        with Horizontal(id="wizard-busy"):
            yield Static("", id="wizard-busy-words", markup=False)
            yield ProgressBar(id="wizard-progress", show_eta=False)
        with Horizontal(classes="kiosk-foot"):
            yield BigButton("Back", id="back")
            yield BigButton("Next", id="next", main=True)
            if self.offers_help:
                yield BigButton("Get help", id="get-help")
            yield BigButton("Start again", id="start-again")

    @property
    def onward_button(self) -> Button:
        """The button that goes on."""
        return self.query_one("#next", BigButton)

    def show_place(self, headings: Sequence[str], here: int) -> None:
        """The question, how far one is, and the buttons; before the first step there is only home."""
        self.query_one("#wizard-question", Static).update(Content(headings[here]))
        self.query_one(Progress).show(here + 1, len(headings))
        self.query_one(Progress).display = len(headings) > 1
        self.query_one("#next", BigButton).rename(self.verb if self.last else "Next")
        self.query_one("#start-again").display = here > 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before the steps are there, and while a service works, nothing can be done; else every button does it."""
        if action in ("next", "back", "start_again", "get_help"):
            return True if self.is_mounted and not self.busy else None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """The step before; from the first one, home."""
        if self._before() is None:
            self.action_start_again()
        else:
            Wizard.action_back(self)

    @work(exit_on_error=False)
    async def action_start_again(self) -> None:
        """Home; what was typed is thrown away only after a question."""
        if not (self.is_active and self.is_mounted) or self.busy:
            return
        if self.untouched or await self.app.push_screen_wait(self.leaving()):
            self.dismiss(None)

    @property
    def untouched(self) -> bool:
        """Whether nothing would be lost."""
        return self._step.collect(self.draft) == self._begun

    def leaving(self) -> KioskNotice:
        """The question before everything is thrown away; yes is home."""
        return KioskNotice(
            self.place,
            "Start again?",
            ["The kiosk goes home, and forgets what you typed."],
            yes="Start again",
            no="Stay here",
        )

    @work(exit_on_error=False)
    async def action_get_help(self) -> None:
        """Ask for a human, and go on where it was."""
        if self.is_active:
            await self.get_help()

    async def get_help(self) -> None:
        """Show what `offers_help` promises."""
