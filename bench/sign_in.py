"""A whole sign-in, against the one bcrypt check that it cannot do without."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import bcrypt

from bench.result import Result
from models.states import Surface
from services.actor import Origin
from services.credentials.passwords import Secret
from services.new_agency import NewAgency
from services.opening import open_desk
from services.settings import Settings

RUNS = 25
PASSWORD = "a quiet harbour at dawn"


def run() -> list[Result]:
    """Alternate the two; both hash at cost 12."""
    origin = Origin(Surface.DESK, "bench")
    ours: list[float] = []
    reference: list[float] = []
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(12))
    with tempfile.TemporaryDirectory() as home:
        desk = open_desk(Settings(home=Path(home), database_url=f"sqlite:///{home}/bench.sqlite3"))
        desk.agencies.found(
            NewAgency(
                name="Bench",
                code="BENCH",
                address="",
                phone="",
                email="",
                admin_first="Sue",
                admin_last="Wright",
                admin_email="sue@example.com",
                password=Secret(PASSWORD),
            ),
            origin,
        )
        for _ in range(RUNS):
            started = time.perf_counter()
            bcrypt.checkpw(PASSWORD.encode(), hashed)
            reference.append(time.perf_counter() - started)
            started = time.perf_counter()
            desk.sign_in.sign_in("BENCH", "sue@example.com", Secret(PASSWORD), origin)
            ours.append(time.perf_counter() - started)
    return [
        Result(
            name="sign-in",
            measured=f"{median(ours) * 1000:.1f} ms",
            reference=f"bcrypt.checkpw {median(reference) * 1000:.1f} ms",
            ratio=median(ours) / median(reference),
            budget=1.1,
            better="at most",
        )
    ]
