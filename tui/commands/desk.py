"""`trakdesk`: opens the desk in this terminal."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
from typing import TYPE_CHECKING

from tui import exits, terminal

if TYPE_CHECKING:
    from tui.app import DeskApp

_CANNOT_DRAW = ("", "dumb")
"""What TERM says of a terminal that only prints lines."""


def run(options: argparse.Namespace) -> int:
    """Open the desk and stay until its user leaves."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("The desk needs a terminal. For scripts there are commands: trakdesk --help", file=sys.stderr)
        return exits.NOT_DONE
    if os.environ.get("TERM", "") in _CANNOT_DRAW:
        from tui.commands import plain

        print("This terminal shows no full screen, so Trakdesk asks line by line.")
        return plain.run(options)
    # Nothing dies while everything is imported: the collector would look through it dozens of times for nothing.
    # The app turns it on again once it has settled.
    gc.disable()
    terminal.scrub()
    terminal.forbid_core_dumps()
    from tui.commands.opened import open_desk_of

    desk = open_desk_of(options)
    # Only now: a desk that cannot open need not load a user interface to say so.
    from models.states import Surface
    from screens.workplace import Workplace
    from services.actor import Origin
    from services.colours import Colours
    from tui.app import DeskApp
    from tui.courier import Courier
    from tui.ssh.arriving import line_of

    line = line_of(desk)
    place = Workplace(desk, Origin(Surface.DESK, terminal.place()), line.memory, line.key)
    app = DeskApp(place, Colours(options.theme) if options.theme else None, line.patience)
    courier = Courier(desk) if desk.ctx.settings.deliver_in_desk else None
    terminal.on_hang_up(lambda: _leave(app))
    try:
        app.run()
    finally:
        if courier:
            courier.stop()
        app.end_session()
        place.close()
    return app.return_code or exits.DONE


def _leave(app: DeskApp) -> None:
    """End the app from a signal; if the dead terminal holds it up, end the process all the same."""
    last_resort = threading.Timer(5.0, _give_up, (app,))
    last_resort.daemon = True
    last_resort.start()
    app.leave()


def _give_up(app: DeskApp) -> None:
    """End at once, but not without ending the session of whoever is signed in."""
    try:
        app.end_session()
    finally:
        os._exit(exits.FAULT)
