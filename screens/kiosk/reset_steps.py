"""The steps of a forgotten password at a kiosk, one question each."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult

from models.states import KioskStep
from screens.kiosk.password_room import PasswordRoom
from screens.kiosk.reset_step import Draft, ResetStep
from screens.kiosk.workplace import KioskPlace
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.tick import Tick
from services.credentials import codes
from services.credentials.passwords import Secret
from services.credentials.questions import QUESTIONS, Answered
from services.reset_hurdles import Hurdle
from services.rules import clean_email

_NO_MAIL = (
    "This desk cannot send mail, so there is no code to type. Press Get help: an agent who has made sure that it is "
    "you can let you pass this step."
)
_ONE_MAIL = "At most one mail goes out in five minutes: a code that you have got here before still works."
_WRITE_CODE = "Type the eight signs of the code, as they stand in the mail."


class AddressStep(ResetStep):
    """Whose password it is about."""

    heading = "What is your e-mail address?"

    def compose(self) -> ComposeResult:
        yield from self.above()
        yield Field("E-mail address", id="email", check=forms.told_by(clean_email))
        yield from self.told()

    def lead(self, draft: Draft) -> str:
        """Which one."""
        return "The one with which you sign in. A code is mailed to it."

    def collect(self, draft: Draft) -> Draft:
        """The address."""
        return replace(draft, email=self.text("email"))


class AgainStep(ResetStep):
    """The same once more; then the code is asked for."""

    heading = "Type the address once more"

    def compose(self) -> ComposeResult:
        yield from self.above()
        yield Field("The same e-mail address", id="confirm", check=forms.told_by(clean_email))
        yield from self.told()

    def lead(self, draft: Draft) -> str:
        """Why."""
        return "So that no slip of a finger sends the code to somebody else."

    def collect(self, draft: Draft) -> Draft:
        """The address again."""
        return replace(draft, again=self.text("confirm"))

    async def leave(self, draft: Draft) -> Draft:
        """Have the code mailed, once for each address."""
        if draft.asked is not None and draft.asked_for == draft.email == draft.again:
            return draft
        ask, place = self._place.desk.kiosk_resets.ask, self._place
        asked = await place.call(ask, place.origin, place.visit or 0, draft.email, draft.again)
        # What was shown for another address says nothing about this one.
        return Draft(draft.email, draft.again, asked, draft.email)


class CodeStep(ResetStep):
    """The code of the mail."""

    heading = "Type the code from your mail"
    hurdle = Hurdle.CODE
    waits_for = KioskStep.CODE

    def compose(self) -> ComposeResult:
        yield from self.above(_ONE_MAIL)
        yield Field("Code", id="code", check=_code_refusal)
        yield from self.told()

    def show(self, draft: Draft) -> None:
        """Without mail there is nothing to type; what was typed for another address is gone."""
        super().show(draft)
        if not draft.code:
            self.query_one("#code", Field).value = ""
        can_mail = draft.asked is None or draft.asked.can_mail
        self.query_one("#code").display = can_mail
        self.query_one(".step-more").display = can_mail

    def enter(self) -> None:
        """To the field; without mail help is all that there is to ask for."""
        if self.query_one("#code").display:
            super().enter()
        else:
            self.screen.query_one("#get-help").focus()

    def holds(self) -> bool:
        """Without mail nothing but help leads on."""
        if self.query_one("#code").display:
            return super().holds()
        self.enter()
        return False

    def lead(self, draft: Draft) -> str:
        """Where it went, without the whole address, and how long to wait."""
        if draft.asked is None or not draft.asked.can_mail:
            return _NO_MAIL
        return (
            f"If an account belongs to {draft.asked.masked}, a code is on its way there. "
            "Look among the unwanted mail too."
        )

    def collect(self, draft: Draft) -> Draft:
        """The code."""
        return replace(draft, code=Secret(self.text("code")))

    async def leave(self, draft: Draft) -> Draft:
        """See what it opens."""
        place = self._place
        opened = await place.call(place.desk.kiosk_resets.open, place.origin, place.visit or 0, draft.proof)
        return replace(draft, opened=opened)

    def refuse(self, sentence: str, wait: int, *, too_soon: bool = False) -> None:
        """A wrong code is typed anew."""
        super().refuse(sentence, wait, too_soon=too_soon)
        if not too_soon:
            self.query_one("#code", Field).value = ""
        self.query_one("#code", Field).focus()


class ConfirmStep(ResetStep):
    """What will happen where a temporary password is mailed."""

    heading = "A temporary password by mail"

    def compose(self) -> ComposeResult:
        yield from self.above()
        yield from self.told()

    def applies(self, draft: Draft) -> bool:
        """Where the agency wants it that way."""
        return draft.opened is not None and not draft.opened.on_the_spot

    def lead(self, draft: Draft) -> str:
        """Every consequence."""
        masked = draft.asked.masked if draft.asked is not None else "your address"
        return (
            f"A second mail brings a temporary password to {masked}. It works once, within an hour.\n\n"
            "Your present password stays until you choose another one. Wherever your account is signed in, it will be "
            "signed out."
        )


class QuestionStep(ResetStep):
    """One of the security questions; the verdict is one for all of them, after the last."""

    heading = "Your security questions"
    hurdle = Hurdle.QUESTIONS
    waits_for = KioskStep.QUESTIONS

    def __init__(self, place: KioskPlace, number: int) -> None:
        """`number` counts from 0."""
        super().__init__(place)
        self._number = number

    def compose(self) -> ComposeResult:
        yield from self.above(kind="step-question")
        yield Field("Your answer", id=f"answer{self._number}", secret=True, check=forms.needed("Write the answer."))
        yield Tick("Show what I type", ticked=False)
        yield from self.told()

    def applies(self, draft: Draft) -> bool:
        """As many as the person has answered, where the agency asks them."""
        return self._number < len(draft.questions)

    def show(self, draft: Draft) -> None:
        """The question; what was answered for another address is gone."""
        super().show(draft)
        if self._number >= len(draft.answers):
            self.query_one(f"#answer{self._number}", Field).value = ""

    def lead(self, draft: Draft) -> str:
        """The question."""
        if not self.applies(draft):
            return ""
        return QUESTIONS.get(draft.questions[self._number], draft.questions[self._number])

    def collect(self, draft: Draft) -> Draft:
        """The answer in its place."""
        if not self.applies(draft):
            return draft
        answers = [*draft.answers, *(Answered(key) for key in draft.questions[len(draft.answers) :])]
        value = Secret(self.query_one(f"#answer{self._number}", Field).value)
        answers[self._number] = Answered(draft.questions[self._number], value)
        return replace(draft, answers=tuple(answers))

    async def leave(self, draft: Draft) -> Draft:
        """After the last one, ask whether they are right."""
        if self._number + 1 < len(draft.questions) or draft.answers == draft.checked:
            return draft
        place = self._place
        await place.call(place.desk.kiosk_resets.check_answers, place.origin, place.visit or 0, draft.proof)
        return replace(draft, checked=draft.answers)

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """Show or mask what is typed."""
        event.stop()
        for each in forms.fields(self):
            each.input.password = not event.ticked


class PasswordStep(ResetStep):
    """The new password, where it is chosen on the spot."""

    heading = "Choose a new password"

    def compose(self) -> ComposeResult:
        yield from self.above()
        yield PasswordRoom()
        yield from self.told()

    def applies(self, draft: Draft) -> bool:
        """Before the code is known nobody can tell; most agencies have it so."""
        return draft.opened is None or draft.opened.on_the_spot

    def show(self, draft: Draft) -> None:
        """The rules for this account."""
        super().show(draft)
        opened = draft.opened
        if opened is not None:
            self.query_one(PasswordRoom).offer(opened.policy, opened.about, replaces=not opened.first)

    def collect(self, draft: Draft) -> Draft:
        """The password."""
        typed = self.query_one(PasswordRoom).secret
        return draft if typed is None else replace(draft, password=typed)

    def enter(self) -> None:
        """To the fields."""
        self.query_one(PasswordRoom).begin()


class FactorStep(ResetStep):
    """The second factor, last of all because its code lives half a minute."""

    heading = "Type the code of your app"
    hurdle = Hurdle.SECOND_FACTOR
    waits_for = KioskStep.SECOND_FACTOR

    def compose(self) -> ComposeResult:
        yield from self.above()
        yield Field("Code", id="factor", check=forms.needed("Type the code, or a recovery code."))
        yield from self.told()

    def applies(self, draft: Draft) -> bool:
        """For whoever has an authenticator app."""
        return draft.opened is not None and draft.opened.hurdles.second_factor

    def lead(self, draft: Draft) -> str:
        """Which one."""
        return (
            "The six digits that your authenticator app shows now, or one of your recovery codes. "
            "If you have neither, press Get help."
        )

    def collect(self, draft: Draft) -> Draft:
        """The code."""
        return replace(draft, factor=Secret(self.text("factor")))

    def refuse(self, sentence: str, wait: int, *, too_soon: bool = False) -> None:
        """A code that was wrong is of no use any more."""
        super().refuse(sentence, wait, too_soon=too_soon)
        self.query_one("#factor", Field).value = ""
        self.query_one("#factor", Field).focus()


def _code_refusal(text: str) -> str | None:
    return None if codes.read_code(text) else _WRITE_CODE
