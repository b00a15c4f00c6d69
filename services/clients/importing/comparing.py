"""What the rows of a batch would change, held against the list and against the rows before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import Field

from models.client import Mortgage
from services.clients.importing.earlier import Stated, StatedLoan
from services.clients.importing.headers import Column
from services.clients.importing.report import Counts, Refusal
from services.clients.importing.rows import Layout, Loan, Row, Value
from services.rules import Email

FIGURE_FIELDS: dict[Column, Field[Any]] = {
    Column.BALANCE: Mortgage.balance,
    Column.RATE: Mortgage.rate,
    Column.RENEWAL: Mortgage.renewal_on,
}


@dataclass(slots=True)
class Home:
    """A property of a client; without an id it is new."""

    id: int | None
    address: str


@dataclass(slots=True)
class HeldLoan:
    """A loan of a client; without an id it is new.

    Attributes:
        figures: balance, rate and renewal day.
        changed: whether the figures differ from the stored ones.
    """

    id: int | None
    address_key: str
    lender: str
    lender_key: str
    figures: dict[Column, Any]
    changed: bool = False


@dataclass(slots=True)
class StoredClient:
    """A client as the list has it, with the loans if the file names any.

    Attributes:
        person: all fields of `PERSON`.
        homes: by the key of their address.
        loans: oldest first.
    """

    id: int
    version: int
    upload_id: int | None
    identity_id: int | None
    email: str
    person: dict[Column, Any]
    homes: dict[str, Home] = field(default_factory=dict)
    loans: list[HeldLoan] = field(default_factory=list)


@dataclass(slots=True)
class Work:
    """What is to be done for one client of the batch.

    Attributes:
        stored: as the list has it; None for a new one.
        person: what the file says, in the order of the layout.
        changed: the fields to be changed, with the stored value and the new one.
        begins: whether the first row of this client is in this batch.
        homes, loans: all of them, new and stored ones.
    """

    email: Email
    stored: StoredClient | None
    person: tuple[Value, ...]
    stated: Stated
    begins: bool
    changed: dict[Column, tuple[Any, Any]] = field(default_factory=dict)
    homes: dict[str, Home] = field(default_factory=dict)
    loans: list[HeldLoan] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        """Whether anything of a stored client changes."""
        return bool(self.changed) or self.has_new_loans

    @property
    def has_new_loans(self) -> bool:
        """Whether a property or a loan is new or changed."""
        return any(home.id is None for home in self.homes.values()) or any(
            loan.id is None or loan.changed for loan in self.loans
        )


@dataclass(slots=True)
class Plan:
    """The outcome for a batch.

    Attributes:
        counts: a client that earlier batches left unchanged may move to the changed ones here.
    """

    works: list[Work]
    counts: Counts
    refusals: list[Refusal]


def compare(
    rows: Sequence[Row],
    layout: Layout,
    earlier: Mapping[str, Stated],
    stored: Mapping[str, StoredClient],
    upload_id: int | None,
) -> Plan:
    """Decide about each row; nothing is written.

    Args:
        upload_id: the running upload, by which clients that it added or changed are known; None in a dry run.
    """
    works: dict[str, Work] = {}
    counts = Counts()
    refusals: list[Refusal] = []
    for row in rows:
        key = row.email.key
        work = works.get(key) or _work(row, layout, earlier.get(key), stored.get(key))
        known = not work.begins or key in works
        refusal = _contradiction(row, layout, work) if known else None
        refusal = refusal or _take_loan(row, layout, work)
        if refusal:
            refusals.append(refusal)
            counts.refused += 1
            continue
        works[key] = work
        counts.merged += known
    for work in works.values():
        _count(work, counts, upload_id)
    return Plan(list(works.values()), counts, refusals)


def _work(row: Row, layout: Layout, said: Stated | None, stored: StoredClient | None) -> Work:
    begins = said is None
    if said is None:
        said = Stated(row.email.key, row.record.line, tuple(map(_text, row.person)))
    work = Work(row.email, stored, row.person, said, begins)
    if stored is not None:
        work.homes, work.loans = stored.homes, stored.loans
        if begins:
            pairs = zip(layout.person, row.person, strict=True)
            work.changed = {
                column: (stored.person[column], new) for column, new in pairs if stored.person[column] != new
            }
    return work


def _count(work: Work, counts: Counts, upload_id: int | None) -> None:
    """Count the client's first row, or move it from the unchanged to the changed ones."""
    was_touched = work.stated.touched
    stored = work.stored
    by_this_upload = stored is not None and upload_id is not None and stored.upload_id == upload_id
    work.stated.touched = was_touched or work.stored is None or work.has_changes or by_this_upload
    if work.begins:
        if work.stored is None:
            counts.added += 1
        elif work.stated.touched:
            counts.changed += 1
        else:
            counts.unchanged += 1
    elif work.stated.touched and not was_touched:
        counts.unchanged -= 1
        counts.changed += 1


def _contradiction(row: Row, layout: Layout, work: Work) -> Refusal | None:
    """Where the row says something else of the person than the client's first row."""
    said = tuple(map(_text, row.person))
    if said == work.stated.person:
        return None
    column = next(
        column for column, new, old in zip(layout.person, said, work.stated.person, strict=True) if new != old
    )
    return layout.refuse(
        row,
        column,
        f"The client with this e-mail address stands in line {work.stated.line} with another value here.",
        "Make the rows agree, or give the other person an e-mail address of their own.",
    )


def _take_loan(row: Row, layout: Layout, work: Work) -> Refusal | None:
    """Plan what the row says of a property and its loan, or say why it cannot be."""
    loan = row.loan
    if loan is None:
        return None
    if not loan.only_property:
        alike = [held for held in work.loans if _same_loan(held, loan)]
        refusal = _plan_loan(row, loan, layout, work, alike)
        if refusal:
            return refusal
    if loan.address_key not in work.homes:
        work.homes[loan.address_key] = Home(None, loan.address)
    return None


def _plan_loan(row: Row, loan: Loan, layout: Layout, work: Work, alike: list[HeldLoan]) -> Refusal | None:
    said = tuple(map(_figure_text, layout.figures, loan.figures))
    spoken = next((old for old in work.stated.loans if _same_statement(old, loan)), None)
    if spoken is None:
        statement = StatedLoan(loan.address_key, loan.lender_key or "", row.record.line, said)
    new = dict(zip(layout.figures, loan.figures, strict=True))
    if any(all(held.figures[column] == value for column, value in new.items()) for held in alike):
        if spoken is None:
            work.stated.loans.append(statement)
        return None
    if spoken is not None:
        if said == spoken.figures:
            return None
        return _refused_loan(
            row,
            layout,
            f"Line {spoken.line} gives this loan other figures.",
            "If it is a second loan of this lender on the property, tell them apart in the column of the lender.",
        )
    if len(alike) > 1:
        return _refused_loan(
            row,
            layout,
            f"The client has {len(alike)} such loans on this property, and it is not clear which one is meant.",
            "Name the lender as the list has it.",
        )
    work.stated.loans.append(statement)
    if alike:
        alike[0].figures.update(new)
        alike[0].changed = alike[0].id is not None
        return None
    figures = {column: new.get(column) for column in FIGURE_FIELDS}
    work.loans.append(HeldLoan(None, loan.address_key, loan.lender, loan.lender_key or "", figures))
    return None


def _same_loan(held: HeldLoan, loan: Loan) -> bool:
    return held.address_key == loan.address_key and loan.lender_key in (None, held.lender_key)


def _same_statement(said: StatedLoan, loan: Loan) -> bool:
    return said.address_key == loan.address_key and said.lender_key == (loan.lender_key or "")


def _refused_loan(row: Row, layout: Layout, reason: str, remedy: str) -> Refusal:
    columns = (Column.LENDER, Column.ADDRESS, *layout.figures)
    return layout.refuse(row, next(column for column in columns if column in layout.header.at), reason, remedy)


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _figure_text(column: Column, value: Value) -> str:
    return "" if value is None else str(FIGURE_FIELDS[column].db_value(value))
