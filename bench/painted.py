"""From a key in a real terminal to its painted frame, with 10 and with 1,000,000 clients, on both engines."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

import psutil

from bench.desk_app import sign_in
from bench.population import Population, populated
from bench.result import Result
from services.clients.values import ClientQuery
from services.desk import Desk
from services.opening import open_desk
from tests.surfaces.term import Term

MANY = 1_000_000
FEW = 10
MOVES = 200
ROUNDS = 3
WORDS = ("maria", "zzz", "maria bro", "bro wal", "smithson", "0143", "gmail", "thomas", "q")
"""A word that three clients in ten have, words that few or none have, two words, digits, parts of addresses."""

SHOWN = 14
"""Rows of the table in a window of 80x24, with room to spare."""

WHOLE = 12
"""Signs of a name that a window of 80 columns shows in any case."""

PATIENCE = 20.0


def run() -> list[Result]:
    """All of it on SQLite, then all of it on PostgreSQL, and Textual's own table beside it."""
    results = [result for engine in ("sqlite", "postgresql") for result in _measure(engine)]
    return [*results, _data_table(float(results[0].measured.split()[0]))]


def _data_table(ours: float) -> Result:
    """A tenth of the rows: with all of them DataTable takes minutes and a gigabyte."""
    started = time.perf_counter()
    with Term([sys.executable, "-m", "bench.data_table", str(MANY // 10)], 80, 24) as table:
        table.expect("Client 3", 120)
        taken = time.perf_counter() - started
        memory = _memory(table)
    return Result(
        f"Textual's DataTable with {MANY // 10:,} rows, against ours with {MANY:,} (times as long)",
        f"{taken:.1f} s and {memory:.0f} MB",
        f"ours {ours:.1f} s",
        taken / ours,
        1.0,
        "at least",
    )


def _measure(engine: str) -> Iterator[Result]:
    with populated(engine, FEW) as few, populated(engine, MANY) as many:
        first_few, first_many = _first_rows(few), _first_rows(many)
        later = first_many - first_few
        yield Result(
            f"{engine}: first rows of {MANY:,} clients, later than of {FEW} (seconds)",
            f"{first_many:.3f} s",
            f"{first_few:.3f} s with {FEW}",
            later,
            0.2,
            "at most",
        )
        with _open(few) as desk:
            memory_few = _memory(desk)
        with _open(many) as desk:
            desk.expect(f"{MANY:,}", PATIENCE)
            desk.settle(1.0, PATIENCE)
            memory_many = _memory(desk)
            yield Result(
                f"{engine}: memory of {MANY:,} clients more than of {FEW} (MB)",
                f"{memory_many:.0f} MB",
                f"{memory_few:.0f} MB with {FEW}",
                memory_many - memory_few,
                25,
                "at most",
            )
            yield _moves(engine, desk)
        # A cursor that was moved stays with its person, so that another list does not begin at its top.
        with _open(many) as desk:
            desk.expect(f"{MANY:,}", PATIENCE)
            yield from _searches(engine, desk, many)


@contextmanager
def _open(population: Population) -> Iterator[Term]:
    settings = population.settings
    command = [sys.executable, "-m", "bench.desk_app", str(settings.home), settings.database_url]
    with Term([*command, str(population.agency_id)], 80, 24, env={"TZ": "UTC"}) as desk:
        desk.expect("Subscr.", PATIENCE)
        desk.settle(0.5, PATIENCE)
        yield desk


def _first_rows(population: Population) -> float:
    """Median seconds from the start of the program to the first client's name."""
    wanted = _expected(open_desk(population.settings), population, "")[0]
    settings = population.settings
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        command = [sys.executable, "-m", "bench.desk_app", str(settings.home), settings.database_url]
        with Term([*command, str(population.agency_id)], 80, 24, env={"TZ": "UTC"}) as desk:
            desk.expect(wanted, PATIENCE)
            taken.append(time.perf_counter() - started)
    return median(taken)


def _expected(desk: Desk, population: Population, words: str) -> list[str]:
    """The names that the first rows must show."""
    source = desk.clients.rows(sign_in(desk, population.agency_id), ClientQuery(words=words))
    return [row.cells[0][:WHOLE] for row in source.first(SHOWN)]


def _memory(desk: Term) -> float:
    """Private memory of the program in MB: pages shared with every other Python do not count."""
    return psutil.Process(desk.process.pid).memory_full_info().uss / 1e6


def _painted(desk: Term, key: str, wanted: bytes) -> float:
    """Milliseconds from a key to the frame that shows `wanted`, or to the first frame if it is shown already."""
    fd = desk.process.fd
    started = time.perf_counter()
    os.write(fd, key.encode())
    came = b""
    while time.perf_counter() - started < PATIENCE:
        if select.select([fd], [], [], 0.05)[0]:
            came += os.read(fd, 65536)
            if wanted in came:
                taken = (time.perf_counter() - started) * 1000
                desk.stream.feed(came)
                return taken
    desk.stream.feed(came)
    raise AssertionError(f"{wanted!r} was never painted after {key!r}; the screen is:\n{desk.text}")


def _moves(engine: str, desk: Term) -> Result:
    taken = []
    for number in range(MOVES):
        taken.append(_painted(desk, "\x1b[B" if number % 40 < 30 else "\x1b[A", b"\x1b["))
        desk.settle(0.02, 1)
    p95 = quantiles(taken, n=20)[-1]
    return Result(
        f"{engine}: a cursor key to its frame, p95 of {MOVES} (ms)", f"{p95:.1f} ms", "16 ms", p95, 16, "at most"
    )


def _searches(engine: str, desk: Term, population: Population) -> Iterator[Result]:
    services = open_desk(population.settings)
    prefixes = sorted({word[:end] for word in WORDS for end in range(1, len(word) + 1)})
    expected = {words: _expected(services, population, words) for words in prefixes}
    taken: list[tuple[float, str]] = []
    desk.key("/")
    for number in range(1 + ROUNDS):
        if number == 1:
            # The first round brought into memory what a desk in use has there.
            taken.clear()
        for word in WORDS:
            population.keep_in_memory()
            for end in range(1, len(word) + 1):
                on_screen = desk.text
                news = [name for name in expected[word[:end]][:SHOWN] if name not in on_screen]
                wanted = news[0].encode() if news else b"\x1b["
                if not expected[word[:end]] and "Nobody" not in on_screen:
                    wanted = b"Nobody"
                taken.append((_painted(desk, word[end - 1], wanted), word[:end]))
                desk.settle(0.05, PATIENCE)
            # Esc clears the words; a second one would go to the list.
            desk.key("esc")
            desk.settle(0.5, PATIENCE)
    times = [milliseconds for milliseconds, _ in taken]
    worst = max(taken)
    p95 = quantiles(times, n=20)[-1]
    yield Result(
        f"{engine}: a search key to its frame, p95 of {len(times)} (ms)", f"{p95:.1f} ms", "50 ms", p95, 50, "at most"
    )
    yield Result(
        f"{engine}: the slowest search key, after {worst[1]!r} (ms)",
        f"{worst[0]:.1f} ms",
        "150 ms",
        worst[0],
        150,
        "at most",
    )
