"""Builders for the tests of the old system's accounts."""

from __future__ import annotations

import bcrypt

from models.agency import Agency, Office
from models.identity import Identity, LegacyUser
from models.staff import StaffMember
from models.states import IdentityState, LegacyState, Role
from services.accounts.identities import email_key, full_name
from services.credentials.passwords import Secret
from services.desk import Desk
from services.legacy.values import access_key_hash, user_key
from services.text import fold
from tests.making import MadeAgency

KEY = "HTK4-92QX-7MDP-55TZ"
OLD = Secret("legacy-fjones")
OLD_HASH = bcrypt.hashpw(b"legacy-fjones", bcrypt.gensalt(4)).decode()
FRANK = "frank.jones@hometraksupport.example"


def make_office(desk: Desk, agency: Agency, name: str) -> Office:
    """An office."""
    with desk.ctx.unit():
        return Office.create(agency=agency, name=name, name_key=fold(name))


def make_member(
    desk: Desk,
    agency: Agency,
    email: str,
    *,
    office: Office | None = None,
    first: str = "Frank",
    last: str = "Jones",
    **columns: object,
) -> StaffMember:
    """Somebody on the staff list without an account."""
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        return StaffMember.create(
            **{
                "agency": agency,
                "office": office,
                "first_name": first,
                "last_name": last,
                "email": email,
                "email_key": email_key(email) if email else "",
                "created_at": now,
                "changed_at": now,
            }
            | columns
        )


def make_old(
    desk: Desk,
    office: Office,
    user_name: str = "fjones",
    email: str = FRANK,
    verifier: str = OLD_HASH,
    state: LegacyState = LegacyState.WAITING,
) -> LegacyUser:
    """An account of the old system; its agency has KEY."""
    with desk.ctx.unit():
        Agency.update(access_key_hash=access_key_hash(desk.ctx, KEY)).where(Agency.id == office.agency_id).execute()
        return LegacyUser.create(
            agency=office.agency_id,
            office=office,
            user_name=user_name,
            user_key=user_key(user_name),
            verifier=verifier,
            email=email,
            email_key=email_key(email) if email else "",
            state=state,
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


def offices_of_the_sample(desk: Desk, ray: MadeAgency) -> list[Office]:
    """The three offices that the sample names."""
    return [make_office(desk, ray.agency, name) for name in ("Ray Staging", "HomeTrak Software", "San Diego")]
