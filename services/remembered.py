"""What the sign-in form remembers where it stands, so that only the password is left to type."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last company code and user name that signed in here, and the last colours; empty where nothing is known."""

    company_code: str = ""
    user_name: str = ""
    theme: str = ""


def recall(path: Path) -> Remembered:
    """Read it; a file that is not there, not ours or damaged remembers nothing."""
    try:
        read = json.loads(path.read_bytes()[: 10 * _LONGEST])
    except (OSError, ValueError, RecursionError):
        return Remembered()
    if not isinstance(read, dict):
        return Remembered()
    return Remembered(*(_line(read.get(name)) for name in ("company_code", "user_name", "theme")))


def remember(path: Path, what: Remembered) -> None:
    """Keep it for the owner of the file alone; that it cannot be kept is no reason to stop anybody."""
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(what), file)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


class Memory(Protocol):
    """Where that is kept: a file on a machine of one's own, the browser, or nowhere on a machine that many share."""

    def recall(self) -> Remembered:
        """What is kept; empty where nothing is."""

    def keep(self, what: Remembered) -> None:
        """Keep this in place of what was kept."""


class FileMemory:
    """On this machine, for its user."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self) -> Remembered:
        """Read the file."""
        return recall(self._path)

    def keep(self, what: Remembered) -> None:
        """Write the file."""
        remember(self._path, what)


def remember_person(memory: Memory, company_code: str, user_name: str) -> None:
    """Keep who signed in last, and leave the colours as they are."""
    memory.keep(replace(memory.recall(), company_code=company_code, user_name=user_name))


def remember_theme(memory: Memory, theme: str) -> None:
    """Keep which colours were shown last; the same again writes nothing."""
    known = memory.recall()
    if known.theme != theme:
        memory.keep(replace(known, theme=theme))


def _line(value: object) -> str:
    """A text of one line that a person could have typed, else nothing."""
    return value if isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() else ""
