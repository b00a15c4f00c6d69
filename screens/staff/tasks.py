"""What staff do with a colleague, beside what they do with anybody's account."""

from __future__ import annotations

from collections.abc import Sequence

from screens.persons.tasks import PersonTasks
from screens.staff.edit import StaffEdit
from services.clients.values import Saved
from services.errors import Refused
from services.person_key import PersonKey, staff
from services.staff.values import StaffRecord

_NOBODY = "All active staff have an account already. To choose others, mark rows with Space first."


class StaffTasks(PersonTasks):
    """Knows the list of office staff and its form."""

    async def record(self, person: PersonKey) -> StaffRecord:
        """The staff member as stored now."""
        return await self._screen.call(self._desk.staff.view, self._actor, person.id)

    async def ask_new(self) -> Saved[StaffRecord] | None:
        """The form of somebody new."""
        offices = await self._screen.call(self._desk.staff.offices, self._actor)
        form = StaffEdit(self._screen.place, self._actor, None, offices, written=await self.conventions())
        return await self._app.push_screen_wait(form)

    async def ask_change(
        self, person: PersonKey, *, focus: str = "first_name", note: str = ""
    ) -> tuple[StaffRecord, Saved[StaffRecord] | None]:
        """The form of a staff member; answers with the record as it was read too."""
        record = await self.record(person)
        offices = await self._screen.call(self._desk.staff.offices, self._actor)
        written = await self.conventions()
        form = StaffEdit(self._screen.place, self._actor, record, offices, written=written, focus=focus, note=note)
        return record, await self._app.push_screen_wait(form)

    async def unmarked(self) -> Sequence[PersonKey]:
        """All active staff without an account."""
        numbers = await self._screen.call(self._desk.staff.without_identity, self._actor)
        if not numbers:
            raise Refused(_NOBODY)
        return [staff(number) for number in numbers]
