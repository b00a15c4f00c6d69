"""`trakdesk plain`: the desk as lines, for screen readers, braille terminals and pipes."""

from __future__ import annotations

import argparse

from models.states import Surface
from services.actor import Origin
from services.desk import Desk
from tui import exits, terminal
from tui.commands.opened import open_desk_of


def run(options: argparse.Namespace) -> int:
    """Talk until whoever sits there leaves, or the terminal goes away."""
    terminal.scrub()
    terminal.forbid_core_dumps()
    return talk_on(open_desk_of(options), getattr(options, "task", None))


def talk_on(desk: Desk, task: str | None) -> int:
    """The same on a desk that is open."""
    from tui.courier import Courier
    from tui.plain.dialogue import HungUp
    from tui.plain.run import StartTask, converse

    def end() -> None:
        raise HungUp

    courier = Courier(desk) if desk.ctx.settings.deliver_in_desk else None
    terminal.on_hang_up(end)
    try:
        converse(desk, Origin(Surface.DESK, terminal.place()), StartTask(task) if task else None)
    except HungUp:
        # It came before or after the talk; whoever was signed in is not any more.
        return exits.DONE
    finally:
        if courier:
            courier.stop()
    return exits.DONE
