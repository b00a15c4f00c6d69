"""The process that forks: it has no thread and no connection to the database, and waits for the word of its line."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from abc import abstractmethod
from typing import Any, ClassVar, NoReturn

from tui import exits
from tui.forking import lines
from tui.hardening import end_with_parent


class ForkingParent:
    """Forks programs, and tells through its line when each has ended.

    Attributes:
        HEARS: the signals that make it look whether programs have ended; at SIGTERM it ends itself.
        ENDS_BY: the signal by which a program learns that it is to end.
        END_WITHIN: seconds in which the programs end when the line is gone; then they are killed.
    """

    HEARS: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGCHLD, signal.SIGTERM)
    ENDS_BY: ClassVar[signal.Signals]
    END_WITHIN: ClassVar[float]

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._running: dict[int, str] = {}
        self._asleep, self._woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    # Not in an ABC: there the hooks that may stay empty would have to be abstract too.
    @abstractmethod
    def play(self, packet: dict[str, Any], handles: list[int]) -> int:
        """Be the program that the packet asks for, in a process of its own. Returns its exit code."""

    def get_ready(self) -> None:
        """In the new process, before it learns whether its parent is still there."""

    def forked(self, number: int, packet: dict[str, Any]) -> None:
        """A program has begun."""

    def buried(self, number: int, code: int) -> None:
        """A program has ended."""

    def run(self) -> int:
        """Serve until the line is gone or a signal says so; no program is left behind. Returns the exit code."""
        for number in self.HEARS:
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.tell({"warm": True})
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

    def tell(self, packet: dict[str, Any]) -> None:
        """Say something through the line; whether anybody is left there is found out by reading."""
        with contextlib.suppress(OSError):
            lines.send(self._line, packet)

    def _serve(self) -> bool:
        """Do what the line asks for. Returns whether it is still there."""
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
        name, parent = str(packet["name"]), os.getpid()
        try:
            number = os.fork()
        except OSError:
            self.tell({"ended": name, "code": -1})
            return
        if number == 0:
            self._become(packet, handles, parent)
        self._running[number] = name
        self.forked(number, packet)

    def _become(self, packet: dict[str, Any], handles: list[int], parent: int) -> NoReturn:
        """In the new process: be the program, and end with it."""
        code = exits.FAULT
        try:
            self._let_go(parent)
            code = self.play(packet, handles)
        except BaseException as error:  # noqa: BLE001 - nothing of it may return into the parent's loop
            from tui.faults import write_down

            write_down(error)
        finally:
            # Neither the parent's clean-up nor a thread that still waits for a database holds the process.
            os._exit(code)

    def _let_go(self, parent: int) -> None:
        signal.set_wakeup_fd(-1)
        for number in (*self.HEARS, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        self.get_ready()
        end_with_parent(self.ENDS_BY, parent)
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
            self.buried(number, code)
            self.tell({"ended": self._running.pop(number), "code": code})

    def _end_all(self) -> None:
        """Ask the programs to end, and kill those that do not."""
        self._signal_all(self.ENDS_BY)
        until = time.monotonic() + self.END_WITHIN
        while self._running and time.monotonic() < until:
            self._bury()
            time.sleep(0.02)
        self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: int) -> None:
        for process in self._running:
            os.kill(process, number)
