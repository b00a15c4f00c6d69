"""Answering the security questions anew: question and answer three times, then the present password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Button, Static

from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.one_of import OneOf
from screens.widgets.tick import Tick
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.security_words import QUESTIONS_CHANGED
from services.actor import Actor
from services.credentials.passwords import Secret
from services.credentials.questions import NEEDED, QUESTIONS, Answered, problems

_LEAD = (
    "Choose three different questions; left and right, or a tap, change one. The answers help to prove that you are "
    "you, and nobody ever sees them."
)


class ChangeQuestions(FormScreen[bool]):
    """Closes with True once other answers are kept; the earlier ones are not shown to anybody."""

    CSS_PATH = "questions.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Keep them", id="form.submit", tooltip="Check the answers and keep them"),
    ]

    needs_session = True

    def __init__(self, place: Workplace, actor: Actor, asked: Sequence[str]) -> None:
        """`asked` are the keys of the questions that are answered now."""
        super().__init__(place)
        self._actor = actor
        rest = [key for key in QUESTIONS if key not in asked]
        self._first = [*(key for key in asked if key in QUESTIONS), *rest][:NEEDED]

    def compose(self) -> ComposeResult:
        yield TitleBar("Security questions", self._actor.name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static(_LEAD, classes="card-lead", markup=False)
            for number, key in enumerate(self._first, 1):
                yield OneOf(f"Question {number}", list(QUESTIONS.items()), key, id=f"question{number}")
                yield Field("Answer", id=f"answer{number}", secret=True, check=self._check(number))
            yield Tick("Show what I type", ticked=False)
            yield Field(
                "Current password",
                id="current",
                secret=True,
                check=forms.needed("Write the password that you have now."),
            )
            yield from self.foot("Keep them", Button("Back", id="leave"))
        yield KeyLine()

    @on(Tick.Changed)
    def show_typed(self, event: Tick.Changed) -> None:
        """Show or mask the answers; the password stays masked."""
        for number in range(1, NEEDED + 1):
            self.query_one(f"#answer{number}", Field).input.password = not event.ticked

    @on(OneOf.Changed)
    def look_again(self) -> None:
        """Whether an answer holds depends on its question and on the others."""
        for number in range(1, NEEDED + 1):
            field = self.query_one(f"#answer{number}", Field)
            if field.problem:
                field.validate_now()

    async def submit(self) -> None:
        """Keep them, with the password."""
        current = Secret(self.query_one("#current", Field).value)
        await self.call(self.desk.own_questions.change, self._actor, current, self._answers())
        self.notify(QUESTIONS_CHANGED, markup=False)
        self.dismiss(True)

    def _check(self, number: int) -> Callable[[str], str | None]:
        """What is wrong with an answer, held against the questions and answers above it."""
        return lambda _: problems(self._answers()).get(f"answer{number}")

    def _answers(self) -> tuple[Answered, ...]:
        numbers = range(1, NEEDED + 1)
        return tuple(
            Answered(
                str(self.query_one(f"#question{number}", OneOf).value),
                Secret(self.query_one(f"#answer{number}", Field).value),
            )
            for number in numbers
        )
