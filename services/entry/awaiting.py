"""Sessions of people whose password or SSH key was right and who still owe a code: they open nothing until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.identity import Identity, Session
from models.states import Awaited
from services import sessions
from services.actor import Actor, Origin
from services.context import Context
from services.errors import SignedOut

LIFETIME = timedelta(minutes=10)
"""How long the rest of a sign-in may take; OWASP ASVS 5.0, 6.5.5."""


def begin(
    ctx: Context, identity: Identity, origin: Origin, awaits: Awaited, *, by_temporary: bool, ssh_key: str = ""
) -> Actor:
    """Open a session that awaits something; call it inside `ctx.unit()`.

    Args:
        by_temporary: whether a temporary password was typed, which is used up at the end of the sign-in only.
        ssh_key: the fingerprint of the key that stood for the password; empty for none.
    """
    actor = sessions.open_session(ctx, identity, origin, limited=True, ssh_key=ssh_key)
    Session.update(awaits=awaits, by_temporary=by_temporary, expires_at=ctx.clock.now() + LIFETIME).where(
        Session.id == actor.session_id
    ).execute()
    return replace(actor, awaits=awaits)


def require(ctx: Context, actor: Actor, awaits: Awaited) -> Session:
    """The session of somebody who still has to give this; call it inside the unit of work that it guards.

    Raises SignedOut when its time is over, when it has ended, or when nothing of the kind is missing.
    """
    session: Session | None = Session.get_or_none(Session.id == actor.session_id)
    if session is None or session.identity_id != actor.identity_id or session.awaits is not awaits:
        raise SignedOut("This sign-in is not under way any more. Begin it again.")
    if session.ended_at is not None:
        raise SignedOut(f"This sign-in has ended: {session.ended_because}. Begin it again.")
    if session.expires_at <= ctx.clock.now():
        raise SignedOut("The ten minutes for the code are over. Sign in again.")
    return session


def go_on(actor: Actor, awaits: Awaited) -> Actor:
    """Let the session await something else; call it inside `ctx.unit()`."""
    Session.update(awaits=awaits).where(Session.id == actor.session_id).execute()
    return replace(actor, awaits=awaits)


def end(ctx: Context, actor: Actor, *, limited: bool) -> Actor:
    """Open the session, since nothing is missing any more; call it inside `ctx.unit()`."""
    now = ctx.clock.now()
    Session.update(
        awaits=None,
        by_temporary=False,
        limited=limited,
        created_at=now,
        last_seen_at=now,
        expires_at=now + sessions.ABSOLUTE_LIFETIME,
    ).where(Session.id == actor.session_id).execute()
    return replace(actor, awaits=None, limited=limited)
