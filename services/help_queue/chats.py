"""What agents see of the help queue: the list, the numbers, and one request with all that was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import Expression, fn

from models.agency import Office
from models.help_queue import HelpLine, HelpRequest, KioskVisit
from models.identity import Identity
from models.states import HelpState
from services.actor import Actor
from services.context import Context
from services.help_queue.sight import in_sight, is_here
from services.help_queue.values import HelpCounts, HelpRow
from services.paged_rows import PagedRows
from services.rows import TableRow
from services.text import safe
from services.when import show_moment

HELP_COLUMNS = ("Asked", "Name", "About", "Where", "State", "Last line")
"""The titles of the columns, in the order of the cells."""

_ORDER = (HelpState.WAITING, HelpState.TAKEN, HelpState.CLOSED)


@dataclass(frozen=True, slots=True)
class HelpQuery:
    """Which requests the table shows.

    Attributes:
        words: what was typed; every word must begin a word of name, subject, place, office or agent.
        state: only these, or None for all.
    """

    words: str = ""
    state: HelpState | None = None


def count(actor: Actor) -> HelpCounts:
    """The numbers for the tab and the bell; call it inside a read, with the session checked."""
    waiting = in_sight(actor) & (HelpRequest.state == HelpState.WAITING)
    number, newest = (
        HelpRequest.select(fn.COUNT(HelpRequest.id), fn.MAX(HelpRequest.id)).where(waiting).scalar(as_tuple=True)
    )
    mine = in_sight(actor) & (HelpRequest.state == HelpState.TAKEN) & (HelpRequest.agent == actor.identity_id)
    return HelpCounts(int(number), int(HelpRequest.select().where(mine).count()), int(newest or 0))


class HelpRows(PagedRows):
    """The requests of one query: who waits longest first, then what is being answered, then the newest closed ones."""

    def __init__(self, ctx: Context, actor: Actor, query: HelpQuery) -> None:
        super().__init__(ctx, actor, query.words)
        self._state = query.state

    def _pages(self, size: int) -> Iterator[list[int]]:
        for state in _ORDER:
            if self._state in (None, state):
                yield from self._pages_of(state, size)

    def _pages_of(self, state: HelpState, size: int) -> Iterator[list[int]]:
        chosen = in_sight(self._actor) & (HelpRequest.state == state)
        newest_first = state is HelpState.CLOSED
        last = None
        while True:
            beyond = HelpRequest.id < last if newest_first else HelpRequest.id > last
            page = _facts(
                HelpRequest.id, HelpRequest.name, HelpRequest.topic, HelpRequest.place, Office.name, Identity.name
            ).where(chosen if last is None else chosen & beyond)
            rows = list(page.order_by(HelpRequest.id.desc() if newest_first else HelpRequest.id).limit(size).tuples())
            yield [row[0] for row in rows if self._matches(*row[1:])]
            if len(rows) < size:
                return
            last = rows[-1][0]

    def _rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        now = self._ctx.clock.now()
        found = rows_where(self._ctx, self._actor, HelpRequest.id.in_(keys) & in_sight(self._actor))
        return {row.id: _shown(row, now) for row in found}


def rows_where(ctx: Context, actor: Actor, condition: Expression) -> list[HelpRow]:
    """The requests in the desk's words; call it inside a read or a unit."""
    now = ctx.clock.now()
    found: Any = (
        _facts(
            HelpRequest,
            Office.name.alias("office_name"),
            Identity.name.alias("agent_name"),
            HelpLine.words.alias("last_line"),
        )
        .switch(HelpRequest)
        .left_outer_join(HelpLine, on=((HelpLine.request == HelpRequest.id) & (HelpLine.number == HelpRequest.lines)))
        .where(condition)
        .objects()
    )
    return [
        HelpRow(
            id=int(row.id),
            name=safe(row.name),
            topic=safe(row.topic),
            surface=row.surface,
            place=safe(row.place),
            office=safe(row.office_name or ""),
            state=row.state,
            agent=safe(row.agent_name or "") if row.state is not HelpState.WAITING else "",
            mine=row.state is HelpState.TAKEN and row.agent_id == actor.identity_id,
            here=is_here(row.state, row.seen_at, row.left_at, now),
            asked_at=row.asked_at,
            closed_at=row.closed_at,
            last_line=safe(row.last_line or ""),
        )
        for row in found
    ]


def visit_of(row: HelpRequest) -> KioskVisit | None:
    """The visit at a kiosk from which somebody asked, as long as it lasts; call it inside a read or a unit."""
    found: KioskVisit | None = KioskVisit.get_or_none((KioskVisit.id == row.visit_id) & KioskVisit.ended_at.is_null())
    return found


def show_waiting(waited: timedelta) -> str:
    """How long somebody has waited, in whole minutes: it must not change before one's eyes all the time."""
    minutes = int(waited.total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _facts(*columns: Any) -> Any:
    return (
        HelpRequest.select(*columns)
        .left_outer_join(Office, on=(Office.id == HelpRequest.office))
        .switch(HelpRequest)
        .left_outer_join(Identity, on=(Identity.id == HelpRequest.agent))
    )


def _shown(row: HelpRow, now: datetime) -> TableRow:
    words, mark = _state(row, now)
    where = f"{row.surface} · {row.place}" if row.place else row.surface.value
    if row.office:
        where = f"{where} · {row.office}"
    return TableRow(
        row.id,
        (show_moment(row.asked_at, now), row.name, row.topic, where, words, row.last_line),
        ("muted", "", "", "muted", mark, "muted"),
    )


def _state(row: HelpRow, now: datetime) -> tuple[str, str]:
    if row.state is HelpState.CLOSED:
        return "□ closed", "muted"
    gone = "" if row.here else ", gone"
    if row.state is HelpState.WAITING:
        return f"▲ waits {show_waiting(now - row.asked_at)}{gone}", "warning" if row.here else "muted"
    return f"● {'you' if row.mine else row.agent or 'taken'}{gone}", "success" if row.mine else ""
