"""Anchors: where the trail ended at some moment, kept where nobody who can write the database can write.

Cut off the end of the trail and give its head an old seal, and what is left is whole: only an anchor tells.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.audit import AuditHead
from services.auditing import chain
from services.context import Context
from services.errors import Invalid

_LINE = re.compile(r"([1-9][0-9]{0,18}) ([0-9a-f]{64})(?:\s.*)?")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The number and the seal of the entry that was the newest."""

    seq: int
    mac: str

    def line(self, now: datetime) -> str:
        """As a file keeps it; the time is for people."""
        return f"{self.seq} {self.mac} {now:%Y-%m-%dT%H:%M:%SZ}"


def newest(ctx: Context) -> Anchor | None:
    """The anchor of this moment; None while the trail is empty. Raises ChainBroken."""
    with ctx.read():
        head = AuditHead.get_or_none(AuditHead.id == 1)
    if head is None or head.seq == 0:
        return None
    if not chain.is_sealed(ctx.keys.audit, head):
        raise chain.ChainBroken
    return Anchor(head.seq, head.mac)


def append_line(path: Path, line: str) -> None:
    """Add an anchor to a file, which may be one that can only grow. Raises Invalid for `file`."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Invalid({"file": f"{path} cannot be written: {error.strerror}. Name another file."}) from error


def read_lines(path: Path) -> list[Anchor]:
    """The anchors of a file. Raises Invalid for `anchor` if it cannot be read or holds anything else."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "it is no file of anchors"
        raise Invalid({"anchor": f"{path} cannot be read: {words}. Name the file that holds the anchors."}) from error
    anchors = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise Invalid({"anchor": f"Line {number} of {path} is no anchor. Take it out, or name another file."})
        anchors.append(Anchor(int(found[1]), found[2]))
    return anchors
