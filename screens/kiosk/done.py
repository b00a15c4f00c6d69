"""The last screen of a task at a kiosk: what is done, and home."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.kiosk.frame import BigButton, KioskScreen
from screens.kiosk.workplace import KioskPlace
from screens.widgets.countdown import Countdown

HOME_IN = 10
"""Seconds after which nobody needs to press anything."""


class KioskDone(KioskScreen[None]):
    """Says what is done, and closes by itself unless somebody wants to read on."""

    def __init__(
        self, place: KioskPlace, title: str, facts: Sequence[tuple[str, str]], lines: Sequence[str] = ()
    ) -> None:
        """`facts` are labels and what stands beside them; `lines` what to do next."""
        super().__init__(place)
        self._title = title
        self._facts = facts
        self._lines = lines

    def room(self) -> ComposeResult:
        """The words, and the seconds."""
        yield Static(Content(f"✓ {self._title}"), classes="kiosk-title -good")
        rows = [Content.assemble((f"{label:<14}", "$text-muted"), (text, "bold")) for label, text in self._facts]
        if rows:
            yield Static(Content("\n").join(rows), classes="kiosk-line")
        for line in self._lines:
            yield Static(Content(line), classes="kiosk-line")
        yield Countdown("This screen goes home by itself in {left}")

    def foot(self) -> ComposeResult:
        """Home, or more time."""
        yield BigButton("Home", id="back", main=True)
        yield BigButton("Read on", id="read-on")

    def on_mount(self) -> None:
        """Count."""
        self.query_one(Countdown).start(HOME_IN)
        self.query_one("#back").focus()

    def on_countdown_over(self) -> None:
        """Nobody wanted more time."""
        self.dismiss(None)

    def action_read_on(self) -> None:
        """Stay until somebody goes, or nobody is there any more."""
        self.query_one(Countdown).stop()
        self.query_one("#read-on").display = False
        self.query_one("#back").focus()
