"""The account's login shell: leaves everything that came from outside behind, then becomes the desk.

It runs before anything is known about whoever is at the other end, possibly in an environment that a local user has
prepared. So it imports little, believes little, and passes on what it has looked at.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from tui import exits, terminal

LINE_TERMINALS = ("", "dumb", "unknown")
"""What TERM says of a terminal that only prints lines, or that nothing is known of."""

_TERM = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,63}", re.ASCII)
_TTY = re.compile(r"/dev/[a-z0-9/]{1,40}", re.ASCII)
_AUTH_FILE = re.compile(r"/[A-Za-z0-9._/-]{1,100}", re.ASCII)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_COLOUR_TERMS = ("truecolor", "24bit")

CHECK = "trakdesk-check "
"""Begins the one command that is answered: what follows is the nonce of `trakdesk ssh check`."""


def enter(home: str, *, sessions: int, sessions_per_address: int) -> int:
    """Open the desk of that home in this terminal; returns only when it refuses, with an exit code."""
    os.umask(0o077)
    terminal.forbid_core_dumps()
    received = dict(os.environ)
    over_ssh = parent_is_sshd()
    passed = kept(received, home, over_ssh=over_ssh)
    os.environ.clear()
    os.environ.update(passed)
    asked = received.get("SSH_ORIGINAL_COMMAND", "") if over_ssh else ""
    if asked.startswith(CHECK):
        from tui.ssh.nonce import answer

        if answer(Path(home), asked.removeprefix(CHECK), received, passed):
            return exits.DONE
    if asked:
        _log(home, f"a command was asked for over SSH from {terminal.place()}, and not run")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "This account opens the Trakdesk desk, which needs a terminal, and nothing else: "
            "no commands, no file transfer. Connect with ssh and no further words.",
            file=sys.stderr,
        )
        return exits.NOT_DONE
    words = ["--home", home, "--sessions", str(sessions), "--sessions-per-address", str(sessions_per_address)]
    # Only a new process shows nobody what the old one was given.
    return _become(passed, "tui.ssh.session", *words)


def look_up_key(home: str, words: list[str]) -> NoReturn:
    """Answer sshd's question whose key it is, in a process that was given nothing else."""
    os.umask(0o077)
    _become(_small(home), "tui.ssh.authorized_keys", "--home", home, "--", *words)


def kept(received: Mapping[str, str], home: str, *, over_ssh: bool) -> dict[str, str]:
    """The environment of the desk: what it needs, each value looked at; what does not hold is left out."""
    passed = _small(home)
    term = received.get("TERM", "")
    passed["TERM"] = term if _TERM.fullmatch(term) and term not in LINE_TERMINALS else "dumb"
    if _ZONE.fullmatch(received.get("TZ", "")):
        passed["TZ"] = received["TZ"]
    if received.get("NO_COLOR"):
        passed["NO_COLOR"] = "1"
    if received.get("COLORTERM") in _COLOUR_TERMS:
        passed["COLORTERM"] = received["COLORTERM"]
    from services.colours import NAMES

    if received.get("TRAKDESK_THEME") in NAMES:
        passed["TRAKDESK_THEME"] = received["TRAKDESK_THEME"]
    if over_ssh:
        passed |= _line_of(received)
    return passed


def _become(environment: Mapping[str, str], module: str, *words: str) -> NoReturn:
    from tui.hardening import python_command

    command = python_command(module, *words)
    os.execve(command[0], command, environment)  # noqa: S606 - our own interpreter, no shell


def _small(home: str) -> dict[str, str]:
    return {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TRAKDESK_HOME": home}


def _line_of(received: Mapping[str, str]) -> dict[str, str]:
    """What sshd says about the connection."""
    found = {}
    connection = received.get("SSH_CONNECTION", "")
    if _is_connection(connection):
        found["SSH_CONNECTION"] = connection
    if _TTY.fullmatch(received.get("SSH_TTY", "")):
        found["SSH_TTY"] = received["SSH_TTY"]
    if _AUTH_FILE.fullmatch(received.get("SSH_USER_AUTH", "")):
        found["SSH_USER_AUTH"] = received["SSH_USER_AUTH"]
    return found


def _is_connection(words: str) -> bool:
    """Whether it is two addresses with their ports, as sshd writes it."""
    parts = words.split(" ")
    if len(parts) != 4 or not (parts[1].isdecimal() and parts[3].isdecimal()):
        return False
    try:
        for address in parts[::2]:
            ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def parent_is_sshd() -> bool:
    """Whether sshd started this: nobody else has a process of the account that could.

    With an empty password `su` opens the account to every local user, in an environment of theirs: what it says of a
    connection or of a key is then not to be believed. The process before `su` is root's, the one of sshd is ours.
    """
    status = Path(f"/proc/{os.getppid()}/status")
    with contextlib.suppress(OSError):
        told = dict(line.split(":", 1) for line in status.read_text(encoding="ascii", errors="replace").splitlines())
        users = told.get("Uid", "").split()
        return told.get("Name", "").strip().startswith("sshd") and users == [str(os.getuid())] * 4
    return False


def _log(home: str, words: str) -> None:
    # Only now: most sessions have nothing to log here.
    from tui.faults import LOG, start_log

    with contextlib.suppress(OSError):
        start_log(Path(home) / "trakdesk.log")
        LOG.warning(words)
