"""The lines above a chat: where the request stands, and whom it is about."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from models.states import HelpState
from screens.clients.words import DIM
from services.help_queue.chats import show_waiting
from services.help_queue.values import Chat
from services.kiosks.releases import WORDS
from services.when import show_moment


def standing_words(chat: Chat, now: datetime) -> Content:
    """Who has it, since when, from where, and whether the person is still there."""
    row = chat.row
    if row.state is HelpState.CLOSED:
        ended = "" if row.closed_at is None else f" {show_moment(row.closed_at, now)}"
        head = Content(f"□ closed{ended}")
    elif row.state is HelpState.WAITING:
        head = Content.styled(f"▲ waits {show_waiting(now - row.asked_at)}", "$text-warning bold")
    else:
        head = Content.styled(f"● {'you have it' if row.mine else f'{row.agent} has it'}", "$text-success")
    where = " · ".join(part for part in (row.surface.value, row.place, row.office) if part)
    parts = [head, Content(f" · asked {show_moment(row.asked_at, now)} · {where}")]
    if row.state is not HelpState.CLOSED:
        gone = ("  ○ the person has gone", "$text-error bold")
        parts.append(Content.styled(*(("  ● there now", "$text-success") if row.here else gone)))
    return Content("").join(parts)


def about_words(chat: Chat) -> Content:
    """Whom it is about, and how surely; at a kiosk what its screen asks for."""
    if chat.person is None:
        about = Content.styled("Whom it is about is not known yet: Esc, then l, finds them.", DIM)
    else:
        surely = (
            ("✓ signed in", "$text-success")
            if chat.proved
            else ("? linked, not proved", DIM)
            if chat.linked
            else ("? typed there, not proved", "$text-warning")
        )
        about = Content.assemble("About ", (chat.person_name, "bold"), "  ", surely)
    if chat.step is None:
        return about
    return Content.assemble(about, (f" · asked for {WORDS[chat.step]}", DIM))
