"""The terminal of a kiosk between two persons: held raw, and wiped."""

from __future__ import annotations

import contextlib
import os
import termios
from types import TracebackType
from typing import Any

_MODES_OFF = (
    "\x1b\\"  # whatever a process that was killed had begun to write
    "\x1b[?2026l"
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"
    "\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    "\x1b[<u"
    "\x1b[?7h"
)
_CLIPBOARD_EMPTY = "\x1b]52;c;\x07\x1b]52;p;\x07"
_BLANK = "\x1b[0m\x1b[r\x1b[2J\x1b[3J\x1b[H"

WIPE = f"{_MODES_OFF}{_BLANK}\x1b[?1049l{_CLIPBOARD_EMPTY}{_BLANK}\x1b[?25l"
"""Turns off what a program may have turned on, and empties both screens, what was scrolled away, and the clipboard."""

_SHOW_CURSOR = "\x1b[?25h"


class HeldTerminal:
    """Keeps the terminal from echoing and from turning keys into signals, whichever program draws on it."""

    def __init__(self, handle: int, out: int) -> None:
        """`handle` reads from the terminal, `out` writes to it."""
        self._handle = handle
        self._out = out
        self._before: list[Any] = termios.tcgetattr(handle)

    def __enter__(self) -> HeldTerminal:
        self.wipe()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write(WIPE + _SHOW_CURSOR)
        with contextlib.suppress(termios.error):
            # What was typed last must not reach whatever comes next on this terminal.
            termios.tcsetattr(self._handle, termios.TCSAFLUSH, self._before)

    def wipe(self, words: str = "") -> None:
        """Leave nothing of what was there, and show one line."""
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._handle, termios.TCSANOW, _held(self._before))
            termios.tcflush(self._handle, termios.TCIFLUSH)
        self._write(WIPE + self._in_the_middle(words))

    def _in_the_middle(self, words: str) -> str:
        with contextlib.suppress(OSError):
            columns, rows = os.get_terminal_size(self._handle)
            return f"\x1b[{max(1, rows // 2)};{max(1, (columns - len(words)) // 2 + 1)}H{words[:columns]}"
        return ""

    def _write(self, text: str) -> None:
        # A terminal that has gone away needs no wiping.
        with contextlib.suppress(OSError):
            os.write(self._out, text.encode())


def _held(attributes: list[Any]) -> list[Any]:
    held = list(attributes)
    held[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.BRKINT)
    held[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN)
    return held
