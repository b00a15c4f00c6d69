"""From the cells of a row to a client, or to every reason why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from models.client import NO_MONTH_DAY, Mortgage
from services.clients.importing.dating import unambiguous
from services.clients.importing.formulas import unprotect
from services.clients.importing.headers import Column, Header
from services.clients.importing.loan_terms import clean_amortisation, clean_every, clean_term, counts_months
from services.clients.importing.reading import MOST_CELL, Record
from services.clients.importing.report import Refusal
from services.rules import (
    Email,
    Order,
    Problem,
    clean_birth_date,
    clean_date,
    clean_email,
    clean_money,
    clean_month_day,
    clean_name,
    clean_phone,
    clean_rate,
    clean_text,
    is_yes,
)
from services.text import fold, safe

ADDRESS_LIMIT = 300
"""Most signs of a property's address."""

SHOWN_VALUE = 80
"""Signs of a refused cell that a report shows."""

Value = str | int | Decimal | date | None
"""What a cleaned cell holds."""

PERSON = (
    Column.FIRST_NAME,
    Column.LAST_NAME,
    Column.PHONE,
    Column.DATE_OF_BIRTH,
    Column.ANNIVERSARY,
    Column.SUBSCRIBED,
)
"""The fields of the client; all rows of one client agree in them."""

FIGURES = (
    Column.BALANCE,
    Column.RATE,
    Column.RENEWAL,
    Column.PAYMENT,
    Column.PAYMENT_EVERY,
    Column.TERM,
    Column.AMORTISATION,
    Column.BEGAN,
)
"""The fields of a loan that change over its life; address and lender tell loans apart."""


@dataclass(frozen=True, slots=True)
class Loan:
    """A property with, or without, a loan on it.

    Attributes:
        address: as the file writes it; address_key and lender_key: equal for spellings of the same.
        lender_key: None if the file has no such column.
        value: of the property; None if the row says nothing of it.
        figures: in the order of `Layout.figures`.
        only_property: whether nothing is said of a loan.
    """

    address: str
    address_key: str
    lender: str
    lender_key: str | None
    value: Decimal | None
    figures: tuple[Value, ...]
    only_property: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds.

    Attributes:
        record: for a refusal that only a comparison with other rows can bring.
        person: in the order of `Layout.person`.
        loan: None if the row names none.
    """

    record: Record
    email: Email
    person: tuple[Value, ...]
    loan: Loan | None


class Layout:
    """Which fields a file has, and how its cells are cleaned.

    Attributes:
        has_loans: whether it has a column of a property or a loan.
        person, figures: those of `PERSON` and `FIGURES` that the file has.
        has_lender: whether it has that column.
    """

    def __init__(self, header: Header, order: Order | None, today: date) -> None:
        self.header = header
        self.person = tuple(column for column in PERSON if column in header.at)
        self.figures = tuple(column for column in FIGURES if column in header.at)
        self.has_lender = Column.LENDER in header.at
        self._today = today
        self._order = order
        wanted = (Column.EMAIL, *self.person, Column.ADDRESS, Column.LENDER, Column.VALUE, *self.figures)
        self._steps = [(column, header.at[column], *self._rule(column)) for column in wanted if column in header.at]
        self._person_end = 1 + len(self.person)
        self._has_address = Column.ADDRESS in header.at
        self._has_value = Column.VALUE in header.at
        self.has_loans = self._has_address or self.has_lender or self._has_value or bool(self.figures)

    def clean(self, record: Record) -> Row | list[Refusal]:
        """The client in a row, or every fault of it."""
        cells = record.cells
        if record.fault[0] or not self.header.least <= len(cells) <= self.header.most:
            return [self._refused_whole(record)]
        if record.odd and (odd := self._refuse_odd(record)):
            return odd
        values: list[Any] = []
        faults: list[Refusal] = []
        for column, place, rule, blank in self._steps:
            cell = cells[place].strip()
            if not cell and blank is not _NEEDED:
                values.append(blank)
                continue
            if cell[:1] == "'":
                cell = unprotect(cell)
            try:
                values.append(rule(cell))
            except Problem as problem:
                faults.append(self._refused_cell(record, column, problem))
        return faults or self._row(record, values)

    def refuse(self, row: Row, column: Column, reason: str, remedy: str) -> Refusal:
        """A refusal of a row that holds by itself but not beside others."""
        record = row.record
        value = record.cells[self.header.at[column]]
        return Refusal(record.line, record.last_line, self.header.names[column], show_value(value), reason, remedy)

    def _row(self, record: Record, values: list[Any]) -> Row:
        end = self._person_end
        return Row(record, values[0], tuple(values[1:end]), self._loan(values[end:]) if self.has_loans else None)

    def _loan(self, values: list[Any]) -> Loan | None:
        if not any(value is not None and value != "" for value in values):
            return None
        place = 0
        address = lender = ""
        lender_key: str | None = None
        if self._has_address:
            address, place = str(values[0]), 1
        if self.has_lender:
            lender = str(values[place])
            lender_key = fold(lender)
            place += 1
        value: Decimal | None = None
        if self._has_value:
            value, place = values[place], place + 1
        figures = tuple(values[place:])
        empty = not lender and not any(figure is not None for figure in figures)
        return Loan(address, fold(address), lender, lender_key, value, figures, empty)

    def _refused_whole(self, record: Record) -> Refusal:
        reason, remedy = record.fault
        if not reason:
            least, most, found = self.header.least, self.header.most, len(record.cells)
            reason = f"The row has {found} cells; the first row has {most if found > most else least}."
            remedy = "Put every value under its header, and a value that holds a delimiter in quotation marks."
        value = show_value(" | ".join(cell[:SHOWN_VALUE] for cell in record.cells[:12]))
        return Refusal(record.line, record.last_line, "", value, reason, remedy)

    def _refuse_odd(self, record: Record) -> list[Refusal]:
        found = []
        for column, place, *_ in self._steps:
            cell = record.cells[place]
            if "\ufffd" in cell:
                problem = Problem("A sign of this cell cannot be read. Write it anew, and save the file as CSV UTF-8.")
            elif len(cell) > MOST_CELL:
                problem = Problem(f"The cell has {len(cell):,} signs; {MOST_CELL:,} are taken at most. Shorten it.")
            elif "\0" in cell:
                problem = Problem("The cell contains U+0000 NULL. Remove it.")
            else:
                continue
            found.append(self._refused_cell(record, column, problem))
        return found

    def _refused_cell(self, record: Record, column: Column, problem: Problem) -> Refusal:
        value = record.cells[self.header.at[column]]
        # A rule's last sentence says what to do.
        reason, stop, remedy = problem.sentence.rpartition(". ")
        return Refusal(
            record.line,
            record.last_line,
            self.header.names[column],
            show_value(value),
            f"{reason}." if stop else problem.sentence,
            remedy if stop else "",
        )

    def _rule(self, column: Column) -> tuple[Callable[[str], Value | Email], Value | _Needed]:
        """How a cell of the column is cleaned, and what stands for an empty one."""
        in_months = counts_months(self.header.names[column])
        rules: dict[Column, tuple[Callable[[str], Value | Email], Value | _Needed]] = {
            Column.EMAIL: (clean_email, _NEEDED),
            Column.FIRST_NAME: (clean_name, _NEEDED),
            Column.LAST_NAME: (clean_name, _NEEDED),
            Column.PHONE: (clean_phone, ""),
            Column.DATE_OF_BIRTH: (partial(unambiguous, self._born, self._order), None),
            Column.ANNIVERSARY: (partial(unambiguous, clean_month_day, self._order), NO_MONTH_DAY),
            Column.SUBSCRIBED: (is_yes, _NEEDED),
            Column.ADDRESS: (partial(clean_text, limit=ADDRESS_LIMIT), ""),
            Column.LENDER: (partial(clean_text, limit=Mortgage.lender.max_length), ""),
            Column.BALANCE: (clean_money, None),
            Column.RATE: (clean_rate, None),
            Column.RENEWAL: (partial(unambiguous, clean_date, self._order), None),
            Column.VALUE: (clean_money, None),
            Column.PAYMENT: (clean_money, None),
            Column.PAYMENT_EVERY: (clean_every, None),
            Column.TERM: (partial(clean_term, in_months=in_months), None),
            Column.AMORTISATION: (partial(clean_amortisation, in_months=in_months), None),
            Column.BEGAN: (partial(unambiguous, clean_date, self._order), None),
        }
        return rules[column]

    def _born(self, text: str, order: Order) -> date:
        return clean_birth_date(text, self._today, order)


class _Needed:
    """Stands for a field that may not be empty: its rule says why."""


_NEEDED = _Needed()


def show_value(cell: str) -> str:
    """A cell as a report shows it: harmless and short."""
    shown = safe(cell[: 4 * SHOWN_VALUE])
    return shown if len(shown) <= SHOWN_VALUE else f"{shown[: SHOWN_VALUE - 1]}…"
