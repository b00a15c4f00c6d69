"""The lines of "My password and security"."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from models.states import AuditResult
from screens.widgets.menu import Option
from services.clients.values import HistoryEntry
from services.open_sessions import OpenSession
from services.when import show_moment

SLIM = 72
"""Columns below which a session takes two lines."""

_LABEL = 22


def heading_line(words: str) -> Option:
    """Above lines that belong together."""
    return Option(Content(words), disabled=True)


def part_line(key: str, label: str, told: str, *, narrow: bool = False) -> Option:
    """Something that can be opened, and how it stands: beside it, or below where there is little room."""
    start = f"{label}\n" if narrow else f"{label:<{_LABEL}}"
    return Option(Content.assemble(start, (told, "$foreground-muted")), id=key)


def event_line(event: HistoryEntry, moment: str) -> Content:
    """What happened, and whether it went well."""
    sign, style = ("✓", "") if event.result is AuditResult.DONE else ("✗", "$text-error")
    told = Content(f"{event.actor} {event.words}")
    return Content.assemble((moment, "$foreground-muted"), (f"{sign} ", style), told)


def session_line(session: OpenSession, now: datetime, *, narrow: bool = False) -> Content:
    """Where somebody is signed in; in two lines where there is little room."""
    since = f"since {show_moment(session.since, now)}"
    told = f"{session.surface.value:<8} {session.place:<28.28} {since}"
    if narrow:
        told = f"{session.surface.value} {session.place}\n  {since}"
    return Content.assemble("● " if session.this else "○ ", told, ("  this one" if session.this else "", "bold"))
