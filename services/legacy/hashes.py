"""Checks passwords against the hashes of the old system, as they were imported; it never makes one.

Formats: bcrypt; PBKDF2 as Django and as OpenLDAP write it; plain and salted SHA-1, SHA-256 and SHA-512 of LDAP; crypt
with MD5, SHA-256 and SHA-512, also behind LDAP's {CRYPT}.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import bcrypt

from services.credentials.passwords import Secret, is_usable

MOST_PBKDF2_ROUNDS = 2_000_000
MOST_CRYPT_ROUNDS = 1_000_000
"""More would keep a core busy for seconds at each try; no system that people used has them."""

DEAREST_BCRYPT = 15
"""Binary logarithm of the rounds, for the same reason."""

_BCRYPT_BYTES = 72
"""Beyond which the old systems' bcrypt did not look; ours refuses instead."""


class HashFormat(StrEnum):
    """The formats that are understood; the value is how people call them."""

    BCRYPT = "bcrypt"
    DJANGO = "PBKDF2 of Django"
    LDAP_PBKDF2 = "PBKDF2 of OpenLDAP"
    LDAP_SHA = "SHA of LDAP"
    CRYPT_MD5 = "crypt with MD5"
    CRYPT_SHA256 = "crypt with SHA-256"
    CRYPT_SHA512 = "crypt with SHA-512"


_SHAPES = {
    HashFormat.BCRYPT: re.compile(r"\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}"),
    HashFormat.DJANGO: re.compile(
        r"pbkdf2_(sha1|sha256)\$([0-9]{1,8})\$([^$\s]{1,100})\$([A-Za-z0-9+/]{20,120}={0,2})"
    ),
    HashFormat.LDAP_PBKDF2: re.compile(
        r"\{PBKDF2(?:-SHA(1|256|512))?\}([0-9]{1,8})\$([A-Za-z0-9./]{1,100})\$([A-Za-z0-9./]{20,120})"
    ),
    HashFormat.LDAP_SHA: re.compile(r"\{(S?)SHA(256|512)?\}([A-Za-z0-9+/]{20,200}={0,2})"),
    HashFormat.CRYPT_MD5: re.compile(r"\$1\$([^$:\s]{0,8})\$[./A-Za-z0-9]{22}"),
    HashFormat.CRYPT_SHA256: re.compile(r"\$5\$(?:rounds=([0-9]{1,9})\$)?([^$:\s]{0,16})\$[./A-Za-z0-9]{43}"),
    HashFormat.CRYPT_SHA512: re.compile(r"\$6\$(?:rounds=([0-9]{1,9})\$)?([^$:\s]{0,16})\$[./A-Za-z0-9]{86}"),
}
_LDAP_CRYPT = "{CRYPT}"
_DIGEST_BYTES = {"sha1": 20, "sha256": 32, "sha512": 64}


@dataclass(frozen=True, slots=True)
class _Read:
    """A hash that is understood: its format and how a password is held against it."""

    format: HashFormat
    check: Callable[[bytes], bool]


def format_of(stored: str) -> HashFormat | None:
    """The format of a hash; None for one that is not understood, or whose check would take too long."""
    read = _read(stored)
    return None if read is None else read.format


class LegacyHashes:
    """Holds passwords against old hashes; safe to share between threads."""

    def __init__(self, cost: int) -> None:
        # Well formed, and the hash of nothing that is known.
        self._dummy = f"$2b${cost:02}${'.' * 53}".encode()

    def verify(self, secret: Secret, stored: str | None) -> bool:
        """Whether the password is the one behind the hash; never raises.

        Without a hash that is understood it takes the work of one of ours.
        """
        read = _read(stored) if stored else None
        if read is None:
            bcrypt.checkpw(b"x", self._dummy)
            return False
        usable = is_usable(secret.reveal())
        # An unusable one takes the same work.
        right = read.check(secret.reveal().encode() if usable else b"x")
        return right and usable


def _read(stored: str) -> _Read | None:
    text = stored.strip()
    if text[: len(_LDAP_CRYPT)].upper() == _LDAP_CRYPT:
        text = text[len(_LDAP_CRYPT) :]
    for form, shape in _SHAPES.items():
        found = shape.fullmatch(text)
        if found:
            check = _READERS[form](found)
            return None if check is None else _Read(form, check)
    return None


def _bcrypt(found: re.Match[str]) -> Callable[[bytes], bool] | None:
    stored = found[0].encode()
    if not 4 <= int(found[1]) <= DEAREST_BCRYPT:
        return None

    def check(password: bytes) -> bool:
        try:
            return bcrypt.checkpw(password[:_BCRYPT_BYTES], stored)
        except ValueError:
            # Well formed to the eye, but bits of the salt that bcrypt's base64 does not allow.
            return False

    return check


def _pbkdf2(digest: str, rounds: int, salt: bytes, wanted: bytes) -> Callable[[bytes], bool] | None:
    # OpenLDAP cuts the SHA-1 form by a byte; shorter ones would let strangers in by chance.
    if not 1 <= rounds <= MOST_PBKDF2_ROUNDS or len(wanted) < min(19, _DIGEST_BYTES[digest]):
        return None
    return lambda password: hmac.compare_digest(
        hashlib.pbkdf2_hmac(digest, password, salt, rounds, len(wanted)), wanted
    )


def _django(found: re.Match[str]) -> Callable[[bytes], bool] | None:
    wanted = _decoded(found[4])
    return None if wanted is None else _pbkdf2(found[1], int(found[2]), found[3].encode(), wanted)


def _ldap_pbkdf2(found: re.Match[str]) -> Callable[[bytes], bool] | None:
    salt, wanted = (_decoded(part.replace(".", "+")) for part in (found[3], found[4]))
    if salt is None or wanted is None:
        return None
    return _pbkdf2(f"sha{found[1] or 1}", int(found[2]), salt, wanted)


def _ldap_sha(found: re.Match[str]) -> Callable[[bytes], bool] | None:
    name = f"sha{found[2] or 1}"
    size = _DIGEST_BYTES[name]
    data = _decoded(found[3])
    if data is None or (len(data) <= size if found[1] else len(data) != size):
        return None
    wanted, salt = data[:size], data[size:]
    return lambda password: hmac.compare_digest(hashlib.new(name, password + salt).digest(), wanted)


def _crypt(name: str) -> Callable[[re.Match[str]], Callable[[bytes], bool] | None]:
    def reader(found: re.Match[str]) -> Callable[[bytes], bool] | None:
        rounds = found[1] if name != "md5_crypt" else None
        if rounds is not None and not 1_000 <= int(rounds) <= MOST_CRYPT_ROUNDS:
            return None

        def check(password: bytes) -> bool:
            # Only old accounts need this library, and it takes a tenth of a second to come.
            from passlib import hash as hashes

            handler: Any = getattr(hashes, name)
            try:
                return bool(handler.verify(password, found[0]))
            except ValueError:
                # Signs in the salt that no crypt makes.
                return False

        return check

    return reader


def _decoded(text: str) -> bytes | None:
    """Base64 with or without its filling."""
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return None


_READERS: dict[HashFormat, Callable[[re.Match[str]], Callable[[bytes], bool] | None]] = {
    HashFormat.BCRYPT: _bcrypt,
    HashFormat.DJANGO: _django,
    HashFormat.LDAP_PBKDF2: _ldap_pbkdf2,
    HashFormat.LDAP_SHA: _ldap_sha,
    HashFormat.CRYPT_MD5: _crypt("md5_crypt"),
    HashFormat.CRYPT_SHA256: _crypt("sha256_crypt"),
    HashFormat.CRYPT_SHA512: _crypt("sha512_crypt"),
}
