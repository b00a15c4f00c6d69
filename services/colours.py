"""The colours that somebody can choose, by the names under which choices are kept."""

from __future__ import annotations

from enum import StrEnum


class Colours(StrEnum):
    """The looks of every screen; which colours they are is for the user interface to say."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"
    ANSI = "ansi"

    @property
    def words(self) -> str:
        """What it is for, as a person reads it."""
        return _WORDS[self]

    @classmethod
    def named(cls, name: str) -> Colours:
        """The colours of this name; dark for nothing, and for what an older or newer desk has kept."""
        return next((colours for colours in cls if colours.value == name), cls.DARK)


_WORDS = {
    Colours.DARK: "light letters on dark",
    Colours.LIGHT: "dark letters on light",
    Colours.CONTRAST: "high contrast, thick marks",
    Colours.ANSI: "the terminal's own colours, for slow lines",
}
NAMES = tuple(colours.value for colours in Colours)
"""The short names, as `--theme` and the settings take them."""
