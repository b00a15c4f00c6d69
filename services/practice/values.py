"""What practice is about: a caller, what should be done for them, what was done, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.states import CheckMethod
from services.audit import Action
from services.person_key import PersonKey
from services.verification.values import Level


class Kind(StrEnum):
    """The kinds of callers."""

    WRONG_EMAIL = "wrong e-mail address"
    NEW_EMAIL = "new e-mail address"
    FORGOTTEN = "forgotten password"
    LOST_WELCOME = "lost welcome mail"
    NO_ACCOUNT = "never got an account"
    TEMPORARY_EXPIRED = "temporary password over"
    WAITING = "waiting after failures"
    WRONG_COMPANY = "wrong company code"
    OLD_ACCOUNT = "old account to new"
    LOST_PHONE = "lost phone"
    DEACTIVATED = "deactivated account"
    IMPOSTOR = "somebody else"
    NAMESAKES = "two people of one name"


class Difficulty(StrEnum):
    """Which kinds call."""

    EASY = "easy"
    MIXED = "mixed"
    HARD = "hard"


class Fact(StrEnum):
    """What a caller can be asked."""

    NAME = "name"
    BORN = "born"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    FIRST = "first"
    """The answer to the first of the three security questions that the desk shows."""

    SECOND = "second"
    THIRD = "third"
    CODE = "code"
    """The six digits of the mail that the desk sends for a call."""

    APP = "app"
    """The six digits of the authenticator app."""

    MORE = "more"


ANSWERS = (Fact.FIRST, Fact.SECOND, Fact.THIRD)
"""The security questions, in the order in which the desk shows them."""


class Ending(StrEnum):
    """How a trainee ends a call."""

    SOLVED = "solved"
    TOLD = "told"
    """The caller knows now what to do; nothing was to be changed."""

    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody on the line.

    Attributes:
        opening: the first sentence.
        says: what is answered; what is dynamic (`CODE`, `APP`) stands here only where the caller cannot give it.
        reads: keys of the addresses whose mail the caller reads.
        has_app: whether the caller holds the authenticator app of the account.
    """

    opening: str
    says: Mapping[Fact, str]
    reads: frozenset[str] = frozenset()
    has_app: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done, by any one of these actions.

    Attributes:
        words: what it is, as in "Still to be done: …".
        email: the address that stands in the list afterwards, where the step is to correct it.
    """

    actions: frozenset[Action]
    words: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right for a caller.

    Attributes:
        steps: in this order; none where nothing is to be changed.
        endings: those that tell how it ended.
        verified: how surely the caller must be known before the first step.
        suspect: whether the caller is not who they say, which shows when they are verified.
        forbidden: what must not happen, with the reason; it takes the points for the right action.
        lesson: why this is right, in a sentence or two.
    """

    steps: tuple[Step, ...]
    endings: frozenset[Ending]
    lesson: str
    verified: Level = Level.LOOK
    suspect: bool = False
    forbidden: Mapping[Action, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A caller, the person whom the call is about, and what is right.

    Attributes:
        name: of the person, as the list has it.
    """

    kind: Kind
    person: PersonKey
    name: str
    caller: Caller
    expected: Expected


@dataclass(frozen=True, slots=True)
class Change:
    """Something that staff did during the call, as the audit has it.

    Attributes:
        person: about whom; None for something else than a person.
        name: as the audit has it.
        email: the address that it put into the list; empty where it did not.
        also: the other fields that it changed, in words.
    """

    action: Action
    at: datetime
    person: PersonKey | None
    name: str = ""
    email: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One try to verify the caller as the owner of an account."""

    method: CheckMethod
    at: datetime
    person: PersonKey | None
    passed: bool


@dataclass(frozen=True, slots=True)
class Call:
    """Everything that counts of a call.

    Attributes:
        asked: what the caller was asked, and when first.
        seconds: how long it took.
        email: the person's address in the list at the end.
    """

    ending: Ending
    changes: tuple[Change, ...] = ()
    checks: tuple[Check, ...] = ()
    asked: Mapping[Fact, datetime] = field(default_factory=dict)
    seconds: int = 0
    email: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The points of one call, by what they are given for; 100 in all."""

    person: int = 0
    verified: int = 0
    action: int = 0
    needless: int = 0

    @property
    def total(self) -> int:
        """0 to 100."""
        return self.person + self.verified + self.action + self.needless


FULL = Marks(person=25, verified=25, action=30, needless=20)
"""The most that can be had."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call was worth.

    Attributes:
        better: what to do better, a sentence or two for each thing; empty for a perfect call.
    """

    case: Case
    call: Call
    marks: Marks
    better: tuple[str, ...]

    @property
    def score(self) -> int:
        """0 to 100."""
        return self.marks.total


def queue_score(outcomes: tuple[Outcome, ...]) -> int:
    """The score of a whole queue, 0 to 100; 0 for none."""
    return round(sum(outcome.score for outcome in outcomes) / len(outcomes)) if outcomes else 0
