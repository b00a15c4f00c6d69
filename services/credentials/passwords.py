"""How passwords are kept and checked.

`bcrypt(base64(hmac-sha384(pepper, label + NFKC(password))))`: the pepper makes a copy of the database
worthless alone; the 64 signs of base64 stay below bcrypt's limit of 72 bytes and hold no NUL.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import threading
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

import bcrypt

from services.keys import Keys

COST = 12
"""Binary logarithm of bcrypt's rounds: about a quarter of a second on one core."""

LONGEST = 256
"""Signs beyond which a password is refused before any work; at four bytes each it also bounds the bytes."""

PASSWORD = b"desk/pw/v1\0"
"""The label of sign-in passwords; every other kind of secret hashed here needs one of its own."""

_STORED = re.compile(r"dk1\$([a-z0-9]{1,8})\$(\$2b\$([0-9]{2})\$[./A-Za-z0-9]{53})")
# A verifier that somebody tampered with must not keep a core busy for a day: each step doubles the work.
_COSTS = range(4, 17)
_DUMMY_KEY = b"x" * 64


class Secret:
    """A text that shows itself only on demand: not in a log, not in a traceback, not in a worker's name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "****"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._text), _bytes(other._text))

    __hash__ = None  # type: ignore[assignment]  # the way Python spells "cannot be hashed"; a hash tells

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")


class PasswordUnusable(ValueError):
    """The text cannot be a password: too long, or with signs that no keyboard gives."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check.

    Attributes:
        ok: the password is the right one.
        rehash: it is, and its hash was made with another cost or an older pepper: store a new one.
    """

    ok: bool
    rehash: bool


_NO = Verdict(ok=False, rehash=False)


def is_usable(password: str) -> bool:
    """Whether the text can be a password at all: at most 256 signs, no control, surrogate or unassigned one.

    Unassigned signs could normalise differently after an update, and would lock their owner out.
    """
    return len(password) <= LONGEST and not any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in password)


class Passwords:
    """Makes and checks the verifiers `dk1$<pepper id>$<bcrypt>`; safe to share between threads."""

    def __init__(self, keys: Keys, cost: int = COST) -> None:
        self._keys = keys
        self._cost = cost
        # Well formed, of the current cost, and the hash of nothing that is known.
        self._dummy = f"$2b${cost:02}${'.' * 53}".encode()
        # bcrypt releases the interpreter: more hashes at once than cores would only slow each of them.
        self._room = threading.BoundedSemaphore(os.cpu_count() or 1)

    def hash(self, secret: Secret, label: bytes = PASSWORD) -> str:
        """The verifier to store, at most 73 signs. Raises PasswordUnusable."""
        if not is_usable(secret.reveal()):
            raise PasswordUnusable("too long, or with signs that cannot be typed")
        keys = self._keys.now()
        key = _key(secret.reveal(), keys.peppers[keys.current], label)
        with self._room:
            hashed = bcrypt.hashpw(key, bcrypt.gensalt(self._cost))
        return f"dk1${keys.current}${hashed.decode()}"

    def verify(self, secret: Secret, stored: str | None, label: bytes = PASSWORD) -> Verdict:
        """Whether the secret is the one behind the verifier; never raises.

        Every wrong answer takes the work of one hash at the current cost, also without a usable verifier or
        secret, so that the time tells nobody whether the account exists.
        """
        found = _STORED.fullmatch(stored) if stored else None
        pepper = self._keys.now().peppers.get(found[1]) if found else None
        if found is None or pepper is None or int(found[3]) not in _COSTS or not is_usable(secret.reveal()):
            with self._room:
                bcrypt.checkpw(_DUMMY_KEY, self._dummy)
            return _NO
        with self._room:
            return self._compare(_key(secret.reveal(), pepper, label), found)

    def _compare(self, key: bytes, found: re.Match[str]) -> Verdict:
        cost = int(found[3])
        try:
            ok = bcrypt.checkpw(key, found[2].encode())
        except ValueError:
            # Well-formed to the eye, but bits of the salt that bcrypt's base64 does not allow.
            bcrypt.checkpw(_DUMMY_KEY, self._dummy)
            return _NO
        if ok:
            return Verdict(ok=True, rehash=cost != self._cost or found[1] != self._keys.now().current)
        # 2^cost is done; 2^cost + 2^(cost+1) + ... up to the last step before ours brings it to ours.
        for missing in range(cost, self._cost):
            bcrypt.checkpw(_DUMMY_KEY, b"$2b$%02d$" % missing + b"." * 53)
        return _NO


def _key(password: str, pepper: bytes, label: bytes) -> bytes:
    """What bcrypt gets; the password must be usable, since normalising a long one takes seconds."""
    text = unicodedata.normalize("NFKC", password)
    return base64.b64encode(hmac.digest(pepper, label + text.encode(), "sha384"))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
