"""The line between the program of one session and the server: two pipes, and a thread that writes."""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from collections.abc import Callable, Iterator
from time import monotonic

from tui.portal import packets
from tui.portal.messages import Message, Refused, read_hello
from tui.portal.packets import DATA, META, Broken, Packet, Packets
from tui.portal.protocol import HELLO_WITHIN, Hello

MOST_WAITING = 262_144
"""Octets that may wait for a slow reader; what is drawn beyond them is left out and drawn anew later."""

_AT_ONCE = 65_536
_LAST_WORDS_WITHIN = 2.0


def _nothing() -> None:
    pass


class Wire:
    """Reads packets, and writes them without ever holding up who draws.

    Attributes:
        on_gone: called from a thread once nothing can be written any more.
        on_caught_up: called from a thread when everything was written and something was left out before.
    """

    def __init__(self, reads: int = 0, writes: int = 1) -> None:
        """The two ends of pipes, by their file descriptors."""
        self.on_gone: Callable[[], None] = _nothing
        self.on_caught_up: Callable[[], None] = _nothing
        self._reads = reads
        self._writes = writes
        self._packets = Packets()
        self._early: deque[Packet] = deque()
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._left_out = self._ends = self._gone = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write_all, name="portal-output", daemon=True)

    def hello(self) -> Hello:
        """The server's first packet. Raises Broken if another one comes, none in time, or the end."""
        until = monotonic() + HELLO_WITHIN
        while not self._early:
            left = until - monotonic()
            if left <= 0 or not select.select([self._reads], [], [], left)[0]:
                raise Broken
            octets = os.read(self._reads, _AT_ONCE)
            if not octets:
                raise Broken
            self._early.extend(self._packets.feed(octets))
        first = self._early.popleft()
        if first.kind != META:
            raise Broken
        word, told = packets.read_meta(first.payload)
        try:
            return read_hello(Message(word, told))
        except Refused as error:
            raise Broken from error

    def receive(self, within: float) -> Iterator[Packet] | None:
        """The packets that have come, perhaps none, after `within` seconds at most; None at the end of the line.

        Raises Broken.
        """
        if self._early:
            early, self._early = self._early, deque()
            return iter(early)
        if not select.select([self._reads], [], [], within)[0]:
            return iter(())
        octets = os.read(self._reads, _AT_ONCE)
        return self._packets.feed(octets) if octets else None

    # -- writing -----------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to write."""
        self._thread.start()
        # By this line textual-serve knows a program of Textual.
        self._put(b"__GANGLION__\n")

    def tell(self, word: str, **values: object) -> None:
        """Send a meta packet; from any thread."""
        self._put(packets.meta(word, **values))

    def draw(self, text: str) -> None:
        """Send what is drawn, unless too much is waiting already."""
        with self._changed:
            if self._waiting > MOST_WAITING:
                self._left_out = True
                return
        self._put(packets.packet(DATA, text.encode("utf-8", "replace")))

    def end(self) -> None:
        """Write what still waits, as long as the reader takes it."""
        with self._changed:
            self._ends = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(_LAST_WORDS_WITHIN)

    def _put(self, octets: bytes) -> None:
        with self._changed:
            if self._gone or self._ends:
                return
            self._queue.append(octets)
            self._waiting += len(octets)
            self._changed.notify()

    def _write_all(self) -> None:
        while True:
            with self._changed:
                while not (self._queue or self._ends):
                    self._changed.wait()
                if not self._queue:
                    return
                octets = b"".join(self._queue)
                self._queue.clear()
            if not self._write(octets):
                return
            with self._changed:
                self._waiting -= len(octets)
                anew = self._left_out and not self._queue
                self._left_out = self._left_out and not anew
            if anew:
                self.on_caught_up()

    def _write(self, octets: bytes) -> bool:
        """Whether it could be written."""
        rest = memoryview(octets)
        try:
            while rest:
                rest = rest[os.write(self._writes, rest) :]
        except OSError:
            with self._changed:
                self._gone = True
                self._queue.clear()
            self.on_gone()
            return False
        return True
