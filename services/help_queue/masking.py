"""Takes secrets out of what is said in a chat, before anything keeps it: nobody at a desk ever needs one.

What merely looks like a secret goes too: a line that lost a number is said again, a secret that was kept is not.
"""

from __future__ import annotations

import re
import unicodedata

MASK = "••••"
"""Stands where a secret stood."""

_ANY_CASE = re.IGNORECASE
_DASH = "[ \u2010-\u2015\u2212-]"

_TOKEN = re.compile(
    r"((?:#|%(?:25)*23|[?&])[a-z_-]+(?:=|%(?:25)*3d))[^\s&]{6,}|(?<![^\W_])[a-z2-7]{26}(?![^\W_])", _ANY_CASE
)

# Temporary passwords, recovery codes and the keys of authenticator apps: groups of four, and the same in one piece.
_LONG = re.compile(rf"(?<!\w)[a-z0-9]{{4}}(?:{_DASH}[a-z0-9]{{4}}){{2,12}}(?!\w)", _ANY_CASE)
_PIECE = re.compile(r"(?<!\w)[a-z0-9]{16,64}(?!\w)", _ANY_CASE)
_CODE = re.compile(rf"(?<![\w-])([a-z0-9]{{4}})({_DASH}?)([a-z0-9]{{4}})(?![\w-])", _ANY_CASE)
# Not where more digits follow or stand before, as in a phone number.
_DIGITS = re.compile(rf"(?<!\d)(?<!\d{_DASH})\d(?:{_DASH}?\d){{5}}(?!{_DASH}?\d)")

_KEY = r"(?:pass\s?-?(?:words?|phrases?|codes?)|passwor[dt]|mot de passe|kennwort|pwd|pw|pin)"
_FOR = r"(?:\s+(?:for|to|of|at|in|on)\s+\S+(?:\s+\S+){0,3}?)?"
_IS = r"(?:\s*(?:[:=]|->|→)\s*|\s+(?:is|was|are|est|ist|war|will\s+be)\b\s*:?\s*)"
_NAMED = re.compile(rf"(?<!\w){_KEY}{_FOR}(?:{_IS})+(?P<said>.+)", _ANY_CASE)
_BESIDE = re.compile(rf"(?<!\w){_KEY}\s+[\"'“”‘’«(]?(?P<said>(?=\S*[\d!@#$%^&*_+=?])\S{{6,}})", _ANY_CASE)
_HARMLESS = frozenset({
    "a", "an", "about", "accepted", "again", "already", "always", "and", "any", "anymore", "at", "blocked", "but",
    "cannot", "changed", "correct", "coming", "expired", "forgotten", "getting", "gone", "good", "here", "i",
    "incorrect", "invalid", "it", "its", "just", "long", "longer", "lost", "me", "missing", "more", "my", "never",
    "no", "not", "now", "ok", "okay", "old", "or", "refused", "rejected", "required", "right", "said", "saved",
    "says", "set", "short", "so", "still", "that", "the", "there", "this", "to", "too", "unknown", "valid", "what",
    "where", "working", "works", "wrong", "you",
})  # fmt: skip
"""What people say of a password that is none: a rest of only these words stays."""


def mask(words: str) -> str:
    """The words with a sign in the place of each one-time code, link, password and what follows "my password is"."""
    masked = _mask(words)
    if words.isascii():
        return masked
    # Wide letters and digits open the same doors as plain ones.
    plain = unicodedata.normalize("NFKC", words)
    return masked if _mask(plain) == plain else _mask(plain)


def _mask(words: str) -> str:
    for pattern in (_NAMED, _BESIDE):
        words = pattern.sub(_after_its_name, words)
    words = _TOKEN.sub(lambda found: f"{found[1] or ''}{MASK}", words)
    words = _LONG.sub(_if_no_words, words)
    words = _PIECE.sub(_if_no_words, words)
    words = _CODE.sub(_if_a_code, words)
    return _DIGITS.sub(MASK, words)


def _after_its_name(found: re.Match[str]) -> str:
    said = re.findall(r"\w+", found["said"].lower())
    if all(word in _HARMLESS for word in said):
        return found[0]
    return f"{found[0][: found.start('said') - found.start()]}{MASK}"


def _if_no_words(found: re.Match[str]) -> str:
    """Four words of four letters are no secret, unless they are written as one would be."""
    text = found[0]
    return MASK if any(sign.isdigit() for sign in text) or text.isupper() or "-" in text else text


def _if_a_code(found: re.Match[str]) -> str:
    text = found[1] + found[3]
    digits = sum(sign.isdigit() for sign in text)
    if not found[2]:
        # In one piece a word of eight letters is a word, in capitals too.
        return MASK if digits else found[0]
    if found[2] == " ":
        mixed = all(any(sign.isdigit() for sign in half) for half in (found[1], found[3]))
        return MASK if mixed or (digits and text.upper() == text) else found[0]
    return MASK if digits or text.isupper() else found[0]
