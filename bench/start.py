"""From the start of the program to its first usable screen, against a bare Textual application."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.result import Result
from tests.surfaces.term import Term

RUNS = 9
HELLO = Path(__file__).with_name("hello.py")


def seconds_to(command: list[str], wanted: str, environment: dict[str, str]) -> float:
    """Seconds from the start of the process to `wanted` on the screen of a real pseudo-terminal."""
    started = time.perf_counter()
    with Term(command, 80, 24, env=environment) as term:
        term.expect(wanted, 30)
        return time.perf_counter() - started


def run() -> list[Result]:
    """Alternate the two, so that a machine that grows slower slows both."""
    trakdesk = [str(Path(sys.executable).with_name("trakdesk"))]
    hello = [sys.executable, str(HELLO)]
    ours: list[float] = []
    reference: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        environment = {"TRAKDESK_HOME": home, "PATH": os.environ["PATH"]}
        seconds_to(trakdesk, "Set up your agency", environment)
        for _ in range(RUNS):
            reference.append(seconds_to(hello, "Hello", environment))
            ours.append(seconds_to(trakdesk, "Set up your agency", environment))
    return [
        Result(
            name="start to the first usable screen",
            measured=f"{median(ours):.3f} s",
            reference=f"bare Textual application {median(reference):.3f} s",
            ratio=median(ours) / median(reference),
            budget=1.5,
            better="at most",
        )
    ]
