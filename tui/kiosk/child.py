"""The program of one person at a kiosk; started by the supervisor, never by hand."""

from __future__ import annotations

import argparse
import gc
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui import exits, terminal
from tui.hardening import end_with_parent, harden
from tui.kiosk.ending import Ending, tell
from tui.kiosk.supervisor import FINISH_WITHIN

if TYPE_CHECKING:
    from tui.kiosk.app import KioskApp

LAST_RESORT = 5.0
"""Seconds after which a process ends that was asked to and cannot."""


def main() -> int:
    """Serve one person, give the terminal back, and finish what is still being written."""
    options = _options()
    end_with_parent()
    harden()
    # Nothing dies while everything is imported; the app turns the collector on again once it has settled.
    gc.disable()
    terminal.scrub()
    # A kiosk is calm, and its terminal is not left in a protocol of its own by a process that was killed.
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    app = _app(options)
    terminal.on_hang_up(lambda: _leave(app))
    ending = app.run() or Ending.STOP
    _give_back_terminal()
    tell(options.pipe, f"{ending} {app.reference}".rstrip())
    os.close(options.pipe)
    _finish(app)
    return ending.exit_code


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--pipe", type=int, required=True)
    parser.add_argument("--theme", default="")
    parser.add_argument("--first", action="store_true")
    parser.add_argument("--fault", default="")
    return parser.parse_args()


def _app(options: argparse.Namespace) -> KioskApp:
    from tui.commands.opened import settings_of
    from tui.faults import start_log

    settings = settings_of(options)
    start_log(settings.log_path)
    # Only now: on SQLite the line above keeps Peewee from importing what it does not need.
    from tui.kiosk.app import KioskApp, Start

    start = Start(settings, options.name, options.theme, first=options.first, fault=options.fault, pipe=options.pipe)
    return KioskApp(start)


def _leave(app: KioskApp) -> None:
    """End the app from a signal; if the dead terminal holds it up, end the process all the same."""
    last_resort = threading.Timer(LAST_RESORT, os._exit, (exits.FAULT,))
    last_resort.daemon = True
    last_resort.start()
    app.leave()


def _give_back_terminal() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nowhere, handle)


def _finish(app: KioskApp) -> None:
    """Let services end that are still writing; what hangs is cut off, and its transaction undone."""
    last_resort = threading.Timer(FINISH_WITHIN, os._exit, (exits.FAULT,))
    last_resort.daemon = True
    last_resort.start()
    with suppress(OSError):
        app.finish()


if __name__ == "__main__":
    code = main()
    # Threads that wait for a database that does not answer must not hold the process.
    os._exit(code)
