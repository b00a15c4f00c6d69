"""With which key whoever is at the other end of the line was let in, as sshd tells the session."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from services.ssh_keys.fingerprint import fingerprint_of

VARIABLE = "SSH_USER_AUTH"
"""Names the file that sshd writes with `ExposeAuthInfo yes`."""

_MOST = 64_000
"""Octets of the file that are looked at; a line holds one key."""


def peer_key(environment: Mapping[str, str] = os.environ) -> str:
    """The fingerprint of the key; empty where nobody came over SSH, or came without one."""
    path = environment.get(VARIABLE, "")
    if not environment.get("SSH_CONNECTION") or not path.startswith("/"):
        return ""
    for line in _lines(path):
        words = line.split(" ")
        if len(words) == 3 and words[0] == "publickey":
            return fingerprint_of(words[2])
    return ""


def _lines(path: str) -> list[str]:
    """The lines of the file; none of one that somebody else could have written."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return []
    try:
        state = os.fstat(handle)
        ours = stat.S_ISREG(state.st_mode) and state.st_uid in (os.geteuid(), 0)
        if not ours or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return []
        return os.read(handle, _MOST).decode("ascii", "replace").splitlines()
    except OSError:
        return []
    finally:
        os.close(handle)
