"""Which column of a file is which field, and the cells of a row as text: for lists small enough to be read whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from services.clients.importing.formulas import unprotect
from services.clients.importing.reading import MOST_CELL, UNREADABLE, Record, unusable
from services.clients.importing.report import Refusal
from services.clients.importing.rows import show_value
from services.rules import Problem
from services.text import fold, safe

C = TypeVar("C", bound=StrEnum)
T = TypeVar("T")

OFFICE_WORDS = ("Office Name", "Branch", "Database", "Bureau", "Succursale")
"""What lists of people who work for the agency call the office."""


class Names(Generic[C]):
    """What a list calls its fields.

    Args:
        words: the headers of each field, English and French; the value of the field itself is one of them.
        mandatory: without these fields a file is refused.
        secret: what stands in these is never shown.
    """

    def __init__(self, words: Mapping[C, Sequence[str]], mandatory: Iterable[C], secret: Iterable[C] = ()) -> None:
        self._by_name = {fold(name): column for column, names in words.items() for name in (column.value, *names)}
        self._mandatory = tuple(mandatory)
        self._secret = frozenset(secret)

    def column_of(self, cell: str) -> C | None:
        """The field that a header means, None for any other text."""
        return self._by_name.get(fold(cell[:100]))

    def read(self, cells: Sequence[str]) -> Header[C]:
        """Understand the first row. Raises Invalid for `file` if a field is missing or stands there twice."""
        at: dict[C, int] = {}
        names: dict[C, str] = {}
        ignored: list[str] = []
        for place, cell in enumerate(cells):
            column, shown = self.column_of(cell), safe(cell[:100]).strip()
            if column is None:
                ignored += [shown] if shown else []
            elif column in at:
                raise unusable(
                    f"The columns “{names[column]}” and “{shown}” both hold {column.value}. "
                    "Remove one of them, or give it another header, then upload again."
                )
            else:
                at[column], names[column] = place, shown
        missing = ", ".join(column.value for column in self._mandatory if column not in at)
        if missing:
            raise unusable(
                f"The first row of the file has no column for {missing}. "
                "Name the columns in the first row, in English or in French, then upload again."
            )
        least = max(place for place, cell in enumerate(cells, 1) if cell.strip())
        return Header(at, names, tuple(ignored), least, len(cells), self._secret)


@dataclass(frozen=True, slots=True)
class Header(Generic[C]):
    """How the first row was understood.

    Attributes:
        at: where each field stands, counted from 0; names: what the file calls it, made harmless.
        ignored: the columns that are no field.
        most: cells of a whole row; least: the same without nameless columns at its end.
        secret: the fields whose cells are never shown.
    """

    at: Mapping[C, int]
    names: Mapping[C, str]
    ignored: tuple[str, ...]
    least: int
    most: int
    secret: frozenset[C]

    def fault(self, record: Record) -> Refusal | None:
        """Why the cells of a row cannot be told apart, if they cannot."""
        reason, remedy = record.fault
        if not reason and not self.least <= len(record.cells) <= self.most:
            reason = f"The row has {len(record.cells)} cells; the first row has {self.most}."
            remedy = "Put every value under its header, and a value that holds a delimiter in quotation marks."
        return Refusal(record.line, record.last_line, "", "", reason, remedy) if reason else None

    def text(self, record: Record, column: C) -> str:
        """What stands in a cell, without the apostrophe that an export puts before formulas."""
        place = self.at.get(column)
        text = record.cells[place].strip() if place is not None else ""
        return unprotect(text) if text[:1] == "'" else text

    def take(self, record: Record, column: C, rule: Callable[[str], T], faults: list[Refusal]) -> T | None:
        """A cell by its rule; what does not hold is added to `faults`."""
        try:
            return rule(_readable(record, self.text(record, column)))
        except Problem as problem:
            faults.append(self.refuse(record, column, problem.sentence))
            return None

    def refuse(self, record: Record, column: C | None, sentence: str) -> Refusal:
        """A refusal of one cell, or of the whole row; the last sentence says what to do."""
        reason, stop, remedy = sentence.rpartition(". ")
        told = (f"{reason}.", remedy) if stop else (sentence, "")
        if column is None:
            return Refusal(record.line, record.last_line, "", "", *told)
        value = "" if column in self.secret else show_value(self.text(record, column))
        name = self.names.get(column, column.value)
        return Refusal(record.line, record.last_line, name, value, *told)


def _readable(record: Record, text: str) -> str:
    if record.odd and UNREADABLE in text:
        raise Problem("A sign of this cell cannot be read. Write it anew, and save the file as CSV UTF-8.")
    if record.odd and (len(text) > MOST_CELL or "\0" in text):
        raise Problem("The cell is too long or holds signs that no cell has. Write it anew.")
    return text
