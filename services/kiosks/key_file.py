"""Where a machine keeps the secret of a kiosk: a file that only its owner reads, one for each name."""

from __future__ import annotations

import fcntl
import os
import re
import stat
from functools import partial
from pathlib import Path

from services import private_files
from services.credentials.passwords import Secret
from services.errors import DeskError
from services.text import fold

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST = 1000


class KioskKeyUnusable(DeskError):
    """The file with the kiosk's secret cannot be read or written; the sentence names the remedy."""


def path_of(home: Path, name: str) -> Path:
    """The file of the kiosk of this name; names that the desk takes for the same have the same file."""
    return home / "kiosks" / f"{fold(name).replace(' ', '-')}.key"


def load(home: Path, name: str, *, looking: bool = False) -> Secret | None:
    """The secret of the kiosk; None where this machine has none. Raises KioskKeyUnusable.

    Args:
        looking: nothing will be done with it; see `private_files.why_not_ours`.
    """
    path = path_of(home, name)
    try:
        text = (
            private_files.read(path, partial(_refuse_open_doors, home, looking), _MOST)
            .decode("ascii", "replace")
            .strip()
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KioskKeyUnusable(
            f"The kiosk's key {path} cannot be read: {error.strerror}. Start the kiosk as its owner."
        ) from error
    if not _SECRET.fullmatch(text):
        raise KioskKeyUnusable(f"The kiosk's key {path} is damaged. Remove it, revoke the kiosk, and enrol it again.")
    return Secret(text)


def keep(home: Path, name: str, secret: Secret) -> Path:
    """Write the secret where `load` finds it, in the place of an older one. Raises KioskKeyUnusable."""
    path = path_of(home, name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_files.draft(path, f"{secret.reveal()}\n").replace(path)
        private_files.sync_folder(path)
    except OSError as error:
        raise KioskKeyUnusable(
            f"The kiosk's key {path} cannot be written: {error.strerror}. Make the folder writable, then enrol again."
        ) from error
    return path


def claim(home: Path, name: str) -> int | None:
    """Hold the name for this process until it ends; None if another program runs this kiosk here already.

    Returns the handle that holds it. Raises KioskKeyUnusable.
    """
    path = path_of(home, name).with_suffix(".lock")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise KioskKeyUnusable(f"{path} cannot be made: {error.strerror}. Make the folder writable.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _refuse_open_doors(home: Path, looking: bool, path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KioskKeyUnusable(f"{path} is no file. Remove it, and enrol the kiosk again.")
    if foreign := private_files.why_not_ours(f"The kiosk's key {path}", path, found, home, looking=looking):
        raise KioskKeyUnusable(foreign)
    if found.st_mode & 0o077:
        raise KioskKeyUnusable(
            f"Others on this machine can read the kiosk's key {path}. Run `chmod 600 {path}`, then start again."
        )
