"""What an upload tells: its progress, what became of the rows, and every refused one in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.clients.importing.choices import Remembered
from services.clients.importing.csv_file import CsvFile

KEPT = 1_000
"""Refusals kept in memory; all of them go to the report file."""

REFUSAL_TITLES = ("Line", "Last line", "Field", "Value", "Reason", "What to do")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is.

    Attributes:
        rows: rows looked at, refused ones included.
    """

    bytes_done: int
    bytes_total: int
    rows: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was not taken; a row with several faults has one for each.

    Attributes:
        line: the line of the file where the row begins, counted from 1.
        last_line: where it ends; another only if a cell runs over several lines.
        field: the header of the column as the file writes it; empty if the whole row is wrong.
        value: what stands there, made harmless and cut.
        remedy: what to do.
    """

    line: int
    last_line: int
    field: str
    value: str
    reason: str
    remedy: str

    @property
    def sentence(self) -> str:
        """What is wrong and what to do about it."""
        return f"{self.reason} {self.remedy}".strip()

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of a file, under `REFUSAL_TITLES`."""
        return (str(self.line), str(self.last_line), self.field, self.value, self.reason, self.remedy)


@dataclass(slots=True)
class Counts:
    """What became of the rows; each row counts once."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        """All rows looked at."""
        return self.added + self.changed + self.unchanged + self.merged + self.refused

    def add(self, other: Counts) -> None:
        """Count another batch too."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.merged += other.merged
        self.refused += other.refused


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of an upload; each of the `rows` counts once, under one of the five words that follow.

    Attributes:
        dry_run: whether nothing was stored.
        finished: whether the whole file was read; otherwise it was stopped between two batches.
        added: rows that brought a new client; changed: that changed one; unchanged: that brought nothing new.
        merged: further rows of a client of the same file.
        refused: rows that were not taken.
        problems: the first `KEPT` refusals, in the order of the lines; one row may have several.
        problem_count: how many there are in all.
        columns: what each header of the file was understood as.
        ignored: the headers that are no field of a client.
        dates: how a date like 03/04/1970 was read: "month first", "day first", or "refused" if the file has both.
        resumed_from: rows that an earlier, interrupted run of the same upload had stored.
        upload_id: under which it can be undone; None for a dry run.
        remembered: by whom and when the columns were chosen, if it was not for this upload; else None.
    """

    file_name: str
    dry_run: bool
    finished: bool
    rows: int
    added: int
    changed: int
    unchanged: int
    merged: int
    refused: int
    problems: tuple[Refusal, ...]
    problem_count: int
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    delimiter: str
    encoding: str
    dates: str
    resumed_from: int
    upload_id: int | None = None
    remembered: Remembered | None = None


class RefusalKeeper(Protocol):
    """Keeps refusals for whoever wants to look at all of them."""

    def take(self, refusals: Sequence[Refusal]) -> None:
        """Add those of a batch."""


class Refusals:
    """Takes refusals as they are found; those that are too many to keep stand in the report file only."""

    def __init__(self, file: CsvFile | None, keeper: RefusalKeeper | None = None) -> None:
        """`keeper` takes all of them too, in the order of the lines."""
        self.kept: list[Refusal] = []
        self.count = 0
        self._file = file
        self._keeper = keeper
        if file is not None:
            file.write(REFUSAL_TITLES)

    def take(self, refusals: Iterable[Refusal]) -> None:
        """Keep and write them."""
        taken = list(refusals)
        for refusal in taken:
            self.count += 1
            if len(self.kept) < KEPT:
                self.kept.append(refusal)
            if self._file is not None:
                self._file.write(refusal.cells)
        if self._keeper is not None:
            self._keeper.take(taken)

    def publish(self) -> None:
        """Put the report file in its place, if one was asked for."""
        if self._file is not None:
            self._file.publish()
