"""`trakdesk import legacy FILE`: takes in the accounts of the old system."""

from __future__ import annotations

import argparse

from services.legacy.importing import LegacyReport
from tui import exits
from tui.commands.opened import administrator, open_desk_of

SHOWN_PROBLEMS = 20


def run(options: argparse.Namespace) -> int:
    """Import, and tell what became of every row; exits 1 when rows were refused."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    report = desk.legacy_imports.run(actor, options.file, dry_run=options.dry_run, report=options.report)
    _print(report, options)
    return exits.NEEDS_A_LOOK if report.refused else exits.DONE


def _print(report: LegacyReport, options: argparse.Namespace) -> None:
    if report.dry_run:
        print("Dry run: nothing was stored. An import would give:")
    print(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.refused:,} rows refused."
    )
    if report.key_set:
        print("The access key of the file opens these accounts until their people are migrated.")
    told = sorted((*report.problems, *report.warnings), key=lambda problem: problem.line)
    for problem in told[:SHOWN_PROBLEMS]:
        where = f"line {problem.line}, {problem.field}" if problem.field else f"line {problem.line}"
        print(f"  {where}: {problem.sentence}")
    more = report.problem_count + len(report.warnings) - min(len(told), SHOWN_PROBLEMS)
    if more > 0:
        print(f"  and {more:,} more; see them all with --report FILE.")
    if options.report:
        print(f"Report: {options.report}")
