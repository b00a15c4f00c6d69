"""The words of the commands that take in and give out lists."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.parsers.shared import Commands, agency_option

_LISTS = {
    "clients": "upload clients from a CSV file",
    "staff": "upload office staff from a CSV file; offices are made as needed",
    "legacy": "take in the accounts of the old system from a CSV file",
}


def add_lists(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk import`, `trakdesk uploads` and `trakdesk export`."""
    agency = agency_option()
    imports = commands.add_parser("import", help="take in a list").add_subparsers(
        title="lists", metavar="LIST", required=True
    )
    for name, words in _LISTS.items():
        one = imports.add_parser(name, parents=[agency], help=words)
        one.add_argument("file", type=Path, help="the CSV file; delimiter, encoding and headers are found out")
        one.add_argument("--dry-run", action="store_true", help="check everything, store nothing")
        one.add_argument(
            "--report", type=Path, metavar="FILE", help="write every refused row with its reason to a CSV file"
        )
        if name == "clients":
            one.add_argument(
                "--forget", action="store_true", help="find the columns out anew, and forget what was chosen for them"
            )
        one.set_defaults(module="import_list", list=name)
    undo = imports.add_parser(
        "undo",
        parents=[agency],
        help="take a whole upload of clients back, while nobody has touched them",
        description="Removes the clients that an upload added and gives those back that it changed, all or none. "
        "Exits 1 when somebody has touched one of them since.",
    )
    undo.add_argument("number", type=int, metavar="NUMBER", help="as `trakdesk uploads` prints it")
    undo.add_argument("--dry-run", action="store_true", help="say what would be undone, and undo nothing")
    undo.add_argument("--report", type=Path, metavar="FILE", help="write every touched client to a CSV file")
    undo.set_defaults(module="uploads", action="undo")
    uploads = commands.add_parser("uploads", parents=[agency], help="list the uploads of clients, the newest first")
    uploads.add_argument("--json", action="store_true", help="print it as JSON")
    uploads.set_defaults(module="uploads", action="list")
    exports = commands.add_parser("export", help="give out a list").add_subparsers(
        title="lists", metavar="LIST", required=True
    )
    out = exports.add_parser("clients", parents=[agency], help="write all clients to a CSV file")
    out.add_argument("file", type=Path, help="the file to write; it is replaced in one step")
    out.set_defaults(module="export_clients")
