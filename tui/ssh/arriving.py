"""What is different at a desk to which one comes over SSH: many people share its account, and some bring a key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.desk import Desk
from services.remembered import FileMemory, Memory
from services.shared_memory import SharedMemory
from tui.ssh.peer_key import peer_key
from tui.unsigned_words import PATIENCE


@dataclass(frozen=True, slots=True)
class Line:
    """How somebody came to this desk.

    Attributes:
        memory: what the sign-in form remembers here.
        key: the fingerprint of the key with which they came; empty for none.
        patience: how long it may stand untouched with nobody signed in; None for as long as they like.
    """

    memory: Memory
    key: str = ""
    patience: timedelta | None = None


def line_of(desk: Desk, environment: Mapping[str, str] = os.environ) -> Line:
    """Over SSH, or at the machine itself."""
    if environment.get("SSH_CONNECTION"):
        return Line(SharedMemory(desk.ctx), peer_key(environment), PATIENCE)
    return Line(FileMemory(desk.ctx.settings.remembered_path))
