"""The server's end of the line to the warm parent: begins programs, hears of their ends, and replaces a dead parent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
from dataclasses import dataclass, field
from itertools import count

from services.settings import Settings
from tui import exits
from tui.faults import new_reference
from tui.forking import lines
from tui.hardening import python_command, small_environment

LOG = logging.getLogger("trakdesk")

BEGIN_WITHIN = 20.0
"""Seconds within which a program must have begun, the warm parent's own start included."""

LOOK_WITHIN = 12.0
_STOP_WITHIN = 5.0
_DELAYS = (0.0, 0.5, 2.0, 5.0, 10.0)
"""Seconds before the next warm parent after so many that died cold."""


class NotBegun(Exception):
    """No program can be begun now."""


@dataclass
class Program:
    """One program that was begun.

    Attributes:
        number: its process; 0 until the warm parent has said it.
        ended: done with its exit code once it has ended, with None if nobody is left to know.
    """

    name: str
    number: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    code: int | None = None

    def end(self, code: int | None) -> None:
        """It has ended, or is lost sight of."""
        self.code = code
        self.began.set()
        self.ended.set()


class Programs:
    """Begins the programs of one server, and keeps a warm parent alive for that."""

    def __init__(self, settings: Settings) -> None:
        self._home = str(settings.home)
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._warm = asyncio.Event()
        self._programs: dict[str, Program] = {}
        self._names = count(1)
        self._faults = 0
        self._again: asyncio.TimerHandle | None = None
        self._stopping = False

    @property
    def is_warm(self) -> bool:
        """Whether a program can be begun at once."""
        return self._warm.is_set()

    @property
    def parent(self) -> int:
        """The process of the warm parent; 0 between two of them."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start a warm parent. Call it from the main thread: it ends with the thread that started it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                python_command("tui.portal.warm", "--home", self._home, "--line", str(theirs.fileno())),
                env=small_environment(os.environ) | {"MALLOC_ARENA_MAX": "1"},
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # The Ctrl-C of a terminal is for the server, which ends the programs in good order.
                start_new_session=True,
            )
        self._line = ours
        asyncio.get_running_loop().add_reader(ours, self._heard)

    async def wait_warm(self) -> bool:
        """Wait until programs can be begun. Returns whether they can."""
        try:
            await asyncio.wait_for(self._warm.wait(), BEGIN_WITHIN)
        except TimeoutError:
            return False
        return True

    async def begin(self, address: str) -> tuple[Program, asyncio.StreamReader, asyncio.StreamWriter]:
        """Begin a program for somebody at `address`, and return it with its output and its input. Raises NotBegun."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                program = await self._ask("begin", theirs, address=address)
            except NotBegun:
                ours.close()
                raise
        reader, writer = await asyncio.open_connection(sock=ours)
        return program, reader, writer

    async def database_answers(self) -> bool:
        """Whether a program could work now; asked of a process that the warm parent forks for it."""
        try:
            program = await self._ask("look", None)
            await asyncio.wait_for(program.ended.wait(), LOOK_WITHIN)
        except (NotBegun, TimeoutError):
            return False
        return program.code in (exits.DONE, exits.NEEDS_A_LOOK)

    def kill(self, program: Program) -> None:
        """End a program that was asked to and does not. The parent does it: to us its number may be another's."""
        if not program.ended.is_set():
            self._send({"what": "kill", "name": program.name})

    async def stop(self) -> None:
        """End the warm parent, and with it whatever still runs."""
        self._stopping = True
        if self._again is not None:
            self._again.cancel()
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(asyncio.to_thread(process.wait), _STOP_WITHIN)
        except TimeoutError:
            process.kill()
        self._close_line()

    async def _ask(self, what: str, end: socket.socket | None, **told: str) -> Program:
        if not await self.wait_warm():
            raise NotBegun
        program = Program(str(next(self._names)))
        self._programs[program.name] = program
        handles = () if end is None else (end.fileno(),)
        if not self._send({"what": what, "name": program.name, **told}, handles):
            del self._programs[program.name]
            raise NotBegun
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(program.began.wait(), BEGIN_WITHIN)
        if not program.number:
            raise NotBegun
        return program

    def _send(self, packet: dict[str, str], handles: tuple[int, ...] = ()) -> bool:
        if self._line is None:
            return False
        try:
            lines.send(self._line, packet, handles)
        except OSError:
            # Full or gone: to whoever comes now that is the same.
            return False
        return True

    def _heard(self) -> None:
        if self._line is None:
            return
        try:
            packet, _ = lines.receive(self._line)
        except BlockingIOError:
            return
        except OSError:
            packet = None
        if packet is None:
            self._lost()
        elif "warm" in packet:
            self._faults = 0
            self._warm.set()
        elif "began" in packet:
            program = self._programs.get(packet["began"])
            if program is not None:
                program.number = packet["number"]
                program.began.set()
        elif "ended" in packet:
            program = self._programs.pop(packet["ended"], None)
            if program is not None:
                program.end(packet["code"])

    def _lost(self) -> None:
        """The warm parent has gone: its programs end with it, and another one takes its place."""
        was_warm, process = self._warm.is_set(), self._process
        self._warm.clear()
        self._close_line()
        if process is not None:
            # Its line is closed, so that whatever is left of it can be ended for sure.
            process.kill()
            process.wait()
        self._process = None
        programs, self._programs = self._programs, {}
        for program in programs.values():
            program.end(None)
        if self._stopping:
            return
        LOG.error("fault %s: the warm parent of the portal ended by itself", new_reference())
        self._faults = 0 if was_warm else min(self._faults + 1, len(_DELAYS) - 1)
        self._again = asyncio.get_running_loop().call_later(_DELAYS[self._faults], self.start)

    def _close_line(self) -> None:
        if self._line is not None:
            asyncio.get_running_loop().remove_reader(self._line)
            self._line.close()
            self._line = None
