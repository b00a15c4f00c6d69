"""What staff do with one client, beside what they do with anybody's account."""

from __future__ import annotations

from collections.abc import Sequence

from screens.clients.edit import ClientEdit
from screens.persons.tasks import PersonTasks
from services.clients.values import ClientRecord, Saved
from services.errors import Refused
from services.person_key import PersonKey

_NOBODY = "No client is marked. Mark some with Space, or all who are shown with m; then press b again."


class ClientTasks(PersonTasks):
    """Knows the client list and its form."""

    async def record(self, person: PersonKey) -> ClientRecord:
        """The client as stored now."""
        return await self._screen.call(self._desk.clients.get, self._actor, person.id)

    async def ask_new(self) -> Saved[ClientRecord] | None:
        """The form of a new client."""
        written = await self.conventions()
        return await self._app.push_screen_wait(ClientEdit(self._screen.place, self._actor, None, written=written))

    async def ask_change(
        self, person: PersonKey, *, focus: str = "first_name", note: str = ""
    ) -> tuple[ClientRecord, Saved[ClientRecord] | None]:
        """The form of a client; answers with the record as it was read too."""
        record = await self.record(person)
        written = await self.conventions()
        form = ClientEdit(self._screen.place, self._actor, record, written=written, focus=focus, note=note)
        return record, await self._app.push_screen_wait(form)

    async def unmarked(self) -> Sequence[PersonKey]:
        """Nobody: of so many, whoever is meant is marked."""
        raise Refused(_NOBODY)
