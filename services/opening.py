"""Opens a desk: home folder, keys, database, and whether they belong together."""

from __future__ import annotations

import contextlib
from pathlib import Path

from models import schema
from models.agency import Installation
from models.database import open_database, sqlite_path
from models.schema import SchemaState
from services.clock import Clock, SystemClock
from services.context import Context
from services.desk import Desk
from services.errors import DeskError
from services.keys import Keys, KeysUnusable
from services.settings import Settings


class NotOpened(DeskError):
    """The desk cannot be opened; the sentence names the one command or step that helps."""


def open_desk(settings: Settings, clock: Clock | None = None) -> Desk:
    """Open the desk of these settings, making home folder, keys and tables where there are none yet.

    Raises NotOpened, KeysUnusable or Unavailable.
    """
    ctx = open_unchecked(settings, clock)
    check_desk(ctx)
    return Desk(ctx)


def check_desk(ctx: Context) -> None:
    """Whether database and keys are ours and belong together, making tables where there are none yet.

    Raises NotOpened or Unavailable.
    """
    with ctx.read():
        state = schema.schema_state(ctx.database)
    if state is SchemaState.OLDER:
        raise NotOpened(
            "The database is of an older Trakdesk. "
            "Make a copy with `trakdesk db backup FILE`, then run `trakdesk db upgrade`."
        )
    if state is SchemaState.NEWER:
        raise NotOpened(
            "The database is of a newer Trakdesk than this one. Install the newer Trakdesk on this machine."
        )
    if state is SchemaState.EMPTY:
        with ctx.unit():
            schema.upgrade(ctx.database)
    _check_keys(ctx)


def open_unchecked(settings: Settings, clock: Clock | None = None) -> Context:
    """A context over whatever is there, not yet connected, for what looks at it, mends it or checks it later.

    Raises NotOpened or KeysUnusable.
    """
    _make_home(settings.home)
    return _connect(settings, clock or SystemClock())


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotOpened(
            f"The home folder {home} cannot be made: {error.strerror}. Choose another with --home or TRAKDESK_HOME."
        ) from error


def _connect(settings: Settings, clock: Clock) -> Context:
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists() and not path.parent.is_dir():
        raise NotOpened(
            f"The folder of the database, {path.parent}, is not there. Make it, or correct the database URL."
        )
    try:
        database = open_database(settings.database_url)
    except (ValueError, OSError) as error:
        raise NotOpened(f"The database cannot be opened: {error}. Correct the database URL.") from error
    return Context(database, clock, _keys(settings.keys_path), settings)


def _keys(path: Path) -> Keys:
    if not path.exists():
        # Two programs may start on a new home at once: the loser takes the winner's keys.
        with contextlib.suppress(KeysUnusable):
            return Keys.create(path)
    return Keys.load(path)


def _check_keys(ctx: Context) -> None:
    with ctx.read():
        row = Installation.get_or_none()
    if row is None:
        with ctx.unit():
            # Another program may begin on the same new database at this moment.
            mine = {"key_check": ctx.keys.check_value(), "created_at": ctx.clock.now()}
            Installation.insert(id=1, **mine).on_conflict_ignore().execute()
            row = Installation.get()
    if row.key_check != ctx.keys.check_value():
        raise NotOpened(
            f"The key file {ctx.settings.keys_path} belongs to another database. "
            "Put back the key file that was kept with this one."
        )
