"""Which entries a query asks for, newest first: the first ones at once, or all of them.

Every word and every filter is a condition on a row and, likewise, a question to the text index. SQLite's index gives
its answers in the order of the rows, so it is asked at once. PostgreSQL's gives all of them before the first: there the
newest rows are looked at one by one first, which finds whatever is common, and the index is asked for what is rare.
"""
# ruff: noqa: S608 - every part of a statement is a constant of this file or a number; values are bound

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from models.agency import Agency
from models.audit import AuditEntry
from models.states import AuditResult
from services.audit import Action
from services.auditing import found_by
from services.auditing.query import AREAS, AuditQuery
from services.history_words import WORDS
from services.search import Condition, Reader, needed_words
from services.text import fold

FEW = 8_000
"""Entries that are found by the text index and sorted sooner than a walk meets the first sixty of more."""

SHORT_WALK = 5_000
"""Entries that are looked at one by one before the text index is asked."""

_ALL = 2**62


@dataclass(frozen=True, slots=True)
class _Times:
    """When: only entries from the number `first` on can be meant, None if none can.

    Attributes:
        since, until: milliseconds since 1970, the second one not included; None for ever.
    """

    first: int | None = 0
    since: int | None = None
    until: int | None = None

    @property
    def of_row(self) -> list[Condition]:
        """As SQL on a row, the number apart."""
        bounds = (("at >= %s", self.since), ("at < %s", self.until))
        return [(sql, (bound,)) for sql, bound in bounds if bound is not None]

    def holds(self, at: int) -> bool:
        """Whether a moment is meant."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One condition.

    Attributes:
        of_row: as SQL on a row.
        of_index: in the words of the text index.
    """

    of_row: Condition
    of_index: str


class _Spelling:
    """How the text index of an engine is asked."""

    def __init__(self, *, embedded: bool) -> None:
        self._quote, self._prefix = ('"{}"', '"{}"*') if embedded else ("'{}'", "'{}':*")
        self._and, self._or, self._but = (" AND ", " OR ", " NOT ") if embedded else (" & ", " | ", " & !")

    def exactly(self, mark: str) -> str:
        return self._quote.format(mark)

    def begins(self, word: str) -> str:
        return self._prefix.format(word)

    def all(self, parts: Iterable[str]) -> str:
        return self._and.join(f"({part})" for part in parts)

    def any(self, parts: Iterable[str]) -> str:
        return self._or.join(f"({part})" for part in parts)

    def but(self, part: str, other: str) -> str:
        return f"({part}){self._but}({other})"


class Finding:
    """One query of one agency put to one reader."""

    def __init__(self, reader: Reader, agency_id: int, query: AuditQuery, now: datetime) -> None:
        self._reader = reader
        self._spelling = _Spelling(embedded=reader.names_index)
        # Of an agency that is alone here, everything is its own, also what no agency could be named for.
        self._alone = Agency.select().count() == 1
        self._agency_id = agency_id
        self._query = query
        self._asked = [*self._filters(), *map(self._word, needed_words(query.all_words))]
        self._times = self._moments(now)

    def first(self, count: int) -> list[int]:
        """The keys of the newest entries; fewer than `count` only if there are no more."""
        if self._times.first is None:
            return []
        if not self._asked:
            return self._walked(count)
        if self._reader.names_index:
            return self._looked_up(count)
        met = self._walked(count, look_at=SHORT_WALK)
        if len(met) == count:
            return met
        rare = self._gathered(count)
        return self._walked(count) if rare is None else rare

    def all(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all entries. Raises Cancelled."""
        if self._times.first is None:
            return array("q")
        if self._asked and self._reader.names_index:
            return self._reader.keys(*self._by_index(None), cancelled)
        if self._asked:
            rare = self._gathered(None)
            if rare is not None:
                return array("q", rare)
        return self._reader.keys(*self._walk(None), cancelled)

    def _filters(self) -> list[_Asked]:
        chosen = self._query.filter
        asked = []
        if not self._alone:
            mark = found_by.agency_mark(self._agency_id)
            asked.append(_Asked(("agency_id = %s", (self._agency_id,)), self._spelling.exactly(mark)))
        actions = self._query.actions or (AREAS[chosen.area] if chosen.area else frozenset())
        if actions:
            asked.append(self._one_of(actions))
        if chosen.result:
            mark = found_by.result_mark(chosen.result)
            asked.append(_Asked(("result = %s", (chosen.result.value,)), self._spelling.exactly(mark)))
        if chosen.who:
            mark = found_by.who_mark(chosen.who)
            asked.append(_Asked(self._has(f"{mark} "), self._spelling.exactly(mark)))
        return asked

    def _has(self, beginning: str) -> Condition:
        return f"{self._reader.contains}(search, %s) > 0", (f" {beginning}",)

    def _one_of(self, actions: Iterable[Action]) -> _Asked:
        names = sorted(action.value for action in actions)
        marks = ", ".join(["%s"] * len(names))
        told = self._spelling.any(self._spelling.exactly(found_by.action_mark(name)) for name in names)
        return _Asked((f"action IN ({marks})", tuple(names)), told)

    def _word(self, word: str) -> _Asked:
        """Entries that tell the word, or whose action or result is called so."""
        sql, values = self._has(word)
        told = [self._spelling.begins(word)]
        done = found_by.result_mark(AuditResult.DONE)
        for was_done, actions in ((True, _called(word, tried=False)), (False, _called(word, tried=True))):
            if actions:
                named = self._one_of(actions)
                sql += f" OR ({named.of_row[0]} AND result {'=' if was_done else '<>'} 'done')"
                values += named.of_row[1]
                join = self._spelling.all((named.of_index, self._spelling.exactly(done)))
                told.append(join if was_done else self._spelling.but(named.of_index, self._spelling.exactly(done)))
        for result in AuditResult:
            if result.value.startswith(word):
                sql += f" OR result = '{result.value}'"
                told.append(self._spelling.exactly(found_by.result_mark(result)))
        return _Asked((f"({sql})", values), self._spelling.any(told))

    def _moments(self, now: datetime) -> _Times:
        chosen = self._query.filter
        since, until = (
            None if moment is None else _milliseconds(moment) for moment in (chosen.begins(now), chosen.until)
        )
        if since is None:
            return _Times(until=until)
        # The limit keeps PostgreSQL from looking for the smallest number from the oldest entry on.
        recent = f"SELECT id FROM audit_entry WHERE at >= %s ORDER BY at LIMIT {_ALL}"
        [(first,)] = self._reader.rows(f"SELECT min(id) FROM ({recent}) AS recent", (since,))
        return _Times(first, since, until)

    def _walk(self, limit: int | None, look_at: int | None = None) -> Condition:
        asked = [one.of_row for one in self._asked] + self._times.of_row
        first = self._times.first or 0
        if look_at is not None:
            # A range of numbers holds as many entries, since no number is left out.
            [(newest,)] = self._reader.rows("SELECT coalesce(max(id), 0) FROM audit_entry", ())
            first = max(first, int(newest) - look_at + 1)
        if first:
            asked.append(("id >= %s", (first,)))
        where = f"WHERE {' AND '.join(sql for sql, _ in asked)} " if asked else ""
        values = tuple(value for _, told in asked for value in told)
        sql = f"SELECT id FROM audit_entry {where}ORDER BY id DESC"
        return (sql if limit is None else f"{sql} LIMIT {limit}"), values

    def _walked(self, limit: int | None, look_at: int | None = None) -> list[int]:
        return [row[0] for row in self._reader.rows(*self._walk(limit, look_at))]

    def _by_index(self, limit: int | None) -> Condition:
        """SQLite: the index gives the numbers in order."""
        asked: list[Condition] = [
            ("audit_entry_search MATCH %s", (self._spelling.all(one.of_index for one in self._asked),))
        ]
        rows = "audit_entry_search AS found"
        if self._times.of_row:
            # Only the time is not in the index.
            rows += " CROSS JOIN audit_entry ON audit_entry.id = found.rowid"
            asked += [("found.rowid >= %s", (self._times.first or 0,)), *self._times.of_row]
        where = " AND ".join(sql for sql, _ in asked)
        sql = f"SELECT found.rowid FROM {rows} WHERE {where} ORDER BY found.rowid DESC"
        values = tuple(value for _, told in asked for value in told)
        return (sql if limit is None else f"{sql} LIMIT {limit}"), values

    def _looked_up(self, limit: int | None) -> list[int]:
        return [row[0] for row in self._reader.rows(*self._by_index(limit))]

    def _gathered(self, limit: int | None) -> list[int] | None:
        """PostgreSQL: all that the index finds, sorted; None if that is much."""
        told = self._spelling.all(one.of_index for one in self._asked)
        sql = f"SELECT id, at FROM audit_entry WHERE audit_words(search) @@ %s::tsquery LIMIT {FEW + 1}"
        found = self._reader.rows(sql, (told,), gathered=True)
        if len(found) > FEW:
            return None
        return sorted((key for key, at in found if self._times.holds(at)), reverse=True)[:limit]


def _called(word: str, *, tried: bool) -> frozenset[Action]:
    """The actions whose name has a word that begins so."""

    def words_of(action: Action) -> list[str]:
        done, attempt = WORDS[action]
        return fold(f"tried to {attempt}" if tried else done).split()

    return frozenset(action for action in Action if any(name.startswith(word) for name in words_of(action)))


def _milliseconds(moment: datetime) -> int:
    return int(AuditEntry.at.db_value(moment) or 0)
