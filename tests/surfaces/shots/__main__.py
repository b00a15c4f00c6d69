"""Plays all plays at both sizes, several at a time."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.places import ROOT
from tests.services.smtp_server import SmtpServer
from tests.surfaces.shots import (
    activation,
    audit,
    bulk,
    callers,
    clients,
    entry,
    first_steps,
    founding,
    hostile,
    identity,
    mail,
    old_system,
    readme,
    reset,
    second_factor,
    security,
    staff,
)
from tests.surfaces.shots.stage import SHOTS, Stage, clean

SIZES = ((80, 24), (120, 40))
PLAYS: dict[str, Callable[[Stage], None]] = {
    "activation": activation.play,
    "audit": audit.play,
    "bulk": bulk.play,
    "callers": callers.play,
    "clients": clients.play,
    "entry": entry.play,
    "first_steps": first_steps.play,
    "founding": founding.play,
    "hostile": hostile.play,
    "identity": identity.play,
    "mail": mail.play,
    "old_system": old_system.play,
    "readme": readme.play,
    "reset": reset.play,
    "security": security.play,
    "second_factor": second_factor.play,
    "staff": staff.play,
}


def main(wanted: Sequence[str]) -> int:
    """Draw everything anew, or only some plays into what is there; 1 if a play came to a halt."""
    if not wanted:
        clean()
    # More at a time than there are cores: most of the time a play waits for its terminal.
    with ProcessPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        plays = [(name, size) for name in wanted or PLAYS for size in SIZES]
        failures = [failure for failure in pool.map(_play, plays) if failure]
    for failure in failures:
        print(failure, file=sys.stderr)
    picture = SHOTS / "{}-{}x{}.png".format(readme.NAME, *readme.SIZE)
    if picture.exists() and not failures:
        # So that the picture of the README can never be out of date.
        shutil.copy(picture, ROOT / "docs" / "desk.png")
    print(f"{len(list(SHOTS.iterdir()))} pictures in {SHOTS}")
    return 1 if failures else 0


def _play(which: tuple[str, tuple[int, int]]) -> str:
    """One play on a desk of its own; what went wrong, or nothing."""
    name, size = which
    with tempfile.TemporaryDirectory() as home, SmtpServer() as post:
        try:
            PLAYS[name](Stage(Path(home), size, post))
        except Exception as failure:  # noqa: BLE001  # the other plays go on, and this one is told at the end
            return f"{name} at {size[0]}x{size[1]} came to a halt, {type(failure).__name__}: {failure}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
