"""Forgot password, from the mail on: what is asked for one by one, and one call to the service at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.binding import BindingType

from screens.entry.reset_steps import CodeStep, ConfirmStep, Draft, PasswordStep, QuestionsStep, ResetStep
from screens.wizard.step import Step
from screens.wizard.wizard import Wizard, onward
from screens.workplace import Workplace
from services.errors import Refused, TooSoon
from services.recovery_values import OpenedToken, PasswordChosen, ResetConfirmed
from services.reset_hurdles import HurdleFailed

R = TypeVar("R")


class ResetWizard(Wizard[Draft, R]):
    """What both forms share: a wrong answer or code leads back to its step, and the next try waits there."""

    title_words = "Forgot password"

    def __init__(self, place: Workplace, link_or_code: str, email: str, opened: OpenedToken) -> None:
        """Show what is asked of whoever holds this.

        Args:
            place: the workplace.
            link_or_code: what was pasted or typed; it is used up at the end.
            email: the address that was given with a code.
            opened: what it opens.
        """
        self._opened = opened
        super().__init__(place, Draft(link_or_code, email, opened))

    async def _advance(self) -> None:
        try:
            await super()._advance()
        except HurdleFailed as failed:
            self._hold_up(failed)
        except TooSoon as error:
            if isinstance(self._step, ResetStep):
                self._step.refuse(error.sentence, error.wait, too_soon=True)
        except Refused as refusal:
            # The link or code has ended: where it was opened, a fresh one can be had.
            await self.tell(refusal)
            self.dismiss(None)

    def _hold_up(self, failed: HurdleFailed) -> None:
        step = next(step for step in self._steps if isinstance(step, ResetStep) and step.hurdle is failed.hurdle)
        if step is not self._step:
            self._go(step)
        step.refuse(failed.sentence, failed.wait)


class ConfirmReset(ResetWizard[ResetConfirmed]):
    """The first of two mails: confirmed with everything that is asked, it brings the second one."""

    verb = "Send temporary password"
    BINDINGS: ClassVar[list[BindingType]] = [*onward("Send it")]

    def steps(self) -> Sequence[Step[Draft]]:
        """Confirm it, answer the questions, type a code."""
        hurdles = self._opened.hurdles
        questions = QuestionsStep(self.place, hurdles.questions, is_last=not hurdles.second_factor)
        return ConfirmStep(), questions, CodeStep()

    async def finish(self, draft: Draft) -> ResetConfirmed:
        """Have the second mail sent."""
        self.busy = "Sending …"
        confirm = self.desk.recovery.confirm_reset
        return await self.call(confirm, draft.link_or_code, draft.email, draft.answers, draft.code, self.place.origin)


class ResetByOneMail(ResetWizard[PasswordChosen]):
    """The only mail: a new password is set once everything is right that is asked besides it."""

    verb = "Set the password"
    BINDINGS: ClassVar[list[BindingType]] = [*onward("Set it")]

    def steps(self) -> Sequence[Step[Draft]]:
        """Answer the questions, choose a password, and type a code last of all, since it soon is another one."""
        return (
            QuestionsStep(self.place, self._opened.hurdles.questions, is_last=False),
            PasswordStep(self._opened),
            CodeStep(),
        )

    async def finish(self, draft: Draft) -> PasswordChosen:
        """Set the password."""
        self.busy = "Setting the password …"
        choose = self.desk.recovery.choose_password
        return await self.call(
            choose, draft.link_or_code, draft.email, draft.password, self.place.origin, draft.answers, draft.code
        )
