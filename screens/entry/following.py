"""On from a link or a code that somebody has opened: to what it is for, or to why it opens nothing any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.states import TokenPurpose
from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.entry.arrived import Arrived, after
from screens.entry.choose_password import ChoosePassword
from screens.entry.reset import ConfirmReset, ResetByOneMail
from screens.entry.undo_email import UndoEmail
from services.entry.words import ENDED
from services.recovery_values import OpenedToken
from services.when import show_moment

OVER = "This link or code no longer works"


async def follow(screen: DeskScreen[Any], link_or_code: str, email: str, opened: OpenedToken) -> Arrived | None:
    """Show above this screen, in one of its workers, what a living one is for; None if the person came back."""
    show, place = screen.app.push_screen_wait, screen.place
    if opened.purpose is TokenPurpose.UNDO_EMAIL:
        undone = await show(UndoEmail(place, link_or_code, email, opened))
        return None if undone is None else after(undone.change, forgot=undone.forgot)
    if opened.purpose is TokenPurpose.CONFIRM_RESET:
        confirmed = await show(ConfirmReset(place, link_or_code, email, opened))
        return None if confirmed is None else after(confirmed)
    kind = ResetByOneMail if opened.hurdles else ChoosePassword
    chosen = await show(kind(place, link_or_code, email, opened))
    return None if chosen is None else after(chosen)


def when_it_ended(opened: OpenedToken, now: datetime) -> str:
    """How and when it ceased to help."""
    when = f" ({show_moment(opened.ended_at, now)})" if opened.ended_at else ""
    return f"{ENDED[opened.state]}{when}."


def ask_for_fresh(opened: OpenedToken, now: datetime) -> Confirm:
    """Whether a fresh one should be sent in its place."""
    return Confirm(
        OVER,
        [when_it_ended(opened, now), "", opened.why_not],
        yes="Send me a fresh one",
        no="Go back",
    )
