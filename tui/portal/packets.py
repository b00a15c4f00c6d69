"""The packets between the server and the program of one session: a kind, a length, and what it carries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

DATA = b"D"
META = b"M"

LARGEST = 1_048_576
"""Octets of a packet; whoever announces a larger one does not speak this protocol."""

_HEAD = 5


class Broken(Exception):
    """What came is no packet; nothing after it can be understood."""


class Packet(NamedTuple):
    """One packet."""

    kind: bytes
    payload: bytes


def packet(kind: bytes, payload: bytes) -> bytes:
    """A packet as it travels."""
    return b"%s%s%s" % (kind, len(payload).to_bytes(4, "big"), payload)


def meta(word: str, **values: object) -> bytes:
    """A meta packet as it travels."""
    return packet(META, json.dumps({"type": word, **values}).encode())


def read_meta(payload: bytes) -> tuple[str, dict[str, Any]]:
    """The word of a meta packet and its values. Raises Broken."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Broken from error
    word = told.get("type") if isinstance(told, dict) else None
    if not isinstance(word, str):
        raise Broken
    return word, told


class Packets:
    """Parts a stream into packets, wherever it is cut."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, octets: bytes) -> Iterator[Packet]:
        """The packets that are whole now. Raises Broken."""
        held = self._held
        held += octets
        while len(held) >= _HEAD:
            size = int.from_bytes(held[1:_HEAD], "big")
            if size > LARGEST:
                raise Broken
            if len(held) < _HEAD + size:
                return
            found = Packet(bytes(held[:1]), bytes(held[_HEAD : _HEAD + size]))
            del held[: _HEAD + size]
            yield found
