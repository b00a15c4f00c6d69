"""One of the security questions: chosen from a list, and answered."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.onboarding.steps import Draft, OwedStep
from screens.widgets.field import Field
from screens.widgets.menu import Menu, Option
from screens.widgets.tick import Tick
from screens.workplace import Workplace
from services.actor import Actor
from services.credentials.passwords import Secret
from services.credentials.questions import NEEDED, QUESTIONS, Answered, problem


class QuestionStep(OwedStep):
    """A question that no other step has, and its answer; the last step stores all of them."""

    DEFAULT_CSS = """
    QuestionStep {
        .step-lead { padding: 0 0 1 0; }
        Menu { width: 100%; height: 1fr; min-height: 3; max-height: 16; margin: 0 0 1 0; }
        Tick { margin: 0 0 0 18; }
    }
    """

    def __init__(self, place: Workplace, actor: Actor, number: int) -> None:
        """`number` counts from 1."""
        super().__init__(place, actor)
        self.heading = f"Question {number}"  # type: ignore[misc]  # the same step several times over
        self._number = number
        self._others: tuple[Answered, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(
            f"Choose {NEEDED} different questions. If you ever lose your way in, the answers help to prove "
            "that you are you. Nobody ever sees them.",
            classes="step-lead",
            markup=False,
        )
        yield Menu([])
        yield Field("Answer", id=self._field, secret=True, check=self._refusal)
        yield Tick("Show what I type", ticked=False)

    def applies(self, draft: Draft) -> bool:
        """Where the agency asks for questions and the person has answered none."""
        return draft.newcomer.owed.questions

    def show(self, draft: Draft) -> None:
        """What the other steps have taken cannot be taken again."""
        self._others = tuple(
            answered for number, answered in enumerate(draft.answers, 1) if number != self._number and answered.question
        )
        taken = {answered.question for answered in self._others}
        left = [key for key in QUESTIONS if key not in taken]
        menu = self.query_one(Menu)
        chosen = self._chosen if self._chosen in left else left[0]
        menu.clear_options()
        menu.add_options([Option(Content(QUESTIONS[key]), id=key) for key in left])
        menu.highlight(chosen)

    def collect(self, draft: Draft) -> Draft:
        """Question and answer in their place."""
        answers = [*draft.answers, *([Answered()] * NEEDED)][:NEEDED]
        secret = Secret(self.query_one(f"#{self._field}", Field).value)
        answers[self._number - 1] = Answered(self._chosen, secret)
        return replace(draft, answers=tuple(answers))

    async def leave(self, draft: Draft) -> Draft:
        """After the last one, store all; whoever comes back and changes nothing stores nothing."""
        if self._number < NEEDED or draft.answers == draft.answers_stored:
            return draft
        await self._place.call(self._place.desk.onboarding.set_questions, self._actor, draft.answers)
        return replace(draft, answers_stored=draft.answers)

    def enter(self) -> None:
        """First the question."""
        self.query_one(Menu).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """After a click, the answer."""
        event.stop()
        self.query_one(f"#{self._field}", Field).focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Whether an answer is made of its question depends on the question."""
        event.stop()
        field = self.query_one(f"#{self._field}", Field)
        if field.problem:
            field.validate_now()

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """Show or mask what is typed."""
        event.stop()
        self.query_one(f"#{self._field}", Field).input.password = not event.ticked

    @property
    def _field(self) -> str:
        return f"answer{self._number}"

    @property
    def _chosen(self) -> str:
        option = self.query_one(Menu).highlighted_option
        return "" if option is None else str(option.id)

    def _refusal(self, text: str) -> str | None:
        return problem(Answered(self._chosen, Secret(text)), self._others)
