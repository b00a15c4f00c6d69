"""The list as a file: whole or not at all, harmless in a spreadsheet, and taken back by an upload without a change."""

from __future__ import annotations

import csv
import json
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.client import Mortgage, Property
from models.states import Role
from services.audit import Action
from services.clients import export as client_export
from services.clients.importing.formulas import protect, unprotect
from services.clients.importing.headers import Column
from services.context import Context
from services.desk import Desk
from services.errors import Invalid, Refused
from tests import making
from tests.making import MadeAgency
from tests.services.uploading import MESSY, SAMPLE, Uploader, clients, counts, loans, stop_after


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "exported.csv"


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_an_export_has_the_columns_and_rows_of_the_sample(upload: Uploader, desk: Desk, target: Path) -> None:
    upload(SAMPLE)
    report = desk.exports.run(upload.actor, target)
    assert (report.clients, report.rows, report.finished) == (1204, 1447, True)
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        sample = list(csv.DictReader(file))
    rows = written(target)
    assert list(rows[0])[: len(sample[0])] == list(sample[0])
    exact = [name for name in sample[0] if name not in (Column.PHONE.value, Column.RENEWAL.value)]
    assert [[row[name] for name in exact] for row in rows] == [[row[name] for name in exact] for row in sample]
    assert (rows[0]["Phone Number"], rows[0]["Renewal Date"]) == ("(519) 555-0143", "2027-08-26")


@pytest.mark.parametrize("sample", [SAMPLE, MESSY])
def test_an_export_taken_back_changes_nothing(
    upload: Uploader, desk: Desk, ctx: Context, target: Path, sample: Path
) -> None:
    upload(sample)
    before = [client.__data__ for client in clients(ctx)], loans(ctx)
    rows = desk.exports.run(upload.actor, target).rows
    report = upload(target)
    assert counts(report) == (0, 0, len(before[0]), rows - len(before[0]), 0)
    assert ([client.__data__ for client in clients(ctx)], loans(ctx)) == before


def test_an_export_taken_to_another_agency_makes_the_same_list(
    upload: Uploader, desk: Desk, ctx: Context, target: Path, tmp_path: Path
) -> None:
    upload(SAMPLE)
    desk.exports.run(upload.actor, target)
    other = Uploader(desk, making.make_agency(desk, "OTHER", "eve@example.com"), tmp_path)
    assert other(target).added == 1204
    copied = tmp_path / "copied.csv"
    assert desk.exports.run(other.actor, copied).clients == 1204
    assert copied.read_bytes() == target.read_bytes()


def test_names_that_a_spreadsheet_would_calculate_are_protected_and_come_back(
    upload: Uploader, desk: Desk, ctx: Context, ray: MadeAgency, target: Path
) -> None:
    names = ["=1+1", "+A", "-B", "@C", "'=D", "'E", "''@F", "＝G"]
    for number, name in enumerate(names):
        making.make_client(desk, ray.agency, f"c{number}@example.ca", first=name, last="X", phone="+442079460000")
    desk.exports.run(upload.actor, target)
    rows = written(target)
    assert [row["First Name"] for row in rows] == ["'=1+1", "'+A", "'-B", "'@C", "''=D", "'E", "'''@F", "'＝G"]
    assert rows[0]["Phone Number"] == "'+44 20 7946 0000"
    assert counts(upload(target)) == (0, 0, len(names), 0, 0)


@given(text=st.text(st.sampled_from("'=+-@\t\r\n\0Ab ＝")))
@settings(suppress_health_check=[HealthCheck.differing_executors])
def test_protection_is_always_taken_off_exactly(text: str) -> None:
    assert unprotect(protect(text)) == text
    assert protect(text)[:1] not in tuple("=+-@\t\r\n\0＝")


def test_a_property_without_a_loan_and_two_alike_loans_come_back(
    upload: Uploader, desk: Desk, ctx: Context, ray: MadeAgency, target: Path
) -> None:
    ann = making.make_client(desk, ray.agency, "ann@example.ca", first="Ann", last="Lee")
    with ctx.unit():
        Property.create(client=ann, address="1 Main St")
        home = Property.create(client=ann, address="2 Main St")
        for balance in (100, 200):
            Mortgage.create(property=home, lender="MCAP", balance=balance)
    before = loans(ctx)
    desk.exports.run(upload.actor, target)
    assert counts(upload(target)) == (0, 0, 1, 2, 0)
    assert loans(ctx) == before


def test_an_export_holds_the_own_agency_only(upload: Uploader, desk: Desk, tmp_path: Path, target: Path) -> None:
    other = Uploader(desk, making.make_agency(desk, "OTHER", "eve@example.com"), tmp_path)
    other(MESSY)
    assert desk.exports.run(upload.actor, target).rows == 0
    assert written(target) == []


def test_an_export_is_for_its_owner_only(upload: Uploader, desk: Desk, target: Path) -> None:
    target.write_text("older")
    target.chmod(0o666)
    desk.exports.run(upload.actor, target)
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_stopped_export_leaves_the_file_as_it_was(
    upload: Uploader, desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_export, "PAGE", 2)
    upload(MESSY)
    target.write_text("older")
    report = desk.exports.run(upload.actor, target, cancelled=stop_after(1))
    assert (report.finished, report.clients) == (False, 2)
    assert target.read_text() == "older"
    assert sorted(path.name for path in target.parent.glob(".*")) == []


def test_progress_counts_clients_page_by_page(
    upload: Uploader, desk: Desk, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_export, "PAGE", 4)
    upload(MESSY)
    shown: list[tuple[int, int]] = []
    desk.exports.run(upload.actor, target, on_progress=lambda done, total: shown.append((done, total)))
    assert shown == [(4, 6), (6, 6)]


def test_an_export_is_audited(upload: Uploader, desk: Desk, ctx: Context, target: Path) -> None:
    upload(MESSY)
    desk.exports.run(upload.actor, target)
    (entry,) = making.entries(ctx, Action.LIST_EXPORTED)
    assert (entry.subject, entry.result, json.loads(entry.details)) == (
        *("exported.csv", "done"),
        {"clients": 6, "rows": 6},
    )


@pytest.mark.parametrize("role", [Role.CLIENT, Role.AUDITOR])
def test_only_staff_may_export_and_the_refusal_is_audited(
    upload: Uploader, desk: Desk, ctx: Context, ray: MadeAgency, target: Path, role: Role
) -> None:
    nosy = making.make_staff(desk, ray.agency, "eve@example.com", role=role)
    with pytest.raises(Refused):
        desk.exports.run(nosy, target)
    assert not target.exists()
    assert [entry.result for entry in making.entries(ctx, Action.LIST_EXPORTED)] == ["refused"]


@pytest.mark.parametrize("place", ["nowhere/list.csv", "."])
def test_a_place_that_cannot_be_written_is_refused_in_words(
    upload: Uploader, desk: Desk, tmp_path: Path, place: str
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.exports.run(upload.actor, tmp_path / place)
    assert list(refused.value.problems) == ["file"]


def test_a_disk_that_takes_no_more_leaves_no_half_file(upload: Uploader, desk: Desk, target: Path) -> None:
    upload(SAMPLE)
    target.write_text("older")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(Invalid, match="cannot be written"):
            desk.exports.run(upload.actor, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert target.read_text() == "older"
    assert sorted(path.name for path in target.parent.glob(".*")) == []
