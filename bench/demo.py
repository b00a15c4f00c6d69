"""The training mode: from the command to the first scene, and from the reset to a desk that can be used."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from bench.result import Result
from tests.surfaces.training import demo

RESETS = 7
USABLE = "Clients 1,204"
OPEN = "Trainer's menu"


def run() -> list[Result]:
    """One start and some resets, in a real terminal."""
    resets: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        with demo(Path(home), "first login", size=(80, 24)) as stage:
            stage.expect(USABLE, 60)
            start = time.perf_counter() - began
            for _ in range(RESETS):
                stage.settle(0.5)
                stage.key("ctrl+t")
                stage.expect(OPEN)
                stage.settle(0.2)
                began = time.perf_counter()
                stage.key("r")
                stage.absent(USABLE)
                stage.expect(USABLE)
                resets.append(time.perf_counter() - began)
    return [
        Result("start of the training to its first scene", f"{start:.2f} s", "four seconds", start / 4, 1, "at most"),
        Result(
            "reset to the beginning of a scene, a signed-in desk in sight",
            f"{median(resets):.2f} s, at most {max(resets):.2f} s",
            "one second",
            max(resets),
            1,
            "at most",
        ),
    ]
