"""The database: its engine, its tables, whose keys they need, the agency, the mail that waits, the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import apsw
from peewee import fn

from models import schema
from models.agency import Agency, Installation
from models.database import is_postgresql, open_database, sqlite_path
from models.outbox import OutboxMessage
from models.schema import SchemaState
from services.auditing.checking import check_end
from services.clock import SystemClock
from services.context import Context
from services.doctor import clock
from services.doctor.finding import Finding, bad, good
from services.doctor.patience import PATIENCE
from services.errors import DeskError
from services.key_rotation import uses
from services.keys import Keys
from services.mail.outbox import WAITING
from services.settings import Settings
from services.text import counted

SAFE_SQLITE = (3, 51, 3)
"""From this release on, SQLite's write-ahead log no longer has the fault that can damage a database."""

TRAIL_END = 1_000
"""The newest entries of the audit trail that are checked here; `trakdesk audit verify` checks all."""

LONG_WAIT = timedelta(minutes=2)


def examine(settings: Settings, keys: Keys | None, kept: Callable[[], bool | None]) -> Iterator[Finding]:
    """All that can be seen of it; changes nothing. For `kept` see `clock.examine`."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        yield bad("database", f"{path} is not there", "Open the desk once, or correct the database URL.")
        return
    try:
        database = open_database(_impatient(settings.database_url))
        ctx = Context(database, SystemClock(), keys or Keys.generate(), settings)
        with ctx.read():
            yield from _tables(ctx, keys, kept)
    except (DeskError, ValueError) as error:
        yield bad("database", str(error), "Start the database server, or correct the database URL.")


def _impatient(url: str) -> str:
    """The same URL, with less time for a server that does not answer."""
    if sqlite_path(url) is not None or "connect_timeout" in url:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}connect_timeout={PATIENCE:.0f}"


def _tables(ctx: Context, keys: Keys | None, kept: Callable[[], bool | None]) -> Iterator[Finding]:
    if is_postgresql(ctx.database):
        yield good("database", f"PostgreSQL {ctx.database.execute_sql('SHOW server_version').fetchone()[0]}")
    else:
        yield _sqlite(ctx)
    state = schema.schema_state(ctx.database)
    if state is not SchemaState.CURRENT:
        remedy = "Run `trakdesk db upgrade`." if state is not SchemaState.NEWER else "Install the newer Trakdesk."
        yield bad("tables", f"they are {state.value}", remedy)
        return
    yield good("tables", "up to date")
    installation = Installation.get_or_none()
    if keys is not None and installation is not None and installation.key_check != keys.check_value():
        yield bad("keys and database", "they do not belong together", "Put back the right key file.")
    agencies = Agency.select().count()
    if agencies:
        yield good("agency", f"{agencies} set up")
    else:
        yield bad("agency", "none is set up", "Open the desk with `trakdesk`, or run `trakdesk init`.")
    yield _outbox(ctx)
    if keys is not None:
        yield _needed_keys(keys)
        yield _trail(ctx)
    yield from clock.examine(ctx, kept)


def _needed_keys(keys: Keys) -> Finding:
    lost = uses().without_keys(keys)
    if not lost:
        return good("keys in use", "all in the key file")
    remedy = "Put back the key file that has it; without it send those people a reset, or clear their second factor."
    return bad("keys in use", f"no key opens {lost}", remedy)


def _trail(ctx: Context) -> Finding:
    report = check_end(ctx, TRAIL_END)
    if not report.whole:
        return bad("audit", "the trail was changed from outside", "Run `trakdesk audit verify`.")
    looked_at = counted(min(TRAIL_END, report.entries), "is whole", "are whole")
    return good("audit", f"{counted(report.head, 'entry', 'entries')}; the newest {looked_at}")


def _sqlite(ctx: Context) -> Finding:
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < SAFE_SQLITE:
        return bad("database", f"SQLite {apsw.sqlite_lib_version()} can damage a database", "Install a newer apsw.")
    answer = ctx.database.execute_sql("PRAGMA quick_check").fetchone()[0]
    if answer != "ok":
        return bad("database", f"the file is damaged: {str(answer)[:100]}", "Restore the last backup.")
    return good("database", f"SQLite {apsw.sqlite_lib_version()}, whole")


def _outbox(ctx: Context) -> Finding:
    oldest = OutboxMessage.select(fn.MIN(OutboxMessage.not_before)).where(OutboxMessage.state.in_(WAITING)).scalar()
    waiting = OutboxMessage.select().where(OutboxMessage.state.in_(WAITING)).count()
    if oldest is not None and ctx.clock.now() - oldest > LONG_WAIT:
        words = f"{counted(waiting, 'mail waits', 'mails wait')} too long"
        return bad("outbox", words, "Open a desk or run `trakdesk deliver`; see the Mail tab.")
    return good("outbox", f"{waiting} waiting")
