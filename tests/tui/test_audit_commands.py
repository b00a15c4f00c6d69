"""`trakdesk audit` and `trakdesk keys`, run in this process on both engines: what they say and how they exit."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from models.audit import AuditEntry, AuditHead
from services.keys import Keys
from services.opening import open_desk
from services.settings import load_settings
from tests.making import HERE, PASSWORD
from tests.tampering import behind_the_triggers
from tests.tui.conftest import Run


@pytest.fixture
def home(tmp_path: Path, set_up: str) -> Path:
    """The home of an agency that was just set up: its trail has one entry."""
    return tmp_path / "home"


def tamper(home: Path, **columns: object) -> None:
    with behind_the_triggers(open_desk(load_settings(home)).ctx):
        AuditEntry.update(**columns).execute()


def test_a_whole_trail_exits_with_0(run: Run, home: Path) -> None:
    code, out, _ = run("audit", "verify")
    assert (code, out.startswith("The trail is whole: 1 entry; give --anchor")) == (0, True)


def test_a_changed_entry_is_named_and_exits_with_1(run: Run, home: Path) -> None:
    tamper(home, reason="x")
    code, out, _ = run("audit", "verify")
    assert code == 1
    assert "BAD    Entry 1 was changed after it was written (20" in out
    assert "set up the agency, about ray@example.com)" in out


def test_an_anchor_is_printed_kept_and_checked(run: Run, home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "anchors"
    code, out, _ = run("audit", "anchor", kept)
    assert (code, out) == (0, kept.read_text())
    assert run("audit", "verify", "--anchor", kept)[:2] == (0, "The trail is whole: 1 entry; all anchors fit.\n")
    number, seal, _ = out.split()
    kept.write_text(f"{number} {seal[::-1]} forged\n")
    code, out, _ = run("audit", "verify", "--anchor", kept)
    assert (code, "The anchor of entry 1 does not fit" in out) == (1, True)


@pytest.mark.parametrize("text", [None, "nonsense", "1 abc"])
def test_a_file_that_holds_no_anchors_exits_with_2(run: Run, home: Path, tmp_path: Path, text: str | None) -> None:
    kept = tmp_path / "anchors"
    if text is not None:
        kept.write_text(text)
    code, _, err = run("audit", "verify", "--anchor", kept)
    assert (code, err.startswith("--anchor: ")) == (2, True)


def test_a_trail_without_its_head_stops_every_change_until_it_is_accepted(run: Run, home: Path) -> None:
    with open_desk(load_settings(home)).ctx.unit():
        AuditHead.update(mac="0" * 64).execute()
    code, _, err = run("keys", "retire")
    assert code == 0
    code, _, err = run("audit", "export", home / "x.csv")
    assert (code, "trakdesk audit verify" in err) == (3, True)
    assert run("doctor")[0] == 1
    assert run("audit", "verify")[0] == 1
    code, _, err = run("audit", "reseal", "--reason", " ")
    assert (code, err.startswith("--reason: Say why")) == (2, True)
    assert run("audit", "reseal", "--reason", "restored the backup of Monday")[0] == 0
    assert run("audit", "export", home / "x.csv")[0] == 0
    assert run("audit", "verify")[0] == 0


def test_an_export_takes_filters_and_names_what_it_does_not_know(run: Run, home: Path) -> None:
    path = home / "audit.csv"
    code, out, _ = run("audit", "export", path, "--action", "agency_founded", "--from", "2026-01-01", "--whom", "ray")
    assert (code, out) == (0, f"1 written: {path}\n")
    with path.open(newline="", encoding="utf-8-sig") as file:
        assert [row["event"] for row in csv.DictReader(file)] == ["agency_founded"]
    for option, value in (("--from", "yesterday"), ("--to", "2026-13-01"), ("--action", "dance")):
        code, _, err = run("audit", "export", home / "y.csv", option, value)
        assert (code, err.startswith(f"{option}: {value} is no")) == (2, True)
    assert run("audit", "export", path)[0] == 2


def test_keys_are_turned_and_retired(run: Run, home: Path) -> None:
    code, out, _ = run("keys", "rotate")
    assert (code, "New pepper: 2, in use." in out, "New cipher: 2, in use." in out) == (0, True, True)
    code, out, _ = run("keys", "rotate", "--pepper", "--prepare")
    assert (code, "New pepper: 3, in the file, not in use yet." in out, "cipher" in out) == (0, True, False)
    code, out, _ = run("keys", "retire")
    assert (code, "Gone: pepper 1.\nGone: cipher 1.\n" in out) == (0, True)
    assert set(Keys.load(home / "keys").peppers) == {"2", "3"}
    assert run("audit", "verify")[0] == 0


def test_a_lost_key_file_is_one_sentence(run: Run, home: Path) -> None:
    (home / "keys").rename(home / "away")
    code, out, err = run("audit", "verify")
    assert (code, out) == (3, "")
    assert err.count("\n") == 1
    assert "belongs to another database" in err


def test_with_the_key_file_lost_for_good_an_administrator_comes_in_and_the_past_stays_on_record(
    run: Run, home: Path
) -> None:
    code, _, err = run("keys", "adopt", "--admin", "ray@example.com", "--reason", "lost")
    assert (code, "belong to this database already" in err) == (2, True)
    (home / "keys").unlink()
    assert run("audit", "verify")[0] == 3
    code, _, err = run("keys", "adopt", "--admin", "nobody@example.com", "--reason", "lost")
    assert (code, err.startswith("--admin: ")) == (2, True)
    code, _, err = run("keys", "adopt", "--admin", "ray@example.com", "--reason", " ")
    assert (code, err.startswith("--reason: ")) == (2, True)
    code, out, _ = run("keys", "adopt", "--admin", "ray@example.com", "--reason", "the disk burnt, the copy too")
    assert (code, "One-time code for ray@example.com: " in out) == (0, True)
    desk = open_desk(load_settings(home))
    typed = out.split("ray@example.com: ")[1].split()[0]
    desk.recovery.choose_password(typed, "ray@example.com", PASSWORD, HERE)
    assert desk.sign_in.sign_in("919236", "ray@example.com", PASSWORD, HERE).is_staff
    code, out, _ = run("audit", "verify")
    assert (code, "known  Entry 1 was changed" in out) == (0, True)
