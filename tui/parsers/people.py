"""The words of the commands about one person: one table, from which parser, help and documentation are made."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.parsers.shared import Commands

CLIENT, STAFF = "client", "staff"


@dataclass(frozen=True, slots=True)
class Command:
    """One command about people.

    Attributes:
        name: as it is typed; words: its help.
        argument: what stands after it; empty for nothing.
        options: those of `OPTIONS` that it takes; needed: those without which it is not heard.
        for_staff: options that it takes for office staff besides; for_clients: for clients.
        keys: what its JSON has at the top, besides "error" when it was not done.
        look: when it exits with 1; empty if it never does.
    """

    name: str
    words: str
    argument: str = "who"
    options: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    for_staff: tuple[str, ...] = ()
    for_clients: tuple[str, ...] = ()
    keys: tuple[str, ...] = ("done", "person")
    look: str = ""


_NAMES = ("first-name", "last-name", "email")
_OF_CLIENTS = ("phone", "born", "subscribed")
_OF_STAFF = ("cell", "office", "role", "active", "note")

PEOPLE = (
    Command(
        "find",
        "find people by the beginnings of names, addresses and numbers",
        "words",
        ("limit",),
        keys=("count", "people"),
        look="nobody was found",
    ),
    Command(
        "show",
        "tell everything about one, and why they cannot get in",
        keys=("person", "kept_out", "causes", "mail", "next_mail_at"),
        look="something keeps the person out",
    ),
    Command(
        "reset",
        "mail what lets them in again; corrects a wrong address first",
        options=("new-email", "note"),
        needed=("reason",),
        keys=("done", "person", "mail", "to", "follows"),
    ),
    Command("resend", "send the welcome mail again", keys=("done", "person", "to")),
    Command("temporary", "mail a temporary password", options=("note",), keys=("done", "person", "to")),
    Command(
        "create",
        "create the account and send the welcome mail; tells first what will happen",
        options=("migrate", "yes"),
        keys=("done", "person", "notes", "follows"),
        look="it only told what would happen, since --yes was not given",
    ),
    Command("add", "add somebody to the list", "", _NAMES, for_clients=_OF_CLIENTS, for_staff=_OF_STAFF),
    Command(
        "edit",
        "correct what the list says",
        options=_NAMES,
        for_clients=_OF_CLIENTS,
        for_staff=_OF_STAFF,
        keys=("done", "person", "changed", "follows"),
    ),
    Command("deactivate", "close the account", needed=("why",)),
    Command("reactivate", "open a closed account again", needed=("why",)),
    Command("clear-factor", "clear a lost second factor", needed=("why",)),
    Command("history", "tell what happened, the newest first", options=("limit",), keys=("person", "events")),
)
"""Each is there for clients and for office staff."""

_SWITCH: Mapping[str, Any] = {"choices": ("yes", "no")}

OPTIONS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "agency": ("company code, where the database holds several agencies", {"metavar": "CODE", "default": ""}),
    "as": ("sign in as this colleague first: their rights and offices hold", {"metavar": "EMAIL", "default": ""}),
    "password-stdin": (
        "read the password from the first line of the input, a code from the second",
        {"action": "store_true"},
    ),
    "vouch": (
        "with --as: vouch for the caller as a supervisor may, and say why",
        {"metavar": "WORDS", "default": ""},
    ),
    "json": ("print one JSON object", {"action": "store_true"}),
    "limit": ("how many at most (50)", {"type": int, "default": 50, "metavar": "N"}),
    "reason": ("which of the three it is", {"choices": ("wrong-email", "forgotten", "lost-welcome")}),
    "why": ("why; it stands in the history", {"metavar": "WORDS"}),
    "note": ("why, which an administrator's account asks for; or the note of the list", {"metavar": "WORDS"}),
    "new-email": ("the right address, with --reason wrong-email", {"metavar": "EMAIL", "default": ""}),
    "migrate": ("let the account of the old system end with it", {"action": "store_true"}),
    "yes": ("do it; without it only what would happen is told", {"action": "store_true"}),
    "first-name": ("first name", {"metavar": "NAME"}),
    "last-name": ("last name", {"metavar": "NAME"}),
    "email": ("e-mail address; the user name follows, and what else follows is told", {"metavar": "EMAIL"}),
    "phone": ("phone number", {"metavar": "NUMBER"}),
    "born": ("date of birth, as 1980-06-19", {"metavar": "DAY"}),
    "subscribed": ("whether they want the newsletter", _SWITCH),
    "cell": ("cell number", {"metavar": "NUMBER"}),
    "office": ("name of the office", {"metavar": "NAME"}),
    "role": ("what they may do", {"choices": ("agent", "supervisor", "administrator", "auditor")}),
    "active": ("whether they work here", _SWITCH),
}
"""Every option with its help, and what argparse needs to know of it."""

EVERYWHERE = ("agency", "as", "password-stdin", "vouch", "json")
"""What every command about people takes."""

_RENAMED = {"why": "--reason"}
"""Two commands mean different things by one word."""


_GROUPS = {
    CLIENT: "find clients, see why they cannot get in, and help them",
    STAFF: "the same for people of the office staff",
}
_WHO = "WHO is an e-mail address, or the number that `find` and `show` print."


def options_of(command: Command, kind: str) -> tuple[str, ...]:
    """All options of a command but those that every one takes."""
    return (*command.needed, *command.options, *(command.for_staff if kind == STAFF else command.for_clients))


def spelled(option: str) -> str:
    """An option as it is typed."""
    return _RENAMED.get(option, f"--{option}")


def add_options(parser: argparse.ArgumentParser, names: tuple[str, ...], needed: tuple[str, ...] = ()) -> None:
    """Give a command some of the options of the table."""
    for name in names:
        words, details = OPTIONS[name]
        # "as" alone is a word of Python.
        destination = "as_" if name == "as" else name.replace("-", "_")
        needs: dict[str, Any] = {"required": True} if name in needed else {}
        parser.add_argument(spelled(name), dest=destination, help=words, **details, **needs)


def add_people(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk client` and `trakdesk staff`."""
    for kind, words in _GROUPS.items():
        actions = commands.add_parser(kind, help=words, description=_WHO).add_subparsers(
            title="actions", metavar="ACTION", required=True
        )
        for command in PEOPLE:
            look = f" Exits 1 when {command.look}." if command.look else ""
            one = actions.add_parser(
                command.name, help=command.words, description=f"{command.words[0].upper()}{command.words[1:]}.{look}"
            )
            if command.argument == "words":
                one.add_argument("words", nargs="+", metavar="WORDS")
            elif command.argument:
                one.add_argument("who", metavar="WHO", help="e-mail address, or number")
            add_options(one, options_of(command, kind), command.needed)
            add_options(one, EVERYWHERE)
            one.set_defaults(module="people", kind=kind, action=command.name)
