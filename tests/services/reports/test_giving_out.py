"""Reports that leave the desk: CSV and JSON that programs read, whole or told to be broken off, and always audited."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.client import Mortgage
from models.states import AuditResult, Role
from services.audit import Action
from services.clock import ManualClock
from services.desk import Desk
from services.errors import DeskError, Invalid, Refused, SignedOut
from services.reports import renewals
from services.reports.catalogue import report_named
from services.reports.giving_out import CsvWriter, Form, JsonWriter, Writer
from services.reports.values import asked_of
from tests import making
from tests.making import MadeAgency
from tests.services.creating import make_office
from tests.services.reports.test_renewals import owe

HEADER = ["name", "email", "phone", "office", "property", "lender", "balance", "rate", "renewal_on", "days_left"]
RENEWALS = asked_of(report_named("renewals"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "report.csv"


def given(desk: Desk, ray: MadeAgency, make: Callable[[Callable[[str], None]], Writer], **asked: Any) -> str:
    """What is handed out, as one text."""
    out: list[str] = []
    desk.reports.to_stream(ray.admin, replace(RENEWALS, **asked), make(out.append), "test")
    return "".join(out)


def test_csv_has_the_names_of_the_columns_plain_numbers_and_no_formulas(desk: Desk, ray: MadeAgency) -> None:
    owe(desk, ray, "=Brent", -3)
    rows = list(csv.reader(io.StringIO(given(desk, ray, CsvWriter), newline="")))
    assert rows == [
        HEADER,
        [
            *("'=Brent Thomas", "'=brent@example.com", "(519) 555-0143", "", "1 Main St", "MCAP"),
            *("284310.55", "3.79", "2026-11-18", "-3"),
        ],
    ]


def test_json_is_one_object_with_the_facts_the_rows_and_whether_those_are_all(desk: Desk, ray: MadeAgency) -> None:
    office = int(make_office(desk, ray.agency).id)
    owe(desk, ray, "Brent", -3, 4)
    with desk.ctx.unit():
        Mortgage.update(rate=Decimal("4.895")).where(Mortgage.id == 2).execute()
    told = json.loads(given(desk, ray, JsonWriter))
    assert list(told) == [
        *("report", "title", "about", "agency", "office", "days", "at", "finding", "columns"),
        *("rows", "count", "complete"),
    ]
    assert (told["report"], told["agency"], told["office"], told["days"]) == ("renewals", "RAY-919", None, 90)
    assert (told["at"], told["count"], told["complete"]) == ("2026-11-21T10:00:00Z", 2, True)
    assert [column["name"] for column in told["columns"]] == HEADER
    assert list(told["rows"][0]) == HEADER
    assert [row["days_left"] for row in told["rows"]] == [-3, 4]
    assert [(row["balance"], row["rate"]) for row in told["rows"]] == [(284310.55, 3.79), (284310.55, 4.895)]
    empty = json.loads(given(desk, ray, JsonWriter, office_id=office))
    assert (empty["office"], empty["rows"], empty["count"], empty["complete"]) == ("San Diego", [], 0, True)


def test_a_report_that_breaks_off_is_json_that_says_so(
    desk: Desk, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewals, "PAGE", 1)
    for name in ("Ann", "Bob", "Cid"):
        owe(desk, ray, name, 5)
    out: list[str] = []
    stops = iter([False] * 6 + [True])
    told = desk.reports.to_stream(ray.admin, RENEWALS, JsonWriter(out.append), "json", cancelled=lambda: next(stops))
    assert not told.finished
    broken = json.loads("".join(out))
    assert (broken["count"], len(broken["rows"]), broken["complete"]) == (2, 2, False)
    assert broken["error"] == "It was stopped by hand."


def test_a_session_that_ends_in_the_middle_breaks_it_off_too(
    desk: Desk, clock: ManualClock, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewals, "PAGE", 1)
    for name in ("Ann", "Bob"):
        owe(desk, ray, name, 5)
    who = making.make_staff(desk, ray.agency, "who@example.com", role=Role.SUPERVISOR)
    out: list[str] = []

    def put(text: str) -> None:
        out.append(text)
        if "Ann" in text:
            clock.advance(hours=13)

    with pytest.raises(SignedOut):
        desk.reports.to_stream(who, RENEWALS, JsonWriter(put), "json")
    assert "session has ended" in json.loads("".join(out))["error"]


def test_a_file_appears_whole_for_its_owner_and_overwrites_nothing(
    desk: Desk, ray: MadeAgency, target: Path, tmp_path: Path
) -> None:
    owe(desk, ray, "Zoë", 5)
    seen: list[tuple[int, int]] = []
    told = desk.reports.to_file(
        ray.admin, RENEWALS, target, Form.CSV, on_progress=lambda done, total: seen.append((done, total))
    )
    assert (told.rows, told.finished, seen) == (1, True, [(1, 1)])
    assert target.read_bytes()[:3] == b"\xef\xbb\xbf"
    assert "Zoë Thomas" in target.read_text("utf-8-sig")
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Invalid, match="is there already"):
        desk.reports.to_file(ray.admin, RENEWALS, target, Form.CSV)
    other = tmp_path / "report.json"
    desk.reports.to_file(ray.admin, RENEWALS, other, Form.JSON)
    assert json.loads(other.read_text())["count"] == 1


def test_a_stopped_file_is_not_there(desk: Desk, ray: MadeAgency, target: Path) -> None:
    owe(desk, ray, "Ann", 5)
    assert not desk.reports.to_file(ray.admin, RENEWALS, target, Form.CSV, cancelled=lambda: True).finished
    assert list(target.parent.glob("*report*")) == []
    assert making.entries(desk.ctx, Action.REPORT_EXPORTED) == []


def test_what_leaves_is_audited_before_it_leaves_and_so_is_a_refusal(desk: Desk, ray: MadeAgency, target: Path) -> None:
    owe(desk, ray, "Ann", 5)

    def put(text: str) -> None:
        assert len(making.entries(desk.ctx, Action.REPORT_EXPORTED)) == 1

    desk.reports.to_stream(ray.admin, RENEWALS, CsvWriter(put), "csv")
    desk.reports.to_file(ray.admin, RENEWALS, target, Form.CSV)
    entries = making.entries(desk.ctx, Action.REPORT_EXPORTED)
    facts = {"report": "renewals", "days": 90, "office": None, "form": "csv", "rows": 1}
    assert [(entry.subject, json.loads(entry.details)) for entry in entries] == [
        ("renewals", facts),
        ("report.csv", facts),
    ]
    agent = making.make_staff(desk, ray.agency, "ann@example.com")
    actions = asked_of(report_named("actions"))
    with pytest.raises(Refused):
        desk.reports.to_stream(agent, actions, CsvWriter(put), "csv")
    with pytest.raises(Refused):
        desk.reports.to_file(agent, actions, target.with_name("other.csv"), Form.CSV)
    assert [entry.result for entry in making.entries(desk.ctx, Action.REPORT_EXPORTED)[2:]] == [AuditResult.REFUSED] * 2


def test_a_place_that_cannot_be_written_is_named(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="cannot be written"):
        desk.reports.to_file(ray.admin, RENEWALS, tmp_path / "nowhere" / "r.csv", Form.CSV)
