"""Who is there in a sandbox when its clock is put forward: they stay, as if they had been at work all the time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.help_queue import HelpRequest
from models.identity import Session
from models.states import HelpState
from models.unfinished import SessionReturn


def take_along(by: timedelta) -> None:
    """Move on when everybody was last seen and how long they may stay; call it inside `ctx.unit()`.

    Only those who are signed in, and who wait for help: what was mailed, verified or throttled grows older.
    """
    signed_in = Session.ended_at.is_null()
    for session in _rows(Session.select().where(signed_in)):
        moved = {"last_seen_at": session.last_seen_at + by, "expires_at": session.expires_at + by}
        Session.update(**moved).where(Session.id == session.id).execute()
    open_ones = SessionReturn.session.in_(Session.select(Session.id).where(signed_in))
    for way_back in _rows(SessionReturn.select().where(open_ones)):
        SessionReturn.update(expires_at=way_back.expires_at + by).where(SessionReturn.id == way_back.id).execute()
    for request in _rows(HelpRequest.select().where(HelpRequest.state != HelpState.CLOSED)):
        HelpRequest.update(seen_at=request.seen_at + by).where(HelpRequest.id == request.id).execute()


def _rows(query: Any) -> list[Any]:
    return list(query)
