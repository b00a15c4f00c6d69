"""`trakdesk report`: one report on the terminal, in a pipe, or in a file."""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import textwrap

from services.actor import Actor
from services.desk import Desk
from services.errors import DeskError, Invalid
from services.reports.catalogue import report_named
from services.reports.giving_out import WRITERS, Form, Writer
from services.reports.values import Asked, asked_of
from services.text import fold, safe
from tui import exits
from tui.commands.acting import acting
from tui.commands.progress import progress_bar, stopped_by_hand

_TABLE = "table"
_OPTION_OF = {"file": "--output", "report": "NAME"}


def run(options: argparse.Namespace) -> int:
    """Tell which reports there are, or give one out."""
    try:
        with acting(options) as (desk, actor):
            if options.list or options.name is None:
                return _list(desk, actor)
            asked = _asked(desk, actor, options)
            if options.output is not None:
                return _to_file(desk, actor, asked, options)
            return _to_output(desk, actor, asked, options.format)
    except Invalid as error:
        told = (f"{_OPTION_OF.get(field, f'--{field}')}: {text}" for field, text in error.problems.items())
        raise DeskError("\n".join(told)) from error


def _list(desk: Desk, actor: Actor) -> int:
    for offer in desk.reports.list(actor):
        days = offer.report.days
        print(offer.report.name if days is None else f"{offer.report.name} (--days N, {days.default} unless said)")
        print(textwrap.fill(offer.closed or offer.report.about, 78, initial_indent="  ", subsequent_indent="  "))
    return exits.DONE


def _asked(desk: Desk, actor: Actor, options: argparse.Namespace) -> Asked:
    report = report_named(options.name)
    return asked_of(report, options.days, _office(desk, actor, options.office))


def _office(desk: Desk, actor: Actor, name: str) -> int | None:
    if not name:
        return None
    offices = desk.offices.mine(actor).offices
    for office in offices:
        if fold(office.name) == fold(name):
            return office.id
    known = f"Known ones: {', '.join(office.name for office in offices)}." if offices else "There are no offices."
    raise Invalid({"office": f"There is no office {safe(name)}. {known}"})


def _to_file(desk: Desk, actor: Actor, asked: Asked, options: argparse.Namespace) -> int:
    if options.format == _TABLE:
        raise Invalid({"format": "A file is written as csv or as json. Choose one of them."})
    suffix = Form.JSON if options.output.suffix.lower() == ".json" else Form.CSV
    form = suffix if options.format is None else Form(options.format)
    with stopped_by_hand() as stopped, progress_bar(f"Writing {safe(options.output.name)}") as show:
        told = desk.reports.to_file(
            actor,
            asked,
            options.output,
            form,
            on_progress=lambda done, total: show(done, total, ""),
            cancelled=stopped,
        )
    if not told.finished:
        print("Stopped; no file was written.", file=sys.stderr)
        return exits.STOPPED
    print(f"{told.rows:,} {'row' if told.rows == 1 else 'rows'}: {options.output}")
    return exits.DONE


def _to_output(desk: Desk, actor: Actor, asked: Asked, form: str | None) -> int:
    form = form or (_TABLE if sys.stdout.isatty() else Form.CSV.value)
    with stopped_by_hand() as stopped:
        told = desk.reports.to_stream(actor, asked, _writer(form), form, cancelled=stopped)
    sys.stdout.flush()
    if not told.finished:
        print("Stopped before the end.", file=sys.stderr)
        return exits.STOPPED
    return exits.DONE


def _writer(form: str) -> Writer:
    """What is read by programs is UTF-8 wherever they run; a terminal that lacks a sign gets another one."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=None if form == _TABLE else "utf-8", errors="replace")
    if form != _TABLE:
        return WRITERS[Form(form)](_put)
    from tui.commands.report_table import TableWriter

    return TableWriter(_put, shutil.get_terminal_size().columns if sys.stdout.isatty() else None)


def _put(text: str) -> None:
    sys.stdout.write(text)
