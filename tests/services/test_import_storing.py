"""What an upload does to the list: adds, changes, leaves alone, merges, and goes on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from peewee import OperationalError

from models.client import Client, Upload
from models.database import is_postgresql
from models.states import Role
from services.audit import Action
from services.client_import import run as running
from services.client_import.report import Progress
from services.client_import.storing import Store
from services.client_import.upload import Position
from services.client_values import ClientFields, ClientQuery
from services.context import Context
from services.desk import Desk
from services.errors import Invalid, Refused, Unavailable
from tests import making
from tests.making import MadeAgency
from tests.services.uploading import SAMPLE, Uploader, clients, counts, loans, stop_after

PERSON = "First Name,Last Name,Email,Phone,Birthday,Anniversary,Status"
LOAN = "First Name,Last Name,Email,Address,Lender,Balance,Rate,Renewal"
ANN = f"{PERSON}\nAnn,Lee,ann@example.ca,519-555-0143,1972-06-19,Feb 22,Enabled\n"
HOUSE = f"{LOAN}\nAnn,Lee,ann@example.ca,1 Main St,MCAP,100,3.79,2027-08-26\n"


@pytest.fixture
def upload(desk: Desk, ray: MadeAgency, tmp_path: Path) -> Uploader:
    return Uploader(desk, ray, tmp_path)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH_ROWS", 3)


def numbered(count: int, last: str = "Lee") -> str:
    rows = "".join(f"Ann{number},{last},ann{number}@example.ca\n" for number in range(count))
    return f"First Name,Last Name,Email\n{rows}"


def test_a_new_client_is_stored_with_everything_that_follows_from_the_fields(upload: Uploader, ctx: Context) -> None:
    upload(HOUSE)
    upload(ANN)
    (ann,) = clients(ctx)
    assert (ann.first_name, ann.last_name, ann.email, ann.email_key) == ("Ann", "Lee", *["ann@example.ca"] * 2)
    assert (ann.phone, ann.date_of_birth, ann.anniversary, ann.subscribed) == (
        *("+15195550143", date(1972, 6, 19)),
        *(222, True),
    )
    assert (ann.name_key, ann.birthday_key, ann.renewal_key, ann.rate_key) == ("ann lee", 619, 20270826, 3790)
    assert ann.upload_id is not None


def test_a_new_client_is_found_by_name_and_phone(upload: Uploader, desk: Desk) -> None:
    upload(ANN)
    for words in ("lee", "0143", "ann@ex"):
        assert len(desk.clients.rows(upload.actor, ClientQuery(words=words)).first(5)) == 1


def test_what_the_file_lacks_is_what_a_new_client_starts_with(upload: Uploader, ctx: Context) -> None:
    upload(numbered(1))
    (ann,) = clients(ctx)
    assert (ann.phone, ann.date_of_birth, ann.anniversary, ann.subscribed, ann.version) == ("", None, 9999, True, 1)


def test_a_changed_row_changes_the_client_once(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    changed = ANN.replace("0143", "0199").replace("Enabled", "Disabled")
    assert counts(upload(changed)) == (0, 1, 0, 0, 0)
    (ann,) = clients(ctx)
    assert (ann.phone, ann.subscribed, ann.version) == ("+15195550199", False, 2)
    assert "0199" in ann.search
    assert counts(upload(changed)) == (0, 0, 1, 0, 0)
    assert clients(ctx)[0].version == 2


def test_an_empty_cell_empties_the_field(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    upload(ANN.replace("519-555-0143", "").replace("1972-06-19", ""))
    (ann,) = clients(ctx)
    assert (ann.phone, ann.date_of_birth, ann.birthday_key) == ("", None, 9999)


def test_columns_that_the_file_lacks_are_left_alone(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    assert counts(upload("First Name,Last Name,Email\nAnna,Lee,ann@example.ca\n")) == (0, 1, 0, 0, 0)
    (ann,) = clients(ctx)
    assert (ann.first_name, ann.phone, ann.anniversary) == ("Anna", "+15195550143", 222)


def test_a_change_is_audited_with_what_was_and_what_is(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    upload(ANN.replace("0143", "0199"))
    (entry,) = making.entries(ctx, Action.CLIENT_CHANGED)
    assert (entry.client_id, entry.subject, entry.actor_name) == (clients(ctx)[0].id, "Ann Lee", upload.actor.name)
    told = json.loads(entry.details)
    assert (told.pop("upload") > 0, told) == (True, {"old_phone": "+15195550143", "new_phone": "+15195550199"})


def test_an_upload_is_audited_once_with_its_numbers(upload: Uploader, ctx: Context) -> None:
    upload(f"{ANN}Ann,Lee,ann@,,,,\n")
    (entry,) = making.entries(ctx, Action.UPLOAD_FINISHED)
    told = json.loads(entry.details)
    assert (told["rows"], told["added"], told["refused"]) == (2, 1, 1)


def test_an_upload_never_changes_an_e_mail_address(upload: Uploader, ctx: Context) -> None:
    upload(ANN)
    assert counts(upload(ANN.replace("ann@", "ANN@"))) == (0, 0, 1, 0, 0)
    assert clients(ctx)[0].email == "ann@example.ca"


def test_a_changed_name_is_also_that_of_the_account(upload: Uploader, ctx: Context, desk: Desk) -> None:
    upload(ANN)
    making.give_account(desk, upload.actor, clients(ctx)[0])
    upload(ANN.replace("Lee", "Li"))
    identity = making.identity_of(ctx, clients(ctx)[0])
    assert (identity.name, identity.state) == ("Ann Li", "active")


def test_another_agency_with_the_same_address_is_left_alone(
    upload: Uploader, ctx: Context, desk: Desk, tmp_path: Path
) -> None:
    upload(ANN)
    other = Uploader(desk, making.make_agency(desk, "OTHER", "eve@example.com"), tmp_path)
    assert counts(other(ANN.replace("Lee", "Other"))) == (1, 0, 0, 0, 0)
    assert [client.last_name for client in clients(ctx)] == ["Lee", "Other"]


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


@pytest.mark.parametrize("gap", [0, 10])
def test_a_row_that_contradicts_an_earlier_one_is_refused_with_its_line(
    upload: Uploader, ctx: Context, small_batches: None, gap: int
) -> None:
    between = "".join(f"Bo,Li,bo{number}@example.ca,,,,Enabled\n" for number in range(gap))
    text = ANN + between + "Ann,Lee,ann@example.ca,519-555-0143,1973-06-19,Feb 22,Enabled\n"
    fault = upload.one_fault(text)
    assert (fault.line, fault.field, fault.value) == (3 + gap, "Birthday", "1973-06-19")
    assert "stands in line 2 with another value" in fault.reason
    assert clients(ctx)[0].date_of_birth == date(1972, 6, 19)
    assert upload(text).changed == 0


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


def test_progress_ends_with_the_whole_file(upload: Uploader, small_batches: None) -> None:
    path = upload.file(numbered(8))
    shown: list[Progress] = []
    upload(path, on_progress=shown.append)
    assert [progress.rows for progress in shown] == [3, 6, 8]
    assert shown[-1].bytes_done == shown[-1].bytes_total == path.stat().st_size


def test_a_stopped_upload_leaves_whole_batches_and_goes_on_there(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    path = upload.file(numbered(8) + "Bad,Row,bad@\nAnn0,Other,ann0@example.ca\n")
    stopped = upload(path, cancelled=stop_after(2))
    assert (stopped.finished, stopped.rows, len(clients(ctx))) == (False, 6, 6)
    assert making.entries(ctx, Action.UPLOAD_FINISHED) == []
    report = upload(path)
    assert (report.finished, report.resumed_from) == (True, 6)
    assert counts(report) == (8, 0, 0, 0, 2)
    assert [problem.line for problem in report.problems] == [10, 11]
    with ctx.read():
        assert Upload.select().count() == 1
        assert Upload.get().finished_at is not None


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("dies_in", ["first batch", "second batch", "end"])
def test_a_run_that_dies_anywhere_is_made_good_by_the_next(
    upload: Uploader, ctx: Context, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    text = HOUSE + numbered(4).split("\n", 1)[1].replace("\n", ",,,,,\n")
    path = upload.file(text + "Ann,Lee,ann@example.ca,2 Oak St,,,,\nAnn,Li,ann@example.ca,3 Oak St,,,,\n")
    steps = iter(("first batch", "second batch"))
    write = Store.write

    def die_in_batch(self: Store, works: Any) -> None:
        write(self, works)
        if next(steps) == dies_in:
            raise KeyboardInterrupt

    def die_at_end(_: Position) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Store, "write", die_in_batch)
        patch.setattr(Position, "finish", die_at_end)
        upload(path)
    report = upload(path)
    assert report.resumed_from == {"first batch": 0, "second batch": 3, "end": 7}[dies_in]
    assert counts(report) == (5, 0, 0, 1, 1)
    assert [problem.line for problem in report.problems] == [8]
    assert [row[1] for row in loans(ctx)] == ["1 Main St", "2 Oak St"]


def test_a_database_that_stops_serving_is_told_with_what_is_stored(
    upload: Uploader, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = upload.file(numbered(8))
    write = Store.write
    written: list[int] = []

    def fail_in_second_batch(self: Store, works: Any) -> None:
        write(self, works)
        written.append(len(works))
        if len(written) == 2:
            raise OperationalError("database is locked")

    with monkeypatch.context() as patch, pytest.raises(Unavailable, match="3 rows of the file are stored"):
        patch.setattr(Store, "write", fail_in_second_batch)
        upload(path)
    assert upload(path).resumed_from == 3


def test_the_same_file_after_its_end_begins_anew(upload: Uploader, ctx: Context) -> None:
    path = upload.file(ANN)
    upload(path)
    with ctx.unit():
        Client.update(phone="").execute()
    assert (upload(path).changed, clients(ctx)[0].phone) == (1, "+15195550143")


def test_another_file_in_between_makes_a_stopped_one_begin_anew(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    path = upload.file(numbered(8))
    upload(path, cancelled=stop_after(1))
    upload(numbered(1, "Other"))
    report = upload(path)
    assert (report.resumed_from, counts(report)) == (0, (5, 1, 2, 0, 0))


def test_a_stopped_upload_goes_on_exactly_there_with_batches_of_another_size(
    upload: Uploader, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = upload.file(numbered(9))
    monkeypatch.setattr(running, "BATCH_ROWS", 3)
    upload(path, cancelled=stop_after(2))
    monkeypatch.setattr(running, "BATCH_ROWS", 4)
    report = upload(path)
    assert (report.resumed_from, counts(report), len(clients(ctx))) == (6, (9, 0, 0, 0, 0), 9)


def test_an_upload_that_another_one_of_the_same_file_has_overtaken_gives_way(
    upload: Uploader, ctx: Context, small_batches: None
) -> None:
    path = upload.file(numbered(9))
    with pytest.raises(Refused, match="Somebody else is uploading the same file"):
        upload(path, on_progress=lambda _: upload(path, cancelled=stop_after(2)))
    with ctx.read():
        assert (Upload.get().position, Client.select().count()) == (6, 6)


def test_two_uploads_of_one_file_at_once_double_nobody(
    upload: Uploader, ctx: Context, small_batches: None, at_once: Callable[..., list[Any]]
) -> None:
    path = upload.file(numbered(60) + "Ann0,Lee,ann0@example.ca\n")
    outcomes = at_once(lambda: upload(path), lambda: upload(path))
    assert all(isinstance(outcome, (Refused, running.ImportReport)) for outcome in outcomes), outcomes
    upload(path)
    assert len(clients(ctx)) == 60


def test_two_lists_with_the_same_people_at_once_double_nobody(
    upload: Uploader, ctx: Context, small_batches: None, at_once: Callable[..., list[Any]]
) -> None:
    one, other = (HOUSE + numbered(30, last).split("\n", 1)[1].replace("\n", ",,,,,\n") for last in ("Lee", "Li"))
    paths = [upload.file(one), upload.file(other)]
    outcomes = at_once(*(lambda path=path: upload(path) for path in paths))
    assert all(isinstance(outcome, running.ImportReport) for outcome in outcomes), outcomes
    assert len(clients(ctx)) == 31
    assert len(loans(ctx)) == 1


def test_somebody_who_adds_one_of_the_clients_meanwhile_is_not_doubled(
    upload: Uploader, ctx: Context, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = Store.find
    seen: list[int] = []

    def found_late(self: Store, keys: Any) -> Any:
        seen.append(len(keys))
        return {} if len(seen) == 1 else find(self, keys)

    desk.clients.create(upload.actor, ClientFields("Ann", "Lee", "ann@example.ca"))
    monkeypatch.setattr(Store, "find", found_late)
    assert counts(upload(ANN)) == (0, 1, 0, 0, 0)
    assert (len(seen), len(clients(ctx))) == (2, 1)


def test_somebody_who_saves_one_of_the_clients_meanwhile_is_not_overwritten_unseen(
    upload: Uploader, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(ANN)
    find = Store.find
    seen: list[int] = []

    def found_stale(self: Store, keys: Any) -> Any:
        found = find(self, keys)
        seen.append(len(keys))
        if len(seen) == 1:
            for client in found.values():
                client.version -= 1
        return found

    monkeypatch.setattr(Store, "find", found_stale)
    assert counts(upload(ANN.replace("Lee", "Li"))) == (0, 1, 0, 0, 0)
    assert (len(seen), clients(ctx)[0].version) == (2, 2)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.AUDITOR])
def test_only_staff_may_upload_and_the_refusal_is_audited(
    upload: Uploader, ctx: Context, desk: Desk, ray: MadeAgency, role: Role
) -> None:
    upload.actor = making.make_staff(desk, ray.agency, "eve@example.com", role=role)
    for dry_run in (False, True):
        with pytest.raises(Refused):
            upload(SAMPLE, dry_run=dry_run)
    assert clients(ctx) == []
    assert {entry.result for entry in making.entries(ctx, Action.UPLOAD_FINISHED)} == {"refused"}


def test_a_file_that_cannot_be_understood_begins_no_upload(upload: Uploader, ctx: Context) -> None:
    with pytest.raises(Invalid):
        upload("Name,Shoe size\nAnn,38\n")
    with ctx.read():
        assert Upload.select().count() == 0


def test_a_look_at_the_list_reads_only_the_clients_of_the_batch(
    upload: Uploader, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL, which knows nothing yet of a table being filled, once read the whole agency for every batch."""
    if not is_postgresql(ctx.database):
        pytest.skip("SQLite needs no statistics for this")
    monkeypatch.setattr(running, "BATCH_ROWS", 50)
    upload(SAMPLE)
    upload(SAMPLE)
    with ctx.read():
        ctx.database.execute_sql("SELECT pg_stat_force_next_flush()")
        of_table = "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'client'"
        ((read,),) = ctx.database.execute_sql(of_table + " AND indexrelname <> 'client_pkey'")
    assert read < 4 * 1204


def test_a_list_without_rows_is_finished_at_once(upload: Uploader) -> None:
    report = upload(PERSON)
    assert (report.finished, report.rows) == (True, 0)
