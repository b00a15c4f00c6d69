"""What the rows of a batch would change, held against the list and against the rows before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.client import NO_MONTH_DAY
from services.clients import fields as client_fields
from services.clients.importing.earlier import Stated, StatedLoan
from services.clients.importing.headers import Column
from services.clients.importing.report import Counts, Refusal
from services.clients.importing.rows import Layout, Loan, Row, Value
from services.clients.importing.work import FIGURE_FIELDS, HeldLoan, Home, Plan, StoredClient, Work


def compare(
    rows: Sequence[Row],
    layout: Layout,
    earlier: Mapping[str, Stated],
    stored: Mapping[str, StoredClient],
) -> Plan:
    """Decide about each row; nothing is written."""
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
        if Column.BEGAN in layout.figures:
            _follow_mortgages(work, layout)
        _count(work, counts)
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


def _follow_mortgages(work: Work, layout: Layout) -> None:
    """Where the file names no anniversary, the client's is that of the mortgage which began first."""
    said = dict(zip(layout.person, work.person, strict=True)).get(Column.ANNIVERSARY, NO_MONTH_DAY)
    follows = client_fields.anniversary_of(loan.figures.get(Column.BEGAN) for loan in work.loans)
    if said != NO_MONTH_DAY or follows is None:
        return
    work.changed.pop(Column.ANNIVERSARY, None)
    if work.stored is None or (work.has_new_loans and work.stored.person[Column.ANNIVERSARY] != follows):
        work.anniversary = follows


def _count(work: Work, counts: Counts) -> None:
    """Count the client's first row, or move it from the unchanged to the changed ones."""
    was_touched = work.stated.touched
    stored = work.stored
    by_this_upload = stored is not None and (stored.added_here or stored.changed_here)
    work.stated.touched = was_touched or stored is None or work.has_changes or by_this_upload
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
    refusal = _other_value(row, loan, layout, work)
    if refusal is None and not loan.only_property:
        alike = [held for held in work.loans if _same_loan(held, loan)]
        refusal = _plan_loan(row, loan, layout, work, alike)
    if refusal:
        return refusal
    home = work.homes.setdefault(loan.address_key, Home(None, loan.address))
    if loan.value is not None:
        home.value = loan.value
        work.stated.values.setdefault(loan.address_key, (row.record.line, str(loan.value)))
    return None


def _other_value(row: Row, loan: Loan, layout: Layout, work: Work) -> Refusal | None:
    """Where an earlier row says that the property is worth something else."""
    line, value = work.stated.values.get(loan.address_key, (0, ""))
    if loan.value is None or not line or value == str(loan.value):
        return None
    return layout.refuse(
        row,
        Column.VALUE,
        f"Line {line} gives this property another value.",
        "Make the rows agree, or tell the properties apart by their addresses.",
    )


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
    work.loans.append(HeldLoan(None, None, loan.address_key, loan.lender, loan.lender_key or "", new))
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
