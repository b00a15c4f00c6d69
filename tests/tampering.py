"""What somebody does to the audit trail who can write the database: the triggers are no hindrance to its owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from models.database import is_postgresql
from services.context import Context

_KEPT = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_entry_kept%'"


@contextmanager
def behind_the_triggers(ctx: Context) -> Iterator[None]:
    """A unit of work in which entries can be changed and removed; the triggers stand again behind it."""
    with ctx.unit():
        if is_postgresql(ctx.database):
            ctx.database.execute_sql("SET LOCAL session_replication_role = replica")
            yield
            return
        kept = ctx.database.execute_sql(_KEPT).fetchall()
        for name, _ in kept:
            ctx.database.execute_sql(f"DROP TRIGGER {name}")
        yield
        for _, statement in kept:
            ctx.database.execute_sql(statement)
