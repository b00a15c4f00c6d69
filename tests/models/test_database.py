"""Opening a database by URL, and what the pools do after trouble."""

from __future__ import annotations

import stat
from pathlib import Path

import apsw
import pytest
from peewee import OperationalError

from models.database import is_postgresql, open_database, sqlite_path


def test_a_new_sqlite_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    database = open_database(f"sqlite:///{path}")
    with database.connection_context():
        database.execute_sql("CREATE TABLE t (x)")
        for file in tmp_path.glob("desk.sqlite3*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_sqlite_comes_without_the_write_ahead_log_fault() -> None:
    assert tuple(map(int, apsw.sqlite_lib_version().split("."))) >= (3, 51, 3)


@pytest.mark.usefixtures("real_durability")
def test_sqlite_keeps_foreign_keys_and_commits_to_disk(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x'}")
    with database.connection_context():
        names = ("foreign_keys", "synchronous", "journal_mode", "secure_delete", "busy_timeout")
        told = {name: database.pragma(name) for name in names}
    assert told == {
        "foreign_keys": 1,
        "synchronous": 2,
        "journal_mode": "wal",
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://desk", "postgresql://localhost"])
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"write|use"):
        open_database(url)


def test_the_path_of_an_sqlite_url_is_found_and_of_another_is_none() -> None:
    assert sqlite_path("sqlite:////var/desk") == Path("/var/desk")
    assert sqlite_path("postgresql://host/name") is None


def test_the_engine_is_known(database_url: str) -> None:
    assert is_postgresql(open_database(database_url)) is database_url.startswith("postgresql")


def test_a_connection_given_back_inside_a_transaction_is_clean_again(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x'}")
    with database.connection_context():
        database.execute_sql("CREATE TABLE t (x)")
        database.execute_sql("BEGIN IMMEDIATE")
        database.execute_sql("INSERT INTO t VALUES (1)")
    with database.connection_context():
        assert database.execute_sql("SELECT count(*) FROM t").fetchone()[0] == 0


def test_writers_wait_for_each_other_instead_of_failing_at_once(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x'}")
    with database.connection_context():
        database.execute_sql("CREATE TABLE t (x)")
        with database.atomic():
            other = apsw.Connection(str(tmp_path / "x"))
            with pytest.raises(apsw.BusyError):
                other.execute("BEGIN IMMEDIATE")


def test_a_query_outside_a_unit_of_work_is_an_error(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x'}")
    with pytest.raises(Exception, match=r"closed|open|connect"):
        database.execute_sql("SELECT 1")


@pytest.mark.surface
def test_the_pool_connects_again_after_the_server_ended_its_connections(postgresql_url: str) -> None:
    import psycopg

    database = open_database(postgresql_url)
    with database.connection_context():
        database.execute_sql("SELECT 1")
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
    with database.connection_context():
        assert database.execute_sql("SELECT 41 + 1").fetchone()[0] == 42
    database.close_all()  # type: ignore[attr-defined]


@pytest.mark.surface
def test_a_connection_that_dies_inside_a_unit_fails_that_unit_and_not_the_next(postgresql_url: str) -> None:
    import psycopg

    database = open_database(postgresql_url)
    with pytest.raises(OperationalError), database.connection_context(), database.atomic():
        pid = database.execute_sql("SELECT pg_backend_pid()").fetchone()[0]
        with psycopg.connect(postgresql_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        database.execute_sql("SELECT 1")
    with database.connection_context():
        assert database.execute_sql("SELECT 1").fetchone()[0] == 1
    database.close_all()  # type: ignore[attr-defined]
