"""The programs on the stage as the stage sees them: started, written to, read from, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import socket
import struct
import subprocess
import termios
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tui.demo.scene import Place
from tui.forking import lines
from tui.hardening import python_command

_AT_ONCE = 65_536
_MOST_UNSENT = 262_144
"""Octets that may wait for a program that does not read."""

_KEPT = ("PATH", "LANG", "TZ")


def environment_of(home: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables of all processes of a sandbox: nothing that could lead them out of it."""
    kept = {name: value for name, value in environment.items() if name in _KEPT or name.startswith("LC_")}
    return kept | {"HOME": str(home), "TMPDIR": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Program:
    """One program in a pseudo-terminal of its own.

    Attributes:
        name: of this run; place: which program it is.
        on_octets: is given what it writes; on_end: its exit code, once nothing more comes.
        unwanted: whether the stage has ended it, which is no news to anybody.
    """

    def __init__(self, name: str, place: Place, size: tuple[int, int]) -> None:
        self.name = name
        self.place = place
        self.on_octets: Callable[[bytes], None] = lambda _: None
        self.on_end: Callable[[int], None] = lambda _: None
        self.ended: int | None = None
        self.unwanted = False
        self._loop = asyncio.get_running_loop()
        self.master, self.slave = pty.openpty()
        os.set_blocking(self.master, False)
        self._unsent = bytearray()
        self.resize(*size)
        self._loop.add_reader(self.master, self._read)

    def resize(self, width: int, height: int) -> None:
        """Tell it the size of its terminal."""
        with contextlib.suppress(OSError):
            fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def send(self, text: str) -> None:
        """Write to it as a keyboard does."""
        if self.ended is None and len(self._unsent) < _MOST_UNSENT:
            self._unsent += text.encode("utf-8", "replace")
            self._write()

    def started(self) -> None:
        """Its process has its end of the line."""
        os.close(self.slave)

    def end(self, code: int) -> None:
        """It has ended: read what is left, and close."""
        if self.ended is None:
            self._read()
            self.ended = code
            self._loop.remove_reader(self.master)
            self._loop.remove_writer(self.master)
            os.close(self.master)
            self.on_end(code)

    def _write(self) -> None:
        try:
            sent = os.write(self.master, self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._unsent.clear()
            return
        del self._unsent[:sent]
        if self._unsent:
            self._loop.add_writer(self.master, self._write)
        else:
            self._loop.remove_writer(self.master)

    def _read(self) -> None:
        try:
            octets = os.read(self.master, _AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            octets = b""
        if octets:
            self.on_octets(octets)
        elif self.ended is None:
            # Its end of the line is closed; that it has ended is told soon.
            self._loop.remove_reader(self.master)


class Programs:
    """Has programs started by the process behind the stage."""

    def __init__(self, home: Path, theme: str) -> None:
        """Begin to prepare; call it in the main thread, to whose life that of the other process is bound.

        Args:
            home: of the sandbox.
            theme: the colours of all programs whose people have chosen none.
        """
        self._theme = theme
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line = ours
        self._line.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                python_command("tui.demo.backstage", "--home", str(home), "--line", str(theirs.fileno())),
                env=environment_of(home),
                # A file that is named without its folder is one of the sandbox.
                cwd=home,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # A Ctrl-C in the terminal of the stage is a key, and no signal for what stands behind it.
                start_new_session=True,
            )
        self._number = 0
        self._running: dict[str, Program] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._warm = asyncio.Event()
        self.gone = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._line, self._hear)

    async def warm(self) -> bool:
        """Wait until programs can be started. Returns whether they can."""
        waits = {asyncio.ensure_future(self._warm.wait()), asyncio.ensure_future(self.gone.wait())}
        _, rest = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in rest:
            wait.cancel()
        return not self.gone.is_set()

    def start(self, place: Place, size: tuple[int, int], **told: Any) -> Program:
        """Start a program; `told` is what `playing.play` takes besides its place."""
        self._number += 1
        program = Program(f"{place}-{self._number}", place, size)
        self._running[program.name] = program
        self._ended[program.name] = asyncio.Event()
        packet = {
            "what": "start",
            "name": program.name,
            "place": place,
            "actor": None,
            "link": "",
            "theme": self._theme,
        }
        try:
            lines.send(self._line, packet | told, [program.slave])
        except OSError:
            self._has_ended(program.name, -1)
        program.started()
        return program

    async def end(self, *programs: Program) -> None:
        """Kill programs, and wait until they are no more."""
        for program in programs:
            program.unwanted = True
            if program.name in self._running:
                with contextlib.suppress(OSError):
                    lines.send(self._line, {"what": "kill", "name": program.name})
        for program in programs:
            ended = self._ended.get(program.name)
            if ended is not None:
                await ended.wait()

    def close(self) -> None:
        """End everything; the process behind the stage does the rest by itself."""
        with contextlib.suppress(ValueError, OSError):
            asyncio.get_running_loop().remove_reader(self._line)
        self._line.close()
        for name in list(self._running):
            self._has_ended(name, -1)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self) -> None:
        try:
            packet, _ = lines.receive(self._line)
        except BlockingIOError:
            return
        except OSError:
            packet = None
        if packet is None:
            asyncio.get_running_loop().remove_reader(self._line)
            self.gone.set()
            for name in list(self._running):
                self._has_ended(name, -1)
        elif "warm" in packet:
            self._warm.set()
        elif "ended" in packet:
            self._has_ended(str(packet["ended"]), int(packet["code"]))

    def _has_ended(self, name: str, code: int) -> None:
        program = self._running.pop(name, None)
        if program is not None:
            program.end(code)
            self._ended.pop(name).set()
