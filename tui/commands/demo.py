"""`trakdesk demo`: the training mode."""

from __future__ import annotations

import argparse
import gc
import shutil
import sys
from typing import TYPE_CHECKING

from services.errors import Refused
from tui import exits, terminal

if TYPE_CHECKING:
    from tui.demo.practice_run import Order
    from tui.demo.scene import Scene

PRACTICE = "practice"
"""Stands in the place of a scene's name for a queue of callers."""


def run(options: argparse.Namespace) -> int:
    """Open the stage, list its scenes, or let somebody practise."""
    # Peewee imports psycopg wherever it finds it; a sandbox is embedded, whatever the settings name.
    sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type] # None is Python's way to say "not here"
    from tui.demo.scenes import named, scenes

    if options.list:
        for one in scenes():
            print(f"{one.key}  {one.name}: {one.summary}")
        return exits.DONE
    from tui.commands import practice

    if options.scene == PRACTICE:
        return practice.print_class(options) if options.summary else show(options, None, practice.order_of(options))
    practice.check_unused(options)
    scene = named(options.scene) if options.scene else None
    if scene is None and (options.scene or options.autoplay):
        known = ", ".join(one.name for one in scenes())
        wanted = f"There is no scene called {options.scene}." if options.scene else "Name a scene to be played."
        raise Refused(f"{wanted} Choose one of: {known}.")
    return show(options, scene)


def show(options: argparse.Namespace, scene: Scene | None, order: Order | None = None) -> int:
    """Open the stage with a scene or a queue of callers, and leave nothing behind."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused("The training needs a terminal. `trakdesk demo --list` works without one.")
    gc.disable()
    terminal.scrub()
    terminal.forbid_core_dumps()
    from services.sandbox.sandbox import Sandbox
    from tui.demo.app import DemoApp
    from tui.faults import start_log

    box, recording = Sandbox(), None
    try:
        if options.record is not None:
            from tui.demo.recorded_app import RecordedApp
            from tui.demo.recording import Recording

            recording = Recording(options.record, shutil.get_terminal_size(), scene.name if scene else "training")
        start_log(box.home / "stage.log")
        told = {"autoplay": options.autoplay, "speed": options.speed, "theme": options.theme or "", "order": order}
        app = DemoApp(box, scene, **told) if recording is None else RecordedApp(recording, box, scene, **told)
        terminal.on_hang_up(app.leave)
        app.run()
    finally:
        box.close()
        if recording is not None:
            recording.close()
    if recording is not None and recording.problem:
        print(recording.problem, file=sys.stderr)
    if app.last_words:
        print(app.last_words)
    return app.return_code or exits.DONE
