"""Lines that somebody types, or that come through a pipe."""

from __future__ import annotations

import os
import select
import signal
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

LONGEST = 10_000
"""Signs of a line that are looked at: more than a link, a reason or a line of a chat has."""

_CHUNK = 65_536


@contextmanager
def _signals() -> Iterator[list[int]]:
    """What to wait for besides a line.

    A signal that comes when Python has looked for signals and the wait has not begun yet is noticed only after the
    wait; its octet in a pipe makes the wait end at once. Only the main thread hears signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield []
        return
    asleep, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    before = signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    try:
        yield [asleep]
    finally:
        signal.set_wakeup_fd(before)
        os.close(asleep)
        os.close(woken)


class Idle(Exception):
    """Nobody typed anything for as long as was waited."""


class Lines:
    """Reads a file descriptor line by line, with a limit to its patience, which buffered files do not have.

    Attributes:
        typed: whether somebody sits at a terminal; a pipe shows nothing of what comes through it.
    """

    def __init__(self, descriptor: int) -> None:
        self._from = descriptor
        self._kept = b""
        self._ended = False
        self.typed = os.isatty(descriptor)

    def next(self, patience: float | None = None) -> str:
        """The next line without its end. Raises EOFError, or Idle after `patience` seconds without one."""
        while b"\n" not in self._kept:
            if self._ended:
                if not self._kept:
                    raise EOFError
                break
            with _signals() as signals:
                ready, _, _ = select.select([self._from, *signals], [], [], patience)
            if not ready:
                raise Idle
            if self._from in ready:
                self._take()
        line, _, self._kept = self._kept.partition(b"\n")
        return line.decode("utf-8", "replace")[:LONGEST].rstrip("\r")

    def _take(self) -> None:
        try:
            read = os.read(self._from, _CHUNK)
        except OSError:
            # A terminal that was hung up.
            read = b""
        if not read:
            self._ended = True
        # Of a line that never ends no more is kept than will be looked at.
        kept = self._kept + read
        self._kept = kept if b"\n" in kept else kept[: 4 * LONGEST]

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """While this lasts a terminal shows nothing of what is typed but the end of the line."""
        if not self.typed:
            yield
            return
        before = termios.tcgetattr(self._from)
        without = termios.tcgetattr(self._from)
        without[3] = (without[3] & ~termios.ECHO) | termios.ECHONL
        # What was typed ahead stays: somebody who knows the questions does not wait for them.
        termios.tcsetattr(self._from, termios.TCSADRAIN, without)
        try:
            yield
        finally:
            # A terminal that has gone shows nothing any more anyway.
            with suppress(termios.error):
                termios.tcsetattr(self._from, termios.TCSADRAIN, before)
