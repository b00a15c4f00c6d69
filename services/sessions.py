"""Sessions: the row in the database, not the process, decides whether somebody is signed in."""

from __future__ import annotations

from datetime import timedelta

from models.identity import Identity, Session
from models.states import IdentityState, Role
from services.actor import Actor, Origin
from services.context import Context
from services.errors import Refused, SignedOut

ABSOLUTE_LIFETIME = timedelta(hours=12)


def open_session(ctx: Context, identity: Identity, origin: Origin) -> Actor:
    """Begin a session for a proved identity; call it inside `ctx.unit()`."""
    now = ctx.clock.now()
    session = Session.create(
        identity=identity,
        surface=origin.surface,
        place=origin.place[:200],
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE_LIFETIME,
    )
    return Actor(identity.agency_id, identity.id, session.id, identity.name, identity.role, origin)


def require(ctx: Context, actor: Actor) -> None:
    """Check that the session still holds; call it inside the unit of work that it guards. Raises SignedOut."""
    if actor.session_id is None:
        return
    row = (
        Session.select(Session.ended_because, Session.ended_at, Session.expires_at, Identity.state, Identity.role)
        .join(Identity)
        .where(Session.id == actor.session_id)
        .dicts()
        .first()
    )
    if row is None or row["ended_at"] is not None:
        because = row["ended_because"] if row else "it is not known here"
        raise SignedOut(f"Your session has ended: {because}. Sign in again.")
    if row["expires_at"] <= ctx.clock.now():
        raise SignedOut("Your session has ended: twelve hours have passed. Sign in again.")
    if row["state"] is not IdentityState.ACTIVE:
        raise SignedOut("Your session has ended: the account is no longer active. Ask a supervisor.")
    if row["role"] is not actor.role:
        raise SignedOut("Your session has ended: your role has changed. Sign in again.")


def require_staff(ctx: Context, actor: Actor) -> None:
    """Check that the session holds and belongs to somebody who may act on clients. Raises SignedOut or Refused."""
    require(ctx, actor)
    if actor.role in (Role.CLIENT, Role.AUDITOR):
        raise Refused("This is for the agency's helpdesk staff. Ask a supervisor if you need it.")


def end_sessions(ctx: Context, identity_id: int, because: str, *, keep: int | None = None) -> int:
    """End all open sessions of an identity but `keep`; call it inside `ctx.unit()`. Returns how many ended."""
    open_ones = (Session.identity == identity_id) & Session.ended_at.is_null()
    if keep is not None:
        open_ones &= Session.id != keep
    return int(
        Session.update(ended_at=ctx.clock.now(), ended_because=because[:100]).where(open_ones).execute(),
    )


def count_open(ctx: Context, identity_id: int) -> int:
    """How many sessions of an identity are open now; call it inside `ctx.read()` or `ctx.unit()`."""
    return int(
        Session.select()
        .where(
            (Session.identity == identity_id) & Session.ended_at.is_null() & (Session.expires_at > ctx.clock.now()),
        )
        .count(),
    )
