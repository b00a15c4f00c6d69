"""The first steps of a new account: a wizard that stands between signing in and everything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.dialogs.confirm import Confirm
from screens.onboarding.questions import QuestionStep
from screens.onboarding.second_factor import SecondFactorStep
from screens.onboarding.steps import ContactStep, DoneStep, Draft, PasswordStep, TermsStep
from screens.widgets import forms
from screens.widgets.menu import Menu
from screens.wizard.step import Step
from screens.wizard.wizard import Wizard
from screens.workplace import Workplace
from services.accounts.first_words import LEAVING
from services.accounts.onboarding import Newcomer
from services.actor import Actor
from services.credentials.questions import NEEDED
from services.entry.words import HELD_STEPS_OUT


class FirstSteps(Wizard[Draft, Actor]):
    """Closes with the session opened, or with None when the person leaves; each step is stored when it is left."""

    title_words = "Set up your account"
    verb = "Finish"
    needs_session = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "leave", "Sign out", id="wizard.leave", tooltip="Stop here; the next sign-in goes on at this step"
        ),
    ]

    def __init__(self, place: Workplace, actor: Actor, newcomer: Newcomer) -> None:
        """`actor` has a limited session; `newcomer` says what is owed."""
        self._actor = actor
        super().__init__(place, Draft(newcomer))

    def steps(self) -> Sequence[Step[Draft]]:
        """Only those that the person owes are shown."""
        return (
            TermsStep(self.place, self._actor),
            PasswordStep(self.place, self._actor),
            SecondFactorStep(self.place, self._actor),
            ContactStep(self.place, self._actor),
            *(QuestionStep(self.place, self._actor, number) for number in range(1, NEEDED + 1)),
            DoneStep(),
        )

    async def finish(self, draft: Draft) -> Actor:
        """Open the desk."""
        return await self.call(self.desk.onboarding.finish, self._actor)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter in the list of questions leads to the answer."""
        if action == "next_field" and isinstance(self.focused, Menu):
            return True
        return super().check_action(action, parameters)

    def action_next_field(self) -> None:
        """Move the cursor at once, also from the list: what is typed next is the answer."""
        if isinstance(self.focused, Menu):
            self.set_focus(forms.fields(self.form)[0].input)
        else:
            super().action_next_field()

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Sign out, after saying what that means."""
        if self.busy or not self.is_active:
            return
        question = Confirm(
            "Stop here and sign out?", self.what_it_means(), yes="Sign out", no="Go on", dangerous=self._shut_out
        )
        if await self.app.push_screen_wait(question):
            self.dismiss(None)

    def what_it_means(self) -> list[str]:
        """What stopping now means, line by line."""
        lines = [LEAVING]
        if self._shut_out:
            lines += ["", HELD_STEPS_OUT]
        return lines

    @property
    def _shut_out(self) -> bool:
        """Whether whoever stops now has no password to come back with, or has forgotten it."""
        newcomer = self.draft.newcomer
        return newcomer.temporary and newcomer.owed.password and not self.draft.password_chosen
