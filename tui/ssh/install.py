"""Brings a desk over SSH onto a machine: files first, then the account, and the door is opened last."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.errors import DeskError
from tui.ssh import machine
from tui.ssh.files import HOST_KEYS, File, files
from tui.ssh.layout import Door, Layout

SSHD = "/usr/sbin/sshd"
MAIN_CONFIG = Path("/etc/ssh/sshd_config")
PRIVILEGE_SEPARATION = Path("/run/sshd")
"""sshd does not even check a configuration without this folder, which its service makes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the machine.

    Attributes:
        why: what it is for, in words.
        so_already: whether the machine is so, and the command is left out.
    """

    words: tuple[str, ...]
    why: str
    so_already: bool = False

    @property
    def line(self) -> str:
        """As it is typed."""
        return shlex.join(self.words)


class Install:
    """One run; says each line as it happens."""

    def __init__(self, layout: Layout, *, dry: bool = False) -> None:
        self._layout = layout
        self._dry = dry
        self._acts = not dry and layout.root == Path("/")
        self._before: dict[Path, tuple[bytes, int] | None] = {}

    def run(self) -> Iterator[str]:
        """Do it all, or tell all that would be done. Raises DeskError; files are then as they were before."""
        layout = self._layout
        if not self._dry:
            yield from self._folders()
        for file in files(layout):
            yield from self._file(file)
        try:
            for step in self._steps():
                yield from self._step(step)
        except DeskError:
            self._put_back()
            raise

    def _folders(self) -> Iterator[str]:
        for folder in (self._layout.folder, self._layout.empty):
            there = self._layout.on_disk(folder)
            if not there.is_dir():
                there.mkdir(parents=True, mode=0o755)
                there.chmod(0o755)
                yield f"made     {there}/"

    def _file(self, file: File) -> Iterator[str]:
        there = self._layout.on_disk(file.path)
        old = (there.read_bytes(), there.stat().st_mode & 0o7777) if there.exists() else None
        told = f"{there}  ({file.what})"
        if old == (file.text.encode(), file.mode):
            yield f"is so    {told}"
            return
        if self._dry:
            yield f"--- {told}, mode {file.mode:04o}, {'new' if old is None else 'changed'}\n{file.text}"
            return
        self._before[there] = old
        _write(there, file.text.encode(), file.mode)
        yield f"{'written ' if old is None else 'changed '} {told}"

    def _step(self, step: Step) -> Iterator[str]:
        if step.so_already:
            yield f"is so    {step.why}"
        elif not self._acts:
            yield f"{'would do' if self._dry else 'to do   '} {step.line}\n         # {step.why}"
        else:
            done = subprocess.run(step.words, capture_output=True, text=True, check=False)  # noqa: S603 - our words, no shell
            if done.returncode:
                said = (done.stderr or done.stdout).strip()
                raise DeskError(f"{step.line} did not work: {said}\nThe files are as they were before.")
            yield f"done     {step.line}"

    def _put_back(self) -> None:
        for path, old in self._before.items():
            if old is None:
                path.unlink()
            else:
                _write(path, *old)

    def _steps(self) -> Iterator[Step]:
        layout = self._layout
        account = machine.account_of(layout) if layout.root == Path("/") else None
        yield self._account_step()
        owned = account is not None and layout.home.is_dir() and layout.home.stat().st_uid == account.pw_uid
        yield Step(
            ("chown", "-R", f"{layout.account}:", str(layout.home)),
            f"{layout.home} belongs to {layout.account}",
            owned,
        )
        if not any(layout.on_disk(key).exists() for key in HOST_KEYS):
            yield Step(("ssh-keygen", "-A"), "the machine has host keys")
        if self._acts and not PRIVILEGE_SEPARATION.is_dir():
            yield Step(("mkdir", "-m", "755", str(PRIVILEGE_SEPARATION)), "sshd can check its configuration")
        if layout.on_disk(MAIN_CONFIG).exists():
            yield Step((SSHD, "-t"), "the machine's own SSH server can read it")
        if layout.port:
            yield Step((SSHD, "-t", "-f", str(layout.server_config)), "the desk's own SSH server can read it")
        if machine.has_systemd() or not self._acts:
            yield from self._services()
        yield self._password_step()
        if layout.port and (machine.has_systemd() or not self._acts):
            yield Step(("systemctl", "enable", layout.service), "it starts with the machine")
            yield Step(("systemctl", "restart", layout.service), f"the desk's own SSH server listens on {layout.port}")

    def _account_step(self) -> Step:
        layout = self._layout
        places = ("--shell", str(layout.launcher))
        account = machine.account_of(layout) if layout.root == Path("/") else None
        why = f"the account {layout.account} opens the desk and nothing else"
        if account is None:
            group = ("--gid", layout.account) if machine.has_group(layout) else ("--user-group",)
            home = ("--no-create-home", "--home-dir", str(layout.empty))
            comment = ("--comment", "Trakdesk over SSH")
            return Step(("useradd", "--system", *group, *home, *places, *comment, layout.account), why)
        changed = ("usermod", "--home", str(layout.empty), *places, layout.account)
        return Step(changed, why, machine.is_ours(layout, account))

    def _services(self) -> Iterator[Step]:
        yield Step(("systemctl", "daemon-reload"), "systemd reads the unit")
        units = [name for name in ("ssh", "sshd") if Path(f"/usr/lib/systemd/system/{name}.service").exists()]
        unit = (units or ["ssh"])[0]
        yield Step(("systemctl", "try-reload-or-restart", unit), "the machine's own SSH server knows of the account")

    def _password_step(self) -> Step:
        layout = self._layout
        field = machine.password_field(layout.account) if self._acts else None
        if layout.door is Door.OPEN:
            emptied = ("passwd", "--delete", layout.account)
            return Step(emptied, "the account has an empty password: the desk asks for everything", field == "")
        locked = ("usermod", "--password", "*", layout.account)
        return Step(locked, "no password opens the account, only a key", field == "*")


def remains(layout: Layout) -> list[str]:
    """What an administrator still has to look at, in whole sentences."""
    said = []
    if layout.root == Path("/"):
        config = layout.on_disk(MAIN_CONFIG)
        if config.exists() and "sshd_config.d/*.conf" not in config.read_text(errors="replace"):
            said.append(
                f"{config} does not read {layout.drop_in.parent}: put the line "
                f"`Include {layout.drop_in.parent}/*.conf` at its top, or the account is not guarded on that server."
            )
        if not machine.has_systemd():
            said.append("There is no systemd here: start the SSH server, or let it read its configuration, yourself.")
    return said


def _write(path: Path, text: bytes, mode: int) -> None:
    """The whole file or nothing: sshd may read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name that no `Include *.conf` takes.
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        os.fchmod(handle, mode)
    draft.replace(path)
