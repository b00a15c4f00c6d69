"""What was created, and where its mail is while one looks."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Static

from models.states import MailState
from screens.base import DeskDialog
from screens.clients.words import called
from screens.creation.fact import Fact
from screens.workplace import Workplace
from services.actor import Actor
from services.creation.values import CreationResult, MailStanding
from services.errors import DeskError

LOOK_EVERY = 1.0
"""Seconds between two looks at the mail."""

_SIGNS = {
    MailState.QUEUED: "○",
    MailState.DEFERRED: "◐",
    MailState.SENT: "●",
}
_LOST = "▲"


class IdentityDone(DeskDialog[None]):
    """Stays until it is closed; the mail's line follows the mail."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", "Continue", id="done.close", tooltip="Back to the list"),
    ]

    def __init__(self, place: Workplace, actor: Actor, result: CreationResult, company_code: str) -> None:
        super().__init__()
        self._place = place
        self._actor = actor
        self._result = result
        self._company_code = company_code

    def compose(self) -> ComposeResult:
        result = self._result
        with Vertical(classes="dialog"):
            yield Static(Content(f"✓ The account of {called(result.name)} is created"), classes="dialog-title")
            for label, value in (
                ("User name", result.email),
                ("Company code", self._company_code),
                ("Old account", f"migrated: {', '.join(result.migrated)}" if result.migrated else ""),
            ):
                if value:
                    yield Fact(label, value)
            yield Fact("Mail", "…", id="mail")
            yield Static(
                "The person opens the link in it, or types its code, and chooses a password.",
                classes="dialog-hint",
                markup=False,
            )
            with Vertical(classes="dialog-buttons"):
                yield Button("Continue", variant="primary", id="close")

    def on_mount(self) -> None:
        """Look now, and again while the mail is on its way."""
        self.look()
        self._looking = self.set_interval(LOOK_EVERY, self.look)

    @work(exclusive=True, exit_on_error=False)
    async def look(self) -> None:
        """Show where the mail is."""
        try:
            standing = await self._place.call(
                self._place.desk.creation.mail_standing, self._actor, self._result.message_id
            )
        except DeskError as error:
            self._show(f"not known: {error.sentence}")
            return
        self._show(_told(standing))
        if standing.settled:
            self._looking.stop()

    def on_button_pressed(self) -> None:
        """The only button closes."""
        self.dismiss(None)

    def _show(self, words: str) -> None:
        self.query_one("#mail", Fact).say(words)


def _told(standing: MailStanding) -> str:
    return f"{_SIGNS.get(standing.state, _LOST)} {standing.words}"
