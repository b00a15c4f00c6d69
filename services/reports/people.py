"""The people behind accounts: who they are, and which of them somebody sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from models.agency import Office
from models.client import Client
from models.staff import StaffMember
from services.accounts.identities import full_name
from services.offices import Scope
from services.person_key import PersonKey, PersonKind
from services.reports.values import Column
from services.text import safe

KINDS = {PersonKind.CLIENT: "client", PersonKind.STAFF: "office staff"}
"""The two kinds of people in a word."""

WHO = (Column("name", "Name"), Column("kind", "Kind"), Column("email", "E-mail"), Column("office", "Office"))
"""The columns with which the reports about accounts begin."""

_TABLES: tuple[tuple[PersonKind, Any], ...] = ((PersonKind.CLIENT, Client), (PersonKind.STAFF, StaffMember))


@dataclass(frozen=True, slots=True)
class Somebody:
    """The person behind an account, as a report shows them."""

    person: PersonKey
    name: str
    email: str
    office: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """In the order of `WHO`."""
        return self.name, KINDS[self.person.kind], self.email, self.office


def in_sight(identity_ids: Iterable[int], scope: Scope) -> frozenset[int]:
    """Those of the accounts whose people are in the scope; call it inside a read."""
    ids = list(identity_ids)
    if not ids:
        return frozenset()
    seen: set[int] = set()
    for _, table in _TABLES:
        rows: Any = table.select(table.identity, table.office).where(table.identity.in_(ids)).tuples()
        seen.update(identity for identity, office in rows if scope.allows(office))
    return frozenset(seen)


def behind(identity_ids: Sequence[int], scope: Scope) -> dict[int, Somebody]:
    """The people of these accounts who are in the scope, by account; call it inside a read."""
    found: dict[int, Somebody] = {}
    if not identity_ids:
        return found
    for kind, table in _TABLES:
        rows: Any = (
            table.select(
                *(table.identity, table.id, table.first_name, table.last_name, table.email),
                *(table.office, Office.name),
            )
            .join(Office, JOIN.LEFT_OUTER, on=(Office.id == table.office))
            .where(table.identity.in_(list(identity_ids)))
            .tuples()
        )
        for identity, number, first, last, email, office, office_name in rows:
            if scope.allows(office):
                name = safe(full_name(first, last))
                found[identity] = Somebody(PersonKey(kind, number), name, safe(email), safe(office_name or ""))
    return found
