"""Plays all plays at both sizes, several at a time; or some of them, in a theme and at a size of one's own."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from services.colours import NAMES
from tests.places import ROOT
from tests.services.smtp_server import SmtpServer
from tests.surfaces.shots import (
    activation,
    analytics,
    asking,
    audit,
    bulk,
    callers,
    clients,
    colours,
    demo,
    drafts,
    entry,
    first_steps,
    founding,
    help_queue,
    hostile,
    identity,
    kiosk,
    kiosk_factor,
    kiosk_help,
    kiosk_reset,
    mail,
    old_system,
    portal,
    portal_hand,
    portal_program,
    practice,
    properties,
    reports,
    reset,
    second_factor,
    security,
    ssh_keys,
    staff,
    upload,
)
from tests.surfaces.shots.stage import NO_COLOUR, SHOTS, Stage, clean

SIZES = ((80, 24), (120, 40))
SIZES_OF = {"demo": demo.SIZES, "portal_program": portal_program.SIZES, "portal_hand": portal_hand.SIZES}
"""Plays that need others."""

PLAYS: dict[str, Callable[[Stage], None]] = {
    "activation": activation.play,
    "analytics": analytics.play,
    "asking": asking.play,
    "audit": audit.play,
    "bulk": bulk.play,
    "callers": callers.play,
    "clients": clients.play,
    "colours": colours.play,
    "demo": demo.play,
    "drafts": drafts.play,
    "entry": entry.play,
    "first_steps": first_steps.play,
    "founding": founding.play,
    "help_queue": help_queue.play,
    "hostile": hostile.play,
    "identity": identity.play,
    "kiosk_factor": kiosk_factor.play,
    "kiosk_help": kiosk_help.play,
    "kiosk": kiosk.play,
    "kiosk_reset": kiosk_reset.play,
    "mail": mail.play,
    "old_system": old_system.play,
    "portal": portal.play,
    "portal_hand": portal_hand.play,
    "portal_program": portal_program.play,
    "practice": practice.play,
    "properties": properties.play,
    "reports": reports.play,
    "reset": reset.play,
    "security": security.play,
    "second_factor": second_factor.play,
    "ssh_keys": ssh_keys.play,
    "staff": staff.play,
    "upload": upload.play,
}

PAGES = {
    "portal": (f"{portal.NAME}.png", "portal.png"),
}
"""Which picture of a play stands in a page, and under what name in docs/; `pictures` makes all others."""


def main(words: Sequence[str]) -> int:
    """Draw everything anew, or only some plays into what is there; 1 if a play came to a halt."""
    options = _options(words)
    looks = options.theme or [""]
    if not words:
        clean()
    SHOTS.mkdir(exist_ok=True)
    # More at a time than there are cores: most of the time a play waits for its terminal.
    with ProcessPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        sized = [(name, size) for name in options.plays or PLAYS for size in options.size or SIZES_OF.get(name, SIZES)]
        plays = [(name, size, look) for name, size in sized for look in looks]
        failures = [failure for failure in pool.map(_play, plays) if failure]
    for failure in failures:
        print(failure, file=sys.stderr)
    if not failures:
        # So that a picture of a page is never older than the last one of its screen.
        for play, (picture, place) in PAGES.items():
            if play in (options.plays or PLAYS) and (SHOTS / picture).exists():
                shutil.copy(SHOTS / picture, ROOT / "docs" / place)
    print(f"{len(list(SHOTS.iterdir()))} pictures in {SHOTS}")
    return 1 if failures else 0


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.surfaces.shots", description="Draws screens into shots/.")
    parser.add_argument("plays", nargs="*", metavar="PLAY", help="; ".join(PLAYS))
    parser.add_argument("--theme", action="append", choices=(*NAMES, NO_COLOUR), help="may be repeated")
    parser.add_argument("--size", action="append", type=_size, metavar="COLUMNSxROWS", help="may be repeated")
    options = parser.parse_args(words)
    unknown = [name for name in options.plays if name not in PLAYS]
    if unknown:
        parser.error(f"no such play: {', '.join(unknown)}")
    return options


def _size(text: str) -> tuple[int, int]:
    columns, _, rows = text.partition("x")
    return int(columns), int(rows)


def _play(which: tuple[str, tuple[int, int], str]) -> str:
    """One play on a desk of its own; what went wrong, or nothing."""
    name, size, look = which
    with tempfile.TemporaryDirectory() as home, SmtpServer() as post:
        try:
            PLAYS[name](Stage(Path(home), size, post, look))
        except Exception as failure:  # noqa: BLE001  # the other plays go on, and this one is told at the end
            return f"{name} {look} at {size[0]}x{size[1]} came to a halt, {type(failure).__name__}: {failure}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
