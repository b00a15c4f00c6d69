"""Text from outside: made harmless for a terminal, and folded for a search blind to case and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

MOST_STACKED = 4
"""Signs without a width of their own that may stand on one base; a higher tower covers other lines."""

MOST_WORDS = 8
"""Words of a search that are looked at."""

LONGEST_WORD = 64
"""Signs of one search word that are looked at."""

_REMEMBERED = 8192
"""Signs whose fate is kept: any living alphabet fits; a file of all code points cannot fill memory."""

_BREAKS = re.compile("[\t-\r\x85]+")
_FIRST_MARK = "\u0300"

# Printable by category, but nothing to see: fillers, joiners, variation selectors; and the skin tones, whose
# width no two terminals agree on.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)
# Pairs of these make a flag, one or two or four cells wide: shown as the letters that they stand for.
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]")
# The middle and final parts of decomposed Korean syllables are letters that take no cell.
_STACKING_LETTERS = re.compile("[\u1161-\u11ff\ud7b0-\ud7fb]")

# Letters that Unicode does not take apart, by the letters that people type instead of them.
_PLAIN_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "ŧ": "t", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ə": "e", "ɛ": "e", "ǝ": "e", "ɔ": "o", "ɵ": "o", "ɓ": "b",
    "ƀ": "b", "ɗ": "d", "ɖ": "d", "ɠ": "g", "ǥ": "g", "ƙ": "k", "ƚ": "l", "ɫ": "l", "ɲ": "n", "ƞ": "n",
    "ʋ": "v", "ƴ": "y", "ɏ": "y", "ȥ": "z", "ƶ": "z", "ɨ": "i", "ʉ": "u", "ⱥ": "a", "ȼ": "c", "ɇ": "e",
    "ɉ": "j", "ɍ": "r", "ⱦ": "t",
}  # fmt: skip
# Signs that stand for an apostrophe in names: letters to Unicode, punctuation to people.
_APOSTROPHES = re.compile("[\u02b9-\u02df\ua78b\ua78c]")


class _Signs(dict[int, str]):
    """A table for `str.translate` that is worked out sign by sign as signs turn up."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        text = self._rule(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = text
        return text


def _shown(sign: str) -> str:
    if _UNSEEN.match(sign):
        return ""
    if _FLAG_LETTERS.match(sign):
        return chr(ord(sign) - 0x1F1E6 + ord("A"))
    if sign.isprintable():
        return sign
    return " " if unicodedata.category(sign) == "Zs" else ""


def _stacks(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M" or _STACKING_LETTERS.match(sign) is not None


_SHOWN = _Signs(_shown)
_HEIGHTS = _Signs(lambda sign: "^" if _stacks(sign) else "_")
_TOWER = "^" * (MOST_STACKED + 1)


def safe(text: str) -> str:
    """The text as a terminal may have it: one line of signs that can be seen.

    Controls, direction overrides, signs without width or meaning, surrogates, private and unassigned code
    points go; line breaks and tabs become one space, other spaces become plain; towers of accents are cut.
    """
    if text.isprintable() and (text.isascii() or max(text) < _FIRST_MARK):
        return text
    text = _BREAKS.sub(" ", text).translate(_SHOWN)
    return _without_towers(text) if _TOWER in text.translate(_HEIGHTS) else text


def _without_towers(text: str) -> str:
    kept = []
    height = 0
    for sign in text:
        height = height + 1 if _stacks(sign) else 0
        if height <= MOST_STACKED:
            kept.append(sign)
    return "".join(kept)


def _searched(sign: str) -> str:
    text = sign
    while (further := unicodedata.normalize("NFKD", text).casefold()) != text:
        text = further
    return "".join(map(_bare, text))


def _bare(sign: str) -> str:
    category = unicodedata.category(sign)
    if category[0] == "M" or category == "Cf":
        return ""
    if sign in _PLAIN_LETTERS:
        return _PLAIN_LETTERS[sign]
    return sign if sign.isalnum() and not _APOSTROPHES.match(sign) else " "


_SEARCHED = _Signs(_searched)


def fold(text: str) -> str:
    """The words of the text without case and accents, one space between them and none around them.

    Letters and digits of every script stay, compatibility forms become plain ones, invisible signs go,
    everything else parts words. Each sign is folded alone, so that no text takes more time than its length
    is worth.
    """
    return " ".join(text.translate(_SEARCHED).split())


def search_words(text: str) -> tuple[str, ...]:
    """The folded words to search for, each once, as typed: at most `MOST_WORDS` of `LONGEST_WORD` signs."""
    words = dict.fromkeys(word[:LONGEST_WORD] for word in fold(text).split())
    return tuple(words)[:MOST_WORDS]


def counted(number: int, one: str, many: str) -> str:
    """A number of things in words, such as "1 mail waits" and "1,204 mails wait"."""
    return f"{number:,} {one if number == 1 else many}"
