"""The warm parent: one process that has imported and prepared everything, and forks one program for each person.

What a program has of its own is what it changes; the rest of its memory is this process's, shared.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.errors import Unavailable
from tui import exits, terminal
from tui.forking.parent import ForkingParent
from tui.hardening import end_with_parent, harden
from tui.portal.holes import fill_holes

if TYPE_CHECKING:
    from services.desk import Desk
    from services.settings import Settings
    from tui.portal.prepared import Prepared

END_WITHIN = 3.0
"""Seconds in which the programs end when the server is gone; then they are killed."""

_LOOK_WITHIN = 10

_DRAWN_FOR_THE_WEB = {
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_FPS": "60",
    "TERM_PROGRAM": "textual",
}
"""What Textual reads when it is imported."""


def main() -> int:
    """Prepare, tell the server, and fork until the server is gone."""
    options = _options()
    end_with_parent()
    harden()
    terminal.scrub()
    os.environ.update(_DRAWN_FOR_THE_WEB)
    gc.disable()
    settings = _settings(options)
    line = socket.socket(fileno=options.line)
    return WarmParent(settings, line).run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--line", type=int, required=True)
    return parser.parse_args()


def _settings(options: argparse.Namespace) -> Settings:
    from tui.commands.opened import settings_of
    from tui.faults import start_log

    settings = settings_of(options)
    start_log(settings.log_path)
    return settings


class WarmParent(ForkingParent):
    """Forks the programs of the portal, and looks now and then whether the database answers."""

    ENDS_BY = signal.SIGHUP
    END_WITHIN = END_WITHIN

    def __init__(self, settings: Settings, line: socket.socket) -> None:
        self._settings = settings
        self._looking: set[int] = set()
        self._founded = False
        self._filling: list[list[bytes]] = []
        self._prepared = self._prepare()
        super().__init__(line)

    def play(self, packet: dict[str, Any], handles: list[int]) -> int:
        """One person's program, or a look at the database."""
        if packet["what"] == "look":
            return _look(self._prepared.desk)
        for number in (0, 1):
            os.dup2(handles[0], number)
        os.close(handles[0])
        return self._prepared.run(str(packet["address"]), founded=self._founded)

    def get_ready(self) -> None:
        """Programs end from within."""
        signal.signal(signal.SIGHUP, _end_soon)

    def forked(self, number: int, packet: dict[str, Any]) -> None:
        """The server keeps the number."""
        if packet["what"] == "look":
            self._looking.add(number)
        self.tell({"began": str(packet["name"]), "number": number})

    def buried(self, number: int, code: int) -> None:
        """What a look has seen is kept."""
        if number in self._looking:
            self._looking.remove(number)
            # An agency that stands is never taken away.
            self._founded = self._founded or code == exits.DONE

    def _prepare(self) -> Prepared:
        # Only now: the environment that Textual reads when it is imported is ours.
        from tui.portal.warming import warm_up

        prepared = warm_up(self._settings)
        # What stands now stays for good: a collection in a program would only touch, and so copy, shared pages.
        gc.collect()
        self._filling = fill_holes()
        gc.freeze()
        return prepared


def _end_soon(*_: object) -> None:
    """End from within, as when somebody leaves; a program that cannot is ended by the alarm."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, END_WITHIN)
    os.kill(os.getpid(), signal.SIGTERM)


def _look(desk: Desk) -> int:
    """Whether the database answers and has our tables, in a process of its own that leaves no connection behind.

    Returns DONE if an agency stands in it too, NEEDS_A_LOOK if none does yet, else UNAVAILABLE.
    """
    signal.alarm(_LOOK_WITHIN)
    from models.schema import SchemaState, schema_state

    try:
        with desk.ctx.read():
            if schema_state(desk.ctx.database) is not SchemaState.CURRENT:
                return exits.UNAVAILABLE
        return exits.DONE if desk.is_founded() else exits.NEEDS_A_LOOK
    except Unavailable:
        return exits.UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main())
