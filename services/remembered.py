"""What the sign-in form remembers on this machine, so that only the password is left to type."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last company code and user name that signed in here; empty where nothing is known."""

    company_code: str = ""
    user_name: str = ""


def recall(path: Path) -> Remembered:
    """Read it; a file that is not there, not ours or damaged remembers nothing."""
    try:
        read = json.loads(path.read_bytes()[: 10 * _LONGEST])
    except (OSError, ValueError, RecursionError):
        return Remembered()
    if not isinstance(read, dict):
        return Remembered()
    return Remembered(_line(read.get("company_code")), _line(read.get("user_name")))


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


def _line(value: object) -> str:
    """A text of one line that a person could have typed, else nothing."""
    return value if isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() else ""
