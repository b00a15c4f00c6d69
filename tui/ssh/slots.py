"""How many desks run over SSH at the same time: each holds a lock that its end gives back, whatever ends it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

FILE = "ssh-sessions"
_RECORD = 64
"""Octets for each desk: the address that it was opened from."""


class Full(Exception):
    """There is no room; the sentence says for whom."""


def take(home: Path, place: str, *, sessions: int, per_address: int) -> int:
    """Hold a place until this process ends, by a handle that has to stay open. Raises Full or OSError."""
    address = place.encode()[:_RECORD].ljust(_RECORD)
    handle = os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    # One after the other, so that nobody takes a lock that is only being looked at for one that is held.
    turn = sessions * _RECORD
    fcntl.lockf(handle, fcntl.LOCK_EX, _RECORD, turn)
    mine, same = -1, 0
    for start in range(0, turn, _RECORD):
        if not _lock(handle, start):
            # Only of a lock that is held is the address beside it somebody's.
            same += os.pread(handle, _RECORD, start) == address
        elif mine < 0:
            mine = start
        else:
            fcntl.lockf(handle, fcntl.LOCK_UN, _RECORD, start)
    if mine >= 0 and same < per_address:
        os.pwrite(handle, address, mine)
        fcntl.lockf(handle, fcntl.LOCK_UN, _RECORD, turn)
        return handle
    os.close(handle)
    if mine < 0:
        raise Full("As many people as this machine holds are at the desk. Try again in a few minutes.")
    raise Full("As many desks as one address may open are open from yours. Close one, then try again.")


def _lock(handle: int, start: int) -> bool:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, _RECORD, start)
    except (BlockingIOError, PermissionError):
        return False
    return True
