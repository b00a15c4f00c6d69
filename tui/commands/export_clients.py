"""`trakdesk export clients FILE`: writes the client list."""

from __future__ import annotations

import argparse
import sys

from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.progress import progress_bar, stopped_by_hand


def run(options: argparse.Namespace) -> int:
    """Write all clients of the agency, one row per mortgage; a stopped export leaves the file as it was."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    with stopped_by_hand() as stopped, progress_bar(f"Writing {safe(options.file.name)}") as show:
        report = desk.exports.run(
            actor,
            options.file,
            on_progress=lambda done, total: show(done, total, ""),
            cancelled=stopped,
        )
    if stopped():
        print("Stopped; no file was written.", file=sys.stderr)
        return exits.STOPPED
    print(f"{report.clients:,} clients in {report.rows:,} rows: {options.file}")
    return exits.DONE
