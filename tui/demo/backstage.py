"""The process behind the stage: it has imported everything, and forks a program for each place at once.

It ends with the stage, however that ends; no program is left behind then, and nothing of the sandbox.
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import os
import signal
import socket
import sys
import termios
from pathlib import Path
from typing import Any

from tui.forking.parent import ForkingParent
from tui.hardening import end_with_parent, harden

_DRAWN_FOR_THE_STAGE = {
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_FPS": "60",
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
}
"""What Textual reads when it is imported."""


def main() -> int:
    """Prepare, tell the stage, and fork until it is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--line", type=int, required=True)
    options = parser.parse_args()
    end_with_parent()
    harden()
    os.environ.update(_DRAWN_FOR_THE_STAGE)
    gc.disable()
    # Peewee imports psycopg wherever it finds it; the sandbox is embedded.
    sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type] # None is Python's way to say "not here"
    return Backstage(options.home, socket.socket(fileno=options.line)).run()


class Backstage(ForkingParent):
    """Forks the programs of the stage, and takes the sandbox away, should the stage not have done so."""

    # When the stage's terminal is hung up, the stage says when to end.
    HEARS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP)
    ENDS_BY = signal.SIGKILL
    END_WITHIN = 1.0

    def __init__(self, home: Path, line: socket.socket) -> None:
        from tui.faults import start_log
        from tui.portal.warming import import_all

        self._home = home
        start_log(home / "trakdesk.log")
        import_all()
        # It imports the applications themselves.
        import tui.demo.playing  # noqa: F401

        gc.collect()
        gc.freeze()
        super().__init__(line)

    def play(self, packet: dict[str, Any], handles: list[int]) -> int:
        """The program of one place, at a terminal of its own."""
        _take_terminal(handles[0])
        from tui.demo.playing import play

        return play(self._home, packet)

    def run(self) -> int:
        """Serve until the stage is gone; then leave nothing of the sandbox."""
        code = super().run()
        from services.sandbox.sandbox import remove

        remove(self._home)
        return code


def _take_terminal(handle: int) -> None:
    """Let a pseudo-terminal be that of this process, and its standard files."""
    os.setsid()
    fcntl.ioctl(handle, termios.TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(handle, number)
    if handle > 2:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
