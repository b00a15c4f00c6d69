"""How a report is read: keys page by page, each page in a read of its own, and the rows of some keys."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar

from peewee import EnclosedNodeList, Expression, Value

from models.identity import Identity
from models.states import IdentityState
from services import sessions
from services.actor import Actor
from services.agency_policy import conventions_of
from services.context import Context
from services.errors import NotFound
from services.offices import NOT_YOURS, Scope, own_offices, scope_of
from services.reports.values import Asked, Finding, Report, Row
from services.rows import Cancelled

PAGE = 2_000
"""Candidates that are looked at in one read."""

Found = tuple[int, str]
"""The key of a row, and the word under which the finding counts it."""


class Reading(ABC):
    """One report as somebody asked for it; nothing is read until a method is called. A subclass is one report."""

    report: ClassVar[Report]

    def __init__(self, ctx: Context, actor: Actor, asked: Asked) -> None:
        """`asked` is for this report, and `actor` is whoever reads it."""
        self.ctx = ctx
        self.actor = actor
        self._asked = asked

    @abstractmethod
    def pages(self) -> Iterator[list[Found]]:
        """All rows in their order; a page may be empty, so that nobody waits long to say that it is enough."""

    @abstractmethod
    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """The rows with these keys, of which there is at least one, of people in the scope; called inside a read."""

    @abstractmethod
    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """The finding in one sentence where there are rows; `figure` writes a number as the agency does."""

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """The rows with these keys in the same order; one that is gone is left out."""
        if not len(keys):
            return []
        with self.looking() as scope:
            found = {row.key: row for row in self.read(list(keys), scope)}
        return [found[key] for key in keys if key in found]

    def finding(self, cancelled: Callable[[], bool]) -> Finding:
        """What it comes to. Raises Cancelled."""
        counts: Counter[str] = Counter()
        for page in self.pages():
            if cancelled():
                raise Cancelled
            counts.update(tag for _, tag in page)
        if not counts:
            return Finding(0, self._asked.none, good=True)
        with self.ctx.read():
            figure = conventions_of(self.actor.agency_id).count
        return Finding(counts.total(), self.told(counts, figure), self.good(counts))

    def good(self, counts: Counter[str]) -> bool:
        """Whether rows that are counted so leave nothing to do."""
        return not counts

    @contextmanager
    def looking(self) -> Iterator[Scope]:
        """A read by somebody who may see this report, and whose people they see. Raises Refused or SignedOut."""
        with self.ctx.read():
            sessions.require_staff(self.ctx, self.actor, self.report.right)
            yield self._scope()

    def _scope(self) -> Scope:
        chosen = self._asked.office_id
        if chosen is None:
            return scope_of(self.actor)
        own = own_offices(self.actor)
        if own is not None and chosen not in own:
            raise NotFound(NOT_YOURS)
        return Scope(frozenset({chosen}), unassigned=False)

    @property
    def now(self) -> datetime:
        """The present."""
        return self.ctx.clock.now()

    @property
    def span(self) -> timedelta:
        """The days that were asked for."""
        return timedelta(days=self._asked.days or 0)


def beyond(columns: Sequence[Any], last: Sequence[Any], *, falling: bool = False) -> Expression:
    """Rows behind the one with these values, in the order of the columns; an index over them is gone into directly.

    The values are those of `raw`.
    """
    here = EnclosedNodeList([Value(value) for value in last])
    row = EnclosedNodeList(list(columns))
    return (row < here) if falling else (row > here)


def raw(ctx: Context, query: Any) -> list[tuple[Any, ...]]:
    """All rows of a query as the tables keep them, numbers and plain text: a million take a third of the time."""
    found: list[tuple[Any, ...]] = ctx.database.execute(query).fetchall()
    return found


def accounts_in(
    reading: Reading,
    agency_id: int,
    state: IdentityState,
    keep: Callable[[list[Any], Scope], list[Found]],
    *columns: Any,
    until: datetime | None = None,
    newest: bool = False,
) -> Iterator[list[Found]]:
    """Those of all accounts in a state that `keep` keeps, by when they came into it, a page in each read.

    Args:
        keep: gets a page and the scope of whoever looks, inside the read; each row of the page begins with the moment
            and the number of the account, and `columns` follow, all of them as `raw` gives them.
        until: those only that have been in it since then or longer.
        newest: whether the newest come first.
    """
    place = (Identity.state_changed_at, Identity.id)
    order = [column.desc() for column in place] if newest else list(place)
    last: Sequence[Any] | None = None
    while True:
        asked = (Identity.agency == agency_id) & (Identity.state == state)
        if until is not None:
            asked &= Identity.state_changed_at <= until
        if last is not None:
            asked &= beyond(place, last, falling=newest)
        with reading.looking() as scope:
            page = Identity.select(*place, *columns).where(asked).order_by(*order).limit(PAGE)
            rows = raw(reading.ctx, page)
            kept = keep(rows, scope) if rows else []
        # The read is over by now: whoever gets the page may take their time.
        yield kept
        if len(rows) < PAGE:
            return
        last = rows[-1][:2]
