"""A look into a file before anything of it is taken in: its columns, examples, and what they seem to be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from services.clients.importing.choices import Choice, Remembered, source_of
from services.clients.importing.dating import DATED, NO_SIGN, DateSigns, order_of, signs_of
from services.clients.importing.headers import Column, column_of, guess, is_french, least_cells, shown_header
from services.clients.importing.opening import ListFile
from services.clients.importing.reading import MOST_CELL, Lines, Record, Records, read_first_row
from services.clients.importing.rows import show_value
from services.rule_lines import refusal_of
from services.rules import Order, clean_date

JUDGED_ROWS = 20_000
"""Rows whose cells are looked at before the first is stored."""

EXAMPLES = 3

_LONGEST_DATE = 20


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a file.

    Attributes:
        header: made harmless; a nameless column has its number.
        examples: the first different cells that are not empty.
        guessed: the field that its header names.
        signs: what its cells tell of the order of day and month.
    """

    header: str
    examples: tuple[str, ...]
    guessed: Column | None
    signs: DateSigns


@dataclass(frozen=True, slots=True)
class ListLook:
    """What a file of clients holds.

    Attributes:
        name: of the file, made harmless.
        digest: by which it is known again when it is taken in.
        source: by which files with the same header are known.
        cells: the header as it stands in the file.
        choice: how its columns are read unless somebody says otherwise: as it is remembered, else as it was found out.
        remembered: what is kept for such files.
        stored_rows: rows that an upload of this file stored before it was stopped; it goes on there.
    """

    path: Path
    name: str
    size: int
    digest: str
    encoding: str
    delimiter: str
    source: str
    cells: tuple[str, ...]
    columns: tuple[FileColumn, ...]
    choice: Choice
    remembered: Remembered | None = None
    stored_rows: int = 0

    @property
    def guessed(self) -> Choice:
        """What the file itself tells."""
        return Choice(tuple(column.guessed for column in self.columns))

    def digest_with(self, choice: Choice) -> str:
        """By which an upload of this file is known that reads its columns so."""
        if choice == self.guessed:
            return self.digest
        return hashlib.sha256(f"{self.digest} {choice.stored()}".encode()).hexdigest()

    def order_found(self, columns: Sequence[Column | None]) -> Order | None:
        """How the dates of the file seem to be written, with these fields; None if it writes both ways."""
        return order_of(
            [its.signs for its, column in zip(self.columns, columns, strict=True) if column in DATED],
            french=is_french(self.cells),
        )


@dataclass(slots=True)
class _Seen:
    """What the cells of one column tell."""

    examples: list[str] = field(default_factory=list)
    signs: DateSigns = NO_SIGN


def look_into(file: ListFile, path: Path, name: str) -> ListLook:
    """Read the header and the first rows. Raises Invalid for `file`."""
    with file.lines() as lines:
        cells, delimiter = first_row(lines)
        seen = _survey(islice(Records(lines, delimiter, least_cells(cells), len(cells)), JUDGED_ROWS), len(cells))
    whole = {place: _are_whole_days(column.examples) for place, column in enumerate(seen)}
    columns = tuple(
        FileColumn(
            shown_header(cells, place),
            tuple(map(show_value, column.examples)),
            guessed,
            column.signs,
        )
        for place, (column, guessed) in enumerate(zip(seen, guess(cells, whole), strict=True))
    )
    return ListLook(
        path=path,
        name=name,
        size=file.size,
        digest=file.digest,
        encoding=file.encoding,
        delimiter=delimiter,
        source=source_of(cells),
        cells=tuple(cells),
        columns=columns,
        choice=Choice(tuple(column.guessed for column in columns)),
    )


def first_row(lines: Lines) -> tuple[list[str], str]:
    """The header and the delimiter of a file. Raises Invalid for `file`."""
    return read_first_row(lines, lambda cell: column_of(cell) is not None)


def _survey(records: Iterable[Record], width: int) -> list[_Seen]:
    seen = [_Seen() for _ in range(width)]
    for record in records:
        if record.fault[0]:
            continue
        for column, cell in zip(seen, record.cells, strict=False):
            cell = cell.strip()
            if not cell:
                continue
            if len(column.examples) < EXAMPLES and cell not in column.examples:
                column.examples.append(cell[:MOST_CELL])
            # Every tenth part of a second counts in a long file: a date begins with a digit and is short.
            if cell[0].isdigit() and len(cell) < _LONGEST_DATE:
                column.signs |= signs_of(cell)
    return seen


def _are_whole_days(cells: Sequence[str]) -> bool:
    return bool(cells) and all(refusal_of(clean_date, cell) is None for cell in cells)
