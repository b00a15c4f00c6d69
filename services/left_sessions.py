"""Sessions in the browser whose page has gone and will not come back: nobody has ended them, and nobody is there."""

from __future__ import annotations

from peewee import Expression

from models.identity import Session
from models.unfinished import SessionReturn
from services.context import Context

BECAUSE = "its page was closed"


def condition(ctx: Context) -> Expression:
    """That the way back into a session is over, which its program renews as long as it runs."""
    over = SessionReturn.select(SessionReturn.session).where(SessionReturn.expires_at <= ctx.clock.now())
    left: Expression = Session.id.in_(over)
    return left


def end_of(ctx: Context, identity_id: int) -> None:
    """End those of one person; call it inside `ctx.unit()` with the account held."""
    now = ctx.clock.now()
    theirs = (Session.identity == identity_id) & Session.ended_at.is_null() & condition(ctx)
    gone = [row.id for row in Session.select(Session.id).where(theirs)]
    if gone:
        Session.update(ended_at=now, ended_because=BECAUSE).where(Session.id.in_(gone)).execute()
        SessionReturn.delete().where(SessionReturn.session.in_(gone)).execute()
