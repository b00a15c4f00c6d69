"""Finds everything that stands between people and their accounts: for one or for a thousand, by the same rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from models.agency import Office
from models.client import Client
from models.identity import Identity, LegacyUser
from models.staff import StaffMember
from models.states import IdentityState, LegacyState, Role
from services import rights
from services.accounts.identities import full_name
from services.actor import Actor
from services.creation.values import Candidate, Obstacle, ObstacleKind, OldAccount
from services.offices import Scope, own_offices, scope_of
from services.person_key import PersonKey, PersonKind
from services.persons import Relation
from services.rights import Right
from services.text import safe

T = TypeVar("T")

MENDED = frozenset({ObstacleKind.OLD_NAME})
"""What the creation itself puts right, so that it is only told."""

FOR_ONE = frozenset(
    {
        ObstacleKind.GONE,
        ObstacleKind.HAS_ACCOUNT,
        ObstacleKind.INACTIVE,
        ObstacleKind.ROLE,
        ObstacleKind.OFFICE,
    }
)
"""What cannot be put right in the wizard of one person; all else is typed or picked there."""

FOR_MANY = frozenset(ObstacleKind) - MENDED
"""What keeps a person of a list back: nobody is asked there, so nothing may be open."""

_TABLES: dict[PersonKind, type[Relation]] = {PersonKind.CLIENT: Client, PersonKind.STAFF: StaffMember}
_AT_ONCE = 400
_ELSEWHERE = "somebody of another office"
HAS_ACCOUNT: dict[IdentityState | None, str] = {
    IdentityState.PENDING: "There is an account already, not yet activated. Send its welcome mail again.",
    IdentityState.ACTIVE: "There is an active account already. If the person cannot get in, send a reset.",
    IdentityState.DEACTIVATED: "There is an account already, which is deactivated. Reactivate it.",
}
"""Why nobody gets a second account, and what to do instead."""

_TO_MIGRATE = "There is an account of the old system. Manage the user account (key i), which migrates it."
GONE = "This person is not in the list any more. Go back and search again."


def candidates(actor: Actor, people: Sequence[PersonKey]) -> list[Candidate]:
    """Each of these people with everything that stands in their way; call it inside `ctx.read()` or `ctx.unit()`."""
    known = _Known(actor, people)
    return [known.candidate(person) for person in people]


def why_not_as_listed(candidate: Candidate, *, migrate: bool) -> str:
    """Why no account is made for this person without asking anybody anything; empty if one is.

    Args:
        migrate: whether old accounts go with it unasked; else they are in the way too.
    """
    told = " ".join(obstacle.sentence for obstacle in candidate.kept_back(FOR_MANY))
    return told or (_TO_MIGRATE if candidate.old_accounts and not migrate else "")


def may_give(actor: Actor, role: Role) -> bool:
    """Whether the actor may create an account with this role: only administrators give more than an agent has."""
    return role in (Role.CLIENT, Role.AGENT) or rights.has(actor.role, Right.GIVE_ROLES)


def other_of_the_list(actor: Actor, person: PersonKey, email_key: str) -> str:
    """Who else of the list of clients, or of that of staff, has this address; empty if nobody has."""
    table = _TABLES[person.kind]
    theirs = (table.agency == actor.agency_id) & (table.email_key == email_key) & (table.id != person.id)
    row = table.get_or_none(theirs)
    if row is None:
        return ""
    return safe(full_name(row.first_name, row.last_name)) if scope_of(actor).allows(row.office_id) else _ELSEWHERE


def why_not_give(role: Role) -> str:
    """What somebody hears who may not."""
    return f"Only an administrator creates an account with the role {role}. Ask one."


class _Known:
    """What the tables say of these people, read in a few queries however many they are."""

    def __init__(self, actor: Actor, people: Sequence[PersonKey]) -> None:
        self._actor = actor
        scope = scope_of(actor)
        self._rows = {
            PersonKey(kind, row.id): row
            for kind, table in _TABLES.items()
            for row in _rows(table, actor, scope, (person.id for person in people if person.kind is kind))
        }
        keys = {row.email_key for row in self._rows.values() if row.email_key}
        self._accounts = _accounts(row.identity_id for row in self._rows.values() if row.identity_id is not None)
        self._taken = holders(actor, scope, keys)
        self._sharers = _sharers(actor, scope, keys)
        self._old = _old_accounts(actor, keys)
        self._offices = own_offices(actor)

    def candidate(self, person: PersonKey) -> Candidate:
        row = self._rows.get(person)
        if row is None:
            gone = Obstacle(ObstacleKind.GONE, GONE)
            return Candidate(person, 0, f"{person.kind} {person.id}", "", Role.CLIENT, None, None, (), (gone,))
        account = self._accounts.get(row.identity_id) if row.identity_id is not None else None
        waiting = tuple(old for old, state in self._old[row.email_key] if state is LegacyState.WAITING)
        return Candidate(
            person=person,
            version=row.version,
            name=safe(full_name(row.first_name, row.last_name)),
            email=row.email,
            role=row.role if isinstance(row, StaffMember) else Role.CLIENT,
            office_id=row.office_id if isinstance(row, StaffMember) else None,
            account=account,
            old_accounts=waiting,
            obstacles=tuple(self._obstacles(person, row, account)),
        )

    def _obstacles(self, person: PersonKey, row: Relation, account: IdentityState | None) -> Iterator[Obstacle]:
        if account is not None:
            # Nothing else matters then.
            yield Obstacle(ObstacleKind.HAS_ACCOUNT, HAS_ACCOUNT[account])
            return
        if isinstance(row, StaffMember):
            yield from self._staff_obstacles(row)
        if not row.email_key:
            yield Obstacle(ObstacleKind.NO_EMAIL, "Add an e-mail address first; it becomes the user name.")
            return
        if row.email_key in self._taken:
            yield Obstacle(
                ObstacleKind.TAKEN,
                f"{row.email} is the user name of {self._taken[row.email_key]} already. Correct the address.",
            )
        else:
            # At most one: neither of the two lists has an address twice.
            others = [name for other, name in self._sharers[row.email_key] if other != person]
            if others:
                yield Obstacle(
                    ObstacleKind.SHARED,
                    f"{others[0]} has the same address, and only one can have it as user name. Correct one of the two.",
                )
        yield from self._old_obstacles(row)

    def _staff_obstacles(self, row: StaffMember) -> Iterator[Obstacle]:
        if not row.active:
            yield Obstacle(ObstacleKind.INACTIVE, "The status is inactive. Set it to active first.")
        if not may_give(self._actor, row.role):
            yield Obstacle(ObstacleKind.ROLE, why_not_give(row.role))
        if self._offices is not None and row.office_id not in self._offices:
            yield Obstacle(ObstacleKind.OFFICE, "The office is not one of yours. Ask an administrator.")

    def _old_obstacles(self, row: Relation) -> Iterator[Obstacle]:
        old = self._old[row.email_key]
        waiting = [account for account, state in old if state is LegacyState.WAITING]
        if len(waiting) < len(old):
            yield Obstacle(
                ObstacleKind.OLD_CLASH,
                f"An old account with {row.email} was migrated to somebody else before. Correct the address.",
            )
        differing = [account.words for account in waiting if account.user_name.casefold() != row.email.casefold()]
        if differing:
            yield Obstacle(
                ObstacleKind.OLD_NAME,
                f"The old user name {', '.join(differing)} is not the e-mail address; the new one will be {row.email}.",
            )


def _rows(table: type[Relation], actor: Actor, scope: Scope, ids: Iterable[int]) -> Iterator[Relation]:
    for some in _chunks(ids):
        named = (table.agency == actor.agency_id) & table.id.in_(some)
        yield from table.select().where(scope.narrowed(named, table.office))


def _accounts(ids: Iterable[int]) -> dict[int, IdentityState]:
    return {
        row.id: row.state
        for some in _chunks(ids)
        for row in Identity.select(Identity.id, Identity.state).where(Identity.id.in_(some))
    }


def holders(actor: Actor, scope: Scope, keys: Iterable[str]) -> dict[str, str]:
    """Who holds these user names, as those of a scope hear it; call it inside `ctx.read()` or `ctx.unit()`."""
    found = [
        row
        for some in _chunks(keys)
        for row in Identity.select(Identity.id, Identity.email_key, Identity.name).where(
            (Identity.agency == actor.agency_id) & Identity.email_key.in_(some)
        )
    ]
    unseen = {
        row.identity_id
        for some in _chunks(row.id for row in found)
        for table in _TABLES.values()
        for row in table.select(table.identity, table.office).where(table.identity.in_(some))
        if not scope.allows(row.office_id)
    }
    return {row.email_key: _ELSEWHERE if row.id in unseen else safe(row.name) for row in found}


def _sharers(actor: Actor, scope: Scope, keys: Iterable[str]) -> dict[str, list[tuple[PersonKey, str]]]:
    """All people with these addresses, clients and staff alike."""
    found: dict[str, list[tuple[PersonKey, str]]] = defaultdict(list)
    for some in _chunks(keys):
        for kind, table in _TABLES.items():
            same = (table.agency == actor.agency_id) & table.email_key.in_(some)
            columns = (table.id, table.first_name, table.last_name, table.email_key, table.office)
            for row in table.select(*columns).where(same):
                seen = scope.allows(row.office_id)
                name = safe(full_name(row.first_name, row.last_name)) if seen else _ELSEWHERE.capitalize()
                found[row.email_key].append((PersonKey(kind, row.id), name))
    return found


def _old_accounts(actor: Actor, keys: Iterable[str]) -> dict[str, list[tuple[OldAccount, LegacyState]]]:
    """The accounts of the old system with these addresses."""
    found: dict[str, list[tuple[OldAccount, LegacyState]]] = defaultdict(list)
    for some in _chunks(keys):
        rows: Any = (
            LegacyUser.select(LegacyUser.id, LegacyUser.user_name, LegacyUser.email_key, LegacyUser.state, Office.name)
            .join(Office)
            .where((LegacyUser.agency == actor.agency_id) & LegacyUser.email_key.in_(some))
            .order_by(LegacyUser.id)
        )
        for row in rows:
            old = OldAccount(row.id, safe(row.user_name), safe(row.office.name))
            found[row.email_key].append((old, row.state))
    return found


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Lists that fit into one query: SQLite and PostgreSQL take only so many values at once."""
    left = list(values)
    for start in range(0, len(left), _AT_ONCE):
        yield left[start : start + _AT_ONCE]
