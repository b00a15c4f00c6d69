"""The words of `trakdesk ssh`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.parsers.shared import Commands
from tui.parsers.ssh_keys import add_keys_steps

PORTS = range(1, 65_536)


def add_ssh(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk ssh`."""
    steps = commands.add_parser("ssh", help="open the desk to SSH, and prove that nothing else is open").add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    _add_install(steps)
    _add_check(steps)
    add_keys_steps(steps)


def _add_install(steps: Commands[argparse.ArgumentParser]) -> None:
    install = steps.add_parser(
        "install",
        help="write an OpenSSH configuration and make a locked account for it",
        description="Run it as root. Running it twice does no harm. Exits 1 when something is left to be looked at.",
    )
    install.add_argument(
        "--port",
        type=_port,
        metavar="N",
        help="run an SSH server of the desk's own on this port; without it the machine's own server has the desk",
    )
    install.add_argument(
        "--home",
        dest="install_home",
        type=Path,
        metavar="DIR",
        help="home folder of the desk; it will belong to the account (/var/lib/trakdesk)",
    )
    install.add_argument(
        "--account", default="desk", metavar="NAME", help="who people sign in as: ssh NAME@host (desk)"
    )
    install.add_argument(
        "--door",
        choices=("open", "keys"),
        default="open",
        help="open: everybody reaches the desk's sign-in form; keys: only bound keys do (open)",
    )
    install.add_argument("--sessions", type=int, default=100, metavar="N", help="how many desks at the same time (100)")
    install.add_argument(
        "--sessions-per-address", type=int, default=30, metavar="N", help="how many of them from one address (30)"
    )
    install.add_argument(
        "--root", type=Path, default=Path("/"), metavar="PREFIX", help="write below this folder, and run nothing"
    )
    install.add_argument("--force", action="store_true", help="take over files and an account that are not ours")
    install.add_argument("--dry-run", action="store_true", help="show every file and every command; change nothing")
    install.set_defaults(module="ssh", step="install")


def _add_check(steps: Commands[argparse.ArgumentParser]) -> None:
    check = steps.add_parser(
        "check",
        help="try every way around the desk against the running server",
        description="As root on the desk's machine it sees most. Exits 1 when something is to be mended.",
    )
    check.add_argument("--host", default="", help="the machine to try (this one)")
    check.add_argument("--port", type=_port, metavar="N", help="the port to try (as installed)")
    check.add_argument("--account", default="desk", metavar="NAME", help="the account of the desk (desk)")
    check.add_argument(
        "--identity",
        type=Path,
        metavar="FILE",
        help="a private key that is bound, for a door that is open to keys only",
    )
    check.add_argument(
        "--config", type=Path, metavar="FILE", help="the configuration of the server to look at (as installed)"
    )
    check.set_defaults(module="ssh", step="check")


def _port(words: str) -> int:
    if not (words.isascii() and words.isdecimal() and int(words) in PORTS):
        raise argparse.ArgumentTypeError(f"{words!r} is no port; it is a number from 1 to 65535")
    return int(words)
