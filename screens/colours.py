"""Which of the colours that somebody can choose are on the screen."""

from __future__ import annotations

from typing import Any

from textual.app import App

from services.colours import Colours

THEME_PREFIX = "trakdesk-"
"""What stands before the short name in the name of a theme."""


def shown(app: App[Any]) -> Colours:
    """The colours that an app shows now."""
    return Colours.named(app.theme.removeprefix(THEME_PREFIX))
