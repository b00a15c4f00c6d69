"""`trakdesk import clients FILE`: uploads clients."""

from __future__ import annotations

import argparse
import signal
import sys

from services.clients.importing.report import ImportReport, Progress
from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.progress import progress_bar

SHOWN_PROBLEMS = 20


def run(options: argparse.Namespace) -> int:
    """Upload, and tell what became of every row; exits 1 when rows were refused, 130 when stopped."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    stopping: list[bool] = []
    before = signal.signal(signal.SIGINT, lambda *_: stopping.append(True))
    try:
        with progress_bar(f"Reading {safe(options.file.name)}") as show:

            def tell(progress: Progress) -> None:
                show(progress.bytes_done, progress.bytes_total, f"{progress.rows:,} rows")

            report = desk.imports.run(
                actor,
                options.file,
                dry_run=options.dry_run,
                report=options.report,
                on_progress=tell,
                cancelled=lambda: bool(stopping),
            )
    finally:
        signal.signal(signal.SIGINT, before)
    _print(report, options)
    if not report.finished:
        print("Stopped between two batches. Run the same command again to go on.", file=sys.stderr)
        return exits.STOPPED
    return exits.NEEDS_A_LOOK if report.refused else exits.DONE


def _print(report: ImportReport, options: argparse.Namespace) -> None:
    if report.dry_run:
        print("Dry run: nothing was stored. An upload would give:")
    print(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.merged:,} rows merged, {report.refused:,} rows refused."
    )
    for problem in report.problems[:SHOWN_PROBLEMS]:
        where = f"line {problem.line}, {problem.field}" if problem.field else f"line {problem.line}"
        print(f"  {where}: {problem.reason} {problem.remedy}")
    more = report.problem_count - min(report.problem_count, SHOWN_PROBLEMS)
    if more:
        print(f"  and {more:,} more; see them all with --report FILE.")
    if options.report:
        print(f"Report: {options.report}")
