"""Requests for help to agencies that do not exist: they look like any other that nobody has taken yet.

A stranger who tries company codes must not learn from the help queue which of them an agency has, so what a chat
refuses a decoy refuses too. Nothing of it is stored: the process that was asked remembers it for as long as it runs,
up to a number.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from models.states import HelpAuthor, HelpState
from services.clock import Clock
from services.credentials.passwords import Secret
from services.help_queue import lines
from services.help_queue.values import AskedHelp, ChatLine, Ticket

MOST = 200


class Decoys:
    """Keeps what was asked and said."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, AskedHelp] = OrderedDict()

    def ask(self, name: str, topic: str) -> Ticket:
        """A ticket like any other."""
        ticket = Ticket(secrets.randbelow(10_000) + 1, Secret(secrets.token_urlsafe(24)))
        with self._lock:
            asked = AskedHelp(HelpState.WAITING, name, topic, "", 0, None, ())
            self._kept[ticket.secret.reveal()] = asked
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return ticket

    def has(self, ticket: Ticket) -> bool:
        """Whether it is one of these."""
        with self._lock:
            return ticket.secret.reveal() in self._kept

    def look(self, ticket: Ticket) -> AskedHelp:
        """What was asked and said."""
        with self._lock:
            return self._kept[ticket.secret.reveal()]

    def say(self, ticket: Ticket, words: str) -> None:
        """Keep a line. Raises TooSoon or Refused, as for any other request."""
        now = self._clock.now()
        with self._lock:
            asked = self._kept[ticket.secret.reveal()]
            lines.check_pace(sum(line.said_at > now - timedelta(seconds=1) for line in asked.lines))
            lines.check_room(len(asked.lines) + 1)
            line = ChatLine(len(asked.lines) + 1, HelpAuthor.PERSON, asked.name, words, now)
            self._kept[ticket.secret.reveal()] = replace(asked, lines=(*asked.lines, line))

    def leave(self, ticket: Ticket) -> bool:
        """Forget it; tells whether there was anything to forget."""
        with self._lock:
            return self._kept.pop(ticket.secret.reveal(), None) is not None
