"""What a kiosk asks of somebody who wants to talk to a human: one question on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Grid
from textual.content import Content
from textual.message import Message
from textual.types import CSSPathType
from textual.widgets import Button, Static

from screens.kiosk.frame import LOOKS, BigButton
from screens.kiosk.wizard import KioskWizard
from screens.kiosk.workplace import KioskPlace
from screens.widgets import forms
from screens.widgets.field import Field
from screens.wizard.step import Step
from services.help_queue.values import Ticket
from services.help_queue.words import NO_SECRETS, OTHER, TOPICS
from services.rules import clean_name


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody has said so far.

    Attributes:
        usual: one of the usual topics, or `OTHER`; empty until one is pressed.
        topic: own words, for something else.
    """

    name: str = ""
    usual: str = ""
    topic: str = ""


class NameStep(Step[Asking]):
    """How the agent calls them."""

    heading = "What is your name?"

    def compose(self) -> ComposeResult:
        yield Field("First and last name", id="name", check=forms.told_by(clean_name))

    def collect(self, draft: Asking) -> Asking:
        """The name."""
        return replace(draft, name=self.text("name"))


class TopicStep(Step[Asking]):
    """A usual topic with one press, which goes on by itself."""

    heading = "What do you need help with?"

    class Pressed(Message):
        """A topic was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._usual = ""

    def compose(self) -> ComposeResult:
        with Grid(classes="topics"):
            for number, topic in enumerate((*TOPICS, OTHER)):
                yield BigButton(topic, id=f"topic-{number}")
        yield Static("", classes="topics-note", markup=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """That one."""
        event.stop()
        self._usual = (*TOPICS, OTHER)[int((event.button.id or "").removeprefix("topic-"))]
        self._mark()
        self.post_message(self.Pressed())

    def collect(self, draft: Asking) -> Asking:
        """What was pressed."""
        return replace(draft, usual=self._usual)

    def holds(self) -> bool:
        """One of them must be pressed."""
        self.query_one(".topics-note", Static).update(Content("" if self._usual else "✗ Press one of these first."))
        return bool(self._usual)

    def enter(self) -> None:
        """Begin at the one that was pressed, or at the first."""
        chosen = (*TOPICS, OTHER).index(self._usual) if self._usual else 0
        # The wizard puts the cursor on its own button where a step has no fields.
        self.call_after_refresh(self.query_one(f"#topic-{chosen}").focus)

    def _mark(self) -> None:
        for button, topic in zip(self.query(BigButton), (*TOPICS, OTHER), strict=True):
            button.rename(f"✓ {topic}" if topic == self._usual else topic)


class WordsStep(Step[Asking]):
    """Something else, in own words."""

    heading = "What is it about?"

    def applies(self, draft: Asking) -> bool:
        """Only for something else."""
        return draft.usual == OTHER

    def compose(self) -> ComposeResult:
        yield Field("In a few words", id="topic", check=forms.needed("Type a few words."), hint=NO_SECRETS)

    def collect(self, draft: Asking) -> Asking:
        """The words."""
        return replace(draft, topic=self.text("topic"))


class AskForHelp(KioskWizard[Asking, Ticket]):
    """Who asks, and about what; closes with the ticket of the request."""

    CSS_PATH: ClassVar[CSSPathType | None] = [
        LOOKS,
        Path(__file__).with_name("wizard.tcss"),
        Path(__file__).with_name("ask_help.tcss"),
    ]

    verb = "Ask for help"

    def __init__(self, place: KioskPlace) -> None:
        super().__init__(place, Asking())

    def steps(self) -> Sequence[Step[Asking]]:
        """One question each."""
        return (NameStep(), TopicStep(), WordsStep())

    def on_topic_step_pressed(self) -> None:
        """One press is enough."""
        self.action_next()

    async def finish(self, draft: Asking) -> Ticket:
        """Let the agents know."""
        topic = draft.topic if draft.usual == OTHER else draft.usual
        ask = self.desk.help_asking.ask
        return await self.call(ask, self.place.origin, draft.name, topic, visit_id=self.place.visit)
