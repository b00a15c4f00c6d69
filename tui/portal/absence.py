"""Who has gone away from a program without closing its page, and how long the program waits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Protocol

from tui.portal.protocol import GRACE, GRACE_AWAY

_GONE_WITHIN = 6.0

_DONE, _GOING_AWAY = 1000, 1001


class Absence:
    """Of the page of one program, in the loop's seconds."""

    def __init__(self) -> None:
        self.on_phone = False
        self.hidden = False
        self._since: float | None = None

    def begin(self, now: float) -> None:
        """The line is lost."""
        self._since = now

    def end(self) -> None:
        """The page is back, in sight."""
        self._since = None
        self.hidden = False

    @property
    def grace(self) -> float:
        """Seconds that the program waits for the page."""
        return GRACE_AWAY if self.on_phone or self.hidden else GRACE

    def is_farewell(self, code: int) -> bool:
        """Whether a browser that closes the line with this code is done with the page.

        It says that it goes away when the page is closed or left, and also when the device ends what it does not show.
        """
        return code == _DONE or (code == _GOING_AWAY and not self.hidden)

    def lasts(self, now: float) -> float:
        """Seconds for which the line has been lost; 0 while there is one."""
        return 0.0 if self._since is None else now - self._since


class Waiting(Protocol):
    """What is asked of a session."""

    address: str
    absence: Absence
    over: asyncio.Event

    @property
    def ends(self) -> bool:
        """Whether nobody can come back to it any more."""

    async def hang_up(self) -> None:
        """Ask it to end."""


async def make_room(sessions: Iterable[Waiting], now: float) -> bool:
    """End what has waited longest for its page, if that is more than a moment; False if there is none."""
    waiting = [session for session in sessions if not session.ends and session.absence.lasts(now) > GRACE]
    if not waiting:
        return False
    longest = max(waiting, key=lambda session: session.absence.lasts(now))
    await longest.hang_up()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(longest.over.wait(), _GONE_WITHIN)
    # Whoever waits for the same end gives the place back.
    await asyncio.sleep(0)
    return True
