"""PostgreSQL through psycopg 3, pooled, and connected again by itself after the server was away."""

from __future__ import annotations

from typing import Any

import psycopg
from peewee import Database
from playhouse.db_url import parse
from playhouse.pool import PooledPostgresqlDatabase


class ServedDatabase(PooledPostgresqlDatabase):
    """A pool that hands out no connection whose server has gone: a stale one stays "open" for ever otherwise."""

    def _is_closed(self, conn: Any) -> bool:
        if conn.closed:
            return True
        try:
            conn.execute("SELECT 1")
        except psycopg.Error:
            conn.close()
            return True
        return False


def open_served(url: str, connections: int, wait_seconds: int) -> Database:
    """The database at a `postgresql://` URL; waits at most `wait_seconds` for a free connection or for a lock."""
    options = parse(url, unquote_password=True, unquote_user=True)
    name = options.pop("database")
    if not name:
        raise ValueError("The PostgreSQL URL names no database; write postgresql://user@host/NAME")
    options.setdefault("connect_timeout", wait_seconds)
    options.setdefault("options", f"-c lock_timeout={wait_seconds}s -c timezone=UTC")
    return ServedDatabase(
        name,
        prefer_psycopg3=True,
        autoconnect=False,
        max_connections=connections,
        timeout=wait_seconds,
        **options,
    )
