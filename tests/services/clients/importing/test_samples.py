"""The two lists of the sample data, row by row."""

from __future__ import annotations

import csv
from decimal import Decimal

from models.client import Client, Mortgage
from services.context import Context
from services.sample import sample_clients_path
from tests.services.uploading import MESSY, SAMPLE, Uploader, clients, counts, loans


def test_all_rows_of_the_sample_are_taken(upload: Uploader, ctx: Context) -> None:
    report = upload(SAMPLE)
    assert counts(report) == (1204, 0, 0, 243, 0)
    assert report.rows == 1447
    with ctx.read():
        assert Client.select().count() == 1204
        assert Mortgage.select().count() == 1276


def test_the_sample_of_the_first_run_is_that_list_with_more_of_its_mortgages(upload: Uploader, ctx: Context) -> None:
    with SAMPLE.open(newline="") as given, sample_clients_path().open(newline="") as ours:
        rows = list(csv.reader(given))
        assert [row[: len(rows[0])] for row in csv.reader(ours)] == rows
    assert counts(upload(sample_clients_path())) == (1204, 0, 0, 243, 0)
    with ctx.read():
        assert Mortgage.select().where(Mortgage.payment.is_null(False)).count() > 1_000


def test_a_client_on_two_rows_has_two_mortgages(upload: Uploader, ctx: Context) -> None:
    upload(SAMPLE)
    cindy = next(client for client in clients(ctx) if client.email == "cindy.baxter@example.ca")
    assert (cindy.rate_key, cindy.renewal_key) == (4890, 20250527)
    assert [row[1:5] for row in loans(ctx) if row[0] == cindy.email] == [
        ("22 Talfourd St, Sarnia ON N7T 1P9", "Scotiabank", Decimal("198450.10"), Decimal("4.890")),
        ("4 Lakeshore Rd, Bright's Grove ON N0N 1C0", "TD Canada Trust", Decimal("88120.00"), Decimal("4.890")),
    ]


def test_a_second_upload_of_the_sample_changes_nothing(upload: Uploader, ctx: Context) -> None:
    upload(SAMPLE)
    before = [client.__data__ for client in clients(ctx)], loans(ctx)
    assert counts(upload(SAMPLE)) == (0, 0, 1204, 243, 0)
    assert ([client.__data__ for client in clients(ctx)], loans(ctx)) == before


def test_a_dry_run_tells_the_same_and_stores_nothing(upload: Uploader, ctx: Context) -> None:
    tried = upload(SAMPLE, dry_run=True)
    assert clients(ctx) == []
    assert counts(tried) == counts(upload(SAMPLE))


def test_each_row_of_the_messy_list_is_taken_or_named_with_its_reason(upload: Uploader) -> None:
    report = upload(MESSY)
    assert counts(report) == (6, 0, 0, 1, 15)
    assert report.encoding == "utf-8-sig"
    assert report.delimiter == ";"
    assert [(problem.line, problem.field, problem.reason) for problem in report.problems] == [
        (5, "Courriel", "There must be something after the @-sign."),
        (6, "Courriel", "The e-mail address is empty."),
        (7, "Prénom", "The name is empty."),
        (7, "Nom", "The name is empty."),
        (9, "Prénom", "The name contains U+001B ESCAPE."),
        (9, "Nom", "The name contains U+001B ESCAPE."),
        (13, "Prénom", "The name has 400 signs."),
        (14, "Naissance", "This date of birth is in the future."),
        (15, "Naissance", "There is no such day."),
        (16, "Téléphone", "This is no phone number."),
        (17, "Statut", "This is neither yes nor no."),
        (18, "Prénom", "The name contains U+000A LINE FEED."),
        (20, "", "The row has 3 cells; the first row has 6."),
        (21, "", "The row has 8 cells; the first row has 6."),
        (22, "Prénom", "The name contains U+202E RIGHT-TO-LEFT OVERRIDE."),
        (23, "Prénom", "The name contains U+200B ZERO WIDTH SPACE."),
        (24, "Courriel", "The e-mail address contains U+000A LINE FEED."),
    ]
    assert all(problem.remedy for problem in report.problems)


def test_no_refused_value_of_the_messy_list_can_act_on_a_terminal(upload: Uploader) -> None:
    shown = "".join(problem.value + problem.field + problem.sentence for problem in upload(MESSY).problems)
    assert shown.isprintable()


def test_the_accepted_rows_of_the_messy_list_are_stored_as_written(upload: Uploader, ctx: Context) -> None:
    upload(MESSY)
    assert [(client.first_name, client.last_name, client.email, client.subscribed) for client in clients(ctx)] == [
        ("Zoé", "L'Écuyer-Bélanger", "zoe.lecuyer@example.ca", True),
        ("Marc", "Tremblay", "MARC.Tremblay@example.ca", True),
        ("[/b]Bob", "[@click=app.quit]Click[/]", "bob.markup@example.ca", True),
        ('=HYPERLINK("http://x")', "Formula", "formula@example.ca", True),
        ("משה", "כהן", "moshe.cohen@example.ca", False),
        ("美玲", "王", "meiling.wang@example.ca", True),
    ]


def test_the_two_spellings_of_one_address_are_one_client(upload: Uploader, ctx: Context) -> None:
    upload(MESSY)
    marc = next(client for client in clients(ctx) if client.first_name == "Marc")
    assert (marc.email_key, str(marc.date_of_birth), marc.phone) == (
        "marc.tremblay@example.ca",
        "1970-12-31",
        "+15145550102",
    )


def test_a_list_without_loans_leaves_the_loans_alone(upload: Uploader, ctx: Context) -> None:
    upload(SAMPLE)
    before = loans(ctx)
    assert counts(upload("First Name,Last Name,Email\nBrent,Thomson,brent@mortgageclient.com\n")) == (0, 1, 0, 0, 0)
    brent = clients(ctx)[0]
    assert (brent.last_name, brent.phone, brent.rate_key) == ("Thomson", "+15195550143", 3790)
    assert loans(ctx) == before
