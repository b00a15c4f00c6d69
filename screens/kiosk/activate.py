"""Activate my account, at a kiosk: the welcome mail's code, a first password, and the first steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from textual.app import ComposeResult
from textual.widgets import Static

from screens.kiosk.arrival import STEPS_LEFT, arrive_or_tell, arrive_with_temporary
from screens.kiosk.done import KioskDone
from screens.kiosk.flow import KioskFlow
from screens.kiosk.password_room import PasswordRoom
from screens.kiosk.workplace import KioskPlace
from screens.widgets import forms
from screens.widgets.field import Field
from screens.wizard.held_step import HeldStep
from screens.wizard.step import Step
from services.credentials import codes
from services.credentials.passwords import Secret
from services.errors import Refused
from services.recovery_values import OpenedToken
from services.rules import clean_email

_MAIL_LEAD = (
    "It stands in the welcome mail: eight signs. The link of the mail, or a temporary password, does as well. "
    "No mail? Press Get help."
)
_NEITHER = "Type the eight signs of the code, or the sixteen of a temporary password, as they stand in the mail."
_DONE = "Sign in with your user name and your own password from now on."


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody brought.

    Attributes:
        typed: the code, the link, or a temporary password.
        opened: what it opens; None for a temporary password, which the sign-in takes at the end.
    """

    email: str = ""
    typed: Secret = field(default_factory=lambda: Secret(""))
    opened: OpenedToken | None = None
    password: Secret = field(default_factory=lambda: Secret(""))

    @property
    def temporary(self) -> bool:
        """Whether it is a temporary password."""
        return codes.read_temporary(self.typed.reveal()) is not None


class AddressStep(HeldStep[Draft]):
    """Whose account it is."""

    heading = "What is your e-mail address?"

    def compose(self) -> ComposeResult:
        yield Static("The one to which the welcome mail was sent.", classes="step-lead step-aside", markup=False)
        yield Field("E-mail address", id="email", check=forms.told_by(clean_email))
        yield from self.told()

    def collect(self, draft: Draft) -> Draft:
        """The address."""
        return replace(draft, email=self.text("email"))


class CodeStep(HeldStep[Draft]):
    """What the mail brought."""

    heading = "Type the code from your mail"

    def __init__(self, place: KioskPlace) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        yield Static(_MAIL_LEAD, classes="step-lead step-aside", markup=False)
        yield Field("Code", id="code", check=_refusal, joins_lines=True)
        yield from self.told()

    def collect(self, draft: Draft) -> Draft:
        """The code."""
        return replace(draft, typed=Secret(self.text("code")))

    async def leave(self, draft: Draft) -> Draft:
        """See what it opens; a temporary password shows that at the end."""
        if draft.temporary:
            return replace(draft, opened=None)
        place = self._place
        opened = await place.call(place.desk.kiosk_activations.open, place.origin, draft.typed, draft.email)
        return replace(draft, opened=opened)


class PasswordStep(HeldStep[Draft]):
    """The first password."""

    heading = "Choose a password"

    def compose(self) -> ComposeResult:
        yield PasswordRoom()
        yield from self.told()

    def applies(self, draft: Draft) -> bool:
        """With a temporary password it is one of the first steps."""
        return not draft.temporary

    def show(self, draft: Draft) -> None:
        """The rules for this account."""
        if draft.opened is not None:
            self.query_one(PasswordRoom).offer(draft.opened.policy, draft.opened.about)

    def collect(self, draft: Draft) -> Draft:
        """The password."""
        typed = self.query_one(PasswordRoom).secret
        return draft if typed is None else replace(draft, password=typed)

    def enter(self) -> None:
        """To the fields."""
        self.query_one(PasswordRoom).begin()


class KioskActivate(KioskFlow[Draft, None]):
    """From the address to the end of the first steps; closes with None when everything is said."""

    title_words = "Activate my account"
    verb = "Go on"

    def __init__(self, place: KioskPlace) -> None:
        super().__init__(place, Draft())

    def steps(self) -> Sequence[Step[Draft]]:
        """Three, or two with a temporary password; then come the first steps."""
        return AddressStep(), CodeStep(self.place), PasswordStep()

    async def _advance(self) -> None:
        try:
            await super()._advance()
        except Refused as refusal:
            if not isinstance(self._step, CodeStep):
                raise
            self._step.refuse(refusal.sentence, 0)

    async def finish(self, draft: Draft) -> None:
        """Set the password where there is none, sign in with what there is, and take the first steps."""
        company_code, user_name, password = self.place.kiosk.company_code, draft.email, draft.typed
        if draft.opened is None:
            self.busy = "Signing in …"
            complete = await arrive_with_temporary(self, company_code, user_name, password)
            if not complete:
                return
        else:
            self.busy = "Setting the password …"
            choose = self.desk.kiosk_activations.choose_password
            chosen = await self.call(choose, self.place.origin, draft.typed, draft.email, draft.password)
            company_code, user_name = chosen.company_code, chosen.user_name
            complete = await arrive_or_tell(self, company_code, user_name, draft.password)
        facts = (("Company code", company_code), ("User name", user_name))
        title = "Your account is set up" if complete else "Your account is open, and your password is set"
        lines = [_DONE] if complete else [_DONE, STEPS_LEFT]
        await self.app.push_screen_wait(KioskDone(self.place, title, facts, lines))


def _refusal(text: str) -> str | None:
    return None if codes.read_link(text) or codes.read_code(text) or codes.read_temporary(text) else _NEITHER
