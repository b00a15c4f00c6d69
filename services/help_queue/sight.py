"""Whose requests an agent sees, and whom a request is about as far as that agent may know."""

from __future__ import annotations

from datetime import datetime, timedelta

from peewee import Expression

from models.help_queue import HelpRequest, KioskVisit
from models.identity import Identity
from models.staff import StaffMember
from models.states import HelpState
from services import person_key, persons
from services.accounts.identities import held
from services.actor import Actor
from services.context import Context
from services.errors import NotFound
from services.offices import scope_of
from services.person_key import PersonKey
from services.text import safe

GONE_AFTER = timedelta(seconds=45)
"""Without a sign from the asking person's screen for so long, nobody sits there any more."""

_NOT_HERE = "This request for help is no longer here. Go back to the list and look again."


def in_sight(actor: Actor) -> Expression:
    """The agency's requests that concern the actor's offices, or no office.

    Call it inside a read or a unit, with the session checked.
    """
    return scope_of(actor).narrowed(HelpRequest.agency == actor.agency_id, HelpRequest.office)


def find_held(ctx: Context, actor: Actor, request_id: int) -> HelpRequest:
    """One that the actor sees, locked until the unit of work ends. Raises NotFound."""
    mine = (HelpRequest.id == request_id) & in_sight(actor)
    row: HelpRequest | None = held(ctx, HelpRequest.select().where(mine)).first()
    if row is None:
        raise NotFound(_NOT_HERE)
    return row


def not_here() -> NotFound:
    """What is said of a request that is not there, or not in sight; which of the two is nobody's business."""
    return NotFound(_NOT_HERE)


def is_here(state: HelpState, seen_at: datetime, left_at: datetime | None, now: datetime) -> bool:
    """Whether the asking person's screen is still open."""
    return state is not HelpState.CLOSED and left_at is None and now - seen_at < GONE_AFTER


def about(actor: Actor, row: HelpRequest) -> tuple[PersonKey | None, bool]:
    """Whom a request is about, and whether that person asked while signed in; call it inside a read or a unit.

    Somebody out of sight is nobody. What was typed at a kiosk is a proposal.
    """
    kept = kept_about(row)
    if kept is not None:
        found = _seen(actor, kept)
        return found, found is not None and persons.owner(row.identity_id)[0] == kept
    if row.visit_id is None:
        return None, False
    typed = KioskVisit.select(KioskVisit.identity).where(KioskVisit.id == row.visit_id).scalar()
    return (None if typed is None else persons.behind(actor, typed)), False


def kept_about(row: HelpRequest) -> PersonKey | None:
    """The person whom the request names, whoever asks."""
    if row.client_id is not None:
        return person_key.client(row.client_id)
    return None if row.staff_id is None else person_key.staff(row.staff_id)


def first_name(identity_id: int | None) -> str:
    """What an agent is called by those whom they help; empty for nobody."""
    row = StaffMember.select(StaffMember.first_name).where(StaffMember.identity == identity_id).first()
    return name_of(identity_id) if row is None else safe(row.first_name)


def name_of(identity_id: int | None) -> str:
    """The full name behind an account; empty for none."""
    row = Identity.select(Identity.name).where(Identity.id == identity_id).first()
    return "" if row is None else safe(row.name)


def _seen(actor: Actor, key: PersonKey) -> PersonKey | None:
    try:
        persons.find(actor, key)
    except NotFound:
        return None
    return key
