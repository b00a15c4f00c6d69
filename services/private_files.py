"""Files that only their owner reads, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def read(path: Path, check: Callable[[Path, os.stat_result], None], most: int) -> bytes:
    """Read at most so many octets; `check` may refuse what was opened. Raises OSError, and what `check` does."""
    # Without O_NONBLOCK a named pipe in its place would hang the start.
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        check(path, os.fstat(handle))
        return os.read(handle, most)
    finally:
        os.close(handle)


def draft(path: Path, text: str) -> Path:
    """Write the text to a file beside `path`, on the disk, to be renamed. Raises OSError."""
    unnamed = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        unnamed.unlink()
        raise
    return unnamed


def sync_folder(path: Path) -> None:
    """Bring the name of a file to the disk too. Raises OSError."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_once(path: Path, text: str) -> None:
    """Make a file that is not there yet; a crash leaves the whole file or none. Raises FileExistsError or OSError."""
    written = draft(path, text)
    try:
        path.hardlink_to(written)
    finally:
        written.unlink()
    sync_folder(path)
