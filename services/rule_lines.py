"""What may stand in a line of text: what people write, nothing that acts on a terminal or deceives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable


class Problem(ValueError):
    """A value that does not hold; the text is a sentence that says why and what to do."""

    @property
    def sentence(self) -> str:
        """What is wrong and what to do about it."""
        return str(self)


def refusal_of(rule: Callable[[str], object], text: str) -> str | None:
    """Why a text does not hold by a rule that raises Problem; None if it does."""
    try:
        rule(text)
    except Problem as problem:
        return problem.sentence
    return None


# Ranges without a control, an invisible, a combining or an unassigned sign, where composing changes nothing.
_PLAIN_LINE = re.compile("[ -~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff]*")
_REFUSED = {
    "Cc": "control sign",
    "Cf": "invisible sign",
    "Cs": "half of a sign",
    "Co": "private sign",
    "Cn": "sign that Unicode does not know",
    "Zl": "line separator",
    "Zp": "paragraph separator",
}
# Unicode counts these as letters, marks or symbols, yet they show nothing.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_CONTROL_NAMES = {
    "\0": "NULL",
    "\a": "BELL",
    "\b": "BACKSPACE",
    "\t": "TAB",
    "\n": "LINE FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
    "\x9b": "CONTROL SEQUENCE INTRODUCER",
}
_MOST_MARKS = 4


def clean_line(text: str, what: str, limit: int) -> str:
    """The text composed (NFC), with single blanks and none at its ends.

    Args:
        what: the noun for the sentence, such as "name".
        limit: most code points.
    """
    if not ((text.isascii() and text.isprintable()) or _PLAIN_LINE.fullmatch(text)):
        text = _compose(text, what, limit)
    line = " ".join(text.split())
    if len(line) > limit:
        raise Problem(f"The {what} has {len(line)} signs. Shorten it to {limit}.")
    return line


def _compose(text: str, what: str, limit: int) -> str:
    if len(text) > 8 * limit:
        # Composing takes time that grows faster than the text.
        raise Problem(f"The {what} has {len(text)} signs. Shorten it to {limit}.")
    refuse_signs(text, what)
    composed = unicodedata.normalize("NFC", text)
    marks = 0
    for sign in composed:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks > _MOST_MARKS:
            raise Problem(f"The {what} has more than {_MOST_MARKS} marks on one sign. Remove them.")
    if composed.strip() and unicodedata.category(composed.strip()[0]).startswith("M"):
        raise Problem(f"The {what} begins with a mark that belongs on a letter. Remove it.")
    return composed


def refuse_signs(text: str, what: str) -> None:
    """Raise Problem for a sign that would act on a terminal or deceive the eye, and name it."""
    for sign in text:
        category = unicodedata.category(sign)
        if category in _REFUSED or sign in _BLANK_LETTERS:
            kind = _REFUSED.get(category, "invisible sign")
            name = _CONTROL_NAMES.get(sign) or unicodedata.name(sign, f"({kind})")
            raise Problem(f"The {what} contains U+{ord(sign):04X} {name}. Remove it.")
