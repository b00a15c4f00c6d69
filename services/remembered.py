"""What the sign-in form remembers on this machine, so that only the password is left to type."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

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


def remember_person(path: Path, company_code: str, user_name: str) -> None:
    """Keep who signed in last, and leave the colours as they are."""
    remember(path, replace(recall(path), company_code=company_code, user_name=user_name))


def remember_theme(path: Path, theme: str) -> None:
    """Keep which colours were shown last; the same again writes nothing."""
    known = recall(path)
    if known.theme != theme:
        remember(path, replace(known, theme=theme))


def _line(value: object) -> str:
    """A text of one line that a person could have typed, else nothing."""
    return value if isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() else ""
