"""How long the client table's source takes with a million clients, on both engines.

Run it as `python -m bench.client_table [CLIENTS]`. Times are milliseconds in the service, below any screen.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

import psutil

from bench.population import FREQUENT, populated
from models.states import Access, Role, Surface
from services.actor import Actor, Origin
from services.clients.values import ClientQuery, SortColumn
from services.desk import Desk
from services.opening import open_desk

ENGINES = ("sqlite", "postgresql")
PAGE = 60
"""Rows of the first paint."""

LOADED = 200
"""Rows of a page that is loaded by key."""

FIRST_RUNS = 40
KEYS_RUNS = 5

_WORD = FREQUENT.lower()
SEARCHES = {
    "no words": "",
    "1 letter": "m",
    "1 letter, late": "z",
    "2 letters": "ma",
    "3 letters": "mar",
    "4 letters": "mari",
    "300,000 match": _WORD,
    "and the rest of an address": f"{_WORD}smi",
    "domain, 200,000 match": "gmail",
    "rare": "zoson",
    "one match": f"{_WORD}smith77",
    "none match": "qqqqq",
    "frequent + rare": f"{_WORD} smison",
    "frequent + letter": f"{_WORD} t",
    "frequent + frequent": f"{_WORD} gmail",
    "frequent + frequent, few both": "519 416",
    "frequent + none": f"{_WORD} qqqqq",
    "letter + rare": "j zoson",
    "phone": "(519) 555-01",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table; times in milliseconds."""

    call: str
    case: str
    rows: int
    median: float
    p95: float
    worst: float


def measure(desk: Desk, agency_id: int) -> Iterator[Measured]:
    """Time every kind of query against a populated desk."""
    actor = Actor(agency_id, None, None, "bench", Role.AGENT, Origin(Surface.COMMAND))
    for case, query in _cases():
        source = desk.clients.rows(actor, query)
        yield _timed("first", case, FIRST_RUNS, partial(source.first, PAGE))
    for case, query in _whole():
        source = desk.clients.rows(actor, query)
        yield _timed("keys", case, KEYS_RUNS, partial(source.keys, lambda: False))
    source = desk.clients.rows(actor, ClientQuery())
    keys = source.keys(lambda: False)
    dice = random.Random(1)
    pages = [[dice.choice(keys) for _ in range(LOADED)] for _ in range(100)]
    yield _timed("rows", f"{LOADED} anywhere", 100, lambda: source.rows(pages.pop()))
    yield _timed("count", "all", KEYS_RUNS, lambda: range(desk.clients.count(actor)))


def _cases() -> Iterator[tuple[str, ClientQuery]]:
    for case, words in SEARCHES.items():
        yield case, ClientQuery(words=words)
    for sort, descending in product(SortColumn, (False, True)):
        way = "down" if descending else "up"
        for words in ("", _WORD, "zoson", "qqqqq"):
            yield f"by {sort}, {way}: {words}", ClientQuery(words=words, sort=sort, descending=descending)
    for words, sort in product(("", _WORD, "qqqqq"), (SortColumn.NAME, SortColumn.RENEWAL)):
        for access in Access:
            yield f"{access.name.lower()}, by {sort}: {words}", ClientQuery(words=words, access=access, sort=sort)
        for subscribed in (True, False):
            query = ClientQuery(words=words, subscribed=subscribed, sort=sort)
            yield f"subscribed {subscribed}, by {sort}: {words}", query
    both = ClientQuery(words=_WORD, access=Access.UNDELIVERABLE, subscribed=False)
    yield f"undeliverable, not subscribed: {_WORD}", both


def _whole() -> Iterator[tuple[str, ClientQuery]]:
    yield "all by name", ClientQuery()
    for sort in (SortColumn.RENEWAL, SortColumn.ACCESS):
        yield f"all by {sort}", ClientQuery(sort=sort)
    yield "active, by renewal", ClientQuery(access=Access.ACTIVE, sort=SortColumn.RENEWAL)
    for case in ("300,000 match", "rare", "none match", "frequent + frequent", "1 letter"):
        yield case, ClientQuery(words=SEARCHES[case])
    for sort in (SortColumn.RENEWAL, SortColumn.ACCESS):
        yield f"300,000 match, by {sort}", ClientQuery(words=_WORD, sort=sort)


def _timed(call: str, case: str, runs: int, read: Callable[[], object]) -> Measured:
    times, found = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        result = read()
        times.append((time.perf_counter() - start) * 1000)
        found = len(result)  # type: ignore[arg-type] # every call gives something that can be counted
    times.sort()
    return Measured(call, case, found, statistics.median(times), times[int(0.95 * (runs - 1))], times[-1])


def _memory_of_keys(desk: Desk, agency_id: int) -> float:
    """Megabytes that this process grows by when it reads and keeps the keys of all clients."""
    actor = Actor(agency_id, None, None, "bench", Role.AGENT, Origin(Surface.COMMAND))
    source = desk.clients.rows(actor, ClientQuery())
    source.first(PAGE)
    before = psutil.Process().memory_info().rss
    kept = source.keys(lambda: False)
    return (psutil.Process().memory_info().rss - before) / 1e6 if kept else 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clients", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument(
        "--over", type=float, default=0.0, help="only lines with a worst time over so many milliseconds"
    )
    told = parser.parse_args()
    for engine in told.engine or ENGINES:
        with populated(engine, told.clients) as population:
            desk = open_desk(population.settings)
            grown = _memory_of_keys(desk, population.agency_id)
            print(f"\n{engine}, {told.clients:,} clients; the keys of all take {grown:.0f} MB")
            print(f"{'':5} {'':48} {'rows':>9} {'median':>8} {'p95':>8} {'worst':>8}  ms")
            for line in measure(desk, population.agency_id):
                if line.worst >= told.over:
                    numbers = f"{line.rows:9,} {line.median:8.1f} {line.p95:8.1f} {line.worst:8.1f}"
                    print(f"{line.call:5} {line.case:48} {numbers}", flush=True)
            desk.ctx.database.close_all()  # type: ignore[attr-defined] # both engines' pools have it


if __name__ == "__main__":
    main()
