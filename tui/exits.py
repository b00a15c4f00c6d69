"""The exit codes of every command."""

from __future__ import annotations

from services.errors import DeskError, Unavailable

DONE = 0
NEEDS_A_LOOK = 1
NOT_DONE = 2
UNAVAILABLE = 3
LEFT = 4
"""A kiosk that staff have left, so that whatever started it does not begin it anew."""
FAULT = 70
STOPPED = 130


def code_of(error: DeskError) -> int:
    """With which code a refusal ends a command."""
    # Only a command that was refused needs these.
    from services.keys import KeysUnusable
    from services.opening import NotOpened

    return UNAVAILABLE if isinstance(error, (Unavailable, NotOpened, KeysUnusable)) else NOT_DONE
