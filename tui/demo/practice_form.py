"""What somebody wants to practise: who, how many callers, how hard, and where it is written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from screens.base import DeskDialog
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.one_of import OneOf
from services.errors import Invalid
from services.practice.class_file import check_file
from services.practice.queue import MOST
from services.practice.values import Difficulty
from tui.demo.practice_run import LARGEST_SEED, Order

_LEVELS = (
    (Difficulty.EASY.value, "easy: one cause, one answer"),
    (Difficulty.MIXED.value, "mixed"),
    (Difficulty.HARD.value, "hard: traps for the hasty"),
)


class PracticeForm(DeskDialog[Order | None]):
    """Closes with the order, or with nothing."""

    def __init__(self, order: Order | None = None) -> None:
        """`order` is what was practised last."""
        super().__init__()
        self._last = order or Order()

    def compose(self) -> ComposeResult:
        last = self._last
        with Vertical(classes="dialog"):
            yield Static("Practice: a queue of callers", classes="dialog-title", markup=False)
            yield Field("Trainee", last.trainee, id="trainee", hint="Stands in the trainer's file.")
            yield Field("Callers", str(last.callers), id="callers", check=_number(1, MOST))
            yield OneOf("Difficulty", _LEVELS, last.difficulty.value, id="difficulty")
            yield Field(
                "Seed",
                str(last.seed),
                id="seed",
                check=_number(0, LARGEST_SEED),
                hint="The same seed, the same callers.",
            )
            yield Field(
                "Class file",
                str(last.class_file or ""),
                id="class_file",
                hint="A CSV file; empty for none.",
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button("Begin", variant="primary", id="begin")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#trainee", Field).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter begins."""
        event.stop()
        self._answer()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Begin, or leave everything as it is."""
        if event.button.id == "cancel":
            self.action_close()
        else:
            self._answer()

    def _answer(self) -> None:
        if not forms.all_hold(self):
            return
        typed = {field.id: field.value.strip() for field in forms.fields(self)}
        file = Path(typed["class_file"]).expanduser() if typed["class_file"] else None
        if file is not None:
            try:
                # Before the first call, not after it.
                check_file(file)
            except Invalid as refusal:
                forms.tell(self, {"class_file": refusal.problems["file"]})
                return
        self.dismiss(
            Order(
                trainee=typed["trainee"],
                callers=int(typed["callers"]),
                seed=int(typed["seed"]),
                difficulty=Difficulty(str(self.query_one(OneOf).value)),
                class_file=file,
            )
        )


def _number(least: int, most: int) -> Callable[[str], str | None]:
    """The check of a field with a whole number."""

    def check(text: str) -> str | None:
        plain = text.strip()
        holds = plain.isascii() and plain.isdecimal() and len(plain) <= len(str(most)) and least <= int(plain) <= most
        return None if holds else f"Write a whole number from {least} to {most}."

    return check
