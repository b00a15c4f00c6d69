"""The person panel beside a table: it asks about the person itself, and never holds up the cursor."""

from __future__ import annotations

import asyncio

from textual import work
from textual.worker import Worker

from screens.base import DeskScreen
from screens.widgets.person_panel import PersonView
from services.actor import Actor
from services.errors import DeskError, SignedOut
from services.person_key import PersonKey

RESTING = 0.12
"""Seconds that the cursor stays on a person before the panel asks about them."""


class PersonBeside(PersonView):
    """Follows the cursor, where there is room for it."""

    def __init__(self, host: DeskScreen[None], actor: Actor, nobody: str) -> None:
        """`host` is the screen that calls services and tells problems; `nobody` stands there without a person."""
        super().__init__(nobody)
        self._host = host
        self._actor = actor
        self._nobody = nobody
        self._person: PersonKey | None = None

    def look_at(self, person: PersonKey | None, rest: float = RESTING) -> None:
        """Show this person once the cursor has rested so many seconds; None for nobody."""
        self._person = person
        self.look(rest)

    def on_show(self) -> None:
        """The terminal became wide enough."""
        self.look()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker tells only its own node how it ended; a fault in it is for the app."""
        self.app.post_message(Worker.StateChanged(event.worker, event.state))

    @work(exclusive=True, exit_on_error=False)
    async def look(self, rest: float = 0.0) -> None:
        """Look again at the same person."""
        await asyncio.sleep(rest)
        if not self.display:
            return
        if self._person is None:
            self.show_words(self._nobody)
            return
        desk = self._host.desk
        try:
            person = await self._host.call(desk.people.panel, self._actor, self._person)
        except SignedOut as ended:
            await self._host.tell(ended)
        except DeskError as refusal:
            self.show_words(refusal.sentence)
        else:
            self.show(person, desk.ctx.clock.now())
