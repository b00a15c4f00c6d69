"""A report as a long table on the screen."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from services.conventions import Conventions
from services.person_key import PersonKey
from services.reports.reading import Reading
from services.reports.values import Row
from services.reports.written import shown
from services.rows import Cancelled, TableRow


class ReportRows:
    """The rows of one report; a `RowSource` that also knows whom a row is about."""

    def __init__(self, reading: Reading, conventions: Callable[[], Conventions]) -> None:
        self._reading = reading
        self._conventions = conventions
        self._written: Conventions | None = None

    def first(self, count: int) -> list[TableRow]:
        """The first rows at once; fewer than `count` only if there are no more."""
        found: list[Row] = []
        for page in self._reading.pages():
            found += self._reading.rows([key for key, _ in page[: count - len(found)]])
            if len(found) >= count:
                break
        return self._shown(found)

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows in order. Raises Cancelled."""
        keys = array("q")
        for page in self._reading.pages():
            if cancelled():
                raise Cancelled
            keys.extend(key for key, _ in page)
        return keys

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys; a key without a row is gone."""
        return {row.key: row for row in self._shown(self._reading.rows(list(keys)))}

    def person(self, key: int) -> PersonKey | None:
        """Whom a row is about; None for nobody in the lists, or a row that is gone."""
        return next((row.person for row in self._reading.rows([key])), None)

    def _shown(self, rows: Sequence[Row]) -> list[TableRow]:
        if self._written is None:
            self._written = self._conventions()
        report = self._reading.report
        kinds = [column.kind for column in report.columns]
        telling = [column.name for column in report.columns].index(report.telling)
        conventions, now = self._written, self._reading.now
        return [
            TableRow(
                row.key,
                tuple(shown(value, kind, conventions, now) for value, kind in zip(row.values, kinds, strict=True)),
                ("",) * telling + (row.mark,) if row.mark else (),
            )
            for row in rows
        ]
