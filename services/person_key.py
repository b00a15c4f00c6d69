"""Which person is meant: the two kinds of relationship that an agency has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PersonKind(StrEnum):
    """The two tabs."""

    CLIENT = "client"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A client or a staff member, by the number of the row."""

    kind: PersonKind
    id: int


def client(client_id: int) -> PersonKey:
    """The client with this number."""
    return PersonKey(PersonKind.CLIENT, client_id)


def staff(staff_id: int) -> PersonKey:
    """The staff member with this number."""
    return PersonKey(PersonKind.STAFF, staff_id)
