"""The terminal: what is taken from its environment, and what happens when it goes away."""

from __future__ import annotations

import contextlib
import os
import pwd
import resource
import signal
import sys
from collections.abc import Callable, MutableMapping

_DANGEROUS = ("TEXTUAL", "RICH_")
"""A variable with this beginning can load code, log keys, or type them."""

_MISLEADING = ("COLUMNS", "LINES")
"""The terminal itself knows its size; an exported one is stale after the first resize, or made up."""

WIDEST = 400
HIGHEST = 150
"""Columns and rows that are drawn at most: more than any screen has, and few enough for any memory."""


def bounded(columns: int, rows: int) -> tuple[int, int]:
    """The part of a window of this size that is drawn."""
    return min(columns, WIDEST), min(rows, HIGHEST)


def scrub(environment: MutableMapping[str, str] = os.environ) -> None:
    """Take away what could drive or watch the program; call it before Textual is imported."""
    for name in list(environment):
        if name.startswith(_DANGEROUS) or name in _MISLEADING:
            del environment[name]
    if not environment.get("NO_COLOR"):
        # An empty one asks for nothing (no-color.org); Textual takes any.
        environment.pop("NO_COLOR", None)
    # How long a change waits for others to be drawn with. Nothing moves by itself, so this makes no more frames.
    environment["TEXTUAL_FPS"] = "120"
    if environment.get("SSH_CONNECTION"):
        # A slow line: no animation, and time for the rest of an escape sequence to arrive.
        environment["TEXTUAL_ANIMATIONS"] = "none"
        environment["TEXTUAL_SMOOTH_SCROLL"] = "0"
        environment.setdefault("ESCDELAY", "200")


def forbid_core_dumps() -> None:
    """A dump of this process would hold passwords."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def place(environment: MutableMapping[str, str] = os.environ) -> str:
    """Where this session comes from: the SSH peer's address, or the local user and terminal."""
    peer = environment.get("SSH_CONNECTION", "").split(" ")[0]
    if peer:
        return peer
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    with contextlib.suppress(OSError):
        return f"{user} on {os.ttyname(sys.stdin.fileno()).removeprefix('/dev/')}"
    return user


def on_hang_up(end: Callable[[], None]) -> None:
    """Call `end` when the terminal is hung up or the process is asked to stop; a second signal ends at once."""

    def handle(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        end()

    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, handle)
