"""Reads the line of an OpenSSH public key, and says what is wrong with one that will not do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from services.rule_lines import Problem, clean_line
from services.ssh_keys.fingerprint import LONGEST_BLOB, fingerprint_of

LONGEST_LINE = 8_000
"""Signs of a whole line."""

COMMENT_LIMIT = 100

RSA_BITS = (3_072, 16_384)
"""The shortest RSA key that is still good (NIST SP 800-57, 128 bits of strength), and the longest for OpenSSH."""

_PARTS = {
    "ssh-ed25519": 2,
    "ssh-rsa": 3,
    "ecdsa-sha2-nistp256": 3,
    "ecdsa-sha2-nistp384": 3,
    "ecdsa-sha2-nistp521": 3,
    "sk-ssh-ed25519@openssh.com": 3,
    "sk-ecdsa-sha2-nistp256@openssh.com": 4,
}
"""The types that are taken, with how many parts the blob of each has, its type included (RFC 4253, 8709, 5656)."""

_RSA = "ssh-rsa"
_DSA = "ssh-dss"
_CERTIFICATE = "-cert-v01@openssh.com"

_WHAT = 'Paste the one line of the file that ends in ".pub": it begins with a type such as ssh-ed25519.'
_NOTHING = f"There is no key yet. {_WHAT}"
_PRIVATE = (
    "This is a private key: whoever has it can use it, so it must not be shown to anybody. Do not use it any more. "
    "Let its owner make a new pair with `ssh-keygen -t ed25519`, and paste the line of its .pub file."
)
_OTHER_FORM = (
    "This is a key in another form. Have it written as OpenSSH does (`ssh-keygen -i -f FILE`), and paste that."
)
_SEVERAL = "These are several lines. Paste one key at a time, as one line."
_LONG = f"This has more than {LONGEST_LINE:,} signs, and no key is so long. {_WHAT}"
_NO_KEY = f"This is no SSH public key. {_WHAT}"
_OPTIONS = "Something stands in front of the key. Paste the key alone: its type, the key itself, and a comment."
_NO_TYPE = "The type in front of the key is missing. Paste the whole line, which begins with one such as ssh-ed25519."
_IS_DSA = "DSA keys are not safe any more. Let the owner make a new one with `ssh-keygen -t ed25519`."
_IS_CERTIFICATE = "This is a certificate, not a key. Paste the line of the .pub file that was certified."
_BROKEN = "The key is not whole, or was changed on the way. Copy the line of the .pub file once more."
_SHORT = (
    "This RSA key has {bits:,} bits, and at least {least:,} are safe. "
    "Let the owner make a new one with `ssh-keygen -t ed25519`."
)
_HUGE = "This RSA key has {bits:,} bits, and SSH takes {most:,} at most. Let the owner make another one."


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that will do.

    Attributes:
        kind: its type, the first word of the line; blob: the second word, base64.
        comment: what its owner calls it; empty if they call it nothing.
    """

    kind: str
    blob: str
    fingerprint: str
    comment: str


def read_key(text: str) -> PublicKey:
    """The key of one line. Raises Problem, whose sentence repeats nothing of the text."""
    line = text.strip()
    _refuse_others(text, line)
    words = line.split(maxsplit=2)
    kind = words[0]
    if kind not in _PARTS:
        raise Problem(_why_no_type(line))
    if len(words) == 1:
        raise Problem(_BROKEN)
    blob = words[1]
    _check(kind, blob)
    comment = clean_line(words[2] if len(words) > 2 else "", "comment of the key", COMMENT_LIMIT)
    return PublicKey(kind, blob, fingerprint_of(blob), comment)


def _refuse_others(text: str, line: str) -> None:
    """Raises Problem for what is no line of a public key at all."""
    if not line:
        raise Problem(_NOTHING)
    if "PRIVATE KEY-" in text or "PuTTY-User-Key-File" in text:
        raise Problem(_PRIVATE)
    if "SSH2 PUBLIC KEY" in text or "BEGIN PUBLIC KEY" in text or "BEGIN RSA PUBLIC KEY" in text:
        raise Problem(_OTHER_FORM)
    if len(line) > LONGEST_LINE:
        raise Problem(_LONG)
    if len(line.splitlines()) > 1:
        raise Problem(_SEVERAL)


def _why_no_type(line: str) -> str:
    words = line.split()
    first = words[0]
    if first == _DSA:
        return _IS_DSA
    if first.endswith(_CERTIFICATE):
        return _IS_CERTIFICATE
    if any(word in _PARTS or word == _DSA or word.endswith(_CERTIFICATE) for word in words[1:]):
        return _OPTIONS
    return _NO_TYPE if first.startswith("AAAA") else _NO_KEY


def _check(kind: str, blob: str) -> None:
    """Raises Problem if the blob is not exactly one sound key of this type, in the one way in which it is written."""
    parts = _split(blob)
    if len(parts) != _PARTS[kind] or parts[0] != kind.encode("ascii"):
        raise Problem(_BROKEN)
    if kind == _RSA:
        _check_rsa(parts[1], parts[2])
    try:
        load_ssh_public_key(f"{kind} {blob}".encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Problem(_BROKEN) from error


def _split(blob: str) -> Sequence[bytes]:
    """The parts of a blob, each with its length before it."""
    if len(blob) > LONGEST_BLOB:
        raise Problem(_LONG)
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem(_BROKEN) from error
    # Stray bits at the end would make two texts of one key.
    if base64.b64encode(raw).decode("ascii") != blob:
        raise Problem(_BROKEN)
    parts, at = [], 0
    while at < len(raw):
        end = at + 4 + int.from_bytes(raw[at : at + 4], "big")
        if at + 4 > len(raw) or end > len(raw):
            raise Problem(_BROKEN)
        parts.append(raw[at + 4 : end])
        at = end
    return parts


def _check_rsa(exponent: bytes, modulus: bytes) -> None:
    # A number with needless zeros before it would be the same key under another fingerprint.
    for number in (exponent, modulus):
        value = int.from_bytes(number, "big")
        if value.to_bytes(value.bit_length() // 8 + 1, "big") != number:
            raise Problem(_BROKEN)
    bits = int.from_bytes(modulus, "big").bit_length()
    least, most = RSA_BITS
    if bits < least:
        raise Problem(_SHORT.format(bits=bits, least=least))
    if bits > most:
        raise Problem(_HUGE.format(bits=bits, most=most))
