"""`trakdesk kiosk`: runs a kiosk on this terminal."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from services.errors import DeskError, Refused
from services.kiosks import key_file
from services.settings import load_settings
from services.text import fold, safe
from tui import exits, terminal
from tui.faults import start_log
from tui.hardening import harden, python_command, small_environment


def run(options: argparse.Namespace) -> int:
    """Run the kiosk until staff leave it or the machine stops it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("A kiosk needs a terminal.", file=sys.stderr)
        return exits.NOT_DONE
    if not fold(options.name):
        raise Refused("Name the kiosk with letters or digits, such as where it stands: --name Lobby")
    if not sys.flags.isolated:
        _begin_anew(options)
    harden()
    terminal.scrub()
    settings = load_settings(options.home)
    _make_home(settings.home)
    holds = key_file.claim(settings.home, options.name)
    if holds is None:
        raise Refused(f'The kiosk "{safe(options.name)}" runs on this machine already.')
    start_log(settings.log_path)
    from tui.kiosk.ending import Ending
    from tui.kiosk.supervisor import Supervisor

    ending = Supervisor(settings, options.name, options.theme or "").run()
    os.close(holds)
    return exits.LEFT if ending is Ending.LEAVE else exits.DONE


def _begin_anew(options: argparse.Namespace) -> None:
    """Become the same command in a Python and an environment that nobody else has prepared."""
    words = ["--home", str(options.home.absolute())] if options.home else []
    words += ["kiosk", "--name", options.name]
    words += ["--theme", options.theme] if options.theme else []
    command = python_command("tui", *words)
    os.execve(command[0], command, small_environment(os.environ))  # noqa: S606 - our own interpreter, no shell


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DeskError(f"The home folder {home} cannot be made: {error.strerror}.") from error
