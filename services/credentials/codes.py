"""The one-time secrets in mails: derived from a key and the mail's own id, so that none rests anywhere.

A retry of the same mail carries the same link and the same code; the database keeps their hashes only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata

_LINK_LABEL = b"desk/link/v1\0"
_CODE_LABEL = b"desk/code/v1\0"
_SPOKEN_LABEL = b"desk/spoken/v1\0"
_TEMPORARY_LABEL = b"desk/temporary/v1\0"
_KEPT_CODE_LABEL = b"desk/code-hash/v1\0"
_KEPT_TEMPORARY_LABEL = b"desk/temporary-hash/v1\0"

_LINK_SIGNS = 26
_CODE_SIGNS = 8
_TEMPORARY_SIGNS = 16
_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: no I, L, O or U."""

_LOOK_ALIKES = {"O": "0", "I": "1", "L": "1", "U": "V"}
_READ = {
    spelling: sign
    for typed, sign in (*((sign, sign) for sign in _CODE_ALPHABET), *_LOOK_ALIKES.items())
    for spelling in (typed, typed.lower())
}
_LONGEST_CODE = 64
_LONGEST_PASTE = 20_000

# ASCII: without it the Kelvin sign would pass for a "k".
_ANY_CASE = re.IGNORECASE | re.ASCII
# Some mail filters rewrite links and write "#" and "=" as %23 and %3D, or once more as %2523.
_IN_LINK = re.compile(r"(?:#|%(?:25)*23)[a-z-]+(?:=|%(?:25)*3d)([a-z2-7]{26})", _ANY_CASE)
_OF_LINKS = frozenset("#=%/")
_BARE = re.compile(r"[\W_]*([a-z2-7]{26})[\W_]*", _ANY_CASE)


def link_token(mail_key: bytes, message_uuid: str, purpose: str) -> str:
    """The secret in a link: 26 signs, 130 bits, the same for the same mail and purpose."""
    digest = _derive(mail_key, _LINK_LABEL, message_uuid, purpose)
    return base64.b32encode(digest).decode()[:_LINK_SIGNS].lower()


def typed_code(mail_key: bytes, message_uuid: str, purpose: str) -> str:
    """The secret for people who type: 8 signs, 40 bits, not to be worked out from the link's."""
    return _signs(_derive(mail_key, _CODE_LABEL, message_uuid, purpose), _CODE_SIGNS)


def spoken_code(mail_key: bytes, message_uuid: str, purpose: str) -> str:
    """The secret for people who say it aloud: six digits, of use for minutes and a few tries only."""
    # 64 bits of the digest: the remainder favours no number noticeably.
    return f"{int.from_bytes(_derive(mail_key, _SPOKEN_LABEL, message_uuid, purpose)[:8]) % 10**6:06}"


def temporary_password(mail_key: bytes, message_uuid: str) -> str:
    """The password that the desk makes up for somebody: 16 signs, 80 bits, the same for the same mail."""
    return _signs(_derive(mail_key, _TEMPORARY_LABEL, message_uuid, "temporary"), _TEMPORARY_SIGNS)


def show_code(code: str) -> str:
    """A code or a temporary password as a mail prints it: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str | None:
    """The code that somebody typed, whatever case, blanks, dashes and look-alikes; None if it is none."""
    return _read(text, _CODE_SIGNS)


def read_temporary(text: str) -> str | None:
    """The temporary password that somebody typed, read as kindly as a code; None if it is none."""
    return _read(text, _TEMPORARY_SIGNS)


def read_link(text: str) -> str | None:
    """The token in what somebody pasted, or None: a link, even broken over lines, a mail, the bare token."""
    if len(text) > _LONGEST_PASTE:
        return None
    joined = "".join(text.split())
    # The token has a fixed length, so that words which follow it, their blank now gone, do no harm.
    found = _IN_LINK.search(joined) or _BARE.fullmatch(joined)
    return found[1].lower() if found else None


def is_meant_as_link(text: str) -> bool:
    """Whether somebody means a link, be it cut short or damaged: it holds signs that no code has."""
    return not _OF_LINKS.isdisjoint(text)


def link_hash(token: str) -> str:
    """What the database keeps of a link's token; 130 random bits need no key against guessing."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_hash(lookup_key: bytes, scope: str, code: str) -> str:
    """What the database keeps of a code; keyed, since 40 bits alone could be tried out on a stolen copy.

    Args:
        scope: whose code it is; the same code in another scope has another hash.
    """
    return hmac.digest(lookup_key, _KEPT_CODE_LABEL + _joined(scope, code), "sha256").hex()


def temporary_hash(lookup_key: bytes, scope: str, password: str) -> str:
    """What the database keeps of a temporary password; 80 random bits need no slow hash.

    Args:
        scope: whose it is, as for a code.
    """
    return hmac.digest(lookup_key, _KEPT_TEMPORARY_LABEL + _joined(scope, password), "sha256").hex()


def _signs(derived: bytes, count: int) -> str:
    """Five bits choose each of 32 signs, so that all are equally likely; `count` is a multiple of eight."""
    bits = int.from_bytes(derived[: count * 5 // 8])
    return "".join(_CODE_ALPHABET[bits >> shift & 31] for shift in range(5 * count - 5, -1, -5))


def _read(text: str, count: int) -> str | None:
    if len(text) > _LONGEST_CODE:
        return None
    signs = []
    for sign in unicodedata.normalize("NFKC", text):
        if sign.isspace() or sign == "−" or unicodedata.category(sign) == "Pd":
            continue
        if sign not in _READ:
            return None
        signs.append(_READ[sign])
    return "".join(signs) if len(signs) == count else None


def _derive(key: bytes, label: bytes, message_uuid: str, purpose: str) -> bytes:
    return hmac.digest(key, label + _joined(message_uuid, purpose), "sha256")


def _joined(one: str, two: str) -> bytes:
    """Both with their lengths, so that no other pair gives the same bytes."""
    return b"".join(len(part).to_bytes(4) + part for part in (one.encode(), two.encode()))
