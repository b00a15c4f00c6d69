"""Opens the one database of this process, by URL."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from peewee import Database
from playhouse.apsw_ext import APSWDatabase
from playhouse.pool import PooledDatabase

from models.base import database

BUSY_SECONDS = 10
POOL_SIZE = 8

PRAGMAS = {
    "journal_mode": "wal",
    # An account that was switched off must not come back with the power.
    "synchronous": "full",
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "secure_delete": 1,
    "cache_size": -4096,
    "busy_timeout": BUSY_SECONDS * 1000,
}


def _bind_moment(_cursor: object, _number: int, value: object) -> str:
    # The migrations' own history table holds a datetime, which APSW does not bind by itself.
    if isinstance(value, datetime):
        return value.isoformat(" ")
    raise TypeError(f"a {type(value).__name__} cannot be stored")


class EmbeddedDatabase(PooledDatabase, APSWDatabase):
    """SQLite by way of APSW, which carries a library without the WAL-reset fault of many distributions' own."""

    def _add_conn_hooks(self, conn: Any) -> None:
        super()._add_conn_hooks(conn)
        conn.convert_binding = _bind_moment

    def _can_reuse(self, conn: Any) -> bool:
        # A connection that went back inside a failed transaction would poison the next unit of work.
        if not conn.getautocommit():
            conn.execute("ROLLBACK")
        return True


def open_database(url: str) -> Database:
    """Bind all tables to the database at `url` and return it, not yet connected.

    `url` is `sqlite:////absolute/path`, `sqlite:///relative/path` or `postgresql://user:password@host/name`;
    passwords may be percent-encoded. Raises ValueError for anything else.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        opened = _open_sqlite(url)
    elif scheme in ("postgresql", "postgres"):
        opened = _open_postgresql(url)
    else:
        raise ValueError(f"{scheme or url!r} is no database that Trakdesk knows; use sqlite:///… or postgresql://…")
    database.initialize(opened)
    return opened


def is_postgresql(db: Database) -> bool:
    """Whether the engine behind `db` is PostgreSQL; otherwise it is SQLite."""
    return not isinstance(db, EmbeddedDatabase)


def sqlite_path(url: str) -> Path | None:
    """The file behind an SQLite URL, None for another engine."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _open_sqlite(url: str) -> Database:
    path = sqlite_path(url)
    if path is None:
        raise ValueError(f"{url!r} lacks a slash; write sqlite:///relative or sqlite:////absolute")
    if not path.exists() and path.parent.is_dir():
        # SQLite would make the file readable for everybody.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return EmbeddedDatabase(
        str(path),
        pragmas=PRAGMAS,
        timeout=BUSY_SECONDS,
        lock_type="IMMEDIATE",
        autoconnect=False,
        max_connections=POOL_SIZE,
    )


def _open_postgresql(url: str) -> Database:
    # A desk on SQLite need not pay for the import of psycopg.
    from models.postgresql import open_served

    return open_served(url, POOL_SIZE, BUSY_SECONDS)
