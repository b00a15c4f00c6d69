"""How each engine is asked for clients by words, and kept from choosing a slow way.

Two questions can be put. Does a row have a word that begins so? And which rows have one, apart from the first word of
their name? The text index answers the second at once if they are few. Rows whose name begins with the word need no
text index: they stand together in the index by name.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from operator import itemgetter
from typing import Any

from peewee import Database, __exception_wrapper__  # type: ignore[attr-defined] # missing in the stubs only

from models.database import is_postgresql
from services.context import Context
from services.rows import Cancelled
from services.text import search_words

Values = tuple[str | int | list[int], ...]
Condition = tuple[str, Values]
"""SQL with %s for each value, and the values."""

CHUNK = 5_000
"""Keys between two looks at whether anybody still waits for them."""

_LAST_SIGN = "\U0010ffff"
_FIRST = itemgetter(0)


class Index(Enum):
    """By which index a statement comes to the rows."""

    NAME = "client_by_name"
    ANNIVERSARY = "client_by_anniversary"
    RENEWAL = "client_by_renewal"
    RATE = "client_by_rate"
    BIRTHDAY = "client_by_birthday"
    SUBSCRIBED = "client_by_subscribed"
    ACCESS = "client_by_access"
    OFFICE = "client_by_office"
    KEY = "client_pkey"


def needed_words(text: str) -> tuple[str, ...]:
    """The folded words of a search without those that others imply: who has "maria" has "ma"."""
    words = search_words(text)
    return tuple(word for word in words if not any(other != word and other.startswith(word) for other in words))


def begins_name(word: str) -> Condition:
    """Rows whose name begins with the word."""
    return "name_key >= %s AND name_key < %s", (word, word + _LAST_SIGN)


@contextmanager
def reading(ctx: Context) -> Iterator[Reader]:
    """A connection to read the client table. Raises Unavailable when the database cannot serve."""
    with ctx.read():
        if not is_postgresql(ctx.database):
            yield _Embedded(ctx.database)
            return
        with ctx.database.atomic():
            yield _Served(ctx.database)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted of rows that were found.

    Attributes:
        columns: what each row consists of.
        order: columns or expressions to sort by.
        limit: how many rows at most; None for all.
    """

    columns: str
    condition: Condition
    order: str
    limit: int | None

    def of(self, rows: str, *, also: str = "") -> str:
        """The statement that makes it of a table or query."""
        sql = f"SELECT {self.columns} FROM {rows} WHERE {self.condition[0]}{also} ORDER BY {self.order}"  # noqa: S608
        return sql if self.limit is None else f"{sql} LIMIT {self.limit}"


class Reader(ABC):
    """Puts questions about the client table in the words of one engine.

    Attributes:
        contains: the function that looks for one text in another.
        names_index: whether a statement says itself by which index it comes to its rows.
    """

    contains = ""
    names_index = False

    def __init__(self, database: Database) -> None:
        self._database = database

    def has(self, word: str) -> Condition:
        """Rows that have a word that begins so; holds for each row in turn."""
        return f"{self.contains}(search, %s) > 0", (f" {word}",)

    @abstractmethod
    def behind(self, words: tuple[str, ...], most: int, choice: Choice) -> list[Any] | None:
        """Rows that have each word behind the first of their name.

        Args:
            most: how many rows of all agencies that may be before any choice; None is the answer for more.
            choice: which of them, and what of each.
        """

    @abstractmethod
    def table(self, index: Index) -> str:
        """What to select from, for rows by way of an index."""

    def rows(self, sql: str, values: Values, *, gathered: bool = False) -> list[Any]:
        """All rows of a statement.

        Args:
            gathered: the rows are found first and then sorted; otherwise they are met along an index in their order.
        """
        with closing(self._execute(sql, values, gathered)) as cursor, __exception_wrapper__:
            return list(cursor.fetchall())

    def keys(self, sql: str, values: Values, cancelled: Callable[[], bool]) -> array[int]:
        """The first column of all rows, read piece by piece. Raises Cancelled."""
        found = array("q")
        with closing(self._stream(sql, values)) as cursor, __exception_wrapper__:
            while not cancelled():
                chunk = array("q", map(_FIRST, islice(cursor, CHUNK)))
                found.extend(chunk)
                if len(chunk) < CHUNK:
                    return found
        raise Cancelled

    @abstractmethod
    def _execute(self, sql: str, values: Values, gathered: bool) -> Any: ...

    def _stream(self, sql: str, values: Values) -> Any:
        return self._execute(sql, values, gathered=False)


class _Embedded(Reader):
    """SQLite: the index is named in the statement."""

    contains = "instr"
    names_index = True

    def behind(self, words: tuple[str, ...], most: int, choice: Choice) -> list[Any] | None:
        told = " AND ".join("(" + " OR ".join(f'"{form}"*' for form in _forms(word)) + ")" for word in words)
        sql = f"SELECT rowid FROM client_search WHERE client_search MATCH %s LIMIT {most + 1}"  # noqa: S608 - a number
        found = self.rows(sql, (told,))
        if not found or len(found) > most:
            return None if found else []
        among = " AND id IN (SELECT value FROM json_each(%s))"
        keys = json.dumps([key for (key,) in found])
        return self.rows(choice.of("client NOT INDEXED", also=among), (*choice.condition[1], keys))

    def table(self, index: Index) -> str:
        return "client NOT INDEXED" if index is Index.KEY else f"client INDEXED BY {index.value}"

    def _execute(self, sql: str, values: Values, gathered: bool) -> Any:
        return self._database.execute_sql(sql.replace("%s", "?"), values)


class _Served(Reader):
    """PostgreSQL: its planner is left no other way, since its guesses about words are wild."""

    contains = "strpos"

    _ALWAYS = (
        "SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_custom_plan; "
        "SET LOCAL work_mem = '32MB'; SET LOCAL enable_seqscan = off; "
    )
    _WALK = (
        "SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on; "
        "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
    )
    _GATHER = (
        "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; "
        "SET LOCAL enable_bitmapscan = on; SET LOCAL enable_sort = on"
    )

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._way = ""

    def behind(self, words: tuple[str, ...], most: int, choice: Choice) -> list[Any] | None:
        told = " & ".join("(" + " | ".join(f"'{form}':*" for form in _forms(word)) + ")" for word in words)
        # In one statement: to find the rows again by their keys would cost more than to find them by their words.
        chosen = choice.of("found", also=f" AND (SELECT count(*) FROM found) <= {most}")  # noqa: S608 - a number
        sql = f"""
            WITH found AS MATERIALIZED (
                SELECT * FROM client WHERE client_words(search) @@ %s::tsquery LIMIT {most + 1}
            )
            SELECT counted.many, chosen.* FROM (SELECT count(*) > {most} AS many FROM found) AS counted
            LEFT JOIN ({chosen}) AS chosen ON true
        """  # noqa: S608 - numbers, and what a choice has
        found = self.rows(sql, (told, *choice.condition[1]), gathered=True)
        if found[0][0]:
            return None
        return [row[1:] for row in found if row[-1] is not None]

    def table(self, index: Index) -> str:
        return "client"

    def _execute(self, sql: str, values: Values, gathered: bool) -> Any:
        self._lead(self._GATHER if gathered else self._WALK)
        return self._database.execute_sql(sql, values)

    def _stream(self, sql: str, values: Values) -> Any:
        """A cursor of the server's, since the driver's own would hold a million rows at once."""
        self._lead(self._WALK)
        with __exception_wrapper__:
            cursor = self._database.connection().cursor(name="keys")
            cursor.itersize = CHUNK
            cursor.execute(sql, values)
        return cursor

    def _lead(self, way: str) -> None:
        if way != self._way:
            self._database.execute_sql(self._ALWAYS + way)
            self._way = way


def _forms(word: str) -> list[str]:
    """As what a word stands in the text index: as it is, or as "~ma~ria" if it continues the first word of the name."""
    return [word, *(f"~{word[:at]}~{word[at:]}" for at in range(1, len(word)))]
