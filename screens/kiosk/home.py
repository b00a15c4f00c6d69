"""Where a kiosk begins and ends: three large choices."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from screens.kiosk.frame import BACK, LOOKS, BigButton, KioskScreen
from screens.kiosk.workplace import KioskPlace


class Choice(StrEnum):
    """What somebody comes for."""

    RESET = "reset"
    ACTIVATE = "activate"
    HELP = "help"


_AWAY = "This kiosk cannot serve anybody right now. It tries again by itself."


class KioskHome(KioskScreen[Choice]):
    """Closes with the first choice of a person."""

    CSS_PATH = [LOOKS, Path(__file__).with_name("home.tcss")]
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, place: KioskPlace, fault: str = "") -> None:
        """`fault` is the reference of what went wrong before; empty if nothing did."""
        super().__init__(place)
        self._fault = fault
        self._away = False

    def room(self) -> ComposeResult:
        """The question and the choices."""
        yield Static("What can we do for you?", classes="kiosk-title", markup=False)
        yield BigButton("Reset my password", id="reset", main=True)
        yield BigButton("Activate my account", id="activate")
        yield BigButton("Get help", id="help")
        yield Static("", classes="home-told", markup=False)

    def foot(self) -> ComposeResult:
        """Whom to call instead."""
        kiosk = self.place.kiosk
        called = f"You can also call us: {kiosk.phone}" if kiosk.phone else ""
        yield Static(Content(called), classes="home-phone")

    def on_mount(self) -> None:
        """Nothing is chosen yet, but Enter goes where most people want to."""
        self.query_one("#reset").focus()
        self._tell()

    def show_away(self, away: bool) -> None:
        """Whether the desk answers; while it does not, nothing can be begun."""
        if away == self._away:
            return
        self._away = away
        for button in self.query(BigButton):
            button.disabled = away
        if not away and self.focused is None:
            self.query_one("#reset").focus()
        self._tell()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to go back to."""
        return False if action == BACK.action else super().check_action(action, parameters)

    def action_reset(self) -> None:
        """A new password."""
        self.dismiss(Choice.RESET)

    def action_activate(self) -> None:
        """A first password."""
        self.dismiss(Choice.ACTIVATE)

    def action_help(self) -> None:
        """A human."""
        self.dismiss(Choice.HELP)

    def _tell(self) -> None:
        words = ""
        if self._away:
            words = f"✗ {_AWAY}"
        elif self._fault:
            words = (
                "Something went wrong before, and this kiosk began again. "
                f"If you were interrupted, tell the desk this reference: {self._fault}"
            )
        told = self.query_one(".home-told", Static)
        told.set_class(self._away, "-bad")
        told.update(Content(words))
