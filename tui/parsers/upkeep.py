"""The words of the commands that set up and look after a desk."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.parsers.shared import Commands, agency_option


def add_init(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk init`."""
    init = commands.add_parser(
        "init",
        help="set up an agency and its first administrator without a screen",
        description="Sets up the agency and prints a one-time code with which the administrator chooses a password.",
    )
    init.add_argument("--agency", required=True, metavar="NAME", help="the agency's name")
    init.add_argument("--code", required=True, help="the company code that people type to sign in")
    init.add_argument("--admin", required=True, metavar="EMAIL", help="the first administrator's e-mail address")
    init.add_argument("--admin-name", default="", metavar="'FIRST LAST'", help="the administrator's name")
    init.add_argument("--address", default="", help="the agency's address, as mails show it")
    init.add_argument("--phone", default="", help="the agency's phone number")
    init.add_argument("--email", default="", help="the agency's own e-mail address")
    init.set_defaults(module="init")


def add_deliver(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk deliver`."""
    deliver = commands.add_parser("deliver", help="send the mail that waits, until stopped")
    deliver.add_argument("--once", action="store_true", help="send what is due now, then end")
    deliver.set_defaults(module="deliver")


def add_db(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk db`."""
    steps = commands.add_parser("db", help="look after the database").add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    status = steps.add_parser("status", help="show where it is and whether its tables fit this program")
    status.set_defaults(module="db", step="status")
    upgrade = steps.add_parser("upgrade", help="bring the tables up to this program")
    upgrade.set_defaults(module="db", step="upgrade")
    backup = steps.add_parser("backup", help="write a whole copy while the desk is in use")
    backup.add_argument("file", type=Path, help="the file to write; it must not be there yet")
    backup.set_defaults(module="db", step="backup")


def add_policy(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk policy`."""
    agency = agency_option()
    steps = commands.add_parser("policy", help="show or change the rules of the agency").add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    show = steps.add_parser("show", parents=[agency], help="print every rule as NAME=VALUE")
    show.set_defaults(module="policy", step="show")
    change = steps.add_parser(
        "set",
        parents=[agency],
        help="change some rules, and print what follows",
        description="Another profile brings its own numbers; name what shall differ from them in the same command.",
    )
    change.add_argument("rules", nargs="+", metavar="NAME=VALUE", help="as `trakdesk policy show` prints them")
    change.set_defaults(module="policy", step="set")


def add_clear_factor(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk clear-factor`."""
    clear = commands.add_parser(
        "clear-factor",
        parents=[agency_option()],
        help="clear a lost second factor, when nobody at the desk can",
        description="Takes the authenticator app and the recovery codes off an account, as the desk does with key x.",
    )
    clear.add_argument("email", help="the person's e-mail address")
    clear.add_argument("--reason", required=True, help="why; it stands in the history and in the mail to the owner")
    clear.set_defaults(module="clear_factor")


def add_doctor(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk doctor`."""
    doctor = commands.add_parser("doctor", help="check every part of this desk and name what to mend")
    doctor.add_argument("--json", action="store_true", help="print all findings as JSON, for a program to read")
    doctor.set_defaults(module="doctor")
