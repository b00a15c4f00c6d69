"""Faults of ours: written down without values under a reference, which is all that the person sees."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path

LOG = logging.getLogger("trakdesk")

LARGEST = 1_000_000
"""Bytes after which a new log is begun at the next start; the last one is kept."""


def start_log(path: Path) -> None:
    """Write the log to a file that only its owner reads; never to the terminal, which belongs to the screen."""
    path.touch(mode=0o600, exist_ok=True)
    if path.stat().st_size > LARGEST:
        path.replace(path.with_suffix(".log.1"))
        path.touch(mode=0o600)
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # At DEBUG these print what was typed.
    for name in ("peewee", "peewee.pool", "yagmail", "psycopg"):
        logging.getLogger(name).setLevel(logging.WARNING)
    LOG.setLevel(logging.INFO)


def sentence_of(reference: str) -> str:
    """What somebody is told whose action met a fault of ours, after the words that something went wrong."""
    return (
        "Nothing that you were told was saved is lost. Try again; "
        f"if it happens again, give your administrator the reference {reference}."
    )


def new_reference() -> str:
    """Six signs under which somebody who reads the log finds a fault."""
    return os.urandom(3).hex().upper()


def write_down(error: BaseException) -> str:
    """Log where the fault was, without its message or any variable, and return the reference for the screen."""
    reference = new_reference()
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    LOG.error("fault %s: %s at %s", reference, type(error).__name__, places)
    return reference
