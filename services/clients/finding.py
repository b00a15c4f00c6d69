"""Which clients a query asks for, in its order: the first ones at once, or all of them.

For the first ones there are three ways, tried from the cheapest on; each gives exactly what the whole list begins with.
A short walk along the order meets enough rows that have common words. Rare words are looked up, and what is found is
sorted. A word that many names begin with, which can stand anywhere in the order by name, is walked to directly.
"""
# ruff: noqa: S608 - every part of a statement is a constant of this file or of services.search; values are bound

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

from services.clients.order import BY_NAME, Order, Stretch, filters_of, offices_of, order_of, stretches_of
from services.clients.values import ClientQuery, SortColumn
from services.offices import Scope
from services.search import Choice, Condition, Index, Reader, begins_name, needed_words

FEW = 8_000
"""Rows that are looked up and sorted sooner than a walk meets the first sixty of more."""

SHORT_WALK = 2_000
SHORT_WALK_BY_NAME = 10_000
"""Rows that the first walk looks at; the index by name holds all that a search asks, the others do not."""

SAMPLE = 2_000
HOPE = 2
"""A short walk is tried if it could meet enough rows, should there be twice as many as in the sample."""

COMMON = 125
"""A word that more than one of so many sampled rows has makes the text index slow."""


class Finding:
    """One query of one agency, of all its offices or of some, put to one reader."""

    def __init__(self, reader: Reader, agency_id: int, scope: Scope, query: ClientQuery) -> None:
        self._reader = reader
        self._query = query
        self._words = needed_words(query.words)
        self._agency: Condition = ("agency_id = %s", (agency_id,))
        self._offices = offices_of(scope)
        self._filters = filters_of(query, scope)
        self._asked = (*self._filters.values(), *map(reader.has, self._words))
        self._order = order_of(query)
        self._stretches = stretches_of(query, scope, searched=bool(self._words))
        self._too_many: set[tuple[str, ...]] = set()

    def first(self, count: int) -> list[int]:
        """The keys of the first rows; fewer than `count` only if there are no more."""
        return [row[-1] for row in self._first(count)]

    def all(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows. Raises Cancelled."""
        rare = self._rare(None) if self._words or self._offices else None
        if rare is not None:
            return array("q", (row[-1] for row in rare))
        sql, values = self._all_walked() if len(self._stretches) == 1 or not self._words else self._all_sorted()
        return self._reader.keys(sql, values, cancelled)

    def _first(self, count: int) -> list[Any]:
        head = self._stretches[0]
        look_at = SHORT_WALK_BY_NAME if head.by_name else SHORT_WALK
        if self._words and self._sampled[-1] * look_at * HOPE >= count * SAMPLE:
            met = self._walk(head, count, look_at=look_at)
            if len(met) == count:
                return met
        if self._filters or (self._words and self._query.sort is not SortColumn.NAME):
            rare = self._rare(count)
            if rare is not None:
                return rare
        found: list[Any] = []
        for stretch in self._stretches:
            look_up = stretch.by_name and self._words
            found += (self._by_name if look_up else self._walk)(stretch, count - len(found))
            if len(found) == count:
                break
        return found

    def _walk(self, stretch: Stretch, count: int, *, look_at: int | None = None) -> list[Any]:
        """The first rows along a stretch, or those among the first `look_at`."""
        columns = _names(stretch.order)
        asked = stretch.of + self._asked
        if look_at is None:
            return self._reader.rows(
                *self._select(columns, stretch.index, stretch.within + asked, stretch.order, count)
            )
        inner = f"{columns}, subscribed, access, {'office_id, ' if self._offices else ''}search"
        sql, values = self._select(inner, stretch.index, stretch.within, stretch.order, look_at)
        condition, told = _both(asked)
        return self._reader.rows(f"SELECT {columns} FROM ({sql}) AS met WHERE {condition} LIMIT {count}", values + told)

    def _by_name(self, stretch: Stretch, count: int) -> list[Any]:
        """The first rows of a stretch by name, if a short walk did not meet them."""
        words, found = self._looked_up(partial(self._behind, stretch=stretch, also=(), count=count))
        if found is None:
            return self._walk(stretch, count)
        for word in words:
            found += self._named(stretch, word, _without(words, word), count)
        return _merged(found, stretch.order, count)

    def _named(self, stretch: Stretch, word: str, others: tuple[str, ...], count: int) -> list[Any]:
        """The first rows of a stretch whose name begins with the word."""
        named = replace(stretch, within=(*stretch.within, begins_name(word)))
        if not others:
            return self._walk(named, count)
        found = self._walk(named, count, look_at=SHORT_WALK_BY_NAME)
        if len(found) == count or self._at_most(SHORT_WALK_BY_NAME, named.index, named.within):
            return found
        met = self._behind(others, stretch, (begins_name(word),), count)
        return self._walk(named, count) if met is None else met

    def _behind(
        self, words: tuple[str, ...], stretch: Stretch, also: tuple[Condition, ...], count: int | None
    ) -> list[Any] | None:
        """Rows of a stretch that have each word behind the first of their name; None if the words find too many."""
        if words in self._too_many:
            return None
        condition = _both((self._agency, *also, *stretch.within, *stretch.of, *self._asked))
        choice = Choice(_names(stretch.order), condition, _spelt(stretch.order), count)
        found = self._reader.behind(words, FEW, choice)
        if found is None:
            self._too_many.add(words)
        return found

    def _looked_up(
        self, behind: Callable[[tuple[str, ...]], list[Any] | None]
    ) -> tuple[tuple[str, ...], list[Any] | None]:
        """What the words find that tell most, and those words; all words, if those find too many."""
        words = self._telling
        found = behind(words)
        if found is None and words != self._words:
            words = self._words
            found = behind(words)
        return words, found

    def _rare(self, count: int | None) -> list[Any] | None:
        """The first rows, or all, if there are few that could be meant; None if there are many."""
        whole = Stretch(Index.KEY, (), (), self._order, by_name=False)
        if self._words:
            words, found = self._looked_up(partial(self._behind, stretch=whole, also=(), count=count))
            for word in words if found is not None else ():
                named = self._rare_named(whole, word, _without(words, word), count)
                found = None if found is None or named is None else found + named
            if found is not None:
                return _merged(found, self._order, count)
        if self._offices:
            found = self._rare_offices(count)
            if found is not None:
                return found
        for name, index in (("access", Index.ACCESS), ("subscribed", Index.SUBSCRIBED)):
            if name in self._filters and self._at_most(FEW, index, (self._filters[name],)):
                return self._sorted(index, (), count)
        return None

    def _rare_offices(self, count: int | None) -> list[Any] | None:
        """The first rows of all the offices together, or all; None if one of them is large."""
        share = FEW // len(self._offices)
        if not all(self._at_most(share, Index.OFFICE, (office,)) for office in self._offices):
            return None
        found = [row for office in self._offices for row in self._sorted(Index.OFFICE, (office,), count)]
        return _merged(found, self._order, count)

    def _rare_named(self, whole: Stretch, word: str, others: tuple[str, ...], count: int | None) -> list[Any] | None:
        """Those whose name begins with the word; None if there are many."""
        if self._at_most(FEW, Index.NAME, (begins_name(word),)):
            return self._sorted(Index.NAME, (begins_name(word),), count)
        return self._behind(others, whole, (begins_name(word),), count) if others else None

    def _sorted(self, index: Index, conditions: tuple[Condition, ...], count: int | None) -> list[Any]:
        sql, values = self._select(_names(self._order), index, conditions + self._asked, self._order, count)
        return self._reader.rows(sql, values, gathered=index is not Index.NAME)

    @cached_property
    def _telling(self) -> tuple[str, ...]:
        """The words to look up, without common ones if there are others; what they find is tested for all words."""
        if len(self._words) < 2:
            return self._words
        rare = tuple(word for word, hits in zip(self._words, self._sampled, strict=False) if hits * COMMON <= SAMPLE)
        return rare or self._words

    @cached_property
    def _sampled(self) -> tuple[int, ...]:
        """How many of the sampled rows have each word, and at last how many have all."""
        sql, values = self._select("search", Index.NAME, (), BY_NAME, SAMPLE)
        each = [self._reader.has(word) for word in self._words]
        tests = [*each, _both(tuple(each))]
        counts = ", ".join(f"coalesce(sum(CASE WHEN {test} THEN 1 ELSE 0 END), 0)" for test, _ in tests)
        told = tuple(value for _, values in tests for value in values)
        [seen] = self._reader.rows(f"SELECT {counts} FROM ({sql}) AS sample", told + values)
        return tuple(seen)

    def _all_walked(self) -> Condition:
        """One stretch after the other, in one statement so that no row slips from one to the other meanwhile."""
        parts = [
            self._select("id", part.index, part.within + part.of + self._asked, part.order, None)
            for part in self._stretches
        ]
        sql = " UNION ALL ".join(f"SELECT id FROM ({sql}) AS part" for sql, _ in parts)
        return sql, tuple(value for _, values in parts for value in values)

    def _all_sorted(self) -> Condition:
        """All rows with common words, met by name, where nothing is read but the index, and then put in order."""
        if self._reader.names_index:
            return self._select("id", Index.NAME, self._asked, self._order, None)
        columns = "id, name_key, subscribed, access, anniversary, renewal_key, rate_key, birthday_key"
        sql, values = self._select(columns, Index.NAME, self._asked, BY_NAME, None)
        # Without OFFSET the planner would look for other ways, which all read the rows.
        return f"SELECT id FROM ({sql} OFFSET 0) AS met ORDER BY {_spelt(self._order)}", values

    def _at_most(self, limit: int, index: Index, conditions: tuple[Condition, ...]) -> bool:
        condition, values = _both((self._agency, *conditions))
        sql = f"SELECT 1 FROM {self._reader.table(index)} WHERE {condition} LIMIT {limit + 1}"
        [(count,)] = self._reader.rows(f"SELECT count(*) FROM ({sql}) AS found", values)
        return int(count) <= limit

    def _select(
        self, columns: str, index: Index, conditions: tuple[Condition, ...], order: Order, limit: int | None
    ) -> Condition:
        condition, values = _both((self._agency, *conditions))
        sql = f"SELECT {columns} FROM {self._reader.table(index)} WHERE {condition} ORDER BY {_spelt(order)}"
        return (sql if limit is None else f"{sql} LIMIT {limit}"), values


def _both(conditions: tuple[Condition, ...]) -> Condition:
    return " AND ".join(sql for sql, _ in conditions), tuple(value for _, values in conditions for value in values)


def _without(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    return tuple(other for other in words if other != word)


def _names(order: Order) -> str:
    return ", ".join(column for column, _ in order)


def _spelt(order: Order) -> str:
    return ", ".join(f"{column} DESC" if falls else column for column, falls in order)


def _merged(rows: list[Any], order: Order, count: int | None) -> list[Any]:
    """Rows that several ways found, each once and in order."""
    merged = list({row[-1]: row for row in rows}.values())
    for place, (_, falls) in reversed(list(enumerate(order))):
        merged.sort(key=itemgetter(place), reverse=falls)
    return merged[:count]
