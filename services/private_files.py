"""Files that only their owner reads, written whole or not at all."""

from __future__ import annotations

import os
import pwd
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


def owner(path: Path) -> str:
    """The name of the user whose it is; the number of one without a name. Raises OSError."""
    user = path.stat().st_uid
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def giving_back(path: Path, home: Path) -> str:
    """The command with which root gives a file to the owner of its home folder."""
    return f"chown {owner(home)} {path}"


def why_not_ours(what: str, path: Path, found: os.stat_result, home: Path, *, looking: bool) -> str:
    """Why a file that was opened is not to be trusted by who runs this, and what to do; empty if it is.

    Args:
        what: the file as its sentence begins.
        home: the folder to whose owner it should belong.
        looking: take, as root, what belongs to that owner too: who only looks leaves no file of root's behind.
    """
    of_home = home.stat().st_uid
    if found.st_uid in (0, os.geteuid()) or (looking and os.geteuid() == 0 and found.st_uid == of_home):
        return ""
    if found.st_uid == of_home:
        return (
            f"{what} belongs to {owner(home)}, as {home} does. Write `runuser -u {owner(home)} --` before the command."
        )
    return f"{what} belongs to another user, who could change it. Run `{giving_back(path, home)}` as the administrator."


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
