"""What a machine is like before a desk over SSH is installed on it, and what speaks against that."""

from __future__ import annotations

import contextlib
import grp
import pwd
import re
import shutil
import socket
from pathlib import Path

from services.errors import Refused
from tui.ssh.files import OURS, files
from tui.ssh.layout import Layout

_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,30}", re.ASCII)
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9._+@/-]{1,150}", re.ASCII)
_LONGEST_FIRST_LINE = 250
"""The kernel reads so many signs of a program's first line."""

PEOPLE_FROM = 1000
"""Accounts of people have numbers from here on."""

_OTHERS = 0o077


def account_of(layout: Layout) -> pwd.struct_passwd | None:
    """The account, if there is one."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(layout.account)
    return None


def has_group(layout: Layout) -> bool:
    """Whether a group of the account's name is there without the account."""
    with contextlib.suppress(KeyError):
        grp.getgrnam(layout.account)
        return layout.root == Path("/")
    return False


def is_ours(layout: Layout, account: pwd.struct_passwd) -> bool:
    """Whether the account opens the desk and has nothing of its own."""
    return (account.pw_shell, account.pw_dir) == (str(layout.launcher), str(layout.empty))


def password_field(account: str) -> str | None:
    """What stands where the account's password would: nothing lets everybody in, `*` nobody; None where unknown."""
    with contextlib.suppress(OSError):
        for line in Path("/etc/shadow").read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, rest = line.partition(":")
            if name == account:
                return rest.partition(":")[0]
    return None


def has_systemd() -> bool:
    """Whether services can be started here."""
    return Path("/run/systemd/system").is_dir() and shutil.which("systemctl") is not None


def check_words(layout: Layout) -> None:
    """Refuse what can be seen to be wrong without looking at the machine. Raises Refused."""
    if not _NAME.fullmatch(layout.account) or layout.account == "root":
        raise Refused(
            f"{layout.account!r} is no name for the account: take small letters, digits, - and _, such as desk."
        )
    if not layout.home.is_absolute():
        raise Refused(f"Name the home folder by its whole path, such as --home /var/lib/trakdesk, not {layout.home}.")
    for path, what in ((layout.home, "home folder"), (layout.python, "program's folder")):
        if not _PLAIN_PATH.fullmatch(str(path)) or ".." in path.parts:
            raise Refused(f"The {what} is {path}. sshd and systemd need a path of letters, digits and . _ + @ - only.")
    if len(f"#!{layout.python} -IXutf8") > _LONGEST_FIRST_LINE:
        raise Refused(f"The program's folder {layout.python} has too long a path. Install it in /opt/trakdesk.")
    if layout.sessions < 1 or layout.sessions_per_address < 1:
        raise Refused("At least one desk has to be possible: --sessions and --sessions-per-address begin at 1.")


def check_machine(layout: Layout, *, force: bool) -> None:
    """Refuse what would not work on this machine, or would take something away from somebody. Raises Refused."""
    for file in files(layout):
        there = layout.on_disk(file.path)
        if there.is_symlink() or (there.exists() and not there.is_file()):
            raise Refused(f"{there} is there and is no file. Move it away, then run this again.")
        if there.exists() and OURS not in there.read_text(encoding="utf-8", errors="replace") and not force:
            raise Refused(f"{there} is there and is not ours. Move it away, or let --force write over it.")
    if layout.root != Path("/"):
        return
    _check_account(layout, force=force)
    _check_home(layout)
    _check_program(layout)
    if layout.port and not _own_port(layout):
        _check_port(layout.port)


def _check_account(layout: Layout, *, force: bool) -> None:
    account = account_of(layout)
    if account is None or is_ours(layout, account):
        return
    if account.pw_uid == 0 or account.pw_uid >= PEOPLE_FROM:
        raise Refused(f"The account {layout.account} is somebody's. Choose another name with --account.")
    if not force:
        raise Refused(
            f"The account {layout.account} is there and does something else. Choose another name with --account, "
            "or let --force make it the desk's: then it opens the desk and nothing else."
        )


def _check_home(layout: Layout) -> None:
    home = layout.home
    if not home.is_dir():
        raise Refused(f"There is no folder {home}. Set up the desk first: trakdesk --home {home} init ...")
    state = home.stat()
    if state.st_mode & _OTHERS:
        raise Refused(f"{home} is open to others, and holds the keys of the desk. Run: chmod 700 {home}")
    account = account_of(layout)
    if state.st_uid not in (0, account.pw_uid if account else 0):
        try:
            owner = pwd.getpwuid(state.st_uid).pw_name
        except KeyError:
            owner = str(state.st_uid)
        raise Refused(
            f"{home} belongs to {owner}, and the desk over SSH runs as {layout.account}. "
            f"Give it away with: chown -R {layout.account}: {home}"
        )


def _check_program(layout: Layout) -> None:
    """The account has to reach the program, and nobody but root may change it."""
    for path in (layout.python, layout.python.resolve(), Path(__file__).resolve()):
        shut = next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)
        if shut:
            raise Refused(
                f"The program is in {path.parent}, but {shut} is closed to the account {layout.account}. "
                "Install it where everybody may read, such as /opt/trakdesk."
            )


def _own_port(layout: Layout) -> bool:
    with contextlib.suppress(OSError):
        return f"Port {layout.port}" in layout.on_disk(layout.server_config).read_text().splitlines()
    return False


def _check_port(port: int) -> None:
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):  # noqa: S104 - as sshd will
        with contextlib.suppress(OSError), socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                tried.bind((address, port))
            except PermissionError:
                return
            except OSError as error:
                raise Refused(f"Another program listens on port {port}. Choose another one with --port.") from error
