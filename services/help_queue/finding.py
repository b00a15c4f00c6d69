"""Who can answer a request, and whom it may be about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.client import Client
from models.help_queue import HelpRequest
from models.identity import Identity, Membership, Session
from models.staff import StaffMember
from models.states import IdentityState
from services import left_sessions, person_key
from services.actor import Actor
from services.clients.clients import Clients
from services.clients.values import ClientQuery
from services.context import Context
from services.errors import NotFound
from services.help_queue.values import Colleague, FoundPerson
from services.rights import RIGHTS, Right
from services.staff.staff import Staff
from services.staff.values import StaffQuery
from services.text import safe

MOST_PEOPLE = 8
"""People of each kind that a search shows."""

_NO_COLLEAGUE = "This colleague cannot answer the request: their account is closed, or it is about another office."


def colleagues(ctx: Context, request: HelpRequest, *, but: int | None = None) -> tuple[Colleague, ...]:
    """Whoever can answer the request, those who sit at a desk first; call it inside a read or a unit."""
    able = [role for role, rights in RIGHTS.items() if Right.ACT in rights]
    rows = Identity.select(Identity.id, Identity.name).where(
        (Identity.agency == request.agency_id)
        & (Identity.state == IdentityState.ACTIVE)
        & Identity.role.in_(able)
        & (Identity.id != (but or 0))
    )
    sees = _seers(request.office_id, [row.id for row in rows])
    now = ctx.clock.now()
    open_now: Any = Session.select(Session.identity).where(
        Session.identity.in_(list(sees))
        & Session.ended_at.is_null()
        & Session.awaits.is_null()
        & (Session.expires_at > now)
        & ~left_sessions.condition(ctx)
    )
    present = {identity for (identity,) in open_now.tuples()}
    found = [Colleague(int(row.id), safe(row.name), row.id in present) for row in rows if row.id in sees]
    return tuple(sorted(found, key=lambda one: (not one.signed_in, one.name.casefold())))


def colleague(ctx: Context, request: HelpRequest, identity_id: int) -> Colleague:
    """The one with this account. Raises NotFound."""
    for one in colleagues(ctx, request):
        if one.identity_id == identity_id:
            return one
    raise NotFound(_NO_COLLEAGUE)


def people(ctx: Context, actor: Actor, words: str) -> tuple[FoundPerson, ...]:
    """The first clients and office staff who match."""
    if not words.strip():
        return ()
    clients = [row.key for row in Clients(ctx).rows(actor, ClientQuery(words=words)).first(MOST_PEOPLE)]
    staff = [row.key for row in Staff(ctx).rows(actor, StaffQuery(words=words)).first(MOST_PEOPLE)]
    with ctx.read():
        names = {
            **{person_key.client(row.id): row for row in _named(Client, clients)},
            **{person_key.staff(row.id): row for row in _named(StaffMember, staff)},
        }
    keys = [*map(person_key.client, clients), *map(person_key.staff, staff)]
    return tuple(
        FoundPerson(key, safe(f"{names[key].first_name} {names[key].last_name}".strip()), safe(names[key].email))
        for key in keys
        if key in names
    )


def _seers(office_id: int | None, identities: Iterable[int]) -> set[int]:
    """Those of them who see this office: whoever belongs to it, and whoever belongs to none."""
    given: dict[int, set[int]] = {identity: set() for identity in identities}
    rows: Any = Membership.select(Membership.identity, Membership.office).where(Membership.identity.in_(list(given)))
    for identity, office in rows.tuples():
        given[identity].add(office)
    return {identity for identity, offices in given.items() if office_id is None or not offices or office_id in offices}


def _named(table: Any, numbers: list[int]) -> Iterable[Any]:
    if not numbers:
        return ()
    rows: Iterable[Any] = table.select(table.id, table.first_name, table.last_name, table.email).where(
        table.id.in_(numbers)
    )
    return rows
