"""`trakdesk import LIST FILE`: takes in clients, office staff or the accounts of the old system."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.actor import Actor
from services.clients.importing.choices import Choice
from services.clients.importing.report import ImportReport, Progress, Refusal
from services.desk import Desk
from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.progress import progress_bar, stopped_by_hand

SHOWN_PROBLEMS = 20
SHOWN_COLUMNS = 10


class _Report(Protocol):
    """What the reports of all lists have."""

    @property
    def added(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def problem_count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is told of an import.

    Attributes:
        problems: in the order of the lines; warnings: how many of what was found are no refusals.
        words: what is counted in this list only; notes: sentences that follow the counts.
        stopped: what to do about a file that was not read to its end.
    """

    report: _Report
    problems: Sequence[Refusal]
    warnings: int = 0
    words: str = ""
    notes: tuple[str, ...] = ()
    stopped: str = ""


def run(options: argparse.Namespace) -> int:
    """Import, and tell what became of every row; exits 1 when rows were refused, 130 when stopped."""
    desk = open_desk_of(options)
    outcome = _LISTS[options.list](desk, administrator(desk, options.agency), options)
    _print(outcome, options)
    if outcome.stopped:
        print(outcome.stopped, file=sys.stderr)
        return exits.STOPPED
    return exits.NEEDS_A_LOOK if outcome.report.refused else exits.DONE


def _clients(desk: Desk, actor: Actor, options: argparse.Namespace) -> _Outcome:
    with stopped_by_hand() as stopped, progress_bar(f"Reading {safe(options.file.name)}") as show:

        def tell(progress: Progress) -> None:
            show(progress.bytes_done, progress.bytes_total, f"{progress.rows:,} rows")

        choice = _forgotten(desk, actor, options) if options.forget else None
        report = desk.imports.run(
            actor,
            options.file,
            dry_run=options.dry_run,
            report=options.report,
            on_progress=tell,
            cancelled=stopped,
            choice=choice,
        )
    return _Outcome(
        report,
        report.problems,
        words=f"{report.merged:,} rows merged, ",
        notes=_how_read(report),
        stopped="" if report.finished else "Stopped between two batches. Run the same command again to go on.",
    )


def _forgotten(desk: Desk, actor: Actor, options: argparse.Namespace) -> Choice:
    """What the file itself tells; what was chosen for such files is kept only in a dry run."""
    look = desk.imports.look(actor, options.file)
    return look.guessed if options.dry_run else desk.imports.forget(actor, look).guessed


def _how_read(report: ImportReport) -> tuple[str, ...]:
    """How the columns and the dates were understood, and by whose choice."""
    ignored = f"not taken: {', '.join(report.ignored[:SHOWN_COLUMNS])}" if report.ignored else "every one is taken"
    more = len(report.ignored) - SHOWN_COLUMNS
    read = f"Columns: {ignored}{f' and {more} more' if more > 0 else ''}. Dates: {report.dates}."
    if report.remembered is None:
        return (read,)
    day = report.remembered.chosen_at.astimezone().date().isoformat()
    return (f"{read} As {report.remembered.by} chose on {day}; --forget finds it out anew.",)


def _staff(desk: Desk, actor: Actor, options: argparse.Namespace) -> _Outcome:
    report = desk.staff_imports.run(actor, options.file, dry_run=options.dry_run, report=options.report)
    notes = (f"New offices: {', '.join(report.offices)}.",) if report.offices else ()
    return _Outcome(report, report.problems, notes=notes)


def _legacy(desk: Desk, actor: Actor, options: argparse.Namespace) -> _Outcome:
    report = desk.legacy_imports.run(actor, options.file, dry_run=options.dry_run, report=options.report)
    told = sorted((*report.problems, *report.warnings), key=lambda problem: problem.line)
    opens = "The access key of the file opens these accounts until their people are migrated."
    return _Outcome(report, told, warnings=len(report.warnings), notes=(opens,) if report.key_set else ())


_LISTS = {"clients": _clients, "staff": _staff, "legacy": _legacy}


def _print(outcome: _Outcome, options: argparse.Namespace) -> None:
    report = outcome.report
    if options.dry_run:
        print("Dry run: nothing was stored. An import would give:")
    print(
        f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{outcome.words}{report.refused:,} rows refused."
    )
    for note in outcome.notes:
        print(note)
    shown = outcome.problems[:SHOWN_PROBLEMS]
    for problem in shown:
        where = f"line {problem.line}, {problem.field}" if problem.field else f"line {problem.line}"
        print(f"  {where}: {problem.sentence}")
    more = report.problem_count + outcome.warnings - len(shown)
    if more:
        print(f"  and {more:,} more; see them all with --report FILE.")
    if options.report:
        print(f"Report: {options.report}")
