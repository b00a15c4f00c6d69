"""A step whose next try may have to wait."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.widgets.countdown import Countdown
from screens.widgets.field import Field
from screens.wizard.step import Step

D = TypeVar("D")


class HeldStep(Step[D], Generic[D]):
    """A step that says beneath its fields why not, and when the next try is heard."""

    DEFAULT_CSS = """
    HeldStep {
        .step-told { height: auto; min-height: 3; padding: 1 0 0 0; }
        .step-refusal { height: auto; }
        .step-refusal.-bad { color: $text-error; text-style: bold; }
    }
    """

    _too_soon = False

    def told(self) -> ComposeResult:
        """The end of a step: what is said, and what is waited for."""
        with Vertical(classes="step-told"):
            yield Static("", classes="step-refusal", markup=False)
            yield Countdown("Next try in {left}")

    def refuse(self, sentence: str, wait: int, *, too_soon: bool = False) -> None:
        """Say why not, and count the seconds down.

        Args:
            sentence: what is wrong, and what to do.
            wait: the seconds; 0 for none.
            too_soon: whether that is all that was wrong, so that it is no longer true afterwards.
        """
        self._too_soon = too_soon
        self._say(f"✗ {sentence}")
        self.query_one(Countdown).start(wait)
        self.call_after_refresh(self.query_one(".step-told").scroll_visible, animate=False)

    def on_field_edited(self, event: Field.Edited) -> None:
        """What was said of the last try is over; the wait is not."""
        if event.field.value and not self.query_one(Countdown).running:
            self._say("")

    def on_countdown_over(self) -> None:
        """The next try is heard."""
        if self._too_soon:
            self._say("You can try again now.")

    def holds(self) -> bool:
        """While something is waited for, there is nothing to check."""
        return not self.query_one(Countdown).running and super().holds()

    def _say(self, words: str) -> None:
        told = self.query_one(".step-refusal", Static)
        told.update(Content(words))
        self.set_class(bool(words), "-told")
        told.set_class(words.startswith("✗"), "-bad")
