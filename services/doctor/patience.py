"""How long the doctor waits for somebody else's machine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")

PATIENCE = 5.0
"""Seconds for each step over a network."""

MOST = 15.0
"""Seconds for all that one part does over a network: who drips would outlast any limit of a single step."""


class NoAnswer(Exception):
    """It took too long."""


def within(seconds: float, look: Callable[[], R]) -> R:
    """What `look` returns or raises, or NoAnswer; a look that hangs is left behind."""
    answered: list[R] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            answered.append(look())
        except BaseException as error:  # noqa: BLE001 - it is raised again by who waits
            failed.append(error)

    # A name that nobody resolves cannot be given up otherwise.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not answered:
        raise NoAnswer
    return answered[0]
