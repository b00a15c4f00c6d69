"""The house's colours: four themes, and what makes an app show one of them.

Every text of every screen holds 4.5:1 against whatever it may stand on, in high contrast 7:1; a test measures that.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from textual.app import App
from textual.filter import LineFilter
from textual.theme import Theme

from screens.colours import THEME_PREFIX
from screens.widgets.colourless import Colourless, Unsaid
from services.colours import Colours

MARKED = "-marked"
"""The class of an app that shows focus by reverse video and bars."""

_COLOURLESS = Colourless()
_UNSAID = Unsaid()

_DARK = Theme(
    name=THEME_PREFIX + "dark",
    primary="#4da3ff",
    secondary="#7f8ea3",
    accent="#ffb454",
    foreground="#d7dee8",
    background="#0e1319",
    surface="#151c25",
    panel="#1e2833",
    success="#6fd08c",
    warning="#ffb454",
    error="#ff6b6b",
    dark=True,
    variables={
        "primary-background": "#16324f",
        "primary-muted": "#1b3047",
        "border": "#33475c",
        "border-blurred": "#26323f",
        "text-muted": "#a9b5c4",
        "text-disabled": "#a3b0c0",
        "foreground-muted": "#a9b5c4",
        "block-cursor-background": "#18416a",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#24313f",
        "block-cursor-blurred-foreground": "#d7dee8",
        "footer-key-foreground": "#ffb454",
        "footer-background": "#151c25",
        "input-selection-background": "#2f6da8",
        "input-selection-foreground": "#ffffff",
    },
)

_LIGHT = Theme(
    name=THEME_PREFIX + "light",
    primary="#0b5cad",
    secondary="#5b6b7d",
    accent="#8a4200",
    foreground="#17212b",
    background="#f5f7fa",
    surface="#ffffff",
    panel="#e6ecf2",
    success="#14733a",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
    variables={
        "primary-background": "#cfe3f7",
        "primary-muted": "#d9e8f6",
        "error-muted": "#f2d3d0",
        "border": "#9db2c6",
        "text-muted": "#45525f",
        "text-disabled": "#4a5764",
        "foreground-muted": "#45525f",
        "block-cursor-background": "#b5d5f5",
        "block-cursor-foreground": "#0b1520",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#d3deea",
        "block-cursor-blurred-foreground": "#17212b",
        "footer-key-foreground": "#8a4200",
        "footer-background": "#e6ecf2",
    },
)

_CONTRAST = Theme(
    name=THEME_PREFIX + "contrast",
    primary="#8fd0ff",
    secondary="#ffffff",
    accent="#ffe14d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#8dffb0",
    warning="#ffe14d",
    error="#ffbcbc",
    dark=True,
    variables={
        "primary-background": "#00305f",
        "primary-muted": "#00305f",
        "error-muted": "#5c0000",
        "border": "#ffffff",
        "border-blurred": "#ffffff",
        "text": "#ffffff",
        "text-muted": "#e6e6e6",
        "text-disabled": "#d0d0d0",
        "foreground-muted": "#e6e6e6",
        "foreground-disabled": "#d0d0d0",
        "text-success": "#8dffb0",
        "text-warning": "#ffe14d",
        "text-error": "#ffbcbc",
        "text-accent": "#ffe14d",
        "text-primary": "#8fd0ff",
        # Reverse video turns each piece of a line on its own, so that coloured words stay as readable as before.
        "block-cursor-background": "#000000",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold reverse",
        "block-cursor-blurred-background": "#00305f",
        "block-cursor-blurred-foreground": "#ffffff",
        "block-cursor-blurred-text-style": "underline",
        "footer-key-foreground": "#ffe14d",
        "footer-background": "#1c1c1c",
        "input-selection-background": "#00305f",
        "input-selection-foreground": "#ffffff",
        "scrollbar": "#ffffff",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffe14d",
    },
)

_OWN = "ansi_default"
_ANSI = Theme(
    name=THEME_PREFIX + "ansi",
    ansi=True,
    primary=_OWN,
    secondary=_OWN,
    accent=_OWN,
    foreground=_OWN,
    background=_OWN,
    surface=_OWN,
    panel=_OWN,
    # These three can be read on black and on white, whatever the terminal makes of them.
    success="ansi_green",
    warning="ansi_magenta",
    error="ansi_red",
    dark=True,
    variables={
        **dict.fromkeys(
            (
                "surface",
                "panel",
                "boost",
                "primary-background",
                "primary-muted",
                "error-muted",
                "text-muted",
                "text-disabled",
                "foreground-muted",
                "foreground-disabled",
                "border",
                "border-blurred",
                "block-cursor-foreground",
                "block-cursor-background",
                "block-cursor-blurred-foreground",
                "block-cursor-blurred-background",
                "footer-key-foreground",
                "footer-background",
                "input-cursor-background",
                "input-cursor-foreground",
                "input-selection-background",
                "input-selection-foreground",
                "screen-selection-background",
                "screen-selection-foreground",
                "scrollbar",
                "scrollbar-hover",
                "scrollbar-active",
                "scrollbar-background",
                "scrollbar-background-hover",
                "scrollbar-background-active",
                "ansi-background",
                "ansi-foreground",
            ),
            _OWN,
        ),
        "block-cursor-text-style": "bold reverse",
        "block-cursor-blurred-text-style": "underline",
    },
)

THEMES = MappingProxyType(
    {Colours.DARK: _DARK, Colours.LIGHT: _LIGHT, Colours.CONTRAST: _CONTRAST, Colours.ANSI: _ANSI}
)
"""What each of the choices looks like."""


def register(app: App[Any]) -> None:
    """Make the themes known to an app; before `apply`."""
    for theme in THEMES.values():
        app.register_theme(theme)


def apply(app: App[Any], name: str) -> None:
    """Show the colours of this short name: dark for an unknown one, none at all where the terminal asks for none."""
    colours = Colours.ANSI if app.no_color else Colours.named(name)
    app.theme = THEMES[colours].name
    app.set_class(colours in (Colours.CONTRAST, Colours.ANSI), MARKED)


def line_filters(app: App[Any], usual: Sequence[LineFilter]) -> Sequence[LineFilter]:
    """The line filters of an app in its present colours; without colours only the one that takes them all away.

    Textual's own make greys of them, and write the code of the default colour for each piece.
    """
    if app.no_color:
        return [_COLOURLESS]
    return [*usual, _UNSAID] if app.native_ansi_color else usual
