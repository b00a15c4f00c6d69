"""Data on its way to the terminal: cut to cells, and the last filter before the screen."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from services.text import MOST_STACKED, safe

__all__ = ["Align", "SafeLines", "fit", "safe"]

Align = Literal["left", "right", "center"]
"""Where a text stands in a cell that is wider."""

_CUT = "…"
# Within one line of the screen a break has no width.
_BREAKS = dict.fromkeys((*range(0x09, 0x0E), 0x85))


def fit(text: str, cells: int, *, align: Align = "left") -> str:
    """The text made harmless and exactly so many terminal cells wide: padded, or cut with "…"."""
    if cells <= 0:
        return ""
    text = safe(text)
    if text.isascii():
        width = len(text)
        if width > cells:
            text = text[: cells - 1].rstrip(" ") + _CUT
            width = len(text)
    else:
        text = _whole_signs(text, cells)
        width = cell_len(text)
        if width > cells:
            text = set_cell_size(text, cells - 1).rstrip(" ") + _CUT
            width = cell_len(text)
    if align == "left":
        return text + " " * (cells - width)
    before = cells - width if align == "right" else (cells - width) // 2
    return " " * before + text + " " * (cells - width - before)


def _whole_signs(text: str, cells: int) -> str:
    """The part of the text that matters for so many cells, without accents before the first base."""
    while text and cell_len(text[0]) == 0:
        text = text[1:]
    return text[: (cells + 1) * (1 + MOST_STACKED)]


class SafeLines(LineFilter):
    """Takes out of every line what a terminal must not get: the last filter of each app, one object per app.

    Every line keeps its width. Services refuse such signs in new data; this stops what old rows, imports,
    error texts and other people's widgets still carry.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, made harmless."""
        return [segment if _is_harmless(segment) else _harmless(segment) for segment in segments]


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    if control or (style is not None and style.link):
        return False
    return safe(text) == text


def _harmless(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style.link and safe(style.link) != style.link:
        style = style.update_link(None)
    return Segment(set_cell_size(safe(text.translate(_BREAKS)), cell_len(text)), style)
