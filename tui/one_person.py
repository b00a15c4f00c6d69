"""What line prompts and commands both do with one person, whichever list that person stands in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from services import person_key
from services.actor import Actor
from services.clients.rows import ACCESS_WORDS
from services.clients.values import (
    ActionOffer,
    ClientQuery,
    ClientRecord,
    EmailChangeEffects,
    PersonAction,
    Saved,
)
from services.desk import Desk
from services.person_key import PersonKey, PersonKind
from services.staff.values import StaffQuery, StaffRecord

Record = ClientRecord | StaffRecord


_SIGNS = "".join(words[0] for words in ACCESS_WORDS.values()) + " "
"""What the tables draw before the state of an account."""


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a search."""

    person: PersonKey
    name: str
    email: str
    access: str


def find(desk: Desk, actor: Actor, kind: PersonKind, words: str, most: int) -> tuple[int, list[PersonKey]]:
    """How many people there are whose name, address or number begin so, and the first of them by name."""
    if kind is PersonKind.CLIENT:
        keys = desk.clients.rows(actor, ClientQuery(words=words)).keys(lambda: False)
    else:
        keys = desk.staff.rows(actor, StaffQuery(words=words)).keys(lambda: False)
    return len(keys), [PersonKey(kind, key) for key in keys[:most]]


def lines_of(desk: Desk, actor: Actor, people: list[PersonKey]) -> list[Found]:
    """A page of people of one list; whoever has gone meanwhile is left out."""
    if not people:
        return []
    numbers = [person.id for person in people]
    if people[0].kind is PersonKind.CLIENT:
        rows, (name, email, access) = desk.clients.rows(actor, ClientQuery()).rows(numbers), (0, 7, 6)
    else:
        rows, (name, email, access) = desk.staff.rows(actor, StaffQuery()).rows(numbers), (1, 2, 6)
    told = []
    for person in people:
        row = rows.get(person.id)
        if row is not None:
            told.append(Found(person, row.cells[name], row.cells[email], plain_access(row.cells[access])))
    return told


def plain_access(words: str) -> str:
    """The state of an account without the sign that is drawn before it."""
    return words.lstrip(_SIGNS)


def access_name(words: str) -> str:
    """The same as programs read it, with the sign or without: "no-account"."""
    return words.lstrip(_SIGNS).replace(" ", "-")


def by_email(desk: Desk, actor: Actor, kind: PersonKind, email: str) -> PersonKey | None:
    """Who has this address in a list; None for nobody in sight of the actor."""
    if kind is PersonKind.CLIENT:
        client = desk.clients.find_by_email(actor, email)
        return None if client is None else person_key.client(client.id)
    member = desk.staff.find_by_email(actor, email)
    return None if member is None else person_key.staff(member.id)


def record_of(desk: Desk, actor: Actor, person: PersonKey) -> Record:
    """What the list says of somebody. Raises NotFound."""
    if person.kind is PersonKind.CLIENT:
        return desk.clients.get(actor, person.id)
    return desk.staff.view(actor, person.id)


def effects(desk: Desk, actor: Actor, person: PersonKey, email: str) -> EmailChangeEffects:
    """What would follow from another e-mail address. Raises NotFound, or Invalid for `email`."""
    service = desk.clients if person.kind is PersonKind.CLIENT else desk.staff
    return service.email_effects(actor, person.id, email)


def save(desk: Desk, actor: Actor, person: PersonKey, before: Record, **fields: str | bool) -> Saved[Any]:
    """Store some fields, if the person is still as they were read. Raises as the services do."""
    changed: Any = before.fields
    changed = replace(changed, **fields)
    if person.kind is PersonKind.CLIENT:
        return desk.clients.save(actor, person.id, before.version, changed)
    return desk.staff.change(actor, person.id, before.version, changed)


def offers(desk: Desk, actor: Actor, person: PersonKey) -> dict[PersonAction, ActionOffer]:
    """What can be done with somebody now, and why not when not. Raises NotFound."""
    return {offer.action: offer for offer in desk.accounts.offers(actor, person)}
