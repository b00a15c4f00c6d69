"""What of a screen a person has before them: the field that they type into, and the place to come back to."""

from __future__ import annotations

from collections.abc import Sequence

from textual.screen import Screen

from screens.desk import DeskMain
from screens.settings.security import SecuritySettings
from screens.widgets.field import Field

SETTINGS = "settings"
"""The place of "My password and security"."""


def keep_focused_in_sight(screen: Screen[object]) -> None:
    """Scroll to where somebody types, once the screen has obeyed another size that it was told of."""
    # A scroll bar that comes or goes lays everything out once more.
    after = screen.call_after_refresh
    after(_show_focused, screen)
    after(after, _show_focused, screen)


def _show_focused(screen: Screen[object]) -> None:
    focused = screen.focused
    if focused is not None:
        # With its label, and with what is wrong with it.
        whole = next((part for part in focused.ancestors if isinstance(part, Field)), focused)
        whole.scroll_visible(animate=False)


def place_in(stack: Sequence[Screen[object]]) -> str:
    """Where the person would go on; empty for the first screen."""
    for screen in reversed(stack):
        if isinstance(screen, SecuritySettings):
            return SETTINGS
        if isinstance(screen, DeskMain):
            return screen.parts.current or "" if screen.is_mounted else ""
    return ""
