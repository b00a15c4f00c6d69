"""Whether the tables are those that this program expects, and the way to get there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from peewee import Database

from models.database import is_postgresql

UPGRADE_LOCK = 919236
HISTORY = "schema_migration"
DIRECTORY = Path(__file__).parent / "migrations"


class SchemaState(StrEnum):
    """How the tables found compare with the tables expected."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


def expected() -> list[str]:
    """The names of all migrations, oldest first."""
    return sorted(path.stem for path in DIRECTORY.glob("[0-9]*.py"))


def applied(db: Database) -> list[str]:
    """The names of the migrations that this database has seen, oldest first; needs an open connection."""
    if not db.table_exists(HISTORY):
        return []
    return sorted(name for (name,) in db.execute_sql(f"SELECT name FROM {HISTORY}"))  # noqa: S608 - a constant


def schema_state(db: Database) -> SchemaState:
    """Compare the database with the program; needs an open connection."""
    done = applied(db)
    if not done:
        return SchemaState.EMPTY
    if set(done) - set(expected()):
        return SchemaState.NEWER
    return SchemaState.CURRENT if done == expected() else SchemaState.OLDER


def upgrade(db: Database) -> list[str]:
    """Run all migrations that are missing and return their names; needs an open connection."""
    # The runner brings argparse and more along, which a desk that starts does not need.
    from playhouse.migrations import Runner

    with db.atomic():
        # Two programs may start on a new database at once: the second waits here and then finds nothing to do. SQLite's
        # immediate transaction is such a lock by itself.
        if is_postgresql(db):
            db.execute_sql("SELECT pg_advisory_xact_lock(%s)", (UPGRADE_LOCK,))
        return [str(name) for name in Runner(db, str(DIRECTORY), HISTORY).up()]


def downgrade(db: Database, target: str) -> list[str]:
    """Undo every migration from the newest back through `target`; needs an open connection."""
    from playhouse.migrations import Runner

    return [str(name) for name in Runner(db, str(DIRECTORY), HISTORY).down(target)]
