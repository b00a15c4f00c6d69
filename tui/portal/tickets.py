"""The ticket with which the page brings its person back into the session when this program has gone."""

from __future__ import annotations

from textual.app import App
from textual.message import Message
from textual.timer import Timer

from screens.workplace import Workplace
from services.actor import Actor
from services.credentials.passwords import Secret
from services.errors import DeskError
from services.returns import RENEWED_EVERY
from tui.portal.wire import Wire

_BETWEEN = "."
"""Parts the ticket from where the person was; no ticket has one."""


def parted(text: str) -> tuple[Secret, str]:
    """What a page brought: the ticket, and where the person was."""
    ticket, _, where = text.partition(_BETWEEN)
    return Secret(ticket), where


class TakenOver(Message):
    """Another program has the session now: the same page, opened once more."""


class Tickets:
    """One for the whole application; there is a ticket while somebody is fully signed in."""

    def __init__(self, app: App[None], place: Workplace, wire: Wire) -> None:
        self._app = app
        self._place = place
        self._wire = wire
        self._actor: Actor | None = None
        self._secret: Secret | None = None
        self._where = ""
        self._timer: Timer | None = None

    @property
    def held(self) -> bool:
        """Whether somebody can come back."""
        return self._secret is not None

    async def begin(self, actor: Actor) -> None:
        """Somebody is signed in; whoever came in by the access key has no way back."""
        try:
            secret = await self._place.call(self._place.desk.returns.make, actor)
        except DeskError:
            # Without one a lost line costs a sign-in, and nothing else.
            return
        self._actor, self._secret = actor, secret
        self.tell()
        self._timer = self._app.set_interval(RENEWED_EVERY.total_seconds(), self._renew_soon)

    def end(self) -> None:
        """Nobody is signed in any more."""
        if self._timer is not None:
            self._timer.stop()
        self._actor = self._secret = self._timer = None
        self._where = ""
        self.tell()

    def go(self, where: str) -> None:
        """The person is somewhere else now."""
        if where != self._where:
            self._where = where
            if self.held:
                self.tell()

    def tell(self) -> None:
        """Hand the page what it must bring; empty for nothing."""
        text = "" if self._secret is None else f"{self._secret.reveal()}{_BETWEEN}{self._where}"
        self._wire.tell("ticket", value=text)

    def close(self) -> None:
        """The person closed the page: the ticket shall not work for long; called when the application has ended."""
        if self._actor is not None and self._secret is not None:
            self._place.desk.returns.leave(self._actor, self._secret)

    def _renew_soon(self) -> None:
        self._app.run_worker(self._renew(), group="ticket", exclusive=True, exit_on_error=False)

    async def _renew(self) -> None:
        actor, secret = self._actor, self._secret
        if actor is None or secret is None:
            return
        try:
            mine = await self._place.call(self._place.desk.returns.renew, actor, secret)
        except DeskError:
            # A session that has ended is told of at the next key; a database that cannot serve may do so later.
            return
        if not mine and self._secret is secret:
            self._app.post_message(TakenOver())
