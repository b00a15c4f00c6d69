"""The command line: reads the words, opens what the command needs, and turns refusals into sentences and exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from services.errors import DeskError, Unavailable
from tui import exits

DESCRIPTION = "The access desk of an organisation in a terminal."

EPILOG = """\
Without a command the desk opens in this terminal.

exit codes:
  0   done
  1   done, but something needs a look (refused rows, findings, mail that could not be sent)
  2   not done: the command or its input does not hold; the sentence says why
  3   not done: the database or the key file cannot serve; nothing was changed
  70  a fault of Trakdesk; the log in the home folder has it under the reference
  130 stopped with Ctrl-C; the database is whole
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    # The desk is opened far more often than a command is given, and need not wait for the words of all commands.
    options = _parser().parse_args(words) if words else argparse.Namespace(module="desk", home=None)
    command = import_module(f"tui.commands.{options.module}")
    try:
        return int(command.run(options))
    except KeyboardInterrupt:
        print("Stopped. What was finished before is stored; the database is whole.", file=sys.stderr)
        return exits.STOPPED
    except BrokenPipeError:
        # The reader of our output has seen enough.
        sys.stderr.close()
        return exits.DONE
    except DeskError as error:
        print(error.sentence, file=sys.stderr)
        return exits.UNAVAILABLE if _cannot_serve(error) else exits.NOT_DONE
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback with values reaches a terminal
        from tui.faults import write_down

        print(
            f"Trakdesk had to stop. Nothing that was saved is lost. Reference: {write_down(error)}",
            file=sys.stderr,
        )
        return exits.FAULT


def _cannot_serve(error: DeskError) -> bool:
    from services.keys import KeysUnusable
    from services.opening import NotOpened

    return isinstance(error, (Unavailable, NotOpened, KeysUnusable))


class _Version(argparse.Action):
    """Looks the version up only when somebody asks for it: that takes longer than all other words together."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser.exit(message=f"trakdesk {version('trakdesk')}\n")


def _parser() -> argparse.ArgumentParser:
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
    parser.set_defaults(module="desk")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_init(commands)
    _add_lists(commands)
    _add_deliver(commands)
    _add_db(commands)
    _add_audit(commands)
    _add_keys(commands)
    _add_policy(commands)
    clear = commands.add_parser(
        "clear-factor",
        parents=[_agency_option()],
        help="clear a lost second factor, when nobody at the desk can",
        description="Takes the authenticator app and the recovery codes off an account, as the desk does with key x.",
    )
    clear.add_argument("email", help="the person's e-mail address")
    clear.add_argument("--reason", required=True, help="why; it stands in the history and in the mail to the owner")
    clear.set_defaults(module="clear_factor")
    doctor = commands.add_parser("doctor", help="check every part of this desk and name what to mend")
    doctor.set_defaults(module="doctor")
    return parser


_Commands = argparse._SubParsersAction  # the only name argparse has for it


def _add_init(commands: _Commands[argparse.ArgumentParser]) -> None:
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


_LISTS = {
    "clients": "upload clients from a CSV file",
    "staff": "upload office staff from a CSV file; offices are made as needed",
    "legacy": "take in the accounts of the old system from a CSV file",
}


def _agency_option() -> argparse.ArgumentParser:
    agency = argparse.ArgumentParser(add_help=False)
    agency.add_argument(
        "--agency", default="", metavar="CODE", help="company code, where the database holds several agencies"
    )
    return agency


def _add_lists(commands: _Commands[argparse.ArgumentParser]) -> None:
    agency = _agency_option()
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
        one.set_defaults(module="import_list", list=name)
    exports = commands.add_parser("export", help="give out a list").add_subparsers(
        title="lists", metavar="LIST", required=True
    )
    out = exports.add_parser("clients", parents=[agency], help="write all clients to a CSV file")
    out.add_argument("file", type=Path, help="the file to write; it is replaced in one step")
    out.set_defaults(module="export_clients")


def _add_deliver(commands: _Commands[argparse.ArgumentParser]) -> None:
    deliver = commands.add_parser("deliver", help="send the mail that waits, until stopped")
    deliver.add_argument("--once", action="store_true", help="send what is due now, then end")
    deliver.set_defaults(module="deliver")


def _add_db(commands: _Commands[argparse.ArgumentParser]) -> None:
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


def _add_policy(commands: _Commands[argparse.ArgumentParser]) -> None:
    agency = _agency_option()
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


def _add_audit(commands: _Commands[argparse.ArgumentParser]) -> None:
    agency = _agency_option()
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


def _add_keys(commands: _Commands[argparse.ArgumentParser]) -> None:
    agency = _agency_option()
    steps = commands.add_parser("keys", help="turn the keys of the key file").add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    rotate = steps.add_parser(
        "rotate",
        parents=[agency],
        help="make new keys while desks run; old ones stay as long as they are needed",
        description="Without an option both are turned. Passwords take the new pepper when their owners sign in next.",
    )
    rotate.add_argument("--pepper", action="store_true", help="the key of the password hashes")
    rotate.add_argument("--cipher", action="store_true", help="the key that locks second factors")
    rotate.add_argument(
        "--prepare", action="store_true", help="only put them into the file, to copy it to the other machines first"
    )
    rotate.set_defaults(module="keys", step="rotate")
    retire = steps.add_parser("retire", parents=[agency], help="take away old keys that nothing needs any more")
    retire.set_defaults(module="keys", step="retire")
    adopt = steps.add_parser(
        "adopt",
        parents=[_agency_option()],
        help="go on with a new key file when the old one is lost and no copy is left",
        description="Everybody needs a reset then. Prints a one-time code for one administrator.",
    )
    adopt.add_argument("--admin", required=True, metavar="EMAIL", help="the administrator who comes in first")
    adopt.add_argument("--reason", required=True, metavar="WORDS", help="why; it stands in the audit for ever")
    adopt.set_defaults(module="keys", step="adopt")
