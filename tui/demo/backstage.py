"""The process behind the stage: it has imported everything, and forks a program for each place at once.

It ends with the stage, however that ends; no program is left behind then, and nothing of the sandbox.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gc
import os
import select
import signal
import socket
import sys
import termios
import time
from pathlib import Path
from typing import Any, NoReturn

from tui import exits
from tui.hardening import end_with_parent, harden
from tui.portal import lines

END_WITHIN = 1.0
"""Seconds in which the programs end when the stage is gone; then they are killed."""

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


class Backstage:
    """Forks programs, and tells the stage when each has ended."""

    def __init__(self, home: Path, line: socket.socket) -> None:
        from tui.faults import start_log
        from tui.portal.warming import import_all

        self._home = home
        self._line = line
        self._running: dict[int, str] = {}
        start_log(home / "trakdesk.log")
        import_all()
        # It imports the applications themselves.
        import tui.demo.playing  # noqa: F401

        gc.collect()
        gc.freeze()
        self._asleep, self._woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> int:
        """Serve until the stage is gone; then take the sandbox away, should the stage not have done so."""
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._tell({"warm": True})
        going = True
        while going:
            ready, _, _ = select.select([self._line.fileno(), self._asleep], [], [])
            if self._asleep in ready:
                told = os.read(self._asleep, 4096)
                going = signal.SIGTERM not in told
                self._bury()
            if self._line.fileno() in ready:
                going = self._serve() and going
        self._end_all()
        from services.sandbox.sandbox import remove

        remove(self._home)
        return exits.DONE

    def _serve(self) -> bool:
        """Do what the stage asks for. Returns whether it is still there."""
        try:
            packet, handles = lines.receive(self._line, 1)
        except OSError:
            return False
        if packet is None:
            return False
        try:
            if packet["what"] == "kill":
                self._kill(str(packet["name"]))
            else:
                self._fork(packet, handles[0])
        finally:
            for handle in handles:
                os.close(handle)
        return True

    def _fork(self, packet: dict[str, Any], handle: int) -> None:
        name, parent = str(packet["name"]), os.getpid()
        try:
            number = os.fork()
        except OSError:
            self._tell({"ended": name, "code": -1})
            return
        if number == 0:
            self._become(packet, handle, parent)
        self._running[number] = name

    def _become(self, packet: dict[str, Any], handle: int, parent: int) -> NoReturn:
        """In the new process: be the program, and end with it."""
        code = exits.FAULT
        try:
            self._let_go(parent)
            _take_terminal(handle)
            from tui.demo.playing import play

            code = play(self._home, packet)
        except BaseException as error:  # noqa: BLE001 - nothing of it may return into the parent's loop
            from tui.faults import write_down

            write_down(error)
        finally:
            # Neither the parent's clean-up nor a thread that still waits for a database holds the process.
            os._exit(code)

    def _let_go(self, parent: int) -> None:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        end_with_parent(signal.SIGKILL, parent)
        self._line.close()
        os.close(self._asleep)
        os.close(self._woken)

    def _kill(self, name: str) -> None:
        # They are our children and not buried yet, so that a number cannot belong to anybody else.
        for number, running in self._running.items():
            if running == name:
                os.kill(number, signal.SIGKILL)

    def _bury(self) -> None:
        while self._running:
            number, status = os.waitpid(-1, os.WNOHANG)
            if number == 0:
                return
            self._tell({"ended": self._running.pop(number), "code": os.waitstatus_to_exitcode(status)})

    def _tell(self, packet: dict[str, Any]) -> None:
        # A stage that is gone is found out by reading.
        with contextlib.suppress(OSError):
            lines.send(self._line, packet)

    def _end_all(self) -> None:
        for number in self._running:
            os.kill(number, signal.SIGKILL)
        until = time.monotonic() + END_WITHIN
        while self._running and time.monotonic() < until:
            self._bury()
            time.sleep(0.01)


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
