"""The words of `trakdesk audit`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.parsers.shared import Commands, agency_option


def add_audit(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk audit`."""
    agency = agency_option()
    steps = commands.add_parser("audit", help="prove the audit trail whole, and give it out").add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    anchors = argparse.ArgumentParser(add_help=False)
    anchors.add_argument(
        "--anchor",
        type=Path,
        metavar="FILE",
        help="a file of anchors, kept where the owner of the database cannot write",
    )
    verify = steps.add_parser(
        "verify",
        parents=[anchors],
        help="find whatever was changed, removed, put in or moved",
        description="Checks every entry, also while desks write. Exits 0 when the trail is whole, 1 when it is not.",
    )
    verify.set_defaults(module="audit", step="verify")
    anchor = steps.add_parser(
        "anchor",
        help="print where the trail ends now, to be kept elsewhere",
        description="One line with number, seal and time. Without it nobody can tell that the end was cut off.",
    )
    anchor.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a file to add the line to, too")
    anchor.set_defaults(module="audit", step="anchor")
    reseal = steps.add_parser(
        "reseal",
        parents=[agency, anchors],
        help="accept the trail as it stands: after a restored backup, or when a damage was looked at",
        description="Writes an entry that names all that is wrong: that stays on record, and only new damage is told.",
    )
    reseal.add_argument("--reason", required=True, metavar="WORDS", help="why; it stands in the trail for ever")
    reseal.set_defaults(module="audit", step="reseal")
    export = steps.add_parser("export", parents=[agency], help="write the entries of an agency to a new file")
    export.add_argument("file", type=Path, help="the file to write; it must not be there yet")
    export.add_argument("--format", choices=("csv", "jsonl"), default="csv", help="CSV, or JSON lines")
    export.add_argument(
        "--search", default="", metavar="WORDS", help="only entries with these words, as in the Audit tab"
    )
    export.add_argument(
        "--action", action="append", default=[], metavar="EVENT", help="only this event; may be repeated"
    )
    export.add_argument("--who", default="", metavar="WORDS", help="only what somebody of this name did")
    export.add_argument("--whom", default="", metavar="WORDS", help="only what was about this name or address")
    export.add_argument("--result", choices=("done", "refused", "failed"), help="only what ended so")
    export.add_argument("--from", dest="since", metavar="DAY", help="first day, as 2026-11-21")
    export.add_argument("--to", dest="until", metavar="DAY", help="last day")
    export.set_defaults(module="audit", step="export")
