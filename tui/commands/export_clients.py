"""`trakdesk export clients FILE`: writes the client list."""

from __future__ import annotations

import argparse
import signal
import sys

from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.progress import progress_bar


def run(options: argparse.Namespace) -> int:
    """Write all clients of the agency, one row per mortgage; a stopped export leaves the file as it was."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    stopping: list[bool] = []
    before = signal.signal(signal.SIGINT, lambda *_: stopping.append(True))
    try:
        with progress_bar(f"Writing {safe(options.file.name)}") as show:
            report = desk.exports.run(
                actor,
                options.file,
                on_progress=lambda done, total: show(done, total, ""),
                cancelled=lambda: bool(stopping),
            )
    finally:
        signal.signal(signal.SIGINT, before)
    if stopping:
        print("Stopped; no file was written.", file=sys.stderr)
        return exits.STOPPED
    print(f"{report.clients:,} clients in {report.rows:,} rows: {options.file}")
    return exits.DONE
