"""Builders for the tests of creating accounts: staff without one, offices, and accounts of the old system."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import bcrypt

from models.agency import Agency, Office
from models.audit import AuditEntry
from models.client import Client
from models.identity import Identity, LegacyUser, Membership, OneTimeToken
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import IdentityState, LegacyState, Role
from services import person_key, sessions
from services.accounts.identities import email_key, full_name
from services.actor import Actor
from services.clients import fields as client_fields
from services.context import Context
from services.creation.values import CreationPlan
from services.credentials.passwords import Secret
from services.desk import Desk
from services.legacy.values import access_key_hash, user_key
from services.person_key import PersonKey
from services.text import fold
from tests.making import HERE

KEY = "HTK4-92QX-7MDP-55TZ"
"""The access key of an agency that has old accounts."""

OLD = Secret("legacy-fjones")
OLD_HASH = bcrypt.hashpw(b"legacy-fjones", bcrypt.gensalt(4)).decode()
FRANK = "frank.jones@hometraksupport.example.com"


def make_office(desk: Desk, agency: Agency, name: str = "San Diego") -> Office:
    """An office of the agency."""
    with desk.ctx.unit():
        return Office.create(agency=agency, name=name, name_key=fold(name))


def make_colleague(
    desk: Desk, agency: Agency, email: str = FRANK, *, first: str = "Frank", last: str = "Jones", **columns: object
) -> StaffMember:
    """A staff member without an account."""
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        return StaffMember.create(
            **{
                "agency": agency,
                "first_name": first,
                "last_name": last,
                "email": email,
                "email_key": email_key(email) if email else "",
                "cell": "+15195550132",
                "created_at": now,
                "changed_at": now,
                "search": client_fields.search_text(first, last, email, ""),
                "name_key": client_fields.name_key(first, last),
            }
            | columns
        )


def make_colleagues(desk: Desk, agency: Agency, count: int) -> list[StaffMember]:
    """So many of them, each with an address of their own."""
    return [
        make_colleague(desk, agency, f"colleague{number}@example.com", first="Colleague", last=f"Number {number:04}")
        for number in range(count)
    ]


def make_old_account(
    desk: Desk,
    office: Office,
    user_name: str = "fjones",
    email: str = FRANK,
    *,
    state: LegacyState = LegacyState.WAITING,
    identity: Identity | None = None,
) -> LegacyUser:
    """An account of the old system with the password OLD, migrated if an identity is given; its agency has KEY."""
    with desk.ctx.unit():
        Agency.update(access_key_hash=access_key_hash(desk.ctx, KEY)).where(Agency.id == office.agency_id).execute()
        return LegacyUser.create(
            agency=office.agency_id,
            office=office,
            user_name=user_name,
            user_key=user_key(user_name),
            verifier=OLD_HASH,
            email=email,
            email_key=email_key(email) if email else "",
            state=state if identity is None else LegacyState.MIGRATED,
            identity=identity,
            created_at=desk.ctx.clock.now(),
        )


def make_identity(
    desk: Desk, member: StaffMember, state: IdentityState = IdentityState.PENDING, role: Role = Role.AGENT
) -> Identity:
    """An account for somebody on the staff list."""
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        identity = Identity.create(
            agency=member.agency_id,
            email=member.email,
            email_key=member.email_key,
            name=full_name(member.first_name, member.last_name),
            role=role,
            state=state,
            created_at=now,
            activated_at=now if state is IdentityState.ACTIVE else None,
            state_changed_at=now,
            state_changed_by="test",
        )
        StaffMember.update(identity=identity).where(StaffMember.id == member.id).execute()
        return identity


def by_access_key(desk: Desk, user: LegacyUser, role: Role = Role.ADMINISTRATOR) -> Actor:
    """Somebody who came in with an account of the old system."""
    with desk.ctx.unit():
        return sessions.open_legacy_session(desk.ctx, user, role, HERE)


def account_of(ctx: Context, person: StaffMember) -> Identity | None:
    """The account that the person has now."""
    with ctx.read():
        return Identity.get_or_none(Identity.id == StaffMember.get_by_id(person.id).identity_id)


def stored(ctx: Context) -> tuple[int, ...]:
    """How many rows there are of everything that a creation writes."""
    with ctx.read():
        return tuple(
            table.select().count() for table in (Identity, Membership, OneTimeToken, OutboxMessage, AuditEntry)
        )


def office_of(ctx: Context, member: StaffMember) -> Office:
    """Where a staff member works."""
    with ctx.read():
        return Office.get_by_id(member.office_id)


def key(person: StaffMember | Client) -> PersonKey:
    """How the services are told whom is meant."""
    return person_key.staff(person.id) if isinstance(person, StaffMember) else person_key.client(person.id)


def plan(desk: Desk, actor: Actor, person: StaffMember | Client, **changed: Any) -> CreationPlan:
    """What the wizard would begin with, with these changes."""
    return replace(desk.creation.preview(actor, key(person)).plan, **changed)
