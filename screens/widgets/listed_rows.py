"""A row source over rows that are all here already, for lists that a service gives as a whole."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence

from services.rows import TableRow


class ListedRows:
    """The rows in their order; their cells may be put right while they are shown, their keys stay."""

    def __init__(self, rows: Iterable[TableRow]) -> None:
        self._rows = {row.key: row for row in rows}

    def replace(self, rows: Iterable[TableRow]) -> None:
        """Put newer cells in the place of older ones; the table shows them when it is freshened."""
        self._rows = {row.key: row for row in rows}

    def first(self, count: int) -> list[TableRow]:
        """The first rows."""
        return list(self._rows.values())[:count]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows in order; nothing takes so long that it could be cancelled."""
        return array("q", self._rows)

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys."""
        rows = self._rows
        return {key: rows[key] for key in keys if key in rows}
