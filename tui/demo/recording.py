"""Keeps what the terminal is told as an asciinema file, with markers (asciicast v2)."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from services.errors import Refused
from tui.driver import TerminalDriver

LONGEST_PAUSE = 6.0
"""Seconds for which a playback stands still at most; the time to read the longest caption."""

_ASKS = re.compile(
    r"\x1b\[\?(?:1000|1002|1003|1004|1006|1015|1016|2004|2031|2048)[hl]"  # reports of mouse, focus, pastes and size
    r"|\x1b\[\?\d+\$p"  # what the terminal can do
    r"|\x1b\[[<>=]\d*u"  # how it sends keys
)
"""What asks the terminal to send something: on a playback nobody would take the answer."""


class Recording:
    """One file, written as it comes: whatever ends the program, what there is can be played."""

    def __init__(
        self, path: Path, size: tuple[int, int], title: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin the file.

        Args:
            size: columns and rows.
            clock: seconds that only go forward.

        Raises Refused if the file is there already or cannot be made.
        """
        self.problem = ""
        """Why nothing is written any more, as a sentence; empty while all is well."""
        self._path = path
        self._size = size
        self._clock = clock
        self._last = clock()
        self._played = 0.0
        try:
            self._file: TextIO | None = path.open("x", encoding="utf-8", buffering=1)
        except FileExistsError:
            raise Refused(
                f"{path} is there already. Name another file for the recording, or remove this one."
            ) from None
        except OSError as error:
            raise Refused(f"The recording {path} cannot be written: {error.strerror}. Name another file.") from error
        columns, rows = size
        self._write(
            {
                "version": 2,
                "width": columns,
                "height": rows,
                "timestamp": int(time.time()),
                "title": title,
                "idle_time_limit": LONGEST_PAUSE,
                "env": {"TERM": "xterm-256color"},
            }
        )

    def output(self, data: str) -> None:
        """What the terminal is told now."""
        shown = _ASKS.sub("", data)
        if shown:
            self._event("o", shown)

    def marker(self, name: str) -> None:
        """A name for the present moment: of a picture, or a caption."""
        self._event("m", name)

    def resized(self, columns: int, rows: int) -> None:
        """The terminal has another size from now on."""
        if (columns, rows) != self._size:
            self._size = columns, rows
            self._event("r", f"{columns}x{rows}")

    def close(self) -> None:
        """Nothing more comes."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError as error:
                self._tell(error)

    def _event(self, kind: str, data: str) -> None:
        now = self._clock()
        self._played += min(now - self._last, LONGEST_PAUSE)
        self._last = now
        self._write([round(self._played, 4), kind, data])

    def _write(self, line: object) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            # The play goes on without it.
            self.close()
            self._tell(error)

    def _tell(self, error: OSError) -> None:
        self.problem = f"The recording {self._path} ends here: {error.strerror}."


def recording_driver(recording: Recording) -> type[TerminalDriver]:
    """The terminal of an application that is recorded."""

    class RecordingDriver(TerminalDriver):
        """Tells the terminal and the file the same."""

        def write(self, data: str) -> None:
            """To the terminal first."""
            super().write(data)
            recording.output(data)

    return RecordingDriver
