"""What a long table reads: rows by key, and the keys in order. No table is ever held as a list of rows."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as text.

    Attributes:
        key: the primary key that tells this row from all others.
        cells: one text per column of the table, hidden columns included; made harmless where it is drawn.
        marks: one style name per cell ("warning", "muted", …, "" for none); may be shorter than `cells`.
            A style only underlines what the text of the cell says already.
    """

    key: int
    cells: tuple[str, ...]
    marks: tuple[str, ...] = ()


class Cancelled(Exception):
    """The reading was given up because nobody waits for its result any more."""


class RowSource(Protocol):
    """One query in one order.

    The query never changes: another filter or order is another source. The data may change: each call reads
    the database anew. All methods block, run on worker threads, several at a time, and raise `DeskError` when
    they cannot read.
    """

    def first(self, count: int) -> list[TableRow]:
        """The first rows at once; fewer than `count` only if there are no more."""

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows in order, as `array("q")`; the caller keeps the array.

        Raises:
            Cancelled: if `cancelled()` came true; it is asked between chunks.
        """

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys, a page of a few hundred; a key without a row is gone."""
