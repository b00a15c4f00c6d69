"""What was found at one part of a desk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a part is."""

    WELL = "ok"
    HINT = "note"
    """It works; there is something to know before it does not."""

    BAD = "BAD"
    UNUSED = "-"
    """This desk does without it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and how it is.

    Attributes:
        remedy: the next step; empty when the part is well.
    """

    part: str
    state: State
    words: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to mend."""
        return self.state is not State.BAD


def good(part: str, words: str) -> Finding:
    """It is well."""
    return Finding(part, State.WELL, words)


def hint(part: str, words: str, remedy: str) -> Finding:
    """It works, and will not for ever."""
    return Finding(part, State.HINT, words, remedy)


def bad(part: str, words: str, remedy: str) -> Finding:
    """It is to be mended."""
    return Finding(part, State.BAD, words, remedy)


def unused(part: str, words: str, remedy: str = "") -> Finding:
    """It is not used here; `remedy` says how it would be."""
    return Finding(part, State.UNUSED, words, remedy)
