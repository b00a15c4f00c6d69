"""Getting help from a person: asked in a few words, then line by line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial

from models.states import HelpAuthor, HelpState
from services.errors import DeskError, Invalid, Refused, TooSoon
from services.help_queue.values import ChatLine, Ticket
from services.help_queue.words import GONE, OTHER, TOPICS, asked_words, topic_of
from services.rule_lines import refusal_of
from services.rules import clean_name
from tui.plain.dialogue import Back
from tui.plain.sitting import Sitting


def get_help(sitting: Sitting) -> None:
    """Ask for an agent, wait, and talk. Raises Back or Leave."""
    talk, desk = sitting.talk, sitting.desk
    actor = sitting.actor if sitting.signed_in else None
    code = ""
    if actor is None:
        code = talk.ask("Company code", about=("It stands in every mail from us.",))
    name = actor.name if actor is not None else talk.ask("Your name", check=partial(refusal_of, clean_name))
    usual = talk.choose("Number of what it is about", [*((topic, topic) for topic in TOPICS), ("", OTHER)])
    topic = topic_of(usual, talk.ask_optional("In your words, without passwords and codes"))
    ticket = desk.help_asking.ask(sitting.origin, name, topic, actor, company_code=code)
    try:
        _talk(sitting, ticket)
    finally:
        # Where it cannot be told the agents see it a little later: nobody looks any more.
        with contextlib.suppress(DeskError):
            desk.help_asking.leave(ticket)


def _talk(sitting: Sitting, ticket: Ticket) -> None:
    talk, service = sitting.talk, sitting.desk.help_asking
    heard = Heard(sitting, HelpAuthor.PERSON)
    stands = ""

    def look() -> bool:
        nonlocal stands
        asked = service.look(ticket)
        fresh = heard.tell(asked.lines)
        if asked_words(asked) != stands:
            stands = asked_words(asked)
            talk.say_each(stands)
            fresh = True
        if asked.state is HelpState.CLOSED:
            raise _Closed
        return fresh

    def say(words: str) -> None:
        try:
            service.say(ticket, words)
        except Refused:
            # Perhaps it was closed while this was typed.
            look()
            raise

    talk.say("What the agent says is told as it comes. Type b to leave.")
    with contextlib.suppress(_Closed):
        look()
        converse(sitting, look, say, leaving=GONE)


class _Closed(Exception):
    """There is nobody to talk to any more."""


class Heard:
    """Says each line of a chat once."""

    def __init__(self, sitting: Sitting, mine: HelpAuthor) -> None:
        self._sitting = sitting
        self._mine = mine
        self._last = 0

    def tell(self, lines: Sequence[ChatLine]) -> bool:
        """Say the new ones, but those that were typed here; whether there was any."""
        fresh = [line for line in lines if line.number > self._last]
        if fresh:
            self._last = fresh[-1].number
        told = [line for line in fresh if line.author is not self._mine]
        self._sitting.talk.say(*(as_said(line) for line in told))
        return bool(told)


def as_said(line: ChatLine) -> str:
    """Who said it, and what."""
    if line.author is HelpAuthor.DESK:
        return line.words
    who = f"Note of {line.name}" if line.author is HelpAuthor.NOTE else line.name
    return f"{who}: {line.words}"


def converse(sitting: Sitting, look: Callable[[], bool], say: Callable[[str], None], *, leaving: str) -> None:
    """Say what is typed, and hear what comes, until somebody leaves. Raises Leave."""
    talk = sitting.talk
    while True:
        try:
            words = talk.ask_listening("You", look)
            say(words)
            look()
        except (Invalid, TooSoon) as refusal:
            talk.say_each(refusal.sentence)
        except Back:
            talk.say_each(leaving)
            if _sure(sitting):
                return


def _sure(sitting: Sitting) -> bool:
    with contextlib.suppress(Back):
        return sitting.talk.agree("Leave the chat?")
    return False
