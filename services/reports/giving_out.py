"""Reports that leave the desk, as CSV or as JSON: row by row, however many there are.

The JSON is one object: what the report is and what was asked, then `rows`, an array of objects whose names are those
of the columns, and behind them `count` and `complete`. A report that breaks off is valid JSON too: `complete` is false
then and `error` says why. Moments are UTC and days ISO 8601; amounts and percentages are plain decimals.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import StrEnum

from services.clients.importing.csv_file import csv_line
from services.reports.values import Head, Row
from services.reports.written import plain


class Form(StrEnum):
    """How a report is given out."""

    CSV = "csv"
    JSON = "json"


class Writer(ABC):
    """Puts one report into words; a subclass is one form.

    Attributes:
        count: how many rows it was given.
    """

    def __init__(self, put: Callable[[str], None]) -> None:
        """`put` takes the text, piece by piece."""
        self._put = put
        self.count = 0

    def add(self, rows: Sequence[Row]) -> None:
        """More rows, in the report's order."""
        self.count += len(rows)
        self._add(rows)

    @abstractmethod
    def begin(self, head: Head) -> None:
        """What stands above the rows."""

    @abstractmethod
    def _add(self, rows: Sequence[Row]) -> None: ...

    @abstractmethod
    def end(self, problem: str = "") -> None:
        """What stands below them; `problem` is why it broke off, empty if it did not."""


class CsvWriter(Writer):
    """The names of the columns, then the rows."""

    def begin(self, head: Head) -> None:
        """The header."""
        self._put(csv_line([column.name for column in head.asked.report.columns]))

    def _add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            cells = (plain(value) for value in row.values)
            self._put(csv_line(["" if cell is None else cell for cell in cells]))

    def end(self, problem: str = "") -> None:
        """Nothing: a CSV file ends where it ends."""


class JsonWriter(Writer):
    """One object; each row stands on a line of its own."""

    _names: tuple[str, ...] = ()
    _between = "\n"

    def begin(self, head: Head) -> None:
        """The facts about the report, and the beginning of its rows."""
        report = head.asked.report
        self._names = tuple(column.name for column in report.columns)
        facts = {
            "report": report.name,
            "title": report.title,
            "about": report.about,
            "agency": head.agency,
            "office": head.office or None,
            "days": head.asked.days,
            "at": plain(head.at),
            "finding": head.finding.words,
            "columns": [
                {"name": column.name, "title": column.title, "kind": column.kind.value} for column in report.columns
            ],
        }
        self._put(f'{_json(facts)[:-1]}, "rows": [')

    def _add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            cells = (_number(plain(value)) for value in row.values)
            self._put(self._between + _json(dict(zip(self._names, cells, strict=True))))
            self._between = ",\n"

    def end(self, problem: str = "") -> None:
        """How many there were, and whether those are all."""
        facts: dict[str, object] = {"count": self.count, "complete": not problem}
        if problem:
            facts["error"] = problem
        self._put(f"\n], {_json(facts)[1:]}\n")


WRITERS: dict[Form, type[Writer]] = {Form.CSV: CsvWriter, Form.JSON: JsonWriter}


def _number(value: str | int | Decimal | None) -> str | int | float | None:
    """A decimal as a number of JSON: the shortest that means it, since no amount here has more than 15 digits."""
    return float(value) if isinstance(value, Decimal) else value


def _json(facts: object) -> str:
    return json.dumps(facts, ensure_ascii=False)
