"""An application that shows one screen, with the desk's own looks, and keeps its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual import work
from textual.screen import Screen

import tui.app
from screens.workplace import Workplace
from tui.app import DeskApp

NOTHING = object()
"""Stands for an answer that has not come."""


class Stage(DeskApp):
    """The real application, but with a screen of the test's choice instead of the sign-in."""

    CSS_PATH = str(Path(tui.app.__file__).with_name("app.tcss"))

    def __init__(self, place: Workplace, screen: Screen[Any]) -> None:
        super().__init__(place)
        self._screen_to_show = screen
        self.answer: Any = NOTHING
        self.copied = ""
        self.told: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        """Remember what would go to the terminal."""
        self.copied = text

    def notify(self, message: str, **options: Any) -> None:
        """Remember what stood in a toast."""
        self.told.append(message)
        super().notify(message, **options)

    @work(exit_on_error=False)
    async def run_desk(self) -> None:
        """Show the screen, and keep its answer."""
        self.answer = await self.push_screen_wait(self._screen_to_show)
