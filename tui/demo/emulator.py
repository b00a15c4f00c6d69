"""What a terminal shows, worked out from what a program writes to it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pyte
from pyte.screens import Char
from rich.color import Color, ColorParseError
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b[P_^].*?(?:\x1b\\|\Z)", re.S)
"""What pyte would take for text."""

_CUT = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*|\][^\x07\x1b]*|)\Z")
"""A sequence of which the end has not come yet."""

_LONGEST_CUT = 256

_NAMES = {"brown": "yellow", "brightbrown": "bright_yellow", "brightblack": "bright_black", "brightred": "bright_red"}
_NAMES |= {f"bright{name}": f"bright_{name}" for name in ("green", "blue", "magenta", "cyan", "white")}
# pyte 0.8 spells one of its names so.
_NAMES["bfightmagenta"] = "bright_magenta"

MOUSE, MOUSE_MOVES, MOUSE_SGR, PASTE_MARKS = (number << 5 for number in (1000, 1003, 1006, 2004))
"""Modes that a program turns on, as pyte keeps them."""


class _Screen(pyte.Screen):
    """pyte's, deaf to private sequences that it would misread."""

    def select_graphic_rendition(self, *attrs: int, private: bool = False, **_: Any) -> None:
        if not private:
            super().select_graphic_rendition(*attrs)

    def report_device_status(self, *_: Any, **__: Any) -> None:
        """There is nobody to answer."""


class Emulator:
    """A screen of cells, and its lines as Textual draws them."""

    def __init__(self, width: int, height: int) -> None:
        self._screen = _Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)
        self._cut = b""
        self._strips: dict[int, Strip] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._screen.columns, self._screen.lines

    def resize(self, width: int, height: int) -> None:
        """Take another size; what stands there is cut, and the program draws it anew."""
        self._screen.resize(height, width)
        self._screen.dirty.update(range(height))
        self._strips.clear()

    def feed(self, octets: bytes) -> list[int]:
        """Take what a program has written. Returns the rows that look different now."""
        octets = self._cut + octets
        self._cut = b""
        cut = _CUT.search(octets)
        if cut is not None and len(octets) - cut.start() <= _LONGEST_CUT:
            octets, self._cut = octets[: cut.start()], octets[cut.start() :]
        try:
            self._stream.feed(_UNKNOWN.sub(b"", octets))
        except TypeError:
            # A sequence whose numbers pyte's method does not take ends its parser; the screen is as it was.
            self._stream = pyte.ByteStream(self._screen)
        changed = sorted(row for row in self._screen.dirty if row < self._screen.lines)
        self._screen.dirty.clear()
        for row in changed:
            self._strips.pop(row, None)
        return changed

    def has(self, mode: int) -> bool:
        """Whether the program has turned a mode on."""
        return mode in self._screen.mode

    def line(self, row: int) -> Strip:
        """A row to draw."""
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self._draw(row)
        return strip

    def text(self) -> str:
        """The rows as text, without the blanks at their ends."""
        width, height = self.size
        rows = (self._screen.buffer[row] for row in range(height))
        return "\n".join("".join(cells[column].data for column in range(width)).rstrip() for cells in rows)

    def _draw(self, row: int) -> Strip:
        width, _ = self.size
        cells = self._screen.buffer[row]
        segments: list[Segment] = []
        run, look = "", None
        for column in range(width):
            cell = cells[column]
            style = _style_of(cell)
            if style is not look:
                if run:
                    segments.append(Segment(run, look))
                run, look = "", style
            run += cell.data
        segments.append(Segment(run, look))
        return Strip(segments).adjust_cell_length(width)


def _style_of(cell: Char) -> Style:
    return _style(cell.fg, cell.bg, cell.bold, cell.italics, cell.underscore, cell.strikethrough, cell.reverse)


@lru_cache(maxsize=4096)
def _style(fg: str, bg: str, bold: bool, italic: bool, underline: bool, strike: bool, reverse: bool) -> Style:
    return Style(
        color=_colour(fg),
        bgcolor=_colour(bg),
        bold=bold,
        italic=italic,
        underline=underline,
        strike=strike,
        reverse=reverse,
    )


@lru_cache(maxsize=1024)
def _colour(name: str) -> Color | None:
    if name == "default":
        return None
    try:
        return Color.parse(f"#{name}" if re.fullmatch("[0-9a-fA-F]{6}", name) else _NAMES.get(name, name))
    except ColorParseError:
        return None
