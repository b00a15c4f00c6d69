"""Secrets that must be readable again: AES-256-GCM, bound to their owner and their use.

A sealed text moved to another row opens nothing there.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from typing import TYPE_CHECKING

from services.errors import DeskError
from services.keys import Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_SEALED = re.compile(r"es1\$([a-z0-9]{1,8})\$([A-Za-z0-9+/=]+)")


class SealBroken(DeskError):
    """A sealed secret cannot be opened: its key is gone, or the row was tampered with."""

    def __init__(self) -> None:
        super().__init__(
            "A stored secret cannot be read: its key is missing, or somebody changed the database. "
            "Ask the administrator to run `trakdesk doctor`."
        )


def seal(keys: Keys, text: str, owner: str) -> str:
    """The form to store, `es1$<key id>$<base64>`.

    Args:
        owner: what the secret is and whose, as "totp:17"; it opens under the same words only.
    """
    keys = keys.now()
    nonce = secrets.token_bytes(_NONCE)
    locked = _cipher(keys.ciphers[keys.current_cipher]).encrypt(nonce, text.encode(), owner.encode())
    return f"es1${keys.current_cipher}${base64.b64encode(nonce + locked).decode()}"


def unseal(keys: Keys, sealed: str, owner: str) -> str:
    """The text again. Raises SealBroken for another owner, an unknown key, and whatever was tampered with."""
    from cryptography.exceptions import InvalidTag

    found = _SEALED.fullmatch(sealed)
    key = keys.now().ciphers.get(found[1]) if found else None
    if found is None or key is None:
        raise SealBroken
    try:
        data = base64.b64decode(found[2], validate=True)
        return _cipher(key).decrypt(data[:_NONCE], data[_NONCE:], owner.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise SealBroken from error


def is_current(keys: Keys, sealed: str) -> bool:
    """Whether it was sealed with the key that seals new secrets."""
    return sealed.startswith(f"es1${keys.now().current_cipher}$")


def _cipher(key: bytes) -> AESGCM:
    # Imported late: a desk that only shows its tables need not pay for it.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
