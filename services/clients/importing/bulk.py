"""Reads and writes many rows by one statement; a builder of queries would take longer than the database.

All names of tables and columns are the code's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Any

from peewee import Database

from models.database import is_postgresql

_KEYS_AT_ONCE = 1_000
_ROWS_AT_ONCE = 2_000
"""On PostgreSQL."""
_PARAMETERS_AT_ONCE = 30_000
"""On SQLite, which takes 32,766; its full-text index is written out for every single statement that fires a trigger."""


def select(
    database: Database, table: str, columns: Sequence[str], by: str, keys: Collection[Any], where: str = "true"
) -> Iterator[Any]:
    """The stored values of the rows whose column `by` is one of the keys, in no order.

    Args:
        where: a further condition, in SQL.
    """
    array = is_postgresql(database)
    for part in _parts(list(keys), _KEYS_AT_ONCE):
        wanted = "= ANY(%s)" if array else f"IN ({', '.join('?' * len(part))})"
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE {where} AND {by} {wanted}"  # noqa: S608
        yield from database.execute_sql(query, (part,) if array else part)


def insert(
    database: Database,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    returning: Sequence[str] = (),
    tail: str = "",
) -> list[Any]:
    """Add rows of stored values, text or whole numbers; returns the wanted columns of the new rows, in no order.

    Args:
        tail: what to do about rows that are there already, in SQL.
    """
    head = f"INSERT INTO {table} ({', '.join(columns)})"
    tail = f" {tail}" + (f" RETURNING {', '.join(returning)}" if returning else "")
    statements = _arrays(rows, head) if is_postgresql(database) else _values(rows, head, len(columns))
    returned: list[Any] = []
    for statement, parameters in statements:
        cursor = database.execute_sql(statement + tail, parameters)
        if returning:
            returned += cursor
    return returned


def refresh_statistics(database: Database, tables: Sequence[str], added: int) -> bool:
    """Let PostgreSQL look at the tables anew if the first has grown to four times what it knows of; whether it did.

    It knows nothing of a table that is being filled, and would read all rows of the agency for every look-up. Call it
    outside a transaction; SQLite needs none of it.

    Args:
        added: rows added to the first table since the last time.
    """
    if not is_postgresql(database):
        return False
    ((known,),) = database.execute_sql("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", (tables[0],))
    if added < max(1, 3 * known):
        return False
    database.execute_sql(f"ANALYZE (SKIP_LOCKED) {', '.join(tables)}")
    return True


def _arrays(rows: Sequence[Sequence[Any]], head: str) -> Iterator[tuple[str, Sequence[Any]]]:
    """A column is one parameter: the driver reads a statement anew, sign by sign, if it has more than fifty."""
    for part in _parts(rows, _ROWS_AT_ONCE):
        columns = [list(column) for column in zip(*part, strict=True)]
        arrays = ", ".join(f"%s::{_array_type(column)}" for column in columns)
        yield f"{head} SELECT * FROM unnest({arrays})", columns  # noqa: S608


def _array_type(column: Sequence[Any]) -> str:
    return "text[]" if any(isinstance(value, str) for value in column) else "bigint[]"


def _values(rows: Sequence[Sequence[Any]], head: str, width: int) -> Iterator[tuple[str, Sequence[Any]]]:
    one = f"({', '.join('?' * width)})"
    for part in _parts(rows, _PARAMETERS_AT_ONCE // width):
        yield f"{head} VALUES {', '.join([one] * len(part))}", list(chain.from_iterable(part))


def _parts(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
