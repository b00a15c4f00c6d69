"""All refusals of a file for whoever looks through them, however many there are, in bounded memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import apsw

from services.clients.importing.csv_file import CsvFile
from services.clients.importing.report import REFUSAL_TITLES, Refusal
from services.errors import Unavailable

_PAGE = 1_000
_COLUMNS = "line, last_line, field, value, reason, remedy"


class Problems:
    """Refusals by number, from 1 on, in a private temporary database that vanishes with the process.

    One thread may add while others look.
    """

    def __init__(self) -> None:
        self._database = apsw.Connection("")
        self._lock = Lock()
        self._count = 0
        for pragma in ("journal_mode = off", "synchronous = off"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(f"CREATE TABLE refusal (number INTEGER PRIMARY KEY, {_COLUMNS})")

    @property
    def count(self) -> int:
        """How many there are so far."""
        return self._count

    def take(self, refusals: Sequence[Refusal]) -> None:
        """Add those of a batch, which come in the order of the lines. Raises Unavailable."""
        with self._held(), self._database:
            rows = (
                (number, one.line, one.last_line, one.field, one.value, one.reason, one.remedy)
                for number, one in enumerate(refusals, self._count + 1)
            )
            self._database.executemany("INSERT INTO refusal VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._count += len(refusals)

    def clear(self) -> None:
        """Forget them all. Raises Unavailable."""
        with self._held():
            self._database.execute("DELETE FROM refusal")
        self._count = 0

    def numbers(self) -> array[int]:
        """The numbers of all of them."""
        return array("q", range(1, self._count + 1))

    def page(self, numbers: Sequence[int]) -> dict[int, Refusal]:
        """Those with these numbers, a page of a few hundred. Raises Unavailable."""
        marks = ", ".join("?" * len(numbers))
        query = f"SELECT number, {_COLUMNS} FROM refusal WHERE number IN ({marks})"  # noqa: S608 - marks only
        with self._held():
            rows = self._database.execute(query, list(numbers)).fetchall()
        return {int(str(number)): _refusal(row) for number, *row in rows}

    def save(self, path: Path) -> None:
        """Write all of them into a CSV file. Raises Invalid for `report`, or Unavailable."""
        with CsvFile(path, "report") as file:
            file.write(REFUSAL_TITLES)
            for start in range(1, self._count + 1, _PAGE):
                for _, refusal in sorted(self.page(range(start, start + _PAGE)).items()):
                    file.write(refusal.cells)
            file.publish()

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except apsw.Error as error:
                raise Unavailable(
                    f"The temporary folder cannot be used: {error}. Make room there, then look at the file again."
                ) from error


def _refusal(row: Sequence[object]) -> Refusal:
    line, last_line, *texts = row
    return Refusal(int(str(line)), int(str(last_line)), *map(str, texts))
