"""`trakdesk report`: what it prints, to whom, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.text import safe
from tests.places import DATA, ROOT
from tests.tui.conftest import Run


@pytest.fixture
def clients(run: Run, set_up: str) -> None:
    """The sample's 1,204 clients."""
    run("import", "clients", DATA / "clients.csv")


def test_without_a_name_it_tells_which_reports_there_are_and_good_news_is_a_sentence(run: Run, set_up: str) -> None:
    code, out, err = run("report")
    assert (code, err, run("report", "--list")[1]) == (0, "", out)
    assert "renewals (--days N, 90 unless said)\n  Mortgages whose term ends" in out
    assert max(map(len, out.splitlines())) < 80
    assert run("report", "locked-out", "--format", "table") == (
        *(0, "Locked out or waiting now\nNobody is locked out, and nobody has to wait.\n", ""),
    )


def test_a_pipe_gets_csv_a_file_too_a_program_json_and_people_a_table(run: Run, clients: None, tmp_path: Path) -> None:
    code, out, err = run("report", "renewals")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert (code, err, len(rows) > 300) == (0, "", True)
    target = tmp_path / "out.csv"
    assert run("report", "renewals", "--output", target) == (0, f"{len(rows):,} rows: {target}\n", "")
    assert list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"), newline=""))) == rows
    code, _, err = run("report", "renewals", "--output", target)
    assert (code, "--output: " in err, "is there already" in err) == (2, True, True)
    told = json.loads(run("report", "renewals", "--format", "json")[1])
    assert (told["count"], told["complete"]) == (len(rows), True)
    assert [row["email"] for row in told["rows"]] == [row["email"] for row in rows]
    code, out, _ = run("report", "renewals", "--format", "table")
    title, finding, blank, heads, *lines = out.splitlines()
    assert (code, title, finding, blank) == (0, "Renewals due · 90 days from today", told["finding"], "")
    assert heads.split()[:2] == ["Name", "E-mail"]
    assert len(lines) == len(rows)
    assert lines[0].startswith(rows[0]["name"])
    assert "$" in lines[0]


def test_what_does_not_hold_is_named_by_its_option_and_an_office_is_found_whatever_the_case(
    run: Run, set_up: str
) -> None:
    run("import", "staff", DATA / "office-staff.csv")
    for words, told in (
        (("nonsense",), "NAME: There is no report 'nonsense'. Known ones: locked-out"),
        (("renewals", "--days", "-1"), "--days: Choose a number from 0 to 3,650."),
        (("locked-out", "--days", "3"), "--days: The report locked-out asks for no days."),
        (("renewals", "--office", "Nowhere"), "--office: There is no office Nowhere. Known ones: HomeTrak Software"),
        (("renewals", "--format", "table", "--output", "x"), "--format: A file is written as csv or as json."),
        (("renewals", "--agency", "OTHER"), "Name the agency by its company code."),
    ):
        code, out, err = run("report", *words)
        assert (code, out, told in err) == (2, "", True), err
    code, out, _ = run("report", "renewals", "--office", "san DIEGO", "--format", "json")
    assert (code, json.loads(out)["office"]) == (0, "San Diego")


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_ends_it_quietly(run: Run, clients: None, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tui", "--home", str(tmp_path / "home"), "report", "renewals", "--days", "3650"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"name,")
        process.stdout.close()
        assert (process.wait(60), safe(process.stderr.read().decode())) == (0, "")
