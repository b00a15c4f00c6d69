"""The chat of whoever asked for help: where the request stands, what was said, and a line to type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from models.states import HelpAuthor, HelpState
from screens.base import DeskScreen
from screens.widgets.chat_lines import ChatLines
from screens.widgets.field import Field
from services.errors import DeskError, Invalid, Unavailable
from services.help_queue.signals import Watch
from services.help_queue.values import AskedHelp, Ticket
from services.help_queue.words import AWAY, asked_words

PULSE = 10.0
"""Seconds between two looks without a sign of news, by which the agents see that somebody is here."""

AGAIN_AFTER = 2.0
"""Seconds until the next look while the desk cannot be reached."""

_SIGNS = {HelpState.WAITING: ("…", ""), HelpState.TAKEN: ("●", "-taken"), HelpState.CLOSED: ("■", "-closed")}


class Talk(Vertical):
    """Follows a request in real time; what is typed stays until it is stored, whatever happens meanwhile."""

    DEFAULT_CSS = """
    Talk {
        height: 1fr;
        .talk-standing { height: auto; color: $text-warning; text-style: bold; }
        .talk-standing.-taken { color: $text-success; }
        .talk-standing.-closed { color: $text-muted; }
        .talk-standing.-away { color: $text-error; }
        ChatLines { border-top: solid $border; }
        #words { padding: 1 0 0 0; }
    }
    """

    @dataclass
    class Looked(Message):
        """How the request stands now.

        Attributes:
            news: whether an agent has said something since the last look.
        """

        asked: AskedHelp
        news: bool

    standing = query_one(".talk-standing", Static)
    lines = query_one(ChatLines)
    field = query_one("#words", Field)

    def __init__(self, host: DeskScreen[Any], ticket: Ticket, *, label: str = "Your message") -> None:
        """`host` calls services; `label` stands before the line that one types."""
        super().__init__()
        self._host = host
        self._asking = host.desk.help_asking
        self._ticket = ticket
        self._label = label
        self._watch: Watch | None = None
        self._sending = False
        self._away = False
        self._again: Timer | None = None
        self._heard = -1
        self.asked: AskedHelp | None = None
        """How the request stood at the last look; None before the first."""

    def compose(self) -> ComposeResult:
        yield Static("", classes="talk-standing", markup=False)
        yield ChatLines("You can write already. Whoever helps you reads it first.")
        yield Field(self._label, id="words", hint="Enter sends it.")

    def on_mount(self) -> None:
        """Look at once, at every change, and now and then."""
        self.field.focus()
        self.look()
        self.set_interval(PULSE, self.look)
        self._watch = self._host.desk.help_signals.watch(partial(self.call_later, self.look))

    def on_unmount(self) -> None:
        """Hear no more."""
        if self._watch is not None:
            self._watch.stop()

    @property
    def ended(self) -> bool:
        """Whether nobody listens any more."""
        return self.asked is not None and self.asked.state is HelpState.CLOSED

    @property
    def unsent(self) -> str:
        """What was typed and not sent; nothing before the field is there."""
        return self.field.value.strip() if self.is_mounted else ""

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look(self) -> None:
        """See how the request stands, and show what is new."""
        try:
            asked = await self._host.call(self._asking.look, self._ticket)
        except Unavailable:
            self._say(f"▲ {AWAY}", "-away")
            self._away = True
            if self._again is not None:
                self._again.stop()
            self._again = self.set_timer(AGAIN_AFTER, self.look)
        except DeskError as refusal:
            self._say(f"▲ {refusal.sentence}", "-closed")
        else:
            self._show(asked)

    def _show(self, asked: AskedHelp) -> None:
        if self._away and not self._sending:
            self.field.problem = ""
        self._away = False
        self.asked = asked
        sign, look = _SIGNS[asked.state]
        self._say(f"{sign} {asked_words(asked)}", look)
        self.lines.show(asked.lines, HelpAuthor.PERSON)
        # An agent may open it again as long as somebody looks.
        self.field.display = not self.ended
        heard = max((line.number for line in asked.lines if line.author is HelpAuthor.AGENT), default=0)
        news = heard > self._heard >= 0
        self._heard = heard
        self.post_message(self.Looked(asked, news))

    def _say(self, words: str, look: str) -> None:
        # Somebody who waits for an hour is not drawn anew every few seconds.
        if self.standing.content != Content(words):
            self.standing.set_classes(f"talk-standing {look}".strip())
            self.standing.update(Content(words))

    def on_field_edited(self, event: Field.Edited) -> None:
        """Whoever types has read what is above."""
        event.stop()
        if event.field.value:
            self.lines.seen()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.send()

    @work(exit_on_error=False)
    async def send(self) -> None:
        """Say what was typed; it stays in the line until it is stored."""
        words = self.field.value
        if self._sending or not words.strip():
            return
        self._sending = True
        try:
            await self._host.call(self._asking.say, self._ticket, words)
        except Unavailable:
            self.field.problem = AWAY
        except Invalid as refusal:
            self.field.problem = refusal.problems.get("words", refusal.sentence)
        except DeskError as refusal:
            self.field.problem = refusal.sentence
        else:
            # What was typed meanwhile belongs to the next line.
            self.field.value = self.field.value.removeprefix(words)
            self.field.problem = ""
            self.look()
        finally:
            self._sending = False
