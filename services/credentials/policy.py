"""Which passwords an agency takes: by length and by what would be guessed first, never by kinds of signs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from services.credentials.guesses import About, foreseen, is_common, is_personal
from services.credentials.passwords import LONGEST, Secret, is_usable

__all__ = [
    "About",
    "PasswordPolicy",
    "Profile",
    "Rule",
    "RuleResult",
    "Strength",
    "check",
    "describe",
    "is_common",
    "is_personal",
    "long_enough",
    "problem",
    "same_as_last",
    "strength",
]


class Profile(StrEnum):
    """The two sets of numbers that an agency chooses from."""

    STANDARD = "standard"
    STRICT = "strict"


_MAXIMUM = 128


class Rule(StrEnum):
    """What a password must hold, in the order in which it is told."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SIGNS = "signs"
    COMMON = "common"
    PERSONAL = "personal"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The numbers of one agency for one account.

    Attributes:
        profile: the set that they were taken from.
        minimum: fewest signs, counted as Unicode code points; 8 or more.
        maximum: most signs; 256 or fewer.
    """

    profile: Profile
    minimum: int
    maximum: int = _MAXIMUM

    def __post_init__(self) -> None:
        if not 8 <= self.minimum <= self.maximum <= LONGEST:
            raise ValueError(f"lengths of a password: 8 <= {self.minimum} <= {self.maximum} <= {LONGEST}")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One line above the password field.

    Attributes:
        words: the rule as the person reads it.
        met: whether what was typed so far holds it.
    """

    rule: Rule
    words: str
    met: bool


def describe(policy: PasswordPolicy) -> tuple[str, ...]:
    """The rules in words, one a line, to stand above the fields."""
    return (
        *_words(policy).values(),
        "Blanks, any script and emoji are welcome.",
    )


def check(policy: PasswordPolicy, password: Secret, about: About) -> tuple[RuleResult, ...]:
    """Each rule that the text alone can break, and whether it holds; quick enough for every key press.

    That a password is not the last one needs its hash; the service that stores it knows.
    """
    text = password.reveal()
    met = {
        Rule.MINIMUM: _length(text) >= policy.minimum,
        Rule.MAXIMUM: 0 < _length(text) <= policy.maximum,
        Rule.SIGNS: bool(text) and (len(text) > LONGEST or is_usable(text)),
        Rule.COMMON: bool(text) and not is_common(password),
        Rule.PERSONAL: bool(text) and not is_personal(password, about),
    }
    words = _words(policy)
    return tuple(RuleResult(rule, words[rule], holds) for rule, holds in met.items())


def problem(policy: PasswordPolicy, password: Secret, about: About) -> str | None:
    """Why the password is refused and what to do, or None; the first broken rule speaks."""
    if not password:
        return "Choose a password."
    for result in check(policy, password, about):
        if not result.met:
            return _refusal(policy, result.rule)
    return None


def long_enough(policy: PasswordPolicy, password: Secret) -> bool:
    """Whether a password that was chosen earlier has the length that is asked for now."""
    return _length(password.reveal()) >= policy.minimum


def same_as_last() -> str:
    """What a service says that refused the password in use."""
    return "This is the password that you have now. Choose another one."


@dataclass(frozen=True, slots=True)
class Strength:
    """Guidance beside the field; no condition for anything.

    Attributes:
        score: 0, very weak, to 4, strong.
        words: the same in words, with what would help.
    """

    score: int
    words: str


def strength(password: Secret, about: About) -> Strength:
    """How far the password is from what would be guessed; nothing typed says nothing."""
    text = password.reveal()[:LONGEST].casefold()
    if not text:
        return Strength(0, "")
    if is_common(password) or is_personal(password, about):
        return Strength(0, "Very weak: it would be among the first tries.")
    worth = min(_worth(text), 2.0 * len(set(text)))
    score = sum(worth >= step for step in _STEPS)
    if score < len(_STEPS) and worth < 0.75 * len(text):
        return Strength(score, f'{_GRADES[score]}: repeats and rows such as "abc" or "qwe" add little.')
    return Strength(score, f"{_GRADES[score]}{_ADVICE[score]}")


_STEPS = (8, 11, 15, 20)
_GRADES = ("Very weak", "Weak", "Fair", "Good", "Strong")
_ADVICE = (
    ": a few unrelated words are easy to remember and hard to guess.",
    ": add another unrelated word.",
    ": another word would make it better.",
    ".",
    ".",
)


def _worth(text: str) -> float:
    """The length, in which a sign that continues a repetition or a row counts a quarter."""
    unit = next(size for size in range(1, len(text) + 1) if text == (text[:size] * len(text))[: len(text)])
    steps = [foreseen(one, two) for one, two in pairwise(text[:unit])]
    continued = sum(before and now for before, now in pairwise(steps))
    return unit - 0.75 * continued + 0.25 * (len(text) - unit) / unit


def _words(policy: PasswordPolicy) -> dict[Rule, str]:
    return {
        Rule.MINIMUM: f"At least {policy.minimum} signs; longer is stronger",
        Rule.MAXIMUM: f"At most {policy.maximum} signs",
        Rule.SIGNS: "No control signs",
        Rule.COMMON: "Not on the list of common and stolen passwords",
        Rule.PERSONAL: "Not your name, your e-mail address, your company or its code",
        Rule.LAST: "Not the password that you have now",
    }


def _refusal(policy: PasswordPolicy, rule: Rule) -> str:
    minimum, maximum = policy.minimum, policy.maximum
    return {
        Rule.MINIMUM: f"This password is too short. Use {minimum} signs or more; a few unrelated words do.",
        Rule.MAXIMUM: f"This password is too long. Use {maximum} signs or fewer.",
        Rule.SIGNS: "This password holds a sign that no keyboard gives. Type it by hand.",
        Rule.COMMON: "This password is on a list of common and stolen passwords. Choose another one.",
        Rule.PERSONAL: "This password is made of your own or your company's name, address or code, "
        "which are tried first. Choose another one.",
        Rule.LAST: same_as_last(),
    }[rule]


def _length(text: str) -> int:
    """Code points of the composed form, so that one keyboard's "é" counts like another's."""
    return len(unicodedata.normalize("NFC", text)) if len(text) <= LONGEST else len(text)
