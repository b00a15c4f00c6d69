"""What is said of a caller: how surely they are known, and how they can be verified. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from models.states import CheckMethod


class Level(IntEnum):
    """How surely a caller is known; each level allows what the ones below it allow."""

    LOOK = 0
    RESEND = 1
    CHANGE_EMAIL = 2
    CLEAR_FACTOR = 3


HOW = {
    CheckMethod.QUESTIONS: "security questions",
    CheckMethod.CODE: "mailed code",
    CheckMethod.SECOND_FACTOR: "authenticator app",
    CheckMethod.OVERRIDE: "word of a supervisor",
}
"""How a caller was verified, in a few words."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been shown of a caller, to one session and about one person.

    Attributes:
        until: when that ends; None while nothing has been shown.
        how: in words: "security questions and mailed code".
    """

    level: Level = Level.LOOK
    until: datetime | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class MethodOffer:
    """One way to verify a caller.

    Attributes:
        gives: what it would reach together with what has been shown.
        reason: why it is not possible, with what to do instead; empty where it is.
        allowed_at: when the wait ends, for what is only too soon.
    """

    method: CheckMethod
    gives: Level
    reason: str = ""
    allowed_at: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Whether it can be tried now."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class CallerOffers:
    """Every way to verify a caller, possible or not.

    Attributes:
        address: where a code would go.
    """

    name: str
    address: str
    standing: Standing
    methods: tuple[MethodOffer, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One of a person's security questions; the answer is shown to nobody."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Right or wrong, and no more than that.

    Attributes:
        sentence: what to do after a wrong try; empty after a right one.
        wait: seconds until the next try is heard.
    """

    right: bool
    standing: Standing
    sentence: str = ""
    wait: int = 0


@dataclass(frozen=True, slots=True)
class CodeStanding:
    """Where the mail with a code is, and how long the code helps.

    Attributes:
        words: what became of the mail: "queued", "sent 10:42".
        until: when the code ends; None as long as the mail has not left.
        tries_left: how often it may be typed.
        why_over: why it helps no more, with what to do; empty while it does.
    """

    words: str
    until: datetime | None
    tries_left: int
    why_over: str = ""
