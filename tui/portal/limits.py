"""How much one page, one address and all together may have of the server: plain arithmetic over a given clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MESSAGES = 200.0
"""Messages a second of one page that are read at once; a mouse that is moved sends a hundred."""

OCTETS = 262_144.0
"""Octets a second of the same."""

RESIZES_EVERY = 0.05
"""Seconds between two sizes that reach a program."""


class Pace:
    """Makes a page that sends too fast wait: a bucket for its messages and one for their octets."""

    def __init__(self, now: float) -> None:
        """`now` is the clock's time in seconds."""
        self._at = now
        self._messages = MESSAGES
        self._octets = OCTETS

    def wait_for(self, octets: int, now: float) -> float:
        """Seconds to wait before the next message is read, after one of so many octets."""
        passed, self._at = max(0.0, now - self._at), now
        self._messages = min(MESSAGES, self._messages + passed * MESSAGES) - 1
        self._octets = min(OCTETS, self._octets + passed * OCTETS) - octets
        return max(0.0, -self._messages / MESSAGES, -self._octets / OCTETS)


class Full(Exception):
    """Too many already."""


class Places:
    """Places for sessions, or for connections: so many in all, and so many for one address."""

    def __init__(self, in_all: int, each: int) -> None:
        self._in_all = in_all
        self._each = each
        self._taken: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many are taken."""
        return self._taken.total()

    def of(self, address: str) -> int:
        """How many an address has."""
        return self._taken[address]

    def take(self, address: str) -> None:
        """Take one. Raises Full."""
        if len(self) >= self._in_all or self._taken[address] >= self._each:
            raise Full
        self._taken[address] += 1

    def give_back(self, address: str) -> None:
        """Leave one that was taken."""
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]

    @contextmanager
    def taken(self, address: str) -> Iterator[None]:
        """Take one for a while. Raises Full."""
        self.take(address)
        try:
            yield
        finally:
            self.give_back(address)
