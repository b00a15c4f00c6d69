"""How the columns of a file are read: guessed, chosen, remembered for its source, and forgotten."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from models.client import Client, Mortgage, Property, UploadMapping
from models.states import Surface
from services.actor import Origin
from services.audit import Action
from services.clients.importing.choices import Choice, Dates, choice_from
from services.clients.importing.dating import DateSigns
from services.clients.importing.headers import Column, faults_of, guess
from services.clients.importing.preview import Preview
from services.clients.importing.problems import Problems
from services.clients.importing.report import Refusal
from services.context import Context
from services.desk import Desk
from services.errors import Invalid, Refused
from tests import making
from tests.making import MadeAgency
from tests.services.officing import make_lookers
from tests.services.uploading import ANN, HOUSE, MESSY, Uploader, clients, counts, loans, numbered, stop_after

ODD = "Given,Family,Contact,Number,When\nAnn,Lee,ann@example.ca,519-555-0143,03/04/1970\n"
CHOSEN = Choice(
    (Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL, Column.PHONE, Column.DATE_OF_BIRTH), Dates.DAY_FIRST
)
COLUMN = "First Name,Last Name,Email,Address,Lender,Balance"


def test_a_look_tells_columns_examples_and_how_the_file_is_written(upload: Uploader) -> None:
    look = upload.desk.imports.look(upload.actor, MESSY)
    assert (look.delimiter, look.encoding, look.stored_rows) == (";", "utf-8-sig", 0)
    assert [column.header for column in look.columns] == [
        *("Prénom", "Nom", "Courriel", "Téléphone", "Naissance", "Statut"),
    ]
    assert look.columns[0].examples == ("Zoé", "Marc", "Ann")
    assert look.choice == look.guessed
    assert look.choice.columns[4] is Column.DATE_OF_BIRTH
    assert look.columns[4].signs == DateSigns(day_first=True)
    assert look.order_found(look.choice.columns) == "dmy"


def test_a_choice_decides_what_a_column_is(upload: Uploader, ctx: Context) -> None:
    report = upload(ODD, choice=CHOSEN)
    assert (counts(report), report.dates, report.ignored) == ((1, 0, 0, 0, 0), "day first", ())
    (ann,) = clients(ctx)
    assert (ann.email, ann.phone, str(ann.date_of_birth)) == ("ann@example.ca", "+15195550143", "1970-04-03")


def test_a_choice_is_remembered_for_files_with_the_same_header_until_it_is_forgotten(
    upload: Uploader, ctx: Context
) -> None:
    imports = upload.desk.imports
    look = imports.look(upload.actor, upload.file(ODD))
    imports.remember(upload.actor, look, CHOSEN)
    later = upload.file(ODD.replace("Ann", "Bob").replace("ann", "bob"))
    found = imports.look(upload.actor, later)
    assert (found.choice, found.remembered and found.remembered.by) == (CHOSEN, "Sue Wright")
    report = upload(later)
    assert (report.added, report.remembered and report.remembered.by) == (1, "Sue Wright")
    assert imports.forget(upload.actor, found).remembered is None
    with pytest.raises(Invalid, match="no column for First Name"):
        upload(later)
    assert [entry.subject for entry in making.entries(ctx, Action.UPLOAD_MAPPED)] == [look.name]
    assert len(making.entries(ctx, Action.UPLOAD_UNMAPPED)) == 1


def test_what_the_file_tells_by_itself_is_not_kept(upload: Uploader, ctx: Context) -> None:
    look = upload.desk.imports.look(upload.actor, upload.file(ANN))
    upload.desk.imports.remember(upload.actor, look, look.guessed)
    other = Choice((*look.guessed.columns[:-1], None))
    upload.desk.imports.remember(upload.actor, look, other)
    upload.desk.imports.remember(upload.actor, look, look.guessed)
    with ctx.read():
        assert UploadMapping.select().count() == 0


def test_a_choice_with_two_columns_on_one_field_is_refused_beside_both(upload: Uploader) -> None:
    look = upload.desk.imports.look(upload.actor, upload.file(ODD))
    twice = Choice((Column.EMAIL, None, Column.EMAIL, None, None))
    faults = faults_of(look.cells, twice.columns)
    assert dict(faults.beside) == {
        0: "“Contact” holds Email too. Take one of the two.",
        2: "“Given” holds Email too. Take one of the two.",
    }
    assert faults.missing == (Column.FIRST_NAME, Column.LAST_NAME)
    with pytest.raises(Invalid, match="Correct that first"):
        upload.desk.imports.remember(upload.actor, look, twice)
    with pytest.raises(Invalid, match="“Given” and “Contact” both hold Email"):
        upload(ODD, choice=twice)


def test_another_agency_does_not_know_the_choice(upload: Uploader, desk: Desk, tmp_path: Path) -> None:
    path = upload.file(ODD)
    upload.desk.imports.remember(upload.actor, upload.desk.imports.look(upload.actor, path), CHOSEN)
    other = Uploader(desk, making.make_agency(desk, "OTHER", "eve@example.com"), tmp_path)
    assert other.desk.imports.look(other.actor, path).remembered is None


def test_a_stopped_upload_goes_on_only_with_the_same_choice(upload: Uploader, small_batches: None) -> None:
    path = upload.file(numbered(8))
    without = Choice((Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL), Dates.DAY_FIRST)
    upload(path, cancelled=stop_after(1), choice=without)
    assert upload.desk.imports.look(upload.actor, path).stored_rows == 0
    assert upload(path, choice=without).resumed_from == 3


def test_a_look_tells_how_much_of_a_stopped_upload_is_stored(upload: Uploader, small_batches: None) -> None:
    path = upload.file(numbered(8))
    upload(path, cancelled=stop_after(1))
    assert upload.desk.imports.look(upload.actor, path).stored_rows == 3


def test_a_file_that_is_another_one_than_that_looked_at_is_refused(upload: Uploader, ctx: Context) -> None:
    path = upload.file(ANN)
    look = upload.desk.imports.look(upload.actor, path)
    path.write_text(ANN.replace("Lee", "Li"))
    with pytest.raises(Refused, match="another one than the one that you looked at"):
        upload(path, expected=look.digest)
    path.unlink()
    with pytest.raises(Invalid, match="No such file"):
        upload(path, expected=look.digest)
    assert clients(ctx) == []


def test_a_choice_of_an_older_or_newer_program_is_taken_as_far_as_it_fits() -> None:
    kept = Choice((Column.EMAIL, None)).stored()
    assert choice_from(kept, 2) == Choice((Column.EMAIL, None))
    assert choice_from(kept, 3) is None
    assert choice_from('{"columns": ["Shoe size", "Email"], "dates": "by the moon"}', 2) == Choice((None, Column.EMAIL))


@pytest.mark.parametrize(
    ("header", "cell", "column"),
    [
        ("Anniversary Date", "Feb 22", Column.ANNIVERSARY),
        ("Anniversary Date", "2022-02-22", Column.BEGAN),
        ("Mortgage Date", "2022-02-22", Column.BEGAN),
    ],
)
def test_an_anniversary_with_its_year_is_the_day_a_mortgage_began(
    upload: Uploader, ctx: Context, header: str, cell: str, column: Column
) -> None:
    upload(f"{COLUMN},{header}\nAnn,Lee,ann@example.ca,1 Main St,TD,100,{cell}\n")
    with ctx.read():
        began = Mortgage.get().anniversary_on
        # The client's own is that of the mortgage, as the desk keeps it too.
        assert Client.get().anniversary == 222
    assert (began is not None) is (column is Column.BEGAN)


def test_beside_a_plain_anniversary_the_other_one_is_the_mortgages() -> None:
    assert guess(["Anniversary", "Anniversary Date"]) == (Column.ANNIVERSARY, Column.BEGAN)
    assert guess(["Anniversary Date"]) == (Column.ANNIVERSARY,)


def test_everything_of_a_mortgage_is_taken_in(upload: Uploader, ctx: Context) -> None:
    text = f"{COLUMN},Property Value,Payment,Payment Frequency,Term,Amortization (Months),Date de début\n"
    upload(
        f'{text}Ann,Lee,ann@example.ca,1 Main St,TD,100,"$500,000",1482.10,Accelerated bi-weekly,5 yr,300,2022-08-26\n'
    )
    with ctx.read():
        assert Property.get().value == Decimal(500_000)
        (loan,) = Mortgage.select().dicts()
    assert [loan[name] for name in ("payment", "payment_every", "term_months", "amortisation_months")] == [
        *(Decimal("1482.10"), "bi-weekly faster", 60, 300),
    ]
    again = upload(f"{COLUMN},Property Value\nAnn,Lee,ann@example.ca,1 Main St,TD,100,600000\n")
    assert counts(again) == (0, 1, 0, 0, 0)
    with ctx.read():
        assert (Property.get().value, Property.get().version) == (Decimal(600_000), 2)


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("Term", "60", "It is not clear whether these are years or months."),
        ("Term", "long", "This is no length of time."),
        ("Payment Frequency", "now and then", "This says not how often is paid."),
        ("Property Value", "-1", "This is no amount."),
    ],
)
def test_what_cannot_be_a_figure_of_a_mortgage_is_refused(
    upload: Uploader, header: str, cell: str, reason: str
) -> None:
    fault = upload.one_fault(f"{COLUMN},{header}\nAnn,Lee,ann@example.ca,1 Main St,TD,100,{cell}\n")
    assert (fault.field, fault.reason) == (header, reason)


def test_two_rows_that_give_one_property_two_values_contradict_each_other(upload: Uploader, ctx: Context) -> None:
    rows = "Ann,Lee,ann@example.ca,1 Main St,{},1,500\n"
    text = f"{COLUMN},Property Value\n{rows.format('TD')}{rows.format('MCAP').replace('500', '600')}"
    fault = upload.one_fault(text)
    assert (fault.line, fault.reason) == (3, "Line 2 gives this property another value.")
    assert len(loans(ctx)) == 1


def test_a_preview_tells_what_would_be_stored_and_changed(upload: Uploader) -> None:
    upload(HOUSE)
    preview = Preview()
    text = (
        HOUSE.replace("3.79", "4.5").replace("Lee,ann", "Li,ann")
        + "Bob,Ray,bob@example.ca,2 Oak St,TD,7,3,2029-01-01\n"
    )
    upload(text, dry_run=True, preview=preview)
    assert [(row.line, row.name, row.fate) for row in preview.rows] == [(2, "Ann Li", "changed"), (3, "Bob Ray", "new")]
    assert [(change.field, change.old, change.new) for change in preview.changes] == [
        ("Last Name", "Lee", "Li"),
        ("Mortgage Rate, MCAP", "3.79%", "4.50%"),
    ]
    assert ("Mortgage", "TD · $7.00 · 3.00% · 01/01/2029") in preview.rows[1].fields


def test_all_problems_can_be_looked_through_and_saved_however_many_they_are(upload: Uploader, tmp_path: Path) -> None:
    problems = Problems()
    text = "First Name,Last Name,Email\n" + "Ann,,ann@\n" * 600
    report = upload(text, dry_run=True, keeper=problems)
    assert (report.problem_count, problems.count, len(report.problems)) == (1_200, 1_200, 1_000)
    assert (problems.page([1])[1].line, problems.page([1_200])[1_200].line) == (2, 601)
    assert list(problems.page([1_199, 1_201])) == [1_199]
    problems.save(tmp_path / "problems.csv")
    assert len((tmp_path / "problems.csv").read_text(encoding="utf-8-sig").splitlines()) == 1_201
    problems.clear()
    problems.take([Refusal(1, 1, "", "", "x", "")])
    assert list(problems.numbers()) == [1]


def test_a_folder_shows_folders_and_lists_only(upload: Uploader, desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "lists"
    (place / "older").mkdir(parents=True)
    for name in ("B.CSV", "a.csv", "photo.jpg", ".hidden.csv"):
        (place / name).write_text("x")
    os.mkfifo(place / "pipe.csv")
    (place / "gone.csv").symlink_to("nowhere")
    folder = desk.folders.open(upload.actor, place)
    assert [entry.name for entry in folder.entries] == ["older", "a.csv", "B.CSV"]
    assert (folder.path, folder.other) == (place.resolve(), 3)


def test_a_screen_opens_no_file_that_is_not_named_like_a_list(upload: Uploader, tmp_path: Path) -> None:
    secret = tmp_path / "keys"
    secret.write_text(ANN)
    (tmp_path / "link.csv").symlink_to(secret)
    os.mkfifo(tmp_path / "pipe.csv")
    for path, words in (
        (secret, "ends with .csv"),
        (tmp_path / "link.csv", "ends with .csv"),
        (tmp_path / "pipe.csv", "This is no file"),
        (tmp_path, "This is no file"),
    ):
        for act in (upload.desk.imports.look, upload.desk.imports.run):
            with pytest.raises(Invalid, match=words):
                act(upload.actor, path)


def test_a_huge_file_that_is_no_text_is_refused_at_once(upload: Uploader, tmp_path: Path) -> None:
    path = tmp_path / "disk.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(Invalid, match="The file is no text"):
        upload.desk.imports.look(upload.actor, path)


def test_in_a_browser_and_to_somebody_of_one_office_no_list_is_offered(
    upload: Uploader, desk: Desk, ray: MadeAgency
) -> None:
    path = upload.file(ANN)
    with desk.ctx.unit():
        ray.agency.adjustments = '{"staff_portal": true}'
        ray.agency.save()
    browser = replace(upload.actor, origin=Origin(Surface.PORTAL, "203.0.113.9"))
    for actor, words in ((browser, "a browser cannot reach"), (make_lookers(desk, ray).of_one.actor, "of all offices")):
        with pytest.raises(Refused, match=words):
            desk.folders.open(actor, path.parent)
        with pytest.raises(Refused, match=words):
            desk.imports.look(actor, path)
