"""Writes a file for somebody, and asks again where if it cannot be written there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from screens.base import DeskScreen
from screens.dialogs.ask_line import AskPath
from services.errors import Invalid
from services.files import refuse_in_browser

Result = TypeVar("Result")


async def save_as(
    screen: DeskScreen[Result], title: str, proposal: Path, write: Callable[[Path], Awaitable[str]]
) -> None:
    """Ask for a name, have the file written, and say where it is; call it inside `problems_told`.

    Args:
        write: writes the file and returns what was written, such as "12 rows written"; empty for nothing.

    Raises what `write` raises but Invalid, for which it asks again; Refused in a browser.
    """
    refuse_in_browser(screen.place.origin)
    path: Path | None = proposal
    problem = ""
    while path is not None:
        path = await screen.app.push_screen_wait(AskPath(title, path, problem))
        if path is None:
            return
        try:
            told = await write(path)
        except Invalid as refusal:
            problem = refusal.sentence
            continue
        if told:
            screen.notify(f"{told}: {path}", markup=False)
        return
