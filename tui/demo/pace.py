"""How fast a person reads and types."""

from __future__ import annotations

from dataclasses import dataclass

SLOW = 0.5
"""Seconds that one look at the stage may count for at most."""

_SIGNS_A_SECOND = 16
"""Of a caption; what subtitles are made for."""

_LEAST_READING = 1.6
_RHYTHM = (0.07, 0.09, 0.06, 0.11, 0.08, 0.06, 0.10)
"""Seconds after a sign; nobody types like a clock."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for everything, at a speed.

    Attributes:
        speed: how many times faster than a person; infinite for no waiting at all.
    """

    speed: float = 1.0

    @property
    def key(self) -> float:
        """After a key that does something, so that people see what."""
        return self.seconds(0.7)

    @property
    def change(self) -> float:
        """After another place, another time, or a mail."""
        return self.seconds(1.2)

    def reading(self, words: str) -> float:
        """To read a caption."""
        return self.seconds(max(_LEAST_READING, len(words) / _SIGNS_A_SECOND))

    def sign(self, number: int, sign: str) -> float:
        """After the sign of this number."""
        return self.seconds(_RHYTHM[number % len(_RHYTHM)] + (0.06 if sign in " .,-@" else 0))

    def seconds(self, seconds: float) -> float:
        """So many seconds of a person."""
        return seconds / self.speed
