"""Where the parts of a desk over SSH lie on a machine, and what an administrator chose for it."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

SETTINGS_LINE = "# installed with: "
"""Begins the line of the drop-in from which `trakdesk ssh check` reads what was chosen."""

USUAL_ACCOUNT = "desk"
SESSIONS = 100
SESSIONS_PER_ADDRESS = 30


class Door(StrEnum):
    """Who reaches the desk's own sign-in form over SSH."""

    OPEN = "open"
    """Anybody; a key that is bound to an identity saves the password."""

    KEYS = "keys"
    """Only whoever has a key that is bound to an identity."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What `trakdesk ssh install` was told, and the paths that follow from it.

    Attributes:
        home: the home folder of the desk, which belongs to the account.
        port: of an SSH server of the desk's own; None for the machine's server alone.
        root: in front of every path that is written, for an image that is put together elsewhere.
        python: the interpreter that runs the desk.
        sessions: how many desks at the same time, as many as the machine's memory holds.
        sessions_per_address: how many of them from one address, behind which a whole office may sit.
    """

    home: Path
    account: str = USUAL_ACCOUNT
    door: Door = Door.OPEN
    port: int | None = None
    root: Path = Path("/")
    python: Path = field(default_factory=lambda: Path(sys.executable))
    sessions: int = SESSIONS
    sessions_per_address: int = SESSIONS_PER_ADDRESS

    @property
    def name(self) -> str:
        """What the files are called: a second desk on one machine has an account and files of its own."""
        return "trakdesk" if self.account == USUAL_ACCOUNT else f"trakdesk-{self.account}"

    @property
    def folder(self) -> Path:
        """Root's alone: sshd runs no key program below a folder that others may write."""
        return Path("/usr/lib") / self.name

    @property
    def launcher(self) -> Path:
        """Login shell and forced command in one."""
        return self.folder / "desk"

    @property
    def key_program(self) -> Path:
        """What sshd asks whether a key is bound to somebody."""
        return self.folder / "authorized-keys"

    @property
    def empty(self) -> Path:
        """The account's home as UNIX has it: nothing is in it, and the account cannot write there."""
        return self.folder / "empty"

    @property
    def drop_in(self) -> Path:
        """What every SSH server of this machine does with the account."""
        return Path("/etc/ssh/sshd_config.d") / f"{self.name}.conf"

    @property
    def server_config(self) -> Path:
        """The desk's own SSH server."""
        return Path("/etc/ssh") / f"{self.name}_sshd_config"

    @property
    def service(self) -> str:
        """The unit that runs it."""
        return f"{self.name}-ssh.service"

    @property
    def unit(self) -> Path:
        """Where the unit lies."""
        return Path("/etc/systemd/system") / self.service

    def on_disk(self, path: Path) -> Path:
        """Where a file of the machine is written."""
        return self.root / path.relative_to("/")

    def words(self) -> list[str]:
        """The options that lead to this layout again."""
        chosen = ["--home", str(self.home), "--account", self.account, "--door", self.door.value]
        chosen += ["--port", str(self.port)] if self.port else []
        chosen += ["--sessions", str(self.sessions), "--sessions-per-address", str(self.sessions_per_address)]
        return chosen

    def settings_line(self) -> str:
        """The line of the drop-in that holds them."""
        return f"{SETTINGS_LINE}{shlex.join(self.words())}"


def read_layout(drop_in: str, python: Path, root: Path = Path("/")) -> Layout | None:
    """The layout that a drop-in of ours was written for; None for a file that is not ours."""
    line = next((line for line in drop_in.splitlines() if line.startswith(SETTINGS_LINE)), None)
    if line is None:
        return None
    try:
        words = shlex.split(line.removeprefix(SETTINGS_LINE))
        told = dict(zip(words[::2], words[1::2], strict=True))
        return Layout(
            Path(told["--home"]),
            told["--account"],
            Door(told["--door"]),
            int(told["--port"]) if "--port" in told else None,
            root,
            python,
            int(told["--sessions"]),
            int(told["--sessions-per-address"]),
        )
    except (ValueError, KeyError):
        return None
