"""Sessions: the row in the database, not the process, decides whether somebody is signed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from models.agency import Agency
from models.identity import Identity, LegacyUser, Session
from models.states import IdentityState, LegacyState, Role, Surface
from services import agency_policy, audit, left_sessions, rights
from services.actor import Actor, Origin
from services.context import Context
from services.errors import Forbidden, Locked, Refused, SignedOut
from services.rights import Right

ABSOLUTE_LIFETIME = timedelta(hours=12)


LOCKED = "This desk is locked. Type your password to go on."

UNPROVED = "You are not signed in yet: sign in again, and type the code that is asked for."

NOT_IN_BROWSER = (
    "Your agency does not have its desk in the browser. Open it over SSH, or at a machine of the office; "
    "here you look after your own account."
)

UNFINISHED = "First finish setting up your account: sign out, sign in again, and follow the steps."


def open_session(
    ctx: Context, identity: Identity, origin: Origin, *, limited: bool = False, ssh_key: str = ""
) -> Actor:
    """Begin a session for a proved identity; call it inside `ctx.unit()`.

    Args:
        limited: it opens nothing until `lift` is called, except to services that ask for no more.
        ssh_key: the fingerprint of the key that stood for the password; empty for none.
    """
    session = _begin(ctx, origin, identity=identity, limited=limited, ssh_key=ssh_key)
    return Actor(identity.agency_id, identity.id, session, identity.name, identity.role, origin, limited=limited)


def open_legacy_session(ctx: Context, user: LegacyUser, role: Role, origin: Origin) -> Actor:
    """Begin a session for somebody who came in by the access key; call it inside `ctx.unit()`."""
    session = _begin(ctx, origin, legacy_user=user)
    return Actor(user.agency_id, None, session, user.user_name, role, origin, legacy_user_id=user.id)


def lift(actor: Actor) -> Actor:
    """Open everything to a session that was limited; call it inside `ctx.unit()`."""
    Session.update(limited=False).where(Session.id == actor.session_id).execute()
    return replace(actor, limited=False)


def require(ctx: Context, actor: Actor, *, limited: bool = False, locked: bool = False) -> None:
    """Check that the session still holds; call it inside the unit of work that it guards.

    Args:
        limited: whether one will do that opens nothing yet but what the person still owes.
        locked: whether one will do that is locked.

    Raises SignedOut; Locked; Refused for a limited session, and for one that awaits something.
    """
    if actor.session_id is None:
        return
    row = (
        Session.select(
            Session.ended_because,
            Session.ended_at,
            Session.expires_at,
            Session.limited,
            Session.awaits,
            Session.locked_at,
            Identity.state,
            Identity.role,
            LegacyUser.state.alias("legacy_state"),
        )
        .left_outer_join(Identity)
        .switch(Session)
        .left_outer_join(LegacyUser, on=(LegacyUser.id == Session.legacy_user))
        .where(Session.id == actor.session_id)
        .dicts()
        .first()
    )
    if row is None or row["ended_at"] is not None:
        because = row["ended_because"] if row else "it is not known here"
        raise SignedOut(f"Your session has ended: {because}. Sign in again.")
    if row["expires_at"] <= ctx.clock.now():
        raise SignedOut("Your session has ended: its time is over. Sign in again.")
    if row["locked_at"] is not None and not locked:
        raise Locked(LOCKED)
    if actor.legacy_user_id is not None:
        if row["legacy_state"] is not LegacyState.WAITING:
            raise SignedOut("Your old account has been migrated. Activate the new one with the mail that was sent.")
        return
    if row["state"] is not IdentityState.ACTIVE:
        raise SignedOut("Your session has ended: the account is no longer active. Ask a supervisor.")
    if row["role"] is not actor.role:
        raise SignedOut("Your session has ended: your role has changed. Sign in again.")
    if row["awaits"] is not None:
        raise Refused(UNPROVED)
    if row["limited"] and not limited:
        raise Refused(UNFINISHED)


def _begin(ctx: Context, origin: Origin, **whose: Any) -> int:
    now = ctx.clock.now()
    return int(
        Session.create(
            surface=origin.surface,
            place=origin.place[:200],
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE_LIFETIME,
            **whose,
        ).id
    )


def require_staff(ctx: Context, actor: Actor, right: Right = Right.ACT) -> None:
    """Check that the session holds and that the actor's role has the right.

    Call it inside the read or the unit of work that it guards. Raises SignedOut, Refused, or Forbidden.
    """
    require(ctx, actor)
    require_right(ctx, actor, right)


def require_right(ctx: Context, actor: Actor, right: Right = Right.ACT) -> None:
    """Check role and surface alone, for what is asked of a session that may have ended by its own doing.

    Raises Forbidden.
    """
    told = rights.why_not(actor.role, right) or why_no_desk(actor.agency_id, actor.origin)
    if told:
        raise Forbidden(told, lambda: audit.forbidden(ctx, actor, right, told))


def why_no_desk(agency_id: int, origin: Origin) -> str:
    """Why staff may not use the desk where they are; empty if they may. Call it inside `ctx.read()` or `ctx.unit()`."""
    if origin.surface is not Surface.PORTAL:
        return ""
    agency = Agency.get_or_none(Agency.id == agency_id)
    allowed = agency is not None and agency_policy.policy_of(agency).staff_portal
    return "" if allowed else NOT_IN_BROWSER


def end_sessions(ctx: Context, identity_id: int, because: str, *, keep: int | None = None) -> int:
    """End all open sessions of an identity but `keep`; call it inside `ctx.unit()`. Returns how many ended.

    One that awaits something ends too, but was not open and is not counted.
    """
    open_ones = (Session.identity == identity_id) & Session.ended_at.is_null()
    if keep is not None:
        open_ones &= Session.id != keep
    end = Session.update(ended_at=ctx.clock.now(), ended_because=because[:100])
    end.where(open_ones & Session.awaits.is_null(False)).execute()
    return int(end.where(open_ones).execute())


def count_open(ctx: Context, identity_id: int) -> int:
    """How many sessions of an identity are open now; call it inside `ctx.read()` or `ctx.unit()`."""
    return int(
        Session.select()
        .where(
            (Session.identity == identity_id)
            & Session.ended_at.is_null()
            & Session.awaits.is_null()
            & (Session.expires_at > ctx.clock.now())
            & ~left_sessions.condition(ctx),
        )
        .count(),
    )
