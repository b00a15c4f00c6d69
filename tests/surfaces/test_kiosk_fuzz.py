"""Fifty thousand keys, clicks, pastes, resizes and raw octets against a real kiosk."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import making
from tests.surfaces.kiosk import HOME, STAFF_KEY, KioskTerm, enrol
from tests.surfaces.playing import desk_of
from tests.surfaces.term import KEYS

EVENTS = 50_000
BURST = 250
"""Events that are written at a stretch; of more without a pause the kiosk drops some."""

PROBE_EVERY = 2_000
ANSWERS_WITHIN = 20.0
ANSWER_AFTER = 1.2

MARKER = "Qvxzyk"
"""Stands in the names and addresses of the people of this desk, and can be on no screen of a kiosk."""

_HEADER = "Ray Staging"
_ALLOWED = (_HEADER, "Are you still there?", "too small", "One moment …", "This kiosk cannot serve")
_HOSTILE = (
    b"\x1b]0;gone\x07",
    b"\x1b]52;c;UFdO\x07",
    b"\x1b[6n",
    b"\x1b[?1049l",
    b"\x1bc",
    b"\x1b[3J",
    b'\x1bP$q"p\x1b\\',
    b"\x1b[200~never ended",
    b"\x1b[201~",
    b"\x1b[48;9999;9999;1;1t",
    b"\x1b[48;0;0;0;0t",
    b"\x1b[?2048;1$y",
    b"\x1b[?2026;2$y",
    b"\x1b[97:65:1;5:3u",
    b"\x1b[99999999999;5u",
    b"\x1b[1;1R",
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[M\xff\xff\xff",
    b"\x1b[<0;99999;99999M",
    b"\x1b[<64;10;10M",
    b"\x1b[",
    b"\x1b",
    b"\x1bO",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff" * 20,
    "\u202e\u200b\ufeff漢e\u0301".encode(),
    b"[/x][@click=app.quit]Bob[/]",
)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_fifty_thousand_events_neither_leave_nor_stop_it(
    environment: dict[str, str], command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    seed = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(10**9))
    print(f"the seed of this run: FUZZ_SEED={seed}")
    environment["TRAKDESK_DELIVER_IN_DESK"] = "no"
    plant_markers(environment)
    enrol(command)
    dice = random.Random(seed)
    homes, begun = 0, time.monotonic()
    with KioskTerm(environment) as term:
        term.expect(HOME, 40)
        for number in range(0, EVENTS, BURST):
            octets = bytearray()
            for _ in range(BURST):
                if dice.random() < 0.001:
                    flush(term, octets)
                    resize(term, dice)
                octets += an_event(dice)
            flush(term, octets)
            if (number + BURST) % PROBE_EVERY == 0:
                probe(term)
                homes += term.has(HOME)
                print(f"{number + BURST:,} events after {time.monotonic() - begun:.0f} s", flush=True)
        term.pump(b"\x1b[200~" + b"m" * 1_000_000 + b"\x1b[201~")
        term.pump(b"n" * 1_000_000)
        probe(term)
        assert MARKER.encode() not in term.raw
        assert b"Traceback" not in term.raw
    log = (Path(environment["TRAKDESK_HOME"]) / "trakdesk.log").read_text()
    assert "fault" not in log, log[-3000:]
    print(f"{term.received:,} octets came back")


def plant_markers(environment: dict[str, str]) -> None:
    """Clients and staff whose names must never be seen here."""
    desk = desk_of(environment, earlier=True)
    agency, admin = making.make_agency(desk)
    for number in range(20):
        mail = f"{MARKER.lower()}{number}@example.com"
        client = making.make_client(desk, agency, mail, first=MARKER, last=f"{MARKER}{number}")
        if number < 3:
            making.give_account(desk, admin, client)
    making.make_staff(desk, agency, f"staff-{MARKER.lower()}@example.com", first=MARKER, last=MARKER)


def an_event(dice: random.Random) -> bytes:
    """One key, click, paste or piece of rubbish; mostly what people do, so that it goes deep."""
    kind = dice.random()
    if kind < 0.35:
        return dice.choice(_WAYS)
    if kind < 0.6:
        return dice.choice("abcdefghijklmnopqrstuvwxyz0123456789@.-_ ").encode()
    if kind < 0.72:
        return KEYS[dice.choice(list(KEYS))].encode()
    if kind < 0.84:
        return a_click(dice)
    if kind < 0.9:
        return bytes([dice.randrange(256)])
    if kind < 0.94:
        return dice.choice(_HOSTILE)
    if kind < 0.97:
        text = "".join(chr(dice.randrange(1, 0x3000)) for _ in range(dice.randrange(40)))
        return f"\x1b[200~{text}\x1b[201~".encode()
    return dice.randbytes(dice.randrange(1, 12))


_WAYS = (b"\t", b"\r", b"\t", b" ", b"\x1b[B", b"\x1b[A", b"\x1b[Z", b"sue@raystaging.example.com", b"\x7f")


def a_click(dice: random.Random) -> bytes:
    column, row = dice.randrange(1, 90), dice.randrange(1, 30)
    button = dice.choice((0, 0, 0, 0, 1, 2, 16, 35, 64, 65))
    return f"\x1b[<{button};{column};{row}M\x1b[<{button};{column};{row}m".encode()


def resize(term: KioskTerm, dice: random.Random) -> None:
    term.resize(dice.randrange(20, 140), dice.randrange(6, 50))


def flush(term: KioskTerm, octets: bytearray) -> None:
    """Write, then read what comes until the kiosk has paused: then it takes as many again."""
    term.pump(bytes(octets))
    del octets[:]
    term.settle(0.08, 3.0)


def probe(term: KioskTerm) -> None:
    """Whatever stands there belongs to the kiosk, names nobody, and answers."""
    term.resize(80, 24)
    until = time.monotonic() + ANSWERS_WITHIN
    while not any(words in term.text for words in _ALLOWED):
        # One person has gone, and the next one's program is about to draw; or the screen of another size was cut.
        assert time.monotonic() < until, term.text
        term.settle(1.2, 10.0)
    # A question that was put up at the same moment may stand above the sign-in: then Back leads there.
    keys = itertools.cycle((STAFF_KEY, "\x1b"))
    while not seen(term, lambda: term.has("Staff sign-in")):
        assert time.monotonic() < until, f"it does not answer; the screen was:\n{term.text}"
        assert term.process.isalive(), "the kiosk has ended"
        assert MARKER not in term.text
        term.send(next(keys))
    while not seen(term, lambda: not term.has("Staff sign-in")):
        assert time.monotonic() < until, f"it does not go back; the screen was:\n{term.text}"
        term.send("\x1b")


def seen(term: KioskTerm, condition: Callable[[], bool]) -> bool:
    """Whether it holds within a moment, which is long enough for a paste without an end to end by itself."""
    until = time.monotonic() + ANSWER_AFTER
    while not condition() and time.monotonic() < until:
        term.settle(0.05, 0.1)
    return condition()
