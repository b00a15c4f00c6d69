"""How the program of one person at a kiosk tells its supervisor what becomes of the terminal."""

from __future__ import annotations

import os
from enum import StrEnum

from tui import exits


class Ending(StrEnum):
    """Why the program of one person ends; a line of this word goes to the supervisor."""

    HOME = "home"
    """The person has gone, or is done: the next one begins."""

    LEAVE = "leave"
    """Staff end the kiosk."""

    STOP = "stop"
    """Somebody asked this process to end; whether the kiosk ends with it is for the supervisor."""

    FAULT = "fault"
    """A fault of ours; the reference follows on the same line."""

    @property
    def exit_code(self) -> int:
        """The code with which the process ends."""
        return exits.FAULT if self is Ending.FAULT else exits.DONE


ALIVE = "alive"
"""The line that says that the program still answers."""

ALIVE_EVERY = 3.0
"""Seconds between two of them."""


def tell(pipe: int, words: str) -> None:
    """Send one line to the supervisor; one that has gone needs no answer."""
    try:
        os.write(pipe, f"{words}\n".encode("ascii"))
    except OSError:
        return
