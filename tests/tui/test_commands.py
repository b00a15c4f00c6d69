"""The commands, run in this process on both engines: what they say, what they leave, how they exit."""

from __future__ import annotations

import csv
import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import schema
from models.database import open_database
from tests.places import DATA
from tests.services.doctor.answering import House, serving
from tests.tui.conftest import Run
from tui.cli import main


def test_init_prints_a_code_and_no_password(set_up: str) -> None:
    assert "One-time code for ray@example.com" in set_up
    assert "password" not in set_up.lower().replace("choose a password", "")


def test_init_twice_hurts_nothing(run: Run, set_up: str) -> None:
    code, out, _ = run("init", "--agency", "Ray Staging", "--code", "919236", "--admin", "ray@example.com")
    assert (code, "is set up already" in out) == (0, True)


def test_init_again_gives_a_fresh_code_as_long_as_there_is_no_password(run: Run, set_up: str) -> None:
    _, again, _ = run("init", "--agency", "Ray Staging", "--code", "919236", "--admin", "ray@example.com")
    codes = [re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text) for text in (set_up, again)]
    assert [len(found) for found in codes] == [1, 1]
    assert codes[0] != codes[1]


def test_init_names_the_option_that_does_not_hold(run: Run) -> None:
    code, _, err = run("init", "--agency", "Ray Staging", "--code", "9", "--admin", "nonsense")
    assert code == 2
    assert "--code:" in err
    assert "--admin:" in err


def test_a_command_before_there_is_an_agency_says_what_to_do(run: Run) -> None:
    code, _, err = run("import", "clients", DATA / "clients.csv")
    assert (code, "trakdesk init" in err) == (2, True)


def test_an_upload_a_second_one_and_the_way_back(run: Run, set_up: str, tmp_path: Path) -> None:
    code, out, _ = run("import", "clients", DATA / "clients.csv")
    assert (code, "1,204 added" in out) == (0, True)
    code, out, _ = run("import", "clients", DATA / "clients.csv")
    assert (code, "0 added, 0 changed, 1,204 unchanged" in out) == (0, True)
    code, out, _ = run("export", "clients", tmp_path / "out.csv")
    assert (code, "1,204 clients in 1,447 rows" in out) == (0, True)
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    code, out, _ = run("import", "clients", tmp_path / "out.csv")
    assert (code, "0 added, 0 changed, 1,204 unchanged" in out) == (0, True)


def test_refused_rows_exit_with_1_and_stand_in_the_report(run: Run, set_up: str, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    code, out, _ = run("import", "clients", DATA / "clients-messy-excel.csv", "--report", report)
    assert code == 1
    assert "rows refused" in out
    with report.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 15
    assert all(len(row) == len(rows[0]) for row in rows)


def test_a_dry_run_stores_nothing(run: Run, set_up: str) -> None:
    _, out, _ = run("import", "clients", DATA / "clients.csv", "--dry-run")
    assert out.startswith("Dry run: nothing was stored.")
    _, out, _ = run("import", "clients", DATA / "clients.csv", "--dry-run")
    assert "1,204 added" in out


def test_an_upload_of_office_staff_makes_the_offices_and_a_second_one_changes_nothing(run: Run, set_up: str) -> None:
    code, out, _ = run("import", "staff", DATA / "office-staff.csv", "--dry-run")
    assert (code, "Dry run" in out, "20 added" in out) == (0, True, True)
    code, out, _ = run("import", "staff", DATA / "office-staff.csv")
    assert (code, "20 added" in out) == (0, True)
    assert "New offices: Ray Staging, HomeTrak Software, San Diego." in out
    code, out, _ = run("import", "staff", DATA / "office-staff.csv")
    assert (code, "0 added, 0 changed, 20 unchanged, 0 rows refused" in out) == (0, True)


def test_refused_office_staff_are_named_and_stand_in_the_report(run: Run, set_up: str, tmp_path: Path) -> None:
    path, report = tmp_path / "staff.csv", tmp_path / "report.csv"
    path.write_text("First Name,Last Name,Email\nIda,Green,ida@\n")
    code, out, _ = run("import", "staff", path, "--report", report)
    assert (code, "line 2, Email" in out, report.exists()) == (1, True, True)


def test_a_file_that_is_not_there_is_named(run: Run, set_up: str) -> None:
    code, _, err = run("import", "clients", "/nowhere/clients.csv")
    assert (code, "No such file" in err) == (2, True)


def test_a_company_code_that_nobody_has_is_told(run: Run, set_up: str, tmp_path: Path) -> None:
    code, _, err = run("export", "clients", tmp_path / "out.csv", "--agency", "OTHER")
    assert (code, "Known ones: 919236" in err) == (2, True)


def test_deliver_once_sends_what_waits(run: Run, set_up: str) -> None:
    assert run("deliver", "--once")[:2] == (0, "1 sent, 0 waiting, 0 failed.\n")
    assert run("deliver", "--once")[:2] == (0, "0 sent, 0 waiting, 0 failed.\n")


def test_deliver_once_without_a_server_that_answers_says_that_mail_waits(
    run: Run, set_up: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAKDESK_MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("TRAKDESK_MAIL_PORT", "1")
    monkeypatch.setenv("TRAKDESK_MAIL_SECURITY", "none")
    assert run("deliver", "--once")[:2] == (1, "0 sent, 1 waiting, 0 failed.\n")


def test_db_status_of_an_empty_and_of_a_current_database(run: Run) -> None:
    assert run("db", "status")[0] == 1
    assert run("db", "upgrade")[:2] == (0, "Upgraded: 0001_initial.\n")
    code, out, _ = run("db", "status")
    assert (code, "up to date" in out) == (0, True)
    assert run("db", "upgrade")[:2] == (0, "Nothing to do: the tables are up to date.\n")


def test_db_status_shows_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAKDESK_DATABASE_URL", "postgresql://desk:geheim@127.0.0.1:1/x?connect_timeout=1")
    assert main(["--home", str(tmp_path), "db", "status"]) == 3
    printed = capsys.readouterr()
    assert "geheim" not in printed.out + printed.err


def test_an_older_database_is_refused_with_the_command(run: Run, set_up: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = schema.expected()
    monkeypatch.setattr(schema, "expected", lambda: [*done, "9999_new"])
    code, _, err = run("deliver", "--once")
    assert (code, "trakdesk db upgrade" in err) == (3, True)
    assert run("db", "status")[0] == 1


def test_a_backup_can_be_opened_as_a_desk(run: Run, set_up: str, database_url: str, tmp_path: Path) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's own programs restore its archive")
    assert run("db", "backup", tmp_path / "copy.sqlite3")[0] == 0
    copy = open_database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")
    with copy.connection_context():
        assert copy.execute_sql("SELECT name FROM agency").fetchone() == ("Ray Staging",)
    assert run("db", "backup", tmp_path / "copy.sqlite3")[0] == 2


@pytest.fixture
def portal(set_up: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A portal that runs at the address of the desk."""
    with serving(House()) as house:
        monkeypatch.setenv("TRAKDESK_PUBLIC_URL", f"http://127.0.0.1:{house.port}")
        monkeypatch.setenv("TRAKDESK_PORTAL_PORT", str(house.port))
        yield


@pytest.mark.usefixtures("portal")
def test_the_doctor_finds_a_desk_that_is_well(run: Run) -> None:
    code, out, _ = run("doctor")
    assert (code, "All is well." in out) == (0, True), out


def test_the_doctor_names_what_to_mend(run: Run, set_up: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home" / "keys").chmod(0o644)
    (tmp_path / "home").chmod(0o755)
    monkeypatch.setenv("TRAKDESK_PUBLIC_URL", "")
    monkeypatch.setenv("TRAKDESK_MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("TRAKDESK_MAIL_PORT", "1")
    code, out, _ = run("doctor")
    assert code == 1
    for part in ("home", "keys", "mail", "portal"):
        assert f"BAD   {part}:" in out, out
    assert "chmod 700" in out


@pytest.mark.usefixtures("portal")
def test_the_doctor_tells_a_program_the_same_as_json(run: Run) -> None:
    code, out, _ = run("doctor", "--json")
    told = {finding["part"]: finding for finding in json.loads(out)}
    assert code == 0
    assert (told["keys"]["state"], told["mail"]["state"]) == ("well", "unused")
    assert set(told["mail"]) == {"part", "state", "words", "remedy"}


def test_the_doctor_of_a_desk_that_was_never_opened_changes_nothing(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("doctor")
    assert (code, "BAD   home:" in out) == (1, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("words", [["--help"], ["import", "--help"], ["db", "--help"], ["init", "--help"]])
def test_help_helps(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert "usage: trakdesk" in capsys.readouterr().out


def test_a_fault_of_ours_shows_a_reference_and_no_values(
    run: Run, set_up: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is plover")

    monkeypatch.setattr("services.mail.delivery.Delivery.run_once", fail)
    code, _, err = run("deliver", "--once")
    assert (code, "Reference:" in err, "plover" in err) == (70, True, False)
