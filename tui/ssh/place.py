"""The account, the home and the programs as they lie on this machine."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from services.doctor.finding import Finding, bad, good
from tui.ssh import machine
from tui.ssh.files import files
from tui.ssh.layout import Door, Layout

SHELLS = Path("/etc/shells")
_AGAIN = "Run `trakdesk ssh install` again."


def examine(layout: Layout) -> list[Finding]:
    """All findings about files and the account."""
    return [*_files(layout), *_account(layout), _home(layout), _shells(layout)]


def _files(layout: Layout) -> Iterator[Finding]:
    wrong = []
    for file in files(layout):
        if not file.path.is_file():
            wrong.append(f"{file.path} is not there")
        elif file.path.read_text(encoding="utf-8", errors="replace") != file.text:
            wrong.append(f"{file.path} is not as it was installed")
    for path in _whole_way(layout.launcher, layout.key_program, layout.drop_in, layout.empty):
        wrong += [f"{path} {trouble}" for trouble in [_writable(path)] if trouble]
    if layout.empty.is_dir() and any(layout.empty.iterdir()):
        wrong.append(f"{layout.empty} is not empty")
    for words in dict.fromkeys(wrong):
        yield bad("files", words, f"Look at who changed it. {_AGAIN}")
    if not wrong:
        yield good("files", "as installed, and root's alone")


def _whole_way(*paths: Path) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys((path, *path.parents))
    return [path for path in found if path.exists()]


def _writable(path: Path) -> str:
    state = path.stat()
    if state.st_uid != 0:
        return "does not belong to root"
    return "can be written by others than root" if state.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else ""


def _account(layout: Layout) -> Iterator[Finding]:
    account = machine.account_of(layout)
    if account is None:
        yield bad("account", f"there is none called {layout.account}", _AGAIN)
        return
    if account.pw_uid == 0:
        yield bad("account", f"{layout.account} is root", "Take another account: --account")
    elif not machine.is_ours(layout, account):
        words = f"{layout.account} has the shell {account.pw_shell} and the home {account.pw_dir}"
        yield bad("account", words, f"{_AGAIN} It needs --force if the account was another's.")
    else:
        yield good("account", f"{layout.account} has the launcher for a shell, and an empty home")
    field = machine.password_field(layout.account)
    if field is not None:
        yield _password(layout, field)


def _password(layout: Layout, field: str) -> Finding:
    if layout.door is Door.OPEN:
        if not field:
            return good("password", "empty, as the open door needs it")
        words = "the account has a password, so that nobody comes in without a key"
        return bad("password", words, f"Run: passwd --delete {layout.account}")
    if field.startswith(("*", "!")):
        return good("password", "locked: only a key opens the account")
    return bad("password", "a password opens the account", f"Run: usermod --password '*' {layout.account}")


def _home(layout: Layout) -> Finding:
    if not layout.home.is_dir():
        return bad("home", f"{layout.home} is not there", "Put it back from a backup.")
    state = layout.home.stat()
    account = machine.account_of(layout)
    if account and state.st_uid != account.pw_uid:
        remedy = f"Run: chown -R {layout.account}: {layout.home}"
        return bad("home", f"{layout.home} does not belong to {layout.account}", remedy)
    if state.st_mode & 0o077:
        return bad("home", f"{layout.home} is open to others", f"Run: chmod 700 {layout.home}")
    return good("home", f"{layout.home}, for {layout.account} alone")


def _shells(layout: Layout) -> Finding:
    named = SHELLS.is_file() and str(layout.launcher) in SHELLS.read_text(errors="replace").split()
    if named:
        words = f"{SHELLS} names the launcher, so that `su -s` opens the account with another shell"
        return bad("shells", words, f"Take the line out of {SHELLS}.")
    return good("shells", f"{SHELLS} does not name the launcher")
