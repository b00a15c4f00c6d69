"""The file in which every refused row stands, and what an upload tells about itself."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from services.clients.importing import report as reporting
from services.errors import Invalid
from tests.services.uploading import MESSY, SAMPLE, Uploader, stop_after

BAD = "Prénom;Nom;Courriel;Pointure\n=A\x1b;Lee;ann@example.ca;38\n"


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_report_names_line_field_value_reason_and_remedy(upload: Uploader, tmp_path: Path) -> None:
    upload(MESSY, report=tmp_path / "report.csv")
    rows = written(tmp_path / "report.csv")
    assert len(rows) == 17
    assert rows[0] == {
        "Line": "5",
        "Last line": "5",
        "Field": "Courriel",
        "Value": "ann.lee@",
        "Reason": "There must be something after the @-sign.",
        "What to do": "Write it like ann@example.ca.",
    }
    assert (rows[11]["Line"], rows[11]["Last line"]) == ("18", "19")


def test_the_report_holds_nothing_that_a_spreadsheet_calculates_or_a_terminal_obeys(
    upload: Uploader, tmp_path: Path
) -> None:
    upload(BAD, report=tmp_path / "report.csv")
    assert written(tmp_path / "report.csv")[0]["Value"] == "'=A"


def test_the_report_is_for_its_owner_only(upload: Uploader, tmp_path: Path) -> None:
    upload(BAD, report=tmp_path / "report.csv")
    assert (tmp_path / "report.csv").stat().st_mode & 0o777 == 0o600


def test_a_dry_run_writes_its_report_too(upload: Uploader, tmp_path: Path) -> None:
    upload(BAD, dry_run=True, report=tmp_path / "report.csv")
    assert len(written(tmp_path / "report.csv")) == 1


def test_a_stopped_upload_leaves_no_half_report(upload: Uploader, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("older")
    assert not upload(SAMPLE, report=path, cancelled=stop_after(0)).finished
    assert path.read_text() == "older"
    assert [found.name for found in tmp_path.glob(".*report*")] == []


def test_all_refusals_stand_in_the_report_and_the_first_thousand_in_memory(
    upload: Uploader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "KEPT", 5)
    text = "First Name,Last Name,Email\n" + "Ann,Lee,ann@\n" * 12
    report = upload(text, report=tmp_path / "report.csv")
    assert (len(report.problems), report.problem_count, report.refused) == (5, 12, 12)
    assert len(written(tmp_path / "report.csv")) == 12


@pytest.mark.parametrize("name", ["nowhere/report.csv", ".", "nul\0.csv"])
def test_a_report_that_cannot_be_written_stops_the_upload_before_it_begins(
    upload: Uploader, tmp_path: Path, name: str
) -> None:
    with pytest.raises(Invalid) as refused:
        upload(BAD, report=tmp_path / name)
    assert list(refused.value.problems) == ["report"]


def test_a_report_never_takes_the_place_of_the_list(upload: Uploader) -> None:
    path = upload.file(BAD)
    with pytest.raises(Invalid, match="cannot take the place"):
        upload(path, report=path)
    assert path.read_text() == BAD


def test_an_upload_tells_how_it_understood_the_file(upload: Uploader) -> None:
    report = upload(BAD)
    assert report.columns == {"Prénom": "First Name", "Nom": "Last Name", "Courriel": "Email"}
    assert (report.ignored, report.delimiter, report.encoding, report.dates) == (
        *(("Pointure",), ";"),
        *("utf-8", "day first"),
    )
