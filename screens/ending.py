"""Closes every screen of a session that has ended by itself: one place for all who find that out.

Screens that closed themselves would have to hear of it in the right order: Textual brings the screen below in sight
before whoever waits for a dialog learns that it has been read.
"""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App
from textual.screen import ModalScreen, Screen

from screens.dialogs.problem import Problem
from screens.workplace import Sitting

_GROUP = "ending"


def begin_end(app: App[Any], sitting: Sitting, sentence: str) -> None:
    """Tell why the session has ended, then close its screens; whoever finds that out later changes nothing."""
    if not sitting.over:
        sitting.over = sentence
        # The application's own: what a screen does is cancelled when that closes, or does the same anew.
        app.run_worker(_tell(app, sitting), group=_GROUP, exit_on_error=False)


def close_all(app: App[Any], sitting: Sitting) -> None:
    """Close the screens of a sitting that is over, from the top down; twice at once is once."""
    sitting.told = True
    if not sitting.closing:
        sitting.closing = True
        app.run_worker(_close(app, sitting), group=_GROUP, exit_on_error=False)


async def _tell(app: App[Any], sitting: Sitting) -> None:
    await app.push_screen_wait(Problem("Signed out", sitting.over))
    close_all(app, sitting)


async def _close(app: App[Any], sitting: Sitting) -> None:
    try:
        # Asked anew each time: one more may come up while another closes, or the form of the next sign-in.
        while any(_sitting_of(screen) is sitting for screen in app.screen_stack) and (
            isinstance(app.screen, ModalScreen) or _sitting_of(app.screen) is sitting
        ):
            await app.screen.dismiss(None)
            # One that is closing already answers at once, and needs the loop to be gone.
            await asyncio.sleep(0)
    finally:
        sitting.closing = False
        sitting.closed.set()


def comes_too_late(screen: Screen[Any]) -> bool:
    """Whether a screen that is to be shown is one of those that are being closed, or have been."""
    sitting = _sitting_of(screen)
    return sitting is not None and sitting.told


def _sitting_of(screen: Screen[Any]) -> Sitting | None:
    return getattr(screen, "sitting", None) if getattr(screen, "needs_session", False) else None
