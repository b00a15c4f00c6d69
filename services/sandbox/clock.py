"""The clock of a sandbox: that of the machine, put forward or back for all its programs at once."""

from __future__ import annotations

import mmap
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.desk import Desk

_SHIFT = struct.Struct("=q")
_MICROSECOND = timedelta(microseconds=1)


class SandboxClock:
    """Reads its shift from a small file that the programs of one sandbox share; there is no other way to get one."""

    def __init__(self, path: Path) -> None:
        """The file is made where there is none. Raises OSError."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if os.fstat(handle).st_size < _SHIFT.size:
                os.ftruncate(handle, _SHIFT.size)
            self._shared = mmap.mmap(handle, _SHIFT.size)
        finally:
            os.close(handle)

    @property
    def shift(self) -> timedelta:
        """How far it is before the clock of the machine."""
        return int(_SHIFT.unpack_from(self._shared)[0]) * _MICROSECOND

    def now(self) -> datetime:
        """The present moment of the sandbox, aware and in UTC."""
        return datetime.now(UTC) + self.shift

    def move(self, by: timedelta) -> None:
        """Put it forward, or back by a negative span."""
        _SHIFT.pack_into(self._shared, 0, (self.shift + by) // _MICROSECOND)

    def put(self, moment: datetime) -> None:
        """Let it be this moment, which must be aware."""
        self.move(moment - self.now())


def clock_of(desk: Desk) -> SandboxClock:
    """The clock of a desk in a sandbox. Raises TypeError for any other desk, whose clock nobody moves."""
    clock = desk.ctx.clock
    if not isinstance(clock, SandboxClock):
        raise TypeError("this desk is no sandbox")
    return clock
