"""Waiting for an application to come to rest, without a sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

PATIENCE = 15.0


async def until(pilot: Pilot[Any], condition: Callable[[], object], what: str = "") -> None:
    """Let the application work until `condition` holds; fails after fifteen seconds with what it waited for.

    A worker that waits for a dialog never ends, so waiting for all workers would hang: say what you wait for instead.
    """
    give_up = monotonic() + PATIENCE
    while not condition():
        if monotonic() > give_up:
            raise AssertionError(f"waited in vain for {what or condition}; screen: {pilot.app.screen!r}")
        await asyncio.sleep(0)
        await pilot.pause()


async def until_screen(pilot: Pilot[Any], kind: type[Any]) -> Any:
    """Wait until a screen of this kind is on top, mounted, and return it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted, kind.__name__)
    return pilot.app.screen


def screen_text(pilot: Pilot[Any]) -> str:
    """What a person would read on the screen now."""
    app = pilot.app
    lines = app.screen._compositor.render_strips()  # there is no public way to the composed lines
    return "\n".join(strip.text.rstrip() for strip in lines)


async def shows(pilot: Pilot[Any], *words: str) -> None:
    """Wait until all of these words stand on the screen."""
    try:
        await until(pilot, lambda: all(word in screen_text(pilot) for word in words))
    except AssertionError as vain:
        raise AssertionError(f"{words} not in {screen_text(pilot)}") from vain


async def type_in(pilot: Pilot[Any], text: str) -> None:
    """Type into the field with the cursor, and go on."""
    # A form is painted a moment before its first field has the cursor; nobody types that fast.
    await until(pilot, lambda: isinstance(pilot.app.focused, Input | TextArea), "a field with the cursor")
    await pilot.press(*text, "enter")
