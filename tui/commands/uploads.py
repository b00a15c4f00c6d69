"""`trakdesk uploads` and `trakdesk import undo NUMBER`: what was taken in, and taking a whole list back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from services.clients.importing.uploads import UndoCheck, UploadState, UploadView, clients_counted
from services.errors import Refused
from services.text import safe
from services.when import show_moment
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.progress import progress_bar, stopped_by_hand
from tui.commands.telling import moment, tell_list

SHOWN_TOUCHED = 20


def run(options: argparse.Namespace) -> int:
    """List the uploads, or undo one; exits 1 when somebody has touched its clients, 130 when stopped."""
    return _undo(options) if options.action == "undo" else _list(options)


def _list(options: argparse.Namespace) -> int:
    desk = open_desk_of(options)
    uploads = desk.uploads.all(administrator(desk, options.agency))
    now = desk.ctx.clock.now()
    told = [
        (
            _facts(upload),
            f"{upload.id}: {upload.file_name}, {show_moment(upload.started_at, now)}, by {upload.by}: "
            f"{upload.added:,} added, {upload.changed:,} changed, {upload.unchanged:,} unchanged, "
            f"{upload.refused:,} refused, {_state(upload)}",
        )
        for upload in uploads
    ]
    return tell_list(told, "Nothing has been uploaded yet.", as_json=options.json)


def _undo(options: argparse.Namespace) -> int:
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    check = desk.uploads.check_undo(actor, options.number, report=options.report)
    if check.touched_count:
        _print_touched(check, options)
        return exits.NEEDS_A_LOOK
    print(
        f"{safe(check.upload.file_name)}: {clients_counted(check.added)} that it added would be removed, "
        f"{check.changed:,} that it changed would be as before."
    )
    if options.dry_run:
        print("Dry run: nothing was undone.")
        return exits.DONE
    with stopped_by_hand() as stopped, progress_bar("Undoing") as show:

        def tell(done: int, total: int) -> None:
            show(done, total, "")

        try:
            undone = desk.uploads.undo(actor, options.number, on_progress=tell, cancelled=stopped)
        except Refused as refusal:
            if not stopped():
                raise
            print(refusal.sentence, file=sys.stderr)
            return exits.STOPPED
    print(f"Undone: {clients_counted(undone.removed)} removed, {undone.restored:,} put back as they were.")
    return exits.DONE


def _print_touched(check: UndoCheck, options: argparse.Namespace) -> None:
    print(f"Nothing was undone: somebody has touched {check.touched_count:,} of its clients since.", file=sys.stderr)
    for touched in check.touched[:SHOWN_TOUCHED]:
        when = moment(touched.when)
        print(f"  {touched.name} <{touched.email}>: {touched.who} {touched.what}, {when}", file=sys.stderr)
    more = check.touched_count - SHOWN_TOUCHED
    if more > 0:
        print(f"  and {more:,} more; see them all with --report FILE.", file=sys.stderr)
    if options.report:
        print(f"Report: {options.report}")


def _state(upload: UploadView) -> str:
    return f"undone by {upload.undone_by}" if upload.state is UploadState.UNDONE else upload.state.value


def _facts(upload: UploadView) -> Mapping[str, str | None]:
    return {
        "number": str(upload.id),
        "file": upload.file_name,
        "by": upload.by,
        "started_at": moment(upload.started_at),
        "finished_at": moment(upload.finished_at),
        "state": upload.state.value,
        "added": str(upload.added),
        "changed": str(upload.changed),
        "unchanged": str(upload.unchanged),
        "refused": str(upload.refused),
        "undone_at": moment(upload.undone_at),
        "undone_by": upload.undone_by,
    }
