"""What would be guessed first: common and stolen passwords, and whatever is made of the person's own names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from services.credentials.passwords import LONGEST, Secret
from services.text import fold

_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "90",
    "1qaz",
    "2wsx",
    "3edc",
)
_NEIGHBOURS = frozenset(pair for row in _ROWS for one, two in pairwise(row) for pair in (one + two, two + one))

_BEHIND = "0123456789 !?.,*#$%&@+-_="
"""What people put behind a word to make it longer."""

_MOST_BEHIND = 6
"""Signs of that: a year and two more."""

_FOR_LETTERS = str.maketrans("0134578", "oieastb")
"""Digits that people write for letters."""

_WITHIN = re.compile(r"(?<=[^\W\d_])\d+(?=[^\W\d_])")
"""Digits among letters; those at the ends are most often a year."""

_PART = 8
"""Signs from which a piece of the own address or company is worth guessing."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose password it is: what a stranger who knows the person would try first."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    company: str = ""
    company_code: str = ""


def is_common(password: Secret) -> bool:
    """Whether it stands on the list of common and breached passwords, or is made from one as guessers do.

    That is: in whatever case, doubled, or with digits and signs behind it. A single row of the alphabet or of the
    keyboard counts too.
    """
    text = password.reveal()
    if len(text) > LONGEST:
        return False
    plain = unicodedata.normalize("NFKC", text).casefold()
    return not _common().isdisjoint(_made_from(plain)) or _is_one_row(plain)


def is_personal(password: Secret, about: About) -> bool:
    """Whether it is made of the person's and the agency's names alone, with digits and signs around, or a part of one.

    Accents, case, doubling, reversal and digits for letters hide nothing.
    """
    text = password.reveal()
    bare = _bare(text) if len(text) <= LONGEST else ""
    if not bare:
        return False
    words = set(_own_words(about)) - {""}
    spelled = _WITHIN.sub(lambda digits: digits[0].translate(_FOR_LETTERS), bare)
    if any(spelling in word for spelling in (bare, spelled) for word in words if len(bare) >= _PART):
        return True
    return any(_made_of(words, spelling) for spelling in (bare, bare[::-1], spelled))


def _made_from(plain: str) -> Iterator[str]:
    """The text, its half if it is doubled, and what is left without the signs behind it."""
    half = plain[: len(plain) // 2]
    if plain == half * 2:
        yield half
    yield plain
    for cut in range(1, min(_MOST_BEHIND, len(plain) - 1) + 1):
        if plain[-cut] not in _BEHIND:
            return
        yield plain[:-cut]


def _is_one_row(text: str) -> bool:
    return len(text) > 2 and all(one != two and foreseen(one, two) for one, two in pairwise(text))


def foreseen(one: str, two: str) -> bool:
    """Whether a guesser who has the one sign would try the other next."""
    return one == two or one + two in _NEIGHBOURS or (abs(ord(one) - ord(two)) == 1 and one.isalnum())


@cache
def _common() -> frozenset[str]:
    """Read at the first check: a quarter of a megabyte that signing in never needs."""
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="ascii")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def _bare(text: str) -> str:
    """Letters and digits only, without accents and case."""
    return fold(text).replace(" ", "")


def _own_words(about: About) -> Iterator[str]:
    for name in (about.first_name, about.last_name):
        yield _bare(name)
        yield from fold(name).split()
    yield _bare(about.email)
    yield _bare(about.email.partition("@")[0])
    yield _bare(about.company)
    yield _bare(about.company_code)
    yield from ("trakdesk", "accessdesk")


def _made_of(words: set[str], bare: str) -> bool:
    if bare.isdecimal():
        # A code of six digits says little about a number of fourteen that happens to hold it.
        return any(word in bare and len(bare.replace(word, "")) <= len(word) for word in words)
    # Where a word or a digit may begin, from left to right; a pattern that backtracks could take for ever.
    starts = {0}
    for at, sign in enumerate(bare):
        if at in starts:
            starts.update(at + len(word) for word in words if bare.startswith(word, at))
            if sign.isdecimal():
                starts.add(at + 1)
    return len(bare) in starts
