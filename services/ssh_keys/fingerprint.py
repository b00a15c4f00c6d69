"""The short name of an SSH key, as `ssh-keygen -l` and the server's log show it. Imports nothing that takes time."""

from __future__ import annotations

import base64
import binascii
import hashlib

PREFIX = "SHA256:"

LONGEST_BLOB = 6_000
"""Signs of base64 that are looked at; an RSA key of 16,384 bits, the largest that OpenSSH takes, has 2,800."""


def fingerprint_of(blob: str) -> str:
    """The fingerprint of a key by the second word of its line; empty if that is no base64 of a possible length."""
    if not 0 < len(blob) <= LONGEST_BLOB:
        return ""
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return PREFIX + base64.b64encode(hashlib.sha256(raw).digest()).decode("ascii").rstrip("=")


def as_typed(text: str) -> str:
    """A fingerprint as somebody wrote it, with or without what stands before it."""
    bare = text.strip()
    return bare if bare.startswith(PREFIX) else PREFIX + bare
