"""A database that cannot serve is told in a sentence, and nothing is half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest
from peewee import DatabaseError, IntegrityError

import models.database
from models.agency import Agency
from services.context import Context
from services.errors import Unavailable


def an_agency(ctx: Context, code: str) -> Agency:
    return Agency.create(name="Ray Staging", code=code, code_key=code, created_at=ctx.clock.now())


def codes(ctx: Context) -> list[str]:
    with ctx.read():
        return [agency.code for agency in Agency.select().order_by(Agency.id)]


@pytest.fixture
def sqlite_only(request: pytest.FixtureRequest, database_url: str) -> Path:
    if not database_url.startswith("sqlite"):
        pytest.skip("this fault is made with an SQLite file")
    return Path(database_url.removeprefix("sqlite:///"))


def test_a_unit_stores_all_of_it(ctx: Context) -> None:
    with ctx.unit():
        an_agency(ctx, "1")
        an_agency(ctx, "2")
    assert codes(ctx) == ["1", "2"]


def test_a_unit_that_fails_stores_nothing(ctx: Context) -> None:
    with pytest.raises(RuntimeError), ctx.unit():
        an_agency(ctx, "1")
        raise RuntimeError
    assert codes(ctx) == []


def test_a_broken_constraint_reaches_the_service_that_risked_it(ctx: Context) -> None:
    with ctx.unit():
        an_agency(ctx, "1")
    with pytest.raises(IntegrityError), ctx.unit():
        an_agency(ctx, "1")


def test_units_may_be_nested_and_the_outer_one_decides(ctx: Context) -> None:
    with pytest.raises(RuntimeError), ctx.unit():
        with ctx.unit():
            an_agency(ctx, "1")
        raise RuntimeError
    assert codes(ctx) == []


@contextmanager
def locked(path: Path) -> Iterator[None]:
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")


def test_a_locked_database_says_that_somebody_else_is_saving(ctx: Context, sqlite_only: Path) -> None:
    with ctx.read():
        ctx.database.connection().set_busy_timeout(50)
    with locked(sqlite_only), pytest.raises(Unavailable, match="Somebody else is saving"), ctx.unit():
        an_agency(ctx, "1")
    with ctx.unit():
        an_agency(ctx, "1")
    assert codes(ctx) == ["1"]


def test_a_locked_row_on_postgresql_says_the_same(ctx: Context, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("this lock is PostgreSQL's")
    import psycopg

    with ctx.unit():
        an_agency(ctx, "1")
    with psycopg.connect(database_url) as other:
        other.execute("SELECT * FROM agency FOR UPDATE")
        with pytest.raises(Unavailable, match="Somebody else is saving"), ctx.unit():
            ctx.database.execute_sql("SET LOCAL lock_timeout = '50ms'")
            Agency.update(name="x").execute()
    assert codes(ctx) == ["1"]


def test_a_full_disk_is_told_and_earlier_work_stays(ctx: Context, sqlite_only: Path) -> None:
    with ctx.unit():
        an_agency(ctx, "1")
    with ctx.read():
        pages = ctx.database.execute_sql("PRAGMA page_count").fetchone()[0]
        ctx.database.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="full"), ctx.unit():
        Agency.create(name="x", code="2", code_key="2", address="x" * 2_000_000, created_at=ctx.clock.now())
    assert codes(ctx) == ["1"]


def test_a_read_only_database_can_be_read_and_says_why_it_cannot_be_written(ctx: Context, sqlite_only: Path) -> None:
    with ctx.read():
        ctx.database.execute_sql("PRAGMA query_only = 1")
    with pytest.raises(Unavailable, match="read-only"), ctx.unit():
        an_agency(ctx, "1")
    assert codes(ctx) == []


def test_a_damaged_file_is_told(tmp_path: Path, ctx: Context, sqlite_only: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"this is not a database at all, but long enough to be taken for one" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(broken).execute("SELECT * FROM sqlite_master")
    damaged = Context(models.database.open_database(f"sqlite:///{broken}"), ctx.clock, ctx.keys, ctx.settings)
    with pytest.raises(Unavailable, match="damaged"), damaged.read():
        damaged.database.execute_sql("SELECT * FROM sqlite_master")


def test_a_fault_of_ours_is_not_blamed_on_the_database(ctx: Context) -> None:
    with pytest.raises(DatabaseError), ctx.read():
        ctx.database.execute_sql("SELECT FROM WHERE")


def test_a_server_that_is_away_is_told(ctx: Context) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
    away = Context(models.database.open_database(url), ctx.clock, ctx.keys, ctx.settings)
    with pytest.raises(Unavailable, match="does not answer"), away.read():
        pass
