"""`trakdesk import legacy FILE` on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.agency import Agency
from services.opening import open_desk
from services.settings import load_settings
from tests.places import DATA
from tests.services.creating import make_office
from tests.tui.conftest import Run

SAMPLE = DATA / "legacy-users.csv"


@pytest.fixture(autouse=True)
def _offices(set_up: str, tmp_path: Path) -> None:
    """The agency has two of the three offices of the sample."""
    desk = open_desk(load_settings(tmp_path / "home"))
    with desk.ctx.read():
        agency = Agency.get()
    for name in ("Ray Staging", "San Diego"):
        make_office(desk, agency, name)
    desk.ctx.database.close_all()  # type: ignore[attr-defined] # both engines' pools have it


def test_a_dry_run_an_import_and_a_second_one(run: Run) -> None:
    code, out, err = run("import", "legacy", SAMPLE, "--dry-run")
    assert (code, err) == (1, "")
    assert out.startswith("Dry run: nothing was stored.")
    assert "14 added, 0 changed, 0 unchanged, 6 rows refused." in out
    code, out, _ = run("import", "legacy", SAMPLE)
    assert (code, "14 added" in out) == (1, True)
    assert "line 4, Office: There is no such office here. Import the office staff first" in out
    assert "line 14, Email: Taken without an e-mail address" in out
    code, out, _ = run("import", "legacy", SAMPLE)
    assert "0 added, 0 changed, 14 unchanged, 6 rows refused." in out


def test_the_report_names_every_row_that_needs_a_look(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("import", "legacy", SAMPLE, "--report", tmp_path / "report.csv")
    assert (code, f"Report: {tmp_path / 'report.csv'}" in out) == (1, True)
    lines = (tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 6 + 1
    assert "$2b$" not in "".join(lines)


def test_a_file_that_is_not_there_is_told_and_nothing_happens(run: Run, tmp_path: Path) -> None:
    code, out, err = run("import", "legacy", tmp_path / "nothing.csv")
    assert (code, out) == (2, "")
    assert "cannot be read" in err
