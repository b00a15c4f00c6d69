"""What an upload would store, in words: the first clients, and what would change of stored ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.client import NO_MONTH_DAY
from models.states import PaymentEvery
from services.clients.importing.headers import Column
from services.clients.importing.rows import PERSON, Value
from services.clients.importing.work import FIGURE_FIELDS, HeldLoan, Home, Work
from services.conventions import Conventions
from services.rule_lengths import show_months

MOST_ROWS = 200
"""First clients that are shown."""

MOST_CHANGES = 1_000
"""First changes that are shown."""

_NO_ADDRESS = "a property without an address"
_MONTHS = (Column.TERM, Column.AMORTISATION)
_MONEY = (Column.BALANCE, Column.VALUE, Column.PAYMENT)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A client as the upload would leave it.

    Attributes:
        line: of the first row of this client.
        fate: "new", "changed" or "unchanged".
        fields: label and value of what the file says; what it leaves empty has an empty value.
    """

    line: int
    name: str
    email: str
    fate: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PreviewChange:
    """One field of a stored client that the upload would change; an empty text stands for nothing."""

    line: int
    name: str
    field: str
    old: str
    new: str


class Preview:
    """Collects the first of each while a dry run goes on.

    Attributes:
        change_count: changed fields in all.
    """

    def __init__(self) -> None:
        self.rows: list[PreviewRow] = []
        self.changes: list[PreviewChange] = []
        self.change_count = 0
        self._written = Conventions()

    def begin(self, written: Conventions) -> None:
        """From now on in the agency's way to write amounts and days."""
        self._written = written

    def take(self, works: Sequence[Work], columns: Sequence[Column]) -> None:
        """Look at what a batch would do. `columns` are the fields of a person that the file has."""
        for work in works:
            if len(self.rows) < MOST_ROWS and work.begins:
                self.rows.append(self._row(work, columns))
            if work.stored is not None and work.has_changes:
                for change in self._changes(work, columns):
                    self.change_count += 1
                    if len(self.changes) < MOST_CHANGES:
                        self.changes.append(change)

    def _row(self, work: Work, columns: Sequence[Column]) -> PreviewRow:
        said = dict(zip(columns, work.person, strict=True))
        fields = [(column.value, self._show(column, said[column])) for column in PERSON[2:] if column in said]
        for home in work.homes.values():
            fields.append((Column.ADDRESS.value, home.address))
            if home.value is not None:
                fields.append((Column.VALUE.value, self._show(Column.VALUE, home.value)))
            fields += [("Mortgage", self._loan(loan)) for loan in _loans_on(work, home)]
        fate = "new" if work.stored is None else "changed" if work.has_changes else "unchanged"
        return PreviewRow(work.stated.line, _name(work, columns), work.email.address, fate, tuple(fields))

    def _changes(self, work: Work, columns: Sequence[Column]) -> Iterator[PreviewChange]:
        line, name = work.stated.line, _name(work, columns)
        for column, (old, new) in work.changed.items():
            yield PreviewChange(line, name, column.value, self._show(column, old), self._show(column, new))
        for home in work.homes.values():
            if home.is_new:
                yield PreviewChange(line, name, Column.ADDRESS.value, "", home.address or _NO_ADDRESS)
            elif home.changed:
                old, new = (self._show(Column.VALUE, value) for value in (home.stored_value, home.value))
                yield PreviewChange(line, name, f"{Column.VALUE.value}, {home.address}", old, new)
        for loan in work.loans:
            if loan.id is None:
                yield PreviewChange(line, name, "Mortgage", "", self._loan(loan))
            elif loan.changed:
                yield from self._loan_changes(line, name, loan)

    def _loan_changes(self, line: int, name: str, loan: HeldLoan) -> Iterator[PreviewChange]:
        for (column, kind), raw in zip(FIGURE_FIELDS.items(), loan.stored, strict=True):
            old, new = kind.python_value(raw), loan.figures[column]
            if old != new:
                field = f"{column.value}, {loan.lender}" if loan.lender else column.value
                yield PreviewChange(line, name, field, self._show(column, old), self._show(column, new))

    def _loan(self, loan: HeldLoan) -> str:
        told = [self._show(column, loan.figures.get(column)) for column in FIGURE_FIELDS]
        return " · ".join(part for part in (loan.lender, *told) if part)

    def _show(self, column: Column, value: Value) -> str:
        written = self._written
        if value is None or value == "":
            return ""
        if column is Column.SUBSCRIBED:
            return "Enabled" if value else "Disabled"
        if column is Column.PHONE:
            return written.phone(str(value))
        if column is Column.ANNIVERSARY and isinstance(value, int):
            return "" if value == NO_MONTH_DAY else written.month_day(value)
        if column in _MONTHS and isinstance(value, int):
            return show_months(value)
        if isinstance(value, date):
            return written.short_day(value)
        if isinstance(value, Decimal):
            return written.money(value) if column in _MONEY else written.rate(value)
        return value.value if isinstance(value, PaymentEvery) else str(value)


def _loans_on(work: Work, home: Home) -> list[HeldLoan]:
    key = next(key for key, its in work.homes.items() if its is home)
    return [loan for loan in work.loans if loan.address_key == key]


def _name(work: Work, columns: Sequence[Column]) -> str:
    said = dict(zip(columns, work.person, strict=True))
    return f"{said[Column.FIRST_NAME]} {said[Column.LAST_NAME]}"
