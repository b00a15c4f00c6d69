"""The words of the command line: one file for each group of commands, loaded only when there are words to read."""

from __future__ import annotations

import argparse
from pathlib import Path

from services.colours import NAMES
from tui.parsers.audit import add_audit
from tui.parsers.demo import add_demo
from tui.parsers.keys import add_keys
from tui.parsers.kiosks import add_kiosk, add_kiosks
from tui.parsers.lists import add_lists
from tui.parsers.people import add_people
from tui.parsers.plain import add_plain
from tui.parsers.portal import add_portal
from tui.parsers.queues import add_queues
from tui.parsers.report import add_report
from tui.parsers.ssh import add_ssh
from tui.parsers.upkeep import add_clear_factor, add_db, add_deliver, add_doctor, add_init, add_policy

DESCRIPTION = "The access desk of an organisation in a terminal."

EPILOG = """\
Without a command the desk opens in this terminal.

exit codes:
  0   done
  1   done, but something needs a look (refused rows, findings, mail that could not be sent, nobody found,
      somebody kept out of the account, an account only looked at; the help of each command says when)
  2   not done: the command or its input does not hold; the sentence says why, with --json as {"error": ...}
  3   not done: the database or the key file cannot serve; nothing was changed
  4   kiosk only: staff have left it
  70  a fault of Trakdesk; the log in the home folder has it under the reference
  130 stopped with Ctrl-C; the database is whole
"""


_ALL = (
    add_plain,
    add_people,
    add_queues,
    add_kiosk,
    add_kiosks,
    add_ssh,
    add_portal,
    add_demo,
    add_init,
    add_lists,
    add_report,
    add_deliver,
    add_db,
    add_audit,
    add_keys,
    add_policy,
    add_clear_factor,
    add_doctor,
)
"""In the order of the help."""


class _Version(argparse.Action):
    """Looks the version up only when somebody asks for it: that takes longer than all other words together."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser.exit(message=f"trakdesk {version('trakdesk')}\n")


def parser_of_all() -> argparse.ArgumentParser:
    """The parser of the whole command line; what it reads names a module of `tui.commands`."""
    parser = argparse.ArgumentParser(
        prog="trakdesk",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help="folder of settings, keys and embedded database (or TRAKDESK_HOME)",
    )
    parser.add_argument("--theme", choices=NAMES, help="the colours of this run, whatever was chosen before")
    parser.set_defaults(module="desk")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in _ALL:
        add(commands)
    return parser
