"""Six-digit codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds), as pyotp works them out.

What is stored and how often a code counts is not decided here.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime
from types import ModuleType
from urllib.parse import quote

PERIOD = 30
"""Seconds of a step."""

DRIFT = 1
"""Steps by which the clock of an app may differ, either way."""

_DIGITS = 6
_TYPED_AT_MOST = 64


def new_secret() -> str:
    """A fresh key: 160 random bits as 32 signs of base32."""
    return str(_pyotp().random_base32(32))


def groups(secret: str) -> str:
    """The key as a person types it into an app: groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def uri(secret: str, user_name: str, agency_name: str) -> str:
    """What the QR code says. A colon would part issuer and name in the wrong place, so there is none in either."""
    name, issuer = _names(user_name, agency_name)
    return str(_pyotp().TOTP(secret).provisioning_uri(name=name, issuer_name=issuer))


def short_uri(secret: str, user_name: str, agency_name: str) -> str:
    """The same without the second mention of the agency, which apps do without: it makes a smaller QR code."""
    name, issuer = _names(user_name, agency_name)
    return f"otpauth://totp/{quote(issuer, safe='')}:{quote(name, safe='@')}?secret={secret}"


def read_code(typed: str) -> str | None:
    """The six digits of what was typed, with blanks and dashes taken out; None if that is no code."""
    if len(typed) > _TYPED_AT_MOST:
        return None
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign not in " -\u00a0\u2013")
    return plain if len(plain) == _DIGITS and plain.isascii() and plain.isdecimal() else None


def step_at(moment: datetime) -> int:
    """The step in which a moment lies, counted from 1970."""
    return int(moment.timestamp()) // PERIOD


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The step whose code it is, the newest within the drift; None for a wrong one."""
    app = _pyotp().TOTP(secret)
    now = step_at(moment)
    found = None
    # All are compared whatever was found before, so that the time tells nothing.
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(app.generate_otp(max(0, step)), code):
            found = step
    return found


def _names(user_name: str, agency_name: str) -> tuple[str, str]:
    issuer = " ".join(agency_name.replace(":", " ").replace("/", " ").split()) or "Trakdesk"
    return user_name.replace(":", ""), issuer


def _pyotp() -> ModuleType:
    # Imported late: a desk that only shows its tables need not pay for it.
    import pyotp

    return pyotp
