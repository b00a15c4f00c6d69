"""A page for tests of the program of one session: real pipes, and a terminal to look at, without a server."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pyte

from tests.places import ROOT
from tui.portal.packets import DATA, Packets, meta, packet

PROGRAM = """
import sys
from pathlib import Path
from services.settings import load_settings
from tui.portal.program import run
sys.exit(run(load_settings(Path(sys.argv[1])), "198.51.100.4"))
"""


class Page:
    """What the server would see of a program, and what it would send."""

    def __init__(self, home: Path, size: tuple[int, int] = (80, 24), **hello: object) -> None:
        """`hello` is what the page brings besides its size."""
        (read, self.feed), (self.hear, write) = os.pipe(), os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home)],
            stdin=read,
            stdout=write,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            # As the warm parent has it.
            env={"PATH": os.environ["PATH"], "HOME": str(home), "TEXTUAL_COLOR_SYSTEM": "truecolor"},
        )
        os.close(read)
        os.close(write)
        self.told: list[dict[str, object]] = []
        self._begun = b""
        self._packets = Packets()
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.send(meta("hello", width=size[0], height=size[1], **hello))

    def send(self, octets: bytes) -> None:
        os.write(self.feed, octets)

    def type(self, text: str) -> None:
        """Type it at once."""
        self.send(packet(DATA, text.encode()))

    def settle(self, quiet: float = 0.5) -> None:
        """Wait until nothing more is drawn."""
        while select.select([self.hear], [], [], quiet)[0] and self._listen():
            pass

    def until(self, words: str) -> None:
        """Wait until these words stand on the screen."""
        give_up = monotonic() + 30
        while words not in "\n".join(self.screen.display):
            assert monotonic() < give_up, "\n".join(self.screen.display)
            self._listen()

    def ends(self) -> int:
        """Wait until the program has gone; gives its exit code."""
        while self._listen():
            pass
        return self.process.wait(20)

    def _listen(self) -> bool:
        if not select.select([self.hear], [], [], 1)[0]:
            return True
        octets = os.read(self.hear, 65_536)
        self._begun += octets if b"\n" not in self._begun else b""
        if self._begun and self._begun.startswith(b"__GANGLION__\n"):
            octets, self._begun = self._begun.partition(b"\n")[2] if len(self._begun) > 13 else b"", b"\n"
        for kind, payload in self._packets.feed(octets):
            if kind == DATA:
                self._stream.feed(payload)
            else:
                self.told.append(json.loads(payload))
        return bool(octets)
