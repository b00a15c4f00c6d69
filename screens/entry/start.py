"""The first screen in the browser: the sign-in form, with large buttons for everything else that people come for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.types import CSSPathType
from textual.widgets import Button

from screens.entry.arrived import Arrived
from screens.entry.sign_in import SignIn
from screens.widgets.field import Field


class Start(SignIn):
    """As on the desk, and it can be filled in by the browser."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["sign_in.tcss", "start.tcss"]

    where = "Sign in"

    def ways_in(self) -> ComposeResult:
        """Each in a line of its own where there is little room."""
        yield from self.foot("Log in")
        with Vertical(classes="start-ways"):
            yield Button("Forgot password", id="forgot")
            yield Button("Activate, or open a code", id="present")
            yield Button("Get help", id="get_help")
            yield Button("Log in with access key", id="access_key")

    async def recall(self) -> None:
        """The screen stands before anybody has come who could remember anything."""
        self.recall_later()

    @work(exit_on_error=False)
    async def recall_later(self) -> None:
        """Fill in what the page remembers."""
        await super().recall()

    @work(exit_on_error=False)
    async def arrive(self, arrived: Arrived) -> None:
        """Go on from a link."""
        await self.go_on_from(arrived)

    def explain(self, words: str) -> None:
        """Say why somebody is not signed in any more."""
        self._told = words
        self.say(words, bad=True)

    @contextmanager
    def covered(self) -> Iterator[None]:
        """While it is found out whether anybody has to fill it in."""
        self.add_class("-covered")
        try:
            yield
        finally:
            self.remove_class("-covered")

    def fill(self, texts: Mapping[str, str]) -> None:
        """Put what the browser has kept into the fields; whether it is sent is for the person to say."""
        known = {field.id: field for field in self.query(Field)}
        for name, text in texts.items():
            if name in known:
                known[name].value = text
        if all(field.value for field in known.values()):
            self.query_one("#submit", Button).focus()
