"""The line between a forking parent and whoever wants programs: packets of JSON over sockets, some with handles."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from typing import Any

LARGEST = 4096
"""Octets of a packet."""


def send(line: socket.socket, packet: dict[str, Any], handles: Sequence[int] = ()) -> None:
    """Send one packet. Raises OSError when the other side is gone."""
    socket.send_fds(line, [json.dumps(packet).encode()], list(handles))


def receive(line: socket.socket, most: int = 0) -> tuple[dict[str, Any] | None, list[int]]:
    """The next packet and the handles that came with it; None when the other side is gone."""
    octets, handles, _, _ = socket.recv_fds(line, LARGEST, most)
    return (json.loads(octets) if octets else None), handles
