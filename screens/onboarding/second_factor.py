"""The second factor among the first steps: the app, then its recovery codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from screens.factor.enrol import Enrol
from screens.factor.recovery_codes import RecoveryCodes
from screens.onboarding.steps import Draft, OwedStep
from screens.workplace import Workplace
from services.accounts.first_words import APP_ASKED, CODES_OWED
from services.accounts.second_factor import Enrolment
from services.actor import Actor
from services.credentials.passwords import Secret
from services.errors import Invalid

_APP = "\n\n".join((*APP_ASKED, "Install one if you have none. Next connects it with your account."))
_CODES = f"{CODES_OWED} Next shows ten new ones.\n\nIf you lose your phone, each of them lets you in once."
_DONE = "✓ Two-step sign-in is on. There is nothing left to do in this step."
_PROBLEM = "second_factor"


class SecondFactorStep(OwedStep):
    """Opens the screens that set it up; goes on once the recovery codes are kept."""

    heading = "Second step"
    DEFAULT_CSS = """
    SecondFactorStep {
        .step-lead { color: $foreground; }
        .step-problem { height: auto; color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place, actor)
        self._set_up = False

    def compose(self) -> ComposeResult:
        yield Static("", classes="step-lead", markup=False)
        yield Static("", classes="step-problem", markup=False)

    def applies(self, draft: Draft) -> bool:
        """Where the agency requires it and there is none, and where its recovery codes were not kept."""
        return draft.newcomer.owed.second_factor or draft.newcomer.owed.recovery_codes

    def show(self, draft: Draft) -> None:
        """What comes next."""
        words = _DONE if draft.codes_kept else _CODES if self._has_app(draft) else _APP
        self.query_one(".step-lead", Static).update(Content(words))
        self._say("")

    async def leave(self, draft: Draft) -> Draft:
        """Set up what is missing. Raises Invalid for whoever came back before the end."""
        if draft.codes_kept:
            return draft
        service = self._place.desk.second_factor
        if self._has_app(draft):
            codes = await self._place.call(service.new_recovery_codes, self._actor, Secret(""))
            kept: bool | None = await self.app.push_screen_wait(self.showing(codes))
        else:
            begun = await self._place.call(service.begin, self._actor, Secret(""))
            kept = await self.app.push_screen_wait(self.enrolling(begun))
            if kept is None:
                raise Invalid({_PROBLEM: "The app is not set up yet. Next begins anew."})
            self._set_up = True
        if not kept:
            raise Invalid({_PROBLEM: "The recovery codes are not kept yet. Next makes new ones."})
        return replace(draft, codes_kept=True)

    def enrolling(self, begun: Enrolment) -> Screen[bool | None]:
        """The screen that sets the app up: None without it, else whether its recovery codes are kept."""
        return Enrol(self._place, self._actor, begun)

    def showing(self, codes: Sequence[str]) -> Screen[bool]:
        """The screen that shows recovery codes: whether they are kept."""
        return RecoveryCodes(self._place, self._actor, codes)

    def tell(self, problems: Mapping[str, str]) -> bool:
        """Say that it is not done."""
        self._say(problems.get(_PROBLEM, ""))
        return _PROBLEM in problems

    def _say(self, words: str) -> None:
        self.query_one(".step-problem", Static).update(Content(f"✗ {words}" if words else ""))

    def _has_app(self, draft: Draft) -> bool:
        return self._set_up or draft.newcomer.owed.recovery_codes
