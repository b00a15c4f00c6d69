"""How `trakdesk ssh check` sees which variables reach the account: only whoever can write in its home is told."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

FILE = "ssh-check"
_AT_MOST = 100
_SECONDS = 120


@contextmanager
def nonce_in(home: Path) -> Iterator[str]:
    """A secret in a file of the home's owner, for as long as the check takes. Raises OSError."""
    words = secrets.token_urlsafe(32)
    path = home / FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            owner = home.stat()
            if owner.st_uid != os.getuid():
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(words)
        yield words
    finally:
        path.unlink(missing_ok=True)


def answer(home: Path, claimed: str, received: Mapping[str, str], passed: Mapping[str, str]) -> bool:
    """Print the names of the variables, never a value; False, and nothing printed, for a nonce that does not hold."""
    if not hmac.compare_digest(_kept(home).encode(), claimed.encode("utf-8", "surrogateescape")):
        return False
    json.dump({"received": sorted(received), "passed": sorted(passed)}, sys.stdout)
    print()
    return True


def _kept(home: Path) -> str:
    """The nonce; another secret that nobody knows where there is none that holds."""
    try:
        handle = os.open(home / FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return secrets.token_hex()
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        holds = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
        if not holds or abs(time.time() - found.st_mtime) > _SECONDS:
            return secrets.token_hex()
        return file.read(_AT_MOST).decode("ascii", "replace") or secrets.token_hex()
