"""What is said of requests for a second person's yes: frozen values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.states import ApprovalState
from services.errors import Refused
from services.person_key import PersonKey


class Dangerous(StrEnum):
    """The few actions that take what protects an account away."""

    CLEAR_FACTOR = "clear-factor"
    RESET_ADMINISTRATOR = "reset-administrator"


WORDS = {
    Dangerous.CLEAR_FACTOR: "clear the second factor",
    Dangerous.RESET_ADMINISTRATOR: "send this administrator a reset",
}
"""What is asked for, after "asks to"."""

WORDS_OF = {
    Dangerous.CLEAR_FACTOR: "clear the second factor of {name}",
    Dangerous.RESET_ADMINISTRATOR: "send the administrator {name} a reset",
}
"""The same with the name of the person."""

_NEEDED = "This needs the yes of a colleague. Ask for it with a reason; then carry it out within 24 hours."


class NeedsSecondPerson(Refused):
    """A colleague must say yes first.

    Attributes:
        what: for which of the dangerous few.
    """

    def __init__(self, what: Dangerous) -> None:
        super().__init__(_NEEDED)
        self.what = what


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a second person's yes.

    Attributes:
        name: of the person whom it is about.
        mine: whether the one who looks asked for it.
        verified: how the caller was verified when it was asked.
        by: who decided it, with `answer`; empty while nobody has.
    """

    id: int
    what: Dangerous
    person: PersonKey
    name: str
    reason: str
    verified: str
    state: ApprovalState
    mine: bool
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    by: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """How many requests wait for the one who looks to decide, and how many of theirs were granted."""

    to_decide: int = 0
    granted: int = 0
