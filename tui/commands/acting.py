"""Who acts in a command: the machine's administrator, or a colleague who signs in for it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from models.states import Awaited
from services.actor import Actor
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Refused
from tui import terminal
from tui.commands.opened import administrator, command_origin, open_desk_of
from tui.plain.dialogue import Back, Dialogue, Leave, writer
from tui.plain.lines import Lines

_NO_PASSWORD = "There is no terminal to type the password at. Give it with --password-stdin, on the first line."
_VOUCH_AS = "Only a colleague who has signed in vouches for a caller. Name one with --as."


@contextmanager
def acting(options: argparse.Namespace) -> Iterator[tuple[Desk, Actor]]:
    """The open desk, and who acts; whoever signed in for it is signed out at the end. Raises as signing in does."""
    desk = open_desk_of(options)
    if not options.as_:
        if getattr(options, "vouch", ""):
            raise Refused(_VOUCH_AS)
        yield desk, administrator(desk, options.agency)
        return

    def stop() -> None:
        raise KeyboardInterrupt

    # A session must not stay open because a command was asked to end.
    terminal.on_hang_up(stop)
    actor = _signed_in(desk, options)
    try:
        yield desk, actor
    finally:
        desk.sign_in.sign_out(actor)


def _signed_in(desk: Desk, options: argparse.Namespace) -> Actor:
    agency = desk.agencies.only(options.agency)
    if agency is None:
        raise Refused("There is no agency yet. Run `trakdesk init`.")
    ask = _Asking(from_input=options.password_stdin)
    password = ask(f"Password of {options.as_}")
    actor = desk.sign_in.sign_in(agency.code, options.as_, password, command_origin())
    while actor.awaits is not None:
        try:
            mailed = actor.awaits is Awaited.MAILED_CODE
            prove = desk.sign_in.prove_mailed if mailed else desk.sign_in.prove
            actor = prove(actor, ask("Code of the mail" if mailed else "Code of your app"))
        except BaseException:
            desk.sign_in.sign_out(actor)
            raise
    return actor


class _Asking:
    """Asks for secrets at the terminal, or takes them line by line from the input."""

    def __init__(self, *, from_input: bool) -> None:
        lines = Lines(sys.stdin.fileno())
        if not from_input and not lines.typed:
            raise Refused(_NO_PASSWORD)
        self._lines = lines
        # The output belongs to what the command tells.
        self._talk = None if from_input else Dialogue(lines, writer(sys.stderr.fileno(), "utf-8"))

    def __call__(self, question: str) -> Secret:
        try:
            return Secret(self._lines.next()) if self._talk is None else self._talk.ask_secret(question)
        except (EOFError, Back, Leave):
            raise Refused(f"Not signed in: nothing was given for this: {question}.") from None
