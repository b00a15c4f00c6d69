"""Signing in at a kiosk, for what a new account still owes: the codes that it takes, then the first steps."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.types import CSSPathType
from textual.widgets import Static

from models.states import Awaited
from screens.kiosk.factor import KioskSecondFactorStep
from screens.kiosk.flow import KioskFlow
from screens.kiosk.frame import LOOKS, KioskNotice, KioskScreen
from screens.kiosk.wizard import WIZARD_LOOKS
from screens.kiosk.workplace import KioskPlace
from screens.onboarding.onboarding import FirstSteps
from screens.onboarding.questions import QuestionStep
from screens.onboarding.second_factor import SecondFactorStep
from screens.onboarding.steps import ContactStep, DoneStep, PasswordStep
from screens.onboarding.steps import Draft as FirstDraft
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.tick import Tick
from screens.wizard.held_step import HeldStep
from screens.wizard.step import Step
from services.actor import Actor
from services.credentials.passwords import Secret
from services.credentials.questions import NEEDED
from services.entry.words import APP_CODE
from services.errors import DeskError, WrongSignIn

_MAILED = (
    "Very many wrong passwords were typed for your account. So signing in takes a code as well, which is on its way to "
    "your e-mail address."
)
STEPS_LEFT = "The next time you sign in, a few steps are left: they take some minutes."
"""For whoever stops on the way."""

_NOT_TEMPORARY = (
    "This temporary password does not belong to this address, or its time is over. "
    "Check the newest mail, then try again."
)
_QUESTIONS: Mapping[type[Step[FirstDraft]], str] = MappingProxyType(
    {PasswordStep: "Choose a password of your own", ContactStep: "What is your cell number?"}
)
_APP = f"{APP_CODE} Or type a recovery code. If you have neither, press Get help."


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the one field of a step."""

    secret: Secret = field(default_factory=lambda: Secret(""))


class OneField(HeldStep[Typed]):
    """One secret, and nothing else."""

    def __init__(self, heading: str, lead: str, label: str, *, hidden: bool) -> None:
        """Ask for it.

        Args:
            heading: the question.
            lead: what is to know.
            label: above the field.
            hidden: whether it is masked until the person wants to see it.
        """
        super().__init__()
        self.heading = heading  # type: ignore[misc]  # the same step for several questions
        self._lead = lead
        self._label = label
        self._hidden = hidden

    def compose(self) -> ComposeResult:
        yield Static(self._lead, classes="step-lead step-aside", markup=False)
        yield Field(
            self._label, id="secret", secret=self._hidden, check=forms.needed(f"Type the {self._label.lower()}.")
        )
        if self._hidden:
            yield Tick("Show what I type", ticked=False)
        yield from self.told()

    def collect(self, draft: Typed) -> Typed:
        """What was typed."""
        return replace(draft, secret=Secret(self.text("secret")))

    def refuse(self, sentence: str, wait: int, *, too_soon: bool = False) -> None:
        """What was wrong is typed anew."""
        super().refuse(sentence, wait, too_soon=too_soon)
        if not too_soon:
            self.query_one("#secret", Field).value = ""
        self.query_one("#secret", Field).focus()

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """Show or mask it."""
        event.stop()
        self.query_one("#secret", Field).input.password = not event.ticked


class KioskSignInCode(KioskFlow[Typed, Actor]):
    """A code that the sign-in takes besides the password; closes with whoever it lets in."""

    verb = "Go on"

    def __init__(self, place: KioskPlace, actor: Actor) -> None:
        """`actor` has a session that awaits it."""
        self._actor = actor
        super().__init__(place, Typed())

    def steps(self) -> Sequence[Step[Typed]]:
        """One."""
        if self._actor.awaits is Awaited.MAILED_CODE:
            return (OneField("Type the code from your mail", _MAILED, "Code", hidden=False),)
        return (OneField("Type the code of your app", _APP, "Code", hidden=False),)

    async def finish(self, draft: Typed) -> Actor:
        """Give it."""
        mailed = self._actor.awaits is Awaited.MAILED_CODE
        prove = self.desk.sign_in.prove_mailed if mailed else self.desk.sign_in.prove
        return await self.call(prove, self._actor, draft.secret)


class KioskFirstSteps(KioskFlow[FirstDraft, Actor], FirstSteps):
    """The first steps of a new account, in the look of a kiosk; what is done ends on the kiosk's own last screen."""

    CSS_PATH: ClassVar[CSSPathType | None] = [LOOKS, WIZARD_LOOKS, Path(__file__).with_name("arrival.tcss")]

    verb = "Next"

    @property
    def untouched(self) -> bool:
        """Leaving always means something here."""
        return False

    def steps(self) -> Sequence[Step[FirstDraft]]:
        """All but the last page; the questions say in their headings what the desk says above them."""
        steps: list[Step[FirstDraft]] = [
            KioskSecondFactorStep(self.place, self._actor) if isinstance(step, SecondFactorStep) else step
            for step in super().steps()
            if not isinstance(step, DoneStep)
        ]
        for step in steps:
            step.heading = _QUESTIONS.get(type(step), step.heading)  # type: ignore[misc]  # of this one alone
        for number, step in enumerate((step for step in steps if isinstance(step, QuestionStep)), 1):
            step.heading = f"Choose security question {number} of {NEEDED}"  # type: ignore[misc]  # as in the class
        return steps

    def leaving(self) -> KioskNotice:
        """What it means to leave now."""
        lines = [line for line in self.what_it_means() if line]
        return KioskNotice(self.place, "Stop here?", lines, yes="Stop here", no="Go on")


async def arrive(screen: KioskScreen[Any], company_code: str, user_name: str, password: Secret) -> bool:
    """Sign in and take all first steps, then sign out; False for whoever stops on the way. Call it in a worker.

    Raises what signing in raises.
    """
    place, desk = screen.place, screen.desk
    actor = await place.call(desk.sign_in.sign_in, company_code, user_name, password, place.origin)
    try:
        while actor.awaits is not None:
            proved = await screen.app.push_screen_wait(KioskSignInCode(place, actor))
            if proved is None:
                return False
            actor = proved
        if not actor.limited:
            return True
        newcomer = await place.call(desk.onboarding.begin, actor)
        if not newcomer.owed:
            return True
        return await screen.app.push_screen_wait(KioskFirstSteps(place, actor, newcomer)) is not None
    finally:
        # Where it cannot be told now, the end of the visit ends the session.
        with contextlib.suppress(DeskError):
            await place.call(desk.sign_in.sign_out, actor)


async def arrive_or_tell(screen: KioskScreen[Any], company_code: str, user_name: str, password: Secret) -> bool:
    """The same with the password that has just been set, which stands whatever comes; what is refused is told."""
    try:
        return await arrive(screen, company_code, user_name, password)
    except DeskError as error:
        await screen.tell(error)
        return False


async def arrive_with_temporary(screen: KioskScreen[Any], company_code: str, user_name: str, password: Secret) -> bool:
    """The same with a temporary password. Raises WrongSignIn in words that fit."""
    try:
        return await arrive(screen, company_code, user_name, password)
    except WrongSignIn as refusal:
        raise WrongSignIn(_NOT_TEMPORARY, refusal.wait) from refusal
