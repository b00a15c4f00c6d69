"""Looks at every part of a desk, and says for each whether it is well and what mends it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

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
from services.errors import DeskError
from services.key_rotation import uses
from services.keys import Keys
from services.mail.outbox import WAITING
from services.settings import Settings

SAFE_SQLITE = (3, 51, 3)
"""From this release on, SQLite's write-ahead log no longer has the fault that can damage a database."""

TRAIL_END = 1_000
"""The newest entries of the audit trail that are checked here; `trakdesk audit verify` checks all."""

ENOUGH_ROOM = 200_000_000
LONG_WAIT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and how it is.

    Attributes:
        remedy: the next step; empty when the part is well.
    """

    part: str
    well: bool
    words: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which one would mend them; changes nothing."""
    findings = [_home(settings.home)]
    keys = _keys(settings.keys_path, findings)
    findings.extend(_database(settings, keys))
    findings.append(_mail(settings))
    findings.append(_portal(settings))
    return findings


def _home(home: Path) -> Finding:
    if not home.is_dir():
        return Finding("home", False, f"{home} is not there", "Open the desk once, or run `trakdesk init`.")
    if home.stat().st_mode & 0o077:
        return Finding("home", False, f"{home} is open to others", f"Run: chmod 700 {home}")
    free = shutil.disk_usage(home).free
    if free < ENOUGH_ROOM:
        return Finding("home", False, f"only {free / 1e6:,.0f} MB are free", "Make room on that disk.")
    return Finding("home", True, str(home))


def _keys(path: Path, findings: list[Finding]) -> Keys | None:
    try:
        keys = Keys.load(path)
    except DeskError as error:
        findings.append(Finding("keys", False, error.sentence, "See the sentence above."))
        return None
    findings.append(Finding("keys", True, f"{path}, readable by its owner only"))
    return keys


def _database(settings: Settings, keys: Keys | None) -> Iterator[Finding]:
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        yield Finding("database", False, f"{path} is not there", "Open the desk once, or correct the database URL.")
        return
    try:
        ctx = Context(open_database(settings.database_url), SystemClock(), keys or Keys.generate(), settings)
        with ctx.read():
            yield from _tables(ctx, keys)
    except (DeskError, ValueError) as error:
        yield Finding("database", False, str(error), "Start the database server, or correct the database URL.")


def _tables(ctx: Context, keys: Keys | None) -> Iterator[Finding]:
    if is_postgresql(ctx.database):
        yield Finding("database", True, f"PostgreSQL {ctx.database.execute_sql('SHOW server_version').fetchone()[0]}")
    else:
        yield _sqlite(ctx)
    state = schema.schema_state(ctx.database)
    if state is not SchemaState.CURRENT:
        remedy = "Run `trakdesk db upgrade`." if state is not SchemaState.NEWER else "Install the newer Trakdesk."
        yield Finding("tables", False, f"they are {state.value}", remedy)
        return
    yield Finding("tables", True, "up to date")
    installation = Installation.get_or_none()
    if keys is not None and installation is not None and installation.key_check != keys.check_value():
        yield Finding("keys and database", False, "they do not belong together", "Put back the right key file.")
    agencies = Agency.select().count()
    if agencies:
        yield Finding("agency", True, f"{agencies} set up")
    else:
        yield Finding("agency", False, "none is set up", "Open the desk with `trakdesk`, or run `trakdesk init`.")
    yield _outbox(ctx)
    if keys is not None:
        yield _needed_keys(keys)
        yield _trail(ctx)


def _needed_keys(keys: Keys) -> Finding:
    lost = uses().without_keys(keys)
    if not lost:
        return Finding("keys in use", True, "all in the key file")
    remedy = "Put back the key file that has it; without it send those people a reset, or clear their second factor."
    return Finding("keys in use", False, f"no key opens {lost}", remedy)


def _trail(ctx: Context) -> Finding:
    report = check_end(ctx, TRAIL_END)
    if not report.whole:
        return Finding("audit", False, "the trail was changed from outside", "Run `trakdesk audit verify`.")
    return Finding("audit", True, f"{report.head:,} entries; the newest {min(TRAIL_END, report.entries):,} are whole")


def _sqlite(ctx: Context) -> Finding:
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < SAFE_SQLITE:
        return Finding(
            "database", False, f"SQLite {apsw.sqlite_lib_version()} can damage a database", "Install a newer apsw."
        )
    answer = ctx.database.execute_sql("PRAGMA quick_check").fetchone()[0]
    if answer != "ok":
        return Finding("database", False, f"the file is damaged: {str(answer)[:100]}", "Restore the last backup.")
    return Finding("database", True, f"SQLite {apsw.sqlite_lib_version()}, whole")


def _outbox(ctx: Context) -> Finding:
    oldest = OutboxMessage.select(fn.MIN(OutboxMessage.not_before)).where(OutboxMessage.state.in_(WAITING)).scalar()
    waiting = OutboxMessage.select().where(OutboxMessage.state.in_(WAITING)).count()
    if oldest is not None and ctx.clock.now() - oldest > LONG_WAIT:
        return Finding(
            "outbox",
            False,
            f"{waiting} mails wait too long",
            "Open a desk or run `trakdesk deliver`; see the Mail tab.",
        )
    return Finding("outbox", True, f"{waiting} waiting")


def _mail(settings: Settings) -> Finding:
    if not settings.mail.host:
        return Finding("mail", True, "no server is set: mail stays in the built-in mailbox")
    # yagmail takes a while to import.
    from services.mail.smtp import Smtp

    with Smtp(settings.mail) as server:
        trouble = server.reach()
    if trouble:
        return Finding("mail", False, trouble, "Correct [mail] in trakdesk.toml, or start the server.")
    return Finding("mail", True, f"{settings.mail.host}:{settings.mail.port} answers, {settings.mail.security.value}")


def _portal(settings: Settings) -> Finding:
    if settings.public_url.endswith(".invalid"):
        return Finding(
            "portal",
            False,
            "its address is not set, so that links in mails lead nowhere",
            "Set public_url in trakdesk.toml.",
        )
    return Finding("portal", True, settings.public_url)
