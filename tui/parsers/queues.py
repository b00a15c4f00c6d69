"""The words of the commands about mail and about requests for help."""

from __future__ import annotations

import argparse

from tui.parsers.people import EVERYWHERE, Command, add_options
from tui.parsers.shared import Commands

MAIL = (
    Command(
        "list",
        "list the mail that was written, the newest first",
        "words",
        ("limit",),
        keys=("mails",),
        look="a mail of the list was not delivered",
    ),
)
HELP_REQUESTS = (
    Command("list", "list the requests, those that wait first", "", ("limit",), keys=("waiting", "requests")),
    Command("show", "tell what was said", "number", keys=("request", "lines")),
    Command(
        "close",
        "take a request and close it, as the colleague of --as",
        "number",
        needed=("why",),
        keys=("done", "request"),
    ),
)

_OPTIONS = tuple(name for name in EVERYWHERE if name != "vouch")
_GROUPS = {
    "mail": ("see what became of the mail", MAIL, "mail_list"),
    "help-requests": ("see and close requests for help", HELP_REQUESTS, "help_requests"),
}


def add_queues(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk mail` and `trakdesk help-requests`."""
    for name, (words, table, module) in _GROUPS.items():
        actions = commands.add_parser(name, help=words).add_subparsers(title="actions", metavar="ACTION", required=True)
        for command in table:
            look = f" Exits 1 when {command.look}." if command.look else ""
            one = actions.add_parser(
                command.name, help=command.words, description=f"{command.words[0].upper()}{command.words[1:]}.{look}"
            )
            if command.argument == "words":
                one.add_argument("words", nargs="*", metavar="WORDS", help="beginnings of names and addresses")
            elif command.argument:
                one.add_argument("number", type=int, metavar="NUMBER", help="as `list` prints it")
            add_options(one, (*command.needed, *command.options), command.needed)
            add_options(one, _OPTIONS)
            one.set_defaults(module=module, action=command.name)
