"""What happened, told from the newest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from models.states import AuditResult
from services.clients.values import HistoryEntry
from services.when import show_moment
from tui.plain.pages import TEN
from tui.plain.sitting import Sitting


def tell_events(sitting: Sitting, page: Callable[[int | None], Sequence[HistoryEntry]]) -> None:
    """Ten by ten; `page` gives the newest, or those older than a number. Raises Back or Leave."""
    talk = sitting.talk
    waiting = list(page(None))
    if not waiting:
        talk.say("Nothing yet.")
    while waiting:
        told, waiting = waiting[:TEN], waiting[TEN:]
        now = sitting.desk.ctx.clock.now()
        talk.say(*(line(event, now) for event in told))
        # The number 0 stands for what was before the first entry.
        if not waiting and told[-1].id:
            waiting = list(page(told[-1].id))
        if not waiting:
            talk.say("That is all.")
        elif not talk.agree("Older ones?"):
            return


def line(event: HistoryEntry, now: datetime) -> str:
    """One event in a sentence, with what was refused or failed said so."""
    moment = show_moment(event.at, now)
    result = "" if event.result is AuditResult.DONE else f", {event.result}"
    reason = f", because: {event.reason}" if event.reason else ""
    return f"{moment}: {event.actor} {event.words}{result}{reason}"
