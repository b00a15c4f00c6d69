"""The warm parent: one process that has imported and prepared everything, and forks one program for each person.

It has no thread and no connection to the database, and waits for the server's word. What a program then has of its
own is what it changes; the rest of its memory is this process's, shared.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from services.errors import Unavailable
from tui import exits, terminal
from tui.hardening import end_with_parent, harden
from tui.portal import lines
from tui.portal.holes import fill_holes

if TYPE_CHECKING:
    from services.desk import Desk
    from services.settings import Settings
    from tui.portal.prepared import Prepared

END_WITHIN = 3.0
"""Seconds in which the programs end when the server is gone; then they are killed."""

_LOOK_WITHIN = 10

_DRAWN_FOR_THE_WEB = {
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_FPS": "60",
    "TERM_PROGRAM": "textual",
}
"""What Textual reads when it is imported."""


def main() -> int:
    """Prepare, tell the server, and fork until the server is gone."""
    options = _options()
    end_with_parent()
    harden()
    terminal.scrub()
    os.environ.update(_DRAWN_FOR_THE_WEB)
    gc.disable()
    settings = _settings(options)
    line = socket.socket(fileno=options.line)
    return WarmParent(settings, line).run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--line", type=int, required=True)
    return parser.parse_args()


def _settings(options: argparse.Namespace) -> Settings:
    from tui.commands.opened import settings_of
    from tui.faults import start_log

    settings = settings_of(options)
    start_log(settings.log_path)
    return settings


class WarmParent:
    """Forks programs, and tells the server when each has begun and ended."""

    def __init__(self, settings: Settings, line: socket.socket) -> None:
        self._settings = settings
        self._line = line
        self._running: dict[int, str] = {}
        self._looking: set[int] = set()
        self._founded = False
        self._filling: list[list[bytes]] = []
        self._prepared = self._prepare()
        self._asleep, self._woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> int:
        """Serve until the server is gone or says so; no program is left behind."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: None)
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
        return exits.DONE

    def _prepare(self) -> Prepared:
        # Only now: the environment that Textual reads when it is imported is ours.
        from tui.portal.warming import warm_up

        prepared = warm_up(self._settings)
        # What stands now stays for good: a collection in a program would only touch, and so copy, shared pages.
        gc.collect()
        self._filling = fill_holes()
        gc.freeze()
        return prepared

    def _serve(self) -> bool:
        """Do what the server asks for. Returns whether it is still there."""
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
                self._fork(packet, handles)
        finally:
            for handle in handles:
                os.close(handle)
        return True

    def _fork(self, packet: dict[str, Any], handles: list[int]) -> None:
        name = str(packet["name"])
        parent = os.getpid()
        try:
            number = os.fork()
        except OSError:
            self._tell({"ended": name, "code": -1})
            return
        if number == 0:
            self._become(packet, handles, parent)
        self._running[number] = name
        if packet["what"] == "look":
            self._looking.add(number)
        self._tell({"began": name, "number": number})

    def _become(self, packet: dict[str, Any], handles: list[int], parent: int) -> NoReturn:
        """In the new process: be the program, and end with it."""
        code = exits.FAULT
        try:
            self._let_go(parent)
            if packet["what"] == "look":
                code = _look(self._prepared.desk)
            else:
                for number in (0, 1):
                    os.dup2(handles[0], number)
                os.close(handles[0])
                code = self._prepared.run(str(packet["address"]), founded=self._founded)
        except BaseException as error:  # noqa: BLE001 - nothing of it may return into the warm parent's loop
            from tui.faults import write_down

            write_down(error)
        finally:
            # Neither the warm parent's clean-up nor a thread that still waits for a database holds the process.
            os._exit(code)

    def _let_go(self, parent: int) -> None:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, _end_soon)
        end_with_parent(signal.SIGHUP, parent)
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
            code = os.waitstatus_to_exitcode(status)
            if number in self._looking:
                self._looking.remove(number)
                # An agency that stands is never taken away.
                self._founded = self._founded or code == exits.DONE
            self._tell({"ended": self._running.pop(number), "code": code})

    def _tell(self, packet: dict[str, Any]) -> None:
        # A server that is gone is found out by reading.
        with contextlib.suppress(OSError):
            lines.send(self._line, packet)

    def _end_all(self) -> None:
        """Ask the programs to end, and kill those that do not."""
        self._signal_all(signal.SIGHUP)
        until = time.monotonic() + END_WITHIN
        while self._running and time.monotonic() < until:
            self._bury()
            time.sleep(0.05)
        self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: int) -> None:
        for process in self._running:
            os.kill(process, number)


def _end_soon(*_: object) -> None:
    """End from within, as when somebody leaves; a program that cannot is ended by the alarm."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, END_WITHIN)
    os.kill(os.getpid(), signal.SIGTERM)


def _look(desk: Desk) -> int:
    """Whether the database answers and has our tables, in a process of its own that leaves no connection behind.

    Returns DONE if an agency stands in it too, NEEDS_A_LOOK if none does yet, else UNAVAILABLE.
    """
    signal.alarm(_LOOK_WITHIN)
    from models.schema import SchemaState, schema_state

    try:
        with desk.ctx.read():
            if schema_state(desk.ctx.database) is not SchemaState.CURRENT:
                return exits.UNAVAILABLE
        return exits.DONE if desk.is_founded() else exits.NEEDS_A_LOOK
    except Unavailable:
        return exits.UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main())
