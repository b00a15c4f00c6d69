"""`trakdesk import staff FILE`: uploads office staff."""

from __future__ import annotations

import argparse

from services.staff.importing import StaffReport
from tui import exits
from tui.commands.opened import administrator, open_desk_of

SHOWN_PROBLEMS = 20


def run(options: argparse.Namespace) -> int:
    """Upload, and tell what became of every row; exits 1 when rows were refused."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    report = desk.staff_imports.run(actor, options.file, dry_run=options.dry_run, report=options.report)
    _print(report, options)
    return exits.NEEDS_A_LOOK if report.refused else exits.DONE


def _print(report: StaffReport, options: argparse.Namespace) -> None:
    if report.dry_run:
        print("Dry run: nothing was stored. An upload would give:")
    print(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.refused:,} rows refused."
    )
    if report.offices:
        print(f"New offices: {', '.join(report.offices)}.")
    for problem in report.problems[:SHOWN_PROBLEMS]:
        where = f"line {problem.line}, {problem.field}" if problem.field else f"line {problem.line}"
        print(f"  {where}: {problem.sentence}")
    more = report.problem_count - min(report.problem_count, SHOWN_PROBLEMS)
    if more:
        print(f"  and {more:,} more; see them all with --report FILE.")
    if options.report:
        print(f"Report: {options.report}")
