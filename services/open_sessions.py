"""Where somebody is signed in at the moment, and that this is more than one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import Expression

from models.identity import Session
from models.states import Surface
from services import audit, left_sessions
from services.actor import Actor
from services.context import Context
from services.text import safe


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is open now.

    Attributes:
        since: when it began.
        seen: when it was last used, to the minute.
        this: whether it is the one of whoever asks.
    """

    id: int
    surface: Surface
    place: str
    since: datetime
    seen: datetime
    this: bool


def open_of(ctx: Context, actor: Actor) -> tuple[OpenSession, ...]:
    """The open sessions of a person, the actor's first, then the newest; call it inside `ctx.read()`."""
    rows = Session.select().where(condition(ctx, actor)).order_by(Session.created_at.desc(), Session.id.desc())
    found = [
        OpenSession(row.id, row.surface, safe(row.place), row.created_at, row.last_seen_at, row.id == actor.session_id)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.this))


def condition(ctx: Context, actor: Actor) -> Expression:
    """That a session is an open one of this person's; one that still awaits a code is open nowhere."""
    if actor.legacy_user_id is not None:
        whose: Expression = Session.legacy_user == actor.legacy_user_id
    else:
        whose = Session.identity == (actor.identity_id or 0)
    open_now: Expression = (
        whose
        & Session.ended_at.is_null()
        & Session.awaits.is_null()
        & (Session.expires_at > ctx.clock.now())
        & ~left_sessions.condition(ctx)
    )
    return open_now


def count_excess(ctx: Context, actor: Actor, client_id: int | None) -> None:
    """Write down that somebody is now signed in more than once; call it inside `ctx.unit()` where a session opens."""
    others = [one for one in open_of(ctx, actor) if not one.this]
    if others:
        audit.record(
            ctx,
            actor,
            audit.Action.EXCESS_SESSION,
            client_id=client_id,
            identity_id=actor.identity_id,
            subject=actor.name,
            details={"others": len(others), "newest": f"{others[0].surface} {others[0].place}".strip()},
        )
