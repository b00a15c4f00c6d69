"""Whoever asked for help and is not there any more: by their own will, or because their kiosk went home."""

from __future__ import annotations

from peewee import Expression

from models.help_queue import HelpRequest
from models.states import HelpAuthor, HelpState
from services.context import Context
from services.help_queue import lines


def leave(ctx: Context, which: Expression) -> None:
    """The people of the open requests among these have gone, and the agents see it; call it inside `ctx.unit()`."""
    there = which & (HelpRequest.state != HelpState.CLOSED) & HelpRequest.left_at.is_null()
    for request in list(HelpRequest.select(HelpRequest.id, HelpRequest.name).where(there).order_by(HelpRequest.id)):
        HelpRequest.update(left_at=ctx.clock.now()).where(HelpRequest.id == request.id).execute()
        lines.add(ctx, request.id, HelpAuthor.DESK, "", f"{request.name} has left.")
