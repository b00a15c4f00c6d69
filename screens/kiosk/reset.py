"""Reset my password, at a kiosk: one question on one screen, and one call to the service at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.states import KioskStep
from screens.kiosk.arrival import STEPS_LEFT, OneField, Typed, arrive_or_tell, arrive_with_temporary
from screens.kiosk.done import KioskDone
from screens.kiosk.flow import KioskFlow, SupervisedFlow
from screens.kiosk.frame import KioskNotice
from screens.kiosk.reset_step import Draft, ResetStep
from screens.kiosk.reset_steps import (
    AddressStep,
    AgainStep,
    CodeStep,
    ConfirmStep,
    FactorStep,
    PasswordStep,
    QuestionStep,
)
from screens.kiosk.workplace import KioskPlace
from screens.wizard.step import Step
from services.credentials.passwords import Secret
from services.credentials.questions import NEEDED
from services.errors import Refused
from services.kiosks.reset_values import KioskReset as Done
from services.reset_hurdles import Hurdle

_START_AGAIN = "Something is missing here. Press Start again."
_USE_IT = "Sign in with it from now on, wherever you use this account."
_TEMPORARY = "It works once, within an hour. Your present password stays until you choose another one."


class KioskReset(SupervisedFlow[Draft, None]):
    """From the address to the new password, or to the temporary one; closes with None when everything is said."""

    title_words = "Reset my password"
    verb = "Finish"

    def __init__(self, place: KioskPlace) -> None:
        super().__init__(place, Draft())

    def steps(self) -> Sequence[Step[Draft]]:
        """The second factor last of all, since its code soon is another one."""
        return (
            AddressStep(self.place),
            AgainStep(self.place),
            CodeStep(self.place),
            ConfirmStep(self.place),
            *(QuestionStep(self.place, number) for number in range(NEEDED)),
            PasswordStep(self.place),
            FactorStep(self.place),
        )

    async def finish(self, draft: Draft) -> None:
        """Do it, and say what is done."""
        if draft.opened is None:
            raise Refused(_START_AGAIN)
        resets, place = self.desk.kiosk_resets, self.place
        if draft.opened.on_the_spot:
            self.busy = "Setting the password …"
            choose = resets.choose_password
            done = await self.call(choose, place.origin, place.visit or 0, draft.proof, draft.password)
            complete = True
            if done.first:
                complete = await arrive_or_tell(self, done.company_code, done.user_name, draft.password)
            await self.app.push_screen_wait(_password_set(place, done, complete=complete))
        else:
            self.busy = "Sending …"
            done = await self.call(resets.send_temporary, place.origin, place.visit or 0, draft.proof)
            await self._temporary(done)

    def waits_for(self) -> KioskStep | None:
        """What the present step says."""
        return self._step.waits_for if isinstance(self._step, ResetStep) else None

    async def let_pass(self) -> None:
        """Without what the step asks for, see what is left, and go on there."""
        draft = self._step.collect(self.draft)
        nothing = Secret("")
        if self.waits_for() is KioskStep.CODE:
            draft = replace(draft, code=nothing)
        elif self.waits_for() is KioskStep.QUESTIONS:
            draft = replace(draft, answers=(), checked=())
        else:
            draft = replace(draft, factor=nothing)
        open_it = self.desk.kiosk_resets.open
        opened = await self.call(open_it, self.place.origin, self.place.visit or 0, draft.proof)
        self.draft = replace(draft, opened=opened, passed=True)
        await self.go_after()

    async def _advance(self) -> None:
        # That an agent let them pass the step before has been read by now.
        self.draft = replace(self.draft, passed=False)
        await super()._advance()

    def step_of(self, hurdle: Hurdle) -> Step[Draft] | None:
        """Where it is asked."""
        steps = (step for step in self._applying(self.draft) if isinstance(step, ResetStep))
        return next((step for step in steps if step.hurdle is hurdle), None)

    async def _temporary(self, done: Done) -> None:
        mailed = KioskNotice(
            self.place,
            f"✓ A temporary password is on its way to {done.masked}",
            [_TEMPORARY, "Type it here now, or use it wherever you sign in."],
            yes="Type it here now",
            no="Later",
        )
        if await self.app.push_screen_wait(mailed):
            if await self.app.push_screen_wait(TypeTemporary(self.place, done.company_code, done.user_name)):
                await self.app.push_screen_wait(_password_set(self.place, done, complete=True))
        else:
            lines = ["Read your mail and sign in with the temporary password. Then you choose your own."]
            await self.app.push_screen_wait(KioskDone(self.place, "All is done here", _facts(done), lines))


class TypeTemporary(KioskFlow[Typed, bool]):
    """The temporary password, typed where it was asked for; closes with whether the first steps are done."""

    title_words = "Temporary password"
    verb = "Go on"

    def __init__(self, place: KioskPlace, company_code: str, user_name: str) -> None:
        self._company_code = company_code
        self._user_name = user_name
        super().__init__(place, Typed())

    def steps(self) -> Sequence[Step[Typed]]:
        """One."""
        lead = "Sixteen signs in groups of four, from the second mail. Then you choose a password of your own."
        return (OneField("Type the temporary password", lead, "Temporary password", hidden=True),)

    async def finish(self, draft: Typed) -> bool:
        """Sign in, and go through the first steps."""
        return await arrive_with_temporary(self, self._company_code, self._user_name, draft.secret)


def _facts(done: Done) -> tuple[tuple[str, str], ...]:
    return (("Company code", done.company_code), ("User name", done.user_name))


def _password_set(place: KioskPlace, done: Done, *, complete: bool) -> KioskDone:
    title = "Your account is open, and your password is set" if done.first else "Your new password is set"
    return KioskDone(place, title, _facts(done), [_USE_IT] if complete else [_USE_IT, STEPS_LEFT])
