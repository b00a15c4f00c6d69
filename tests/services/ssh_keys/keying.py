"""SSH keys for tests: made by `cryptography`, or as no sound program makes them."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurve, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.ssh_keys.fingerprint import fingerprint_of


def a_key(comment: str = "sue@laptop") -> str:
    """The line of a new key."""
    line = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return f"{line} {comment}".strip()


def print_of(line: str) -> str:
    """Its fingerprint."""
    return fingerprint_of(line.split()[1])


def part(raw: bytes) -> bytes:
    """A part of a blob with its length before it."""
    return len(raw).to_bytes(4, "big") + raw


def number(value: int) -> bytes:
    """A number as a part of a blob."""
    return part(value.to_bytes(value.bit_length() // 8 + 1, "big"))


def line_of(kind: str, *parts: bytes, inside: str = "") -> str:
    """A line with whatever blob; `inside` is the type within it, if that shall be another one."""
    blob = part((inside or kind).encode()) + b"".join(parts)
    return f"{kind} {base64.b64encode(blob).decode()}"


def ed25519_point() -> bytes:
    """The public half of a new key."""
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw()


def curve_point(curve: EllipticCurve | None = None) -> bytes:
    """The same on a curve of NIST."""
    key = generate_private_key(curve or SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
