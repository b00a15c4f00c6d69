"""The words of `trakdesk report`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.parsers.people import add_options
from tui.parsers.shared import Commands

NAMES = (
    *("locked-out", "never-activated", "undeliverable", "renewals"),
    *("deactivated-active", "two-factor", "actions"),
)
"""The reports; the services that know them are not loaded to read words."""

_DESCRIPTION = f"""\
Without NAME, or with --list, it tells which reports there are. Their names:
{", ".join(NAMES[:4])},
{", ".join(NAMES[4:])}

In a terminal a report is a table, in a pipe or a file it is CSV, unless --format says otherwise. CSV has a header with
the names of the columns. JSON is one object: "report", "agency", "days", "at", "finding", "columns", then "rows", an
array of objects with the same names, then "count", and "complete", which is false, with "error", if it broke off.
Moments are UTC, days are ISO 8601, amounts and percentages are plain decimals, waits are seconds.
"""


def add_report(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk report`."""
    report = commands.add_parser(
        "report",
        help="print a report: who is locked out, never activated, due for renewal, and more",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    report.add_argument("name", nargs="?", metavar="NAME", help="which report")
    report.add_argument("--list", action="store_true", help="tell which reports there are")
    report.add_argument("--format", choices=("csv", "json", "table"), help="how it is written")
    report.add_argument("--days", type=int, metavar="N", help="how many days, for the reports that ask for them")
    report.add_argument("--office", default="", metavar="NAME", help="only people of this office")
    report.add_argument("--output", type=Path, metavar="FILE", help="a new file to write instead, as CSV or as JSON")
    add_options(report, ("agency", "as", "password-stdin"))
    report.set_defaults(module="report")
