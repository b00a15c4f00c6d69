"""What a row must hold: every fault of it is named, with the words of the file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.states import PaymentEvery
from services.clients.importing.dating import order_of, signs_of
from services.clients.importing.headers import Column, is_french, read_header
from services.clients.importing.reading import Record
from services.clients.importing.report import Refusal
from services.clients.importing.rows import Layout, Row
from services.rules import Order

TODAY = date(2026, 11, 21)
HEADER = read_header([column.value for column in Column])
WHOLE = dict(
    zip(
        Column,
        (
            *("Ann", "Lee", "ann@example.ca", "519-555-0143", "1972-06-19", "Feb 22", "Enabled"),
            *("1 Main St", "MCAP", "284,310.55", "3.79%", "08/26/2027"),
            *("500,000", "1,482.10", "monthly", "5 years", "25 years", "2022-08-26"),
        ),
        strict=True,
    )
)


def record(**changed: str) -> Record:
    cells = WHOLE | {Column[name]: value for name, value in changed.items()}
    return Record(7, 7, list(cells.values()))


def clean(order: Order | None = "mdy", **changed: str) -> Row | list[Refusal]:
    return Layout(HEADER, order, TODAY).clean(record(**changed))


def taken(order: Order | None = "mdy", **changed: str) -> Row:
    row = clean(order, **changed)
    assert isinstance(row, Row), row
    return row


def refused(order: Order | None = "mdy", **changed: str) -> list[tuple[str, str]]:
    faults = clean(order, **changed)
    assert isinstance(faults, list), faults
    return [(fault.field, fault.reason) for fault in faults]


def test_every_field_is_cleaned() -> None:
    row = taken(FIRST_NAME="  Ann   Marie ", EMAIL=" Ann@Example.CA ")
    assert (row.email.address, row.email.key) == ("Ann@example.ca", "ann@example.ca")
    assert row.person == ("Ann Marie", "Lee", "+15195550143", date(1972, 6, 19), 222, True)
    assert row.loan is not None
    assert (row.loan.address, row.loan.lender) == ("1 Main St", "MCAP")
    assert row.loan.value == Decimal(500_000)
    assert row.loan.figures == (
        *(Decimal("284310.55"), Decimal("3.79"), date(2027, 8, 26)),
        *(Decimal("1482.10"), PaymentEvery.MONTH, 60, 300, date(2022, 8, 26)),
    )


def test_fields_that_may_be_empty_stay_empty() -> None:
    person = ("PHONE", "DATE_OF_BIRTH", "ANNIVERSARY")
    row = taken(**dict.fromkeys((*person, *(column.name for column in list(Column)[7:])), " "))
    assert row.person == ("Ann", "Lee", "", None, 9999, True)
    assert row.loan is None


def test_all_faults_of_a_row_are_named() -> None:
    assert [field for field, _ in refused(EMAIL="ann@", FIRST_NAME="", DATE_OF_BIRTH="2031-01-01", RATE="a lot")] == [
        *("Email", "First Name", "Date Of Birth", "Mortgage Rate"),
    ]


@pytest.mark.parametrize("name", ["FIRST_NAME", "LAST_NAME", "EMAIL", "SUBSCRIBED"])
def test_a_field_that_must_not_be_empty_is_named(name: str) -> None:
    assert [field for field, _ in refused(**{name: " "})] == [Column[name].value]


def test_a_row_with_too_few_or_too_many_cells_is_refused_with_both_numbers() -> None:
    short, long = Record(7, 7, ["Ann", "Lee"]), Record(7, 7, ["x"] * 20)
    layout = Layout(HEADER, "mdy", TODAY)
    found = [layout.clean(short), layout.clean(long)]
    assert [fault[0].reason for fault in found if isinstance(fault, list)] == [
        "The row has 2 cells; the first row has 18.",
        "The row has 20 cells; the first row has 18.",
    ]


def test_cells_missing_under_nameless_headers_are_not_missed() -> None:
    header = read_header(["First Name", "Last Name", "Email", "", ""])
    assert isinstance(Layout(header, "mdy", TODAY).clean(Record(2, 2, ["Ann", "Lee", "a@example.ca"])), Row)


def test_a_sign_that_cannot_be_read_is_refused_in_a_field_and_ignored_elsewhere() -> None:
    header = read_header(["First Name", "Last Name", "Email", "Note"])
    layout = Layout(header, "mdy", TODAY)
    bad = layout.clean(Record(2, 2, ["Zo\ufffd", "Lee", "z@example.ca", ""], odd=True))
    assert isinstance(bad, list)
    assert (bad[0].field, bad[0].reason) == ("First Name", "A sign of this cell cannot be read.")
    assert isinstance(layout.clean(Record(2, 2, ["Zoé", "Lee", "z@example.ca", "\0\ufffd"], odd=True)), Row)


def test_a_cell_with_more_than_ten_thousand_signs_is_refused() -> None:
    found = Layout(HEADER, "mdy", TODAY).clean(
        Record(2, 2, [*list(WHOLE.values())[:7], "x" * 10_001, *list(WHOLE.values())[8:]], odd=True)
    )
    assert isinstance(found, list)
    assert (found[0].field, found[0].reason) == (
        "Property Address",
        "The cell has 10,001 signs; 10,000 are taken at most.",
    )
    assert len(found[0].value) == 80


def test_an_apostrophe_that_protects_from_a_spreadsheet_is_taken_off() -> None:
    row = taken(FIRST_NAME="'=Ann", LAST_NAME="'t Hooft", PHONE="'+1 519 555 0143")
    assert row.person[:3] == ("=Ann", "'t Hooft", "+15195550143")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["31/12/1970", "03/04/1970"], "dmy"),
        (["12/31/1970", "03/04/1970"], "mdy"),
        (["12/31/1970", "31/12/1970"], None),
        (["1970-12-31", "03/04/1970"], "mdy"),
    ],
)
def test_the_dates_of_the_file_tell_which_of_month_and_day_comes_first(cells: list[str], order: Order | None) -> None:
    assert order_of(map(signs_of, cells), french=False) == order


def test_where_no_date_tells_the_language_of_the_header_does() -> None:
    assert order_of([signs_of("03/04/1970")], french=is_french(["Prénom", "Nom", "Courriel", "Naissance"])) == "dmy"
    assert order_of([signs_of("03/04/1970")], french=is_french(["First", "Last", "E-mail", "Born"])) == "mdy"


def test_a_file_that_writes_dates_both_ways_must_say_which_is_meant() -> None:
    assert taken(None, DATE_OF_BIRTH="31/12/1970", RENEWAL="12/31/2027").person[3] == date(1970, 12, 31)
    assert refused(None, DATE_OF_BIRTH="03/04/1970") == [
        ("Date Of Birth", "Here day and month can change places, and the file writes both ways.")
    ]
