"""The table of office staff as a source of rows. An agency has a few thousand at most: they are sorted in memory."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from peewee import JOIN

from models.agency import Office
from models.staff import StaffMember
from models.states import Access, Role
from services import sessions
from services.actor import Actor
from services.agency_policy import conventions_of
from services.clients.rows import ACCESS_MARKS, ACCESS_WORDS
from services.context import Context
from services.offices import scope_of
from services.rights import Right
from services.rows import TableRow
from services.staff.values import STAFF_ROLES, StaffQuery, StaffSort
from services.text import fold, search_words

STAFF_COLUMNS = {
    StaffSort.OFFICE: "Office",
    StaffSort.NAME: "Name",
    StaffSort.EMAIL: "E-mail",
    StaffSort.CELL: "Cell",
    StaffSort.ROLE: "Role",
    StaffSort.STATUS: "Status",
    StaffSort.ACCESS: "Access",
}
"""The columns with their titles, in the order of the cells."""


class StaffRows:
    """The rows of one query; a `RowSource`."""

    def __init__(self, ctx: Context, actor: Actor, query: StaffQuery) -> None:
        self._ctx = ctx
        self._actor = actor
        self._query = query

    def first(self, count: int) -> list[TableRow]:
        """The first rows at once; fewer than `count` only if there are no more."""
        return [_row(member) for member in self._sorted()[:count]]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows in order; there are too few for giving up."""
        return array("q", (member["id"] for member in self._sorted()))

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys; a key without a row is gone."""
        return {member["id"]: _row(member) for member in self._read(StaffMember.id.in_(list(keys)))}

    def _sorted(self) -> list[dict[str, Any]]:
        query = self._query
        asked = StaffMember.agency == self._actor.agency_id
        for word in search_words(query.words):
            asked &= StaffMember.search.contains(f" {word}")
        if query.office_id is not None:
            asked &= StaffMember.office == query.office_id
        if query.active is not None:
            asked &= StaffMember.active == query.active
        if query.access is not None:
            asked &= StaffMember.access == query.access
        members = sorted(self._read(asked), key=lambda member: (member["name_key"], member["id"]))
        value = _ORDERS[query.sort]
        members.sort(key=value, reverse=query.descending)
        # Blanks last, whichever way the rest goes.
        return sorted(members, key=lambda member: value(member) == "")

    def _read(self, asked: Any) -> list[dict[str, Any]]:
        with self._ctx.read():
            sessions.require_staff(self._ctx, self._actor, Right.LOOK)
            mine = StaffMember.agency == self._actor.agency_id
            columns = (
                *(StaffMember.id, StaffMember.first_name, StaffMember.last_name, StaffMember.email),
                *(StaffMember.cell, StaffMember.role, StaffMember.active, StaffMember.access, StaffMember.name_key),
            )
            found: Any = (
                StaffMember.select(*columns, Office.name.alias("office_name"))
                .join(Office, JOIN.LEFT_OUTER)
                .where(scope_of(self._actor).narrowed(asked & mine, StaffMember.office))
            )
            written = conventions_of(self._actor.agency_id)
            return [member | {"cell_shown": written.phone(member["cell"])} for member in found.dicts()]


_ORDERS: dict[StaffSort, Callable[[dict[str, Any]], Any]] = {
    StaffSort.OFFICE: lambda member: fold(member["office_name"] or ""),
    StaffSort.NAME: lambda member: member["name_key"],
    StaffSort.EMAIL: lambda member: member["email"].casefold(),
    StaffSort.CELL: lambda member: member["cell"],
    StaffSort.ROLE: lambda member: STAFF_ROLES.index(member["role"]) if member["role"] in STAFF_ROLES else 0,
    StaffSort.STATUS: lambda member: not member["active"],
    StaffSort.ACCESS: lambda member: int(member["access"]),
}


def _row(member: dict[str, Any]) -> TableRow:
    access, role = Access(member["access"]), Role(member["role"])
    cells = (
        member["office_name"] or "",
        f"{member['first_name']} {member['last_name']}".strip(),
        member["email"] or "(no e-mail)",
        member["cell_shown"],
        role.value,
        "Active" if member["active"] else "Inactive",
        ACCESS_WORDS[access],
    )
    marks = ("", "", "" if member["email"] else "warning", "", "", "" if member["active"] else "muted")
    return TableRow(member["id"], cells, (*marks, ACCESS_MARKS[access]))
