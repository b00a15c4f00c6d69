"""A chat that stays open while the person at the kiosk goes on with something else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.timer import Timer

from models.states import HelpAuthor, HelpState
from screens.help_queue.talk import PULSE
from screens.workplace import Workplace
from services.errors import DeskError
from services.help_queue.values import AskedHelp, Ticket


class OpenChat:
    """Shows the agents meanwhile that somebody is there, and tells how many of their lines wait to be read.

    Attributes:
        ticket: what the chat is opened with again.
        over: whether an agent has closed it.
    """

    def __init__(self, place: Workplace, ticket: Ticket) -> None:
        self._place = place
        self.ticket = ticket
        self.over = False
        self._read = 0
        self._timer: Timer | None = None

    def look_at(self, asked: AskedHelp) -> None:
        """The person reads this."""
        self.over = asked.state is HelpState.CLOSED
        self._read = _said(asked)

    def leave_open(self, app: App[Any], tell: Callable[[int], None]) -> None:
        """The person goes on with something else; `tell` is called with the number of lines that wait."""
        # The service must not hold up the keys.
        self._timer = app.set_interval(PULSE, lambda: app.run_worker(self._look(tell), exit_on_error=False))

    def take_up(self) -> None:
        """The person is back at the chat."""
        if self._timer is not None:
            self._timer.stop()

    async def _look(self, tell: Callable[[int], None]) -> None:
        # What cannot be read now is read the next time.
        with contextlib.suppress(DeskError):
            asked = await self._place.call(self._place.desk.help_asking.look, self.ticket)
            tell(_said(asked) - self._read)


def _said(asked: AskedHelp) -> int:
    return sum(line.author is HelpAuthor.AGENT for line in asked.lines)
