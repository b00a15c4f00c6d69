"""Plays an asciinema file back into a terminal without a window."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyte
from PIL import Image

from tests.surfaces.term import UNKNOWN, Screen, paint

_PICTURE = re.compile(r"[a-z0-9-]+")


class Moment(NamedTuple):
    """A marker, and the screen as it is then."""

    seconds: float
    name: str
    screen: Any

    @property
    def of_picture(self) -> bool:
        """Whether a picture is drawn of it; other markers are captions."""
        return _PICTURE.fullmatch(self.name) is not None

    @property
    def text(self) -> str:
        """What stands there."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def picture(self, box: tuple[int, int, int, int] | None = None) -> Image.Image:
        """The screen, or a part of it, in few colours: these files stand in a repository."""
        drawn: Image.Image = paint(self.screen, box=box)
        return drawn.quantize(96, dither=Image.Dither.NONE)


def moments(path: Path) -> Iterator[Moment]:
    """Every marker of a recording; the screen is good until the next one is asked for."""
    with path.open(encoding="utf-8") as file:
        header = json.loads(next(file))
        assert header["version"] == 2
        screen = Screen(header["width"], header["height"])
        stream = pyte.ByteStream(screen)
        for line in file:
            seconds, kind, data = json.loads(line)
            if kind == "o":
                stream.feed(UNKNOWN.sub(b"", data.encode()))
            elif kind == "r":
                columns, _, rows = data.partition("x")
                screen.resize(int(rows), int(columns))
            elif kind == "m":
                yield Moment(seconds, data, screen)
