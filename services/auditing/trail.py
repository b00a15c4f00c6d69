"""The audit of an agency as those may read it who answer for it: the list, one entry, and how the chain stands."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.agency import Agency
from models.audit import AuditEntry, AuditHead
from models.states import AuditResult
from services import offices, sessions
from services.actor import Actor
from services.audit import OUTSIDER
from services.auditing import chain
from services.auditing.checking import check_end
from services.auditing.finding import Finding
from services.auditing.query import RESULT_WORDS, AuditQuery
from services.context import Context
from services.errors import NotFound
from services.history_words import entry_of
from services.rights import Right
from services.rows import TableRow
from services.search import reading
from services.text import counted, safe
from services.when import show_moment

AUDIT_COLUMNS = ("When", "Who", "What", "Whom", "From", "Reason")
"""The titles of the columns, in the order of the cells."""

QUICK = 200
"""The newest entries, whose seals are looked at whenever the list is opened."""

_NOT_HERE = "There is no such entry. Go back to the list and look again."
_WHOLE = "The audit is about the whole agency, and you look after some of its offices. Ask an administrator to look."
_BROKEN = "The trail was changed from outside: run `trakdesk audit verify`."
_OUTSIDER = "not signed in"
"""Somebody not signed in, as a narrow column has room for."""


@dataclass(frozen=True, slots=True)
class AuditStanding:
    """How the chain stands.

    Attributes:
        entries: how many entries the chain has, those of other agencies of this desk included.
        holds: whether its newest entries and its head are as they were written.
        words: the same in words.
    """

    entries: int
    holds: bool
    words: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry, whole.

    Attributes:
        number: its number in the chain.
        words: what was done; `sign` and `result` say how it ended.
        place: surface and place together.
        facts: more that was written down, as label and value.
        proved: whether the seal fits the entry and the one before.
    """

    number: int
    at: datetime
    who: str
    words: str
    whom: str
    place: str
    sign: str
    result: str
    reason: str
    event: str
    facts: tuple[tuple[str, str], ...]
    proved: bool


class AuditTrail:
    """Reads only; entries are written by `services.audit`."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def rows(self, actor: Actor, query: AuditQuery) -> AuditRows:
        """The table of the entries that a query asks for, newest first; nothing is read yet."""
        return AuditRows(self._ctx, actor, query)

    def view(self, actor: Actor, entry_id: int) -> AuditView:
        """One entry. Raises NotFound, Refused or SignedOut."""
        with self._ctx.read():
            require_reader(self._ctx, actor)
            row = AuditEntry.get_or_none(AuditEntry.id == entry_id)
            if row is None or not sees(actor)(row.agency_id):
                raise NotFound(_NOT_HERE)
            proved = self._is_proved(entry_id)
        entry = entry_of(row)
        sign, result = RESULT_WORDS[entry.result]
        return AuditView(
            number=entry.id,
            at=entry.at,
            who=entry.actor,
            words=entry.words,
            whom=safe(row.subject),
            place=f"{entry.surface} · {entry.place}" if entry.place else entry.surface.value,
            sign=sign,
            result=result,
            reason=entry.reason,
            event=entry.action,
            facts=_facts(row.details),
            proved=proved,
        )

    def standing(self, actor: Actor) -> AuditStanding:
        """How the chain stands, as far as a quick look tells. Raises Refused or SignedOut."""
        with self._ctx.read():
            require_reader(self._ctx, actor)
            head = AuditHead.get_or_none(AuditHead.id == 1)
        if not check_end(self._ctx, QUICK).whole:
            return AuditStanding(0, False, _BROKEN)
        entries = int(head.seq) if head is not None else 0
        return AuditStanding(entries, True, f"{counted(entries, 'entry', 'entries')}, sealed")

    def _is_proved(self, entry_id: int) -> bool:
        """Whether the seal of an entry fits; its neighbours are looked at by the whole check."""
        columns: Any = [getattr(AuditEntry, name) for name in chain.COLUMNS]
        pair = {
            int(row["id"]): row
            for row in _raw(
                AuditEntry.select(*columns, AuditEntry.mac).where(AuditEntry.id << [entry_id - 1, entry_id])
            )
        }
        before = pair[entry_id - 1]["mac"] if entry_id - 1 in pair else chain.GENESIS
        mac = pair[entry_id].pop("mac")
        return bool(mac == chain.seal_of(self._ctx.keys.audit, before, entry_id, chain.digest_of(pair[entry_id])))


class AuditRows:
    """The entries of one query, newest first; a `RowSource`."""

    def __init__(self, ctx: Context, actor: Actor, query: AuditQuery) -> None:
        self._ctx = ctx
        self._actor = actor
        self._query = query

    def first(self, count: int) -> list[TableRow]:
        """The first rows at once; fewer than `count` only if there are no more."""
        with reading(self._ctx) as reader:
            require_reader(self._ctx, self._actor)
            keys = Finding(reader, self._actor.agency_id, self._query, self._ctx.clock.now()).first(count)
        with self._ctx.read():
            rows = self._rows(keys)
        return [rows[key] for key in keys if key in rows]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows in order. Raises Cancelled."""
        with reading(self._ctx) as reader:
            require_reader(self._ctx, self._actor)
            return Finding(reader, self._actor.agency_id, self._query, self._ctx.clock.now()).all(cancelled)

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys; a key without a row is gone."""
        with self._ctx.read():
            require_reader(self._ctx, self._actor)
            return self._rows(list(keys))

    def _rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        if not keys:
            return {}
        mine = sees(self._actor)
        now = self._ctx.clock.now()
        return {
            int(row.id): _row(row, now)
            for row in AuditEntry.select().where(AuditEntry.id.in_(keys))
            if mine(row.agency_id)
        }


def require_reader(ctx: Context, actor: Actor) -> None:
    """Check that the actor may read the audit; call it inside a read or a unit. Raises Refused or SignedOut."""
    sessions.require_staff(ctx, actor, Right.AUDIT)
    offices.require_whole_agency(actor, _WHOLE)


def sees(actor: Actor) -> Callable[[int | None], bool]:
    """Whose entries the actor sees; what no agency could be named for belongs to one that is alone here."""
    alone = Agency.select().count() == 1
    return lambda agency_id: agency_id == actor.agency_id or (alone and agency_id is None)


def _raw(query: Any) -> list[dict[str, Any]]:
    """The columns as the table keeps them."""
    names = (*chain.COLUMNS, "mac")
    cursor = query.model._meta.database.execute(query)
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _row(row: AuditEntry, now: datetime) -> TableRow:
    entry = entry_of(row)
    sign, _ = RESULT_WORDS[entry.result]
    place = f"{entry.surface} · {entry.place}" if entry.place else entry.surface.value
    who = _OUTSIDER if row.actor_name == OUTSIDER else entry.actor
    cells = (show_moment(entry.at, now), who, f"{sign} {entry.words}", safe(row.subject), place, entry.reason)
    return TableRow(
        entry.id, cells, ("muted", "", "" if entry.result is AuditResult.DONE else "error", "", "muted", "")
    )


def _facts(details: str) -> tuple[tuple[str, str], ...]:
    """What an entry tells beside its columns; one that somebody tampered with tells it as it stands."""
    try:
        told = json.loads(details)
        pairs = sorted(((str(name), told[name]) for name in told), key=lambda pair: _old_first(pair[0]))
    except (ValueError, TypeError):
        return (("Details", safe(details)),)
    shown = {True: "yes", False: "no"}
    return tuple(
        (
            safe(name.replace("_", " ").replace("-", " ")).capitalize(),
            "\n".join(safe(line) for line in str(shown[value] if isinstance(value, bool) else value).split("\n")),
        )
        for name, value in pairs
        if value not in (None, "")
    )


def _old_first(name: str) -> tuple[str, bool]:
    """What a field held before stands above what it holds now."""
    return name.removeprefix("old").removeprefix("new"), not name.startswith("old")
