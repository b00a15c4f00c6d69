"""What an upload does to the properties and loans of a client, on however many rows they stand."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from services.audit import Action
from services.clients.importing.report import Progress
from services.context import Context
from tests import making
from tests.services.uploading import HOUSE, LOAN, Uploader, clients, counts, loans


def test_a_loan_is_known_again_by_property_and_lender(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    respelt = HOUSE.replace("1 Main St,MCAP,100,3.79", '"1 MAIN  st.",mcap,90.50,3.89')
    assert counts(upload(respelt)) == (0, 1, 0, 0, 0)
    assert loans(ctx) == [
        ("ann@example.ca", "1 Main St", "MCAP", Decimal("90.50"), Decimal("3.890"), date(2027, 8, 26))
    ]
    assert clients(ctx)[0].rate_key == 3890


def test_a_changed_loan_leaves_the_version_of_the_edit_form_alone(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    upload(HOUSE.replace("3.79", "3.89"))
    assert clients(ctx)[0].version == 1
    (entry,) = making.entries(ctx, Action.CLIENT_CHANGED)
    assert json.loads(entry.details)["loans_changed"] == 1


def test_a_new_loan_is_added_and_none_is_removed(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    assert counts(upload(HOUSE.replace("MCAP", "CMLS").replace("3.79", "1.99"))) == (0, 1, 0, 0, 0)
    assert [(row[1], row[2]) for row in loans(ctx)] == [("1 Main St", "MCAP"), ("1 Main St", "CMLS")]
    assert clients(ctx)[0].rate_key == 3790


def test_a_property_without_a_loan_is_stored_once(upload: Uploader, ctx: Context) -> None:
    bare = f"{LOAN}\nAnn,Lee,ann@example.ca,1 Main St,,,,\n"
    upload(bare)
    assert counts(upload(bare)) == (0, 0, 1, 0, 0)
    assert loans(ctx) == [("ann@example.ca", "1 Main St", None, None, None, None)]
    assert counts(upload(HOUSE)) == (0, 1, 0, 0, 0)
    assert [row[2] for row in loans(ctx)] == ["MCAP"]


def test_without_a_column_for_the_lender_the_property_tells_the_loan(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    assert counts(upload("First Name,Last Name,Email,Address,Rate\nAnn,Lee,ann@example.ca,1 Main St,5\n")) == (
        *(0, 1, 0, 0),
        0,
    )
    assert [row[2:5] for row in loans(ctx)] == [("MCAP", Decimal(100), Decimal(5))]


def test_a_loan_that_could_be_either_of_two_is_refused(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE + "Ann,Lee,ann@example.ca,1 Main St,CMLS,100,1.99,2027-08-26\n")
    fault = upload.one_fault("First Name,Last Name,Email,Address,Rate\nAnn,Lee,ann@example.ca,1 Main St,5\n")
    assert (fault.field, fault.value) == ("Address", "1 Main St")
    assert "2 such loans" in fault.reason


def test_a_second_row_with_other_figures_for_the_same_loan_is_refused(upload: Uploader, ctx: Context) -> None:
    fault = upload.one_fault(HOUSE + "Ann,Lee,ann@example.ca,1 Main St,MCAP,250,1.99,2027-08-26\n")
    assert (fault.line, fault.field, fault.reason) == (3, "Lender", "Line 2 gives this loan other figures.")
    assert len(loans(ctx)) == 1


@pytest.mark.parametrize("gap", [0, 10])
def test_rows_of_one_client_are_merged_wherever_they_stand(
    upload: Uploader, ctx: Context, small_batches: None, gap: int
) -> None:
    between = "".join(f"Bo,Li,bo{number}@example.ca,,,,,\n" for number in range(gap))
    text = HOUSE + between + "Ann,Lee,ANN@example.ca ,2 Oak St,MCAP,50,1.99,2026-01-01\n"
    tried = upload(text, dry_run=True)
    assert counts(upload(text)) == counts(tried) == (1 + gap, 0, 0, 1, 0)
    assert [row[1] for row in loans(ctx)] == ["1 Main St", "2 Oak St"]
    ann = clients(ctx)[0]
    assert (ann.rate_key, ann.renewal_key) == (3790, 20260101)
    assert counts(upload(text)) == (0, 0, 1 + gap, 1, 0)


def test_a_client_left_alone_by_one_batch_and_changed_by_the_next_counts_as_changed(
    upload: Uploader, small_batches: None
) -> None:
    upload(HOUSE)
    between = "".join(f"Bo,Li,bo{number}@example.ca,,,,,\n" for number in range(5))
    text = HOUSE + between + "Ann,Lee,ann@example.ca,2 Oak St,,,,\n"
    tried = upload(text, dry_run=True)
    assert counts(upload(text)) == counts(tried) == (5, 1, 0, 1, 0)


def test_neighbouring_rows_of_one_client_are_stored_together(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    text = f"{LOAN}\n" + "".join(f"Ann,Lee,ann@example.ca,{number} Main St,,,,\n" for number in range(5))
    shown: list[Progress] = []
    upload(text, on_progress=shown.append)
    assert [progress.rows for progress in shown] == [5]
    assert making.entries(ctx, Action.CLIENT_CHANGED) == []
