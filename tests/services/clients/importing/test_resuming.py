"""An upload that stops, dies or meets another one: whole batches, nobody twice, and on from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from peewee import OperationalError

from models.client import Client, Upload
from services.audit import Action
from services.clients.importing import run as running
from services.clients.importing.report import Progress
from services.clients.importing.storing import Store
from services.clients.importing.upload import Position
from services.clients.values import ClientFields
from services.context import Context
from services.desk import Desk
from services.errors import Invalid, Refused, Unavailable
from tests import making
from tests.services.uploading import ANN, HOUSE, PERSON, Uploader, clients, counts, loans, numbered, stop_after


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


def test_a_file_that_cannot_be_understood_begins_no_upload(upload: Uploader, ctx: Context) -> None:
    with pytest.raises(Invalid):
        upload("Name,Shoe size\nAnn,38\n")
    with ctx.read():
        assert Upload.select().count() == 0


def test_a_list_without_rows_is_finished_at_once(upload: Uploader) -> None:
    report = upload(PERSON)
    assert (report.finished, report.rows) == (True, 0)
