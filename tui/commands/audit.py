"""`trakdesk audit`: verify, anchor, reseal, export."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from models.states import AuditResult
from services.audit import Action
from services.auditing import anchors
from services.auditing.anchors import Anchor
from services.auditing.checking import Report, check
from services.auditing.export import Format
from services.auditing.query import AuditFilter, AuditQuery
from services.auditing.resealing import reseal
from services.errors import DeskError, Invalid
from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.commands.progress import progress_bar, stopped_by_hand

SHOWN = 50
"""Findings that are printed one by one."""

_OPTION_OF = {"anchor": "--anchor", "reason": "--reason", "file": "FILE"}


def run(options: argparse.Namespace) -> int:
    """Do one step."""
    try:
        return {"verify": _verify, "anchor": _anchor, "reseal": _reseal, "export": _export}[options.step](options)
    except Invalid as error:
        told = (f"{_OPTION_OF.get(field, field)}: {text}" for field, text in error.problems.items())
        raise DeskError("\n".join(told)) from error


def _verify(options: argparse.Namespace) -> int:
    kept = _anchors(options)
    ctx = open_desk_of(options).ctx
    with progress_bar("Checking the trail") as show:
        report = check(ctx, kept, on_progress=lambda done, total: show(done, total, ""))
    _print(report)
    if not report.whole:
        print(f"{report.problems:,} found. Keep a copy of the database as it is, then find out who could write it.")
        return exits.NEEDS_A_LOOK
    entries = f"{report.entries:,} {'entry' if report.entries == 1 else 'entries'}"
    proved = "; all anchors fit" if kept else "; give --anchor FILE to prove that its end was not cut off"
    print(f"The trail is whole: {entries}{proved}.")
    return exits.DONE


def _anchor(options: argparse.Namespace) -> int:
    ctx = open_desk_of(options).ctx
    newest = anchors.newest(ctx)
    if newest is None:
        print("The trail is empty: there is nothing to anchor yet.", file=sys.stderr)
        return exits.NEEDS_A_LOOK
    line = newest.line(ctx.clock.now())
    if options.file is not None:
        anchors.append_line(options.file, line)
    print(line)
    return exits.DONE


def _reseal(options: argparse.Namespace) -> int:
    kept = _anchors(options)
    desk = open_desk_of(options)
    report = reseal(desk.ctx, administrator(desk, options.agency), options.reason, kept)
    _print(report)
    print(
        f"Accepted as it stands, its {report.problems:,} findings on record. Make a new anchor: trakdesk audit anchor"
    )
    return exits.DONE


def _export(options: argparse.Namespace) -> int:
    query = AuditQuery(
        words=options.search,
        who=options.who,
        whom=options.whom,
        filter=AuditFilter(
            result=AuditResult(options.result) if options.result else None,
            since=_midnight("--from", options.since),
            until=_midnight("--to", options.until, days=1),
        ),
        actions=frozenset(map(_action, options.action)),
    )
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    with stopped_by_hand() as stopped, progress_bar(f"Writing {safe(options.file.name)}") as show:
        report = desk.audit_exports.run(
            actor,
            query,
            options.file,
            Format(options.format),
            on_progress=lambda done, total: show(done, total, ""),
            cancelled=stopped,
        )
    if not report.finished:
        print("Stopped; no file was written.", file=sys.stderr)
        return exits.STOPPED
    print(f"{report.entries:,} written: {options.file}")
    return exits.DONE


def _print(report: Report) -> None:
    for finding in report.known[:SHOWN]:
        print(f"known  {finding.sentence}")
    for finding in report.findings[:SHOWN]:
        print(f"BAD    {finding.sentence}")
    if report.problems > SHOWN:
        print(f"       … and {report.problems - min(SHOWN, len(report.findings)):,} more.")


def _anchors(options: argparse.Namespace) -> Sequence[Anchor]:
    return () if options.anchor is None else anchors.read_lines(options.anchor)


def _midnight(option: str, day: str | None, days: int = 0) -> datetime | None:
    """Where a day begins on this machine, or the one so many days after it."""
    if day is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time()).astimezone()
    except (ValueError, OverflowError) as error:
        raise Invalid({option: f"{day} is no day. Write it as 2026-11-21."}) from error


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError as error:
        raise Invalid({"--action": f"{name} is no event. Known ones: {', '.join(sorted(Action))}."}) from error
