"""Fewer colours on their way to the terminal: none where somebody wants none, else none that go without saying."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

PICTURE = {"picture": True}
"""The meta of a style whose colours are the content: a code that a phone reads is nothing without black and white."""


class Colourless(LineFilter):
    """For NO_COLOR: takes every colour out of what is drawn, but for pictures; weight and reverse video remain."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, with what is not colour in their styles."""
        return [Segment(text, style and _without(style), control) for text, style, control in segments]


class Unsaid(LineFilter):
    """For slow lines: the terminal's own colours need no code, since every piece ends by going back to them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, with only those colours in their styles that are others."""
        return [Segment(text, style and _without_usual(style), control) for text, style, control in segments]


@lru_cache(1024)
def _without_usual(style: Style) -> Style:
    colours = [None if colour is None or colour.is_default else colour for colour in (style.color, style.bgcolor)]
    return _coloured(style, *colours)


@lru_cache(1024)
def _without(style: Style) -> Style:
    return style if style.meta.get("picture") else _coloured(style, None, None)


def _coloured(style: Style, letters: RichColor | None, ground: RichColor | None) -> Style:
    """The same style in other colours; what a click means stays with it, which Rich would take away."""
    return style.without_color + Style(color=letters, bgcolor=ground, meta=style.meta or None)
