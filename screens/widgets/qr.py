"""A QR code drawn with half blocks, two modules in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import segno
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.colourless import PICTURE
from services.credentials.passwords import Secret

QUIET = range(4, 1, -1)
"""Modules of light margin: four as the standard has it, fewer where there is no room; two are enough for phones."""

_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
# Light and dark whatever the theme. Where fonts leave gaps between blocks, those of light cells are light as well.
_MIXED = Style(color="#ffffff", bgcolor="#000000", meta=PICTURE)
_LIGHT = Style(color="#ffffff", bgcolor="#ffffff", meta=PICTURE)


def drawn(text: str, room: Size) -> tuple[str, ...]:
    """The lines of the picture, with as much margin as there is room for; none if it does not fit.

    The lowest error correction makes the smallest picture: a screen has no dirt on it.
    """
    matrix = segno.make(text, error="l", micro=False, boost_error=False).matrix
    for quiet in QUIET:
        side = len(matrix) + 2 * quiet
        if side <= room.width and (side + 1) // 2 <= room.height:
            return _lines(matrix, quiet)
    return ()


def _lines(matrix: Sequence[Sequence[int]], quiet: int) -> tuple[str, ...]:
    side = len(matrix) + 2 * quiet
    margin = [True] * quiet
    light = [[True] * side] * quiet
    light += [margin + [not module for module in row] + margin for row in matrix]
    light += [[True] * side] * (quiet + side % 2)
    pairs = zip(light[::2], light[1::2], strict=True)
    return tuple("".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)


class QrCode(Widget):
    """The longest of the texts, which say the same, whose picture has room; empty if none has."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    QrCode { width: auto; height: auto; }
    """

    def __init__(self, texts: Sequence[Secret]) -> None:
        super().__init__()
        self._texts = texts
        self._lines: tuple[str, ...] = ()

    def draw(self, room: Size) -> bool:
        """Draw it anew for so many cells; False if no picture has room in them."""
        candidates = (drawn(text.reveal(), room) for text in self._texts)
        self._lines = next((lines for lines in candidates if lines), ())
        self.refresh(layout=True)
        return bool(self._lines)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the picture."""
        return len(self._lines[0]) if self._lines else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the picture."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """One line of the picture."""
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        line = self._lines[y]
        runs = (("".join(cells), light) for light, cells in groupby(line, lambda cell: cell == "█"))
        return Strip([Segment(cells, _LIGHT if light else _MIXED) for cells, light in runs], len(line))
