"""From the question how a caller shall be verified to the moment when they are known surely enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.states import CheckMethod
from screens.base import DeskScreen
from screens.clients.words import called
from screens.dialogs.ask_line import AskReason
from screens.verification.asking import AskAnswers, AskCode
from screens.verification.methods import VerifyCaller
from services.actor import Actor
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.errors import Invalid, TooSoon
from services.person_key import PersonKey
from services.verification.values import CallerOffers, CodeStanding, Level, Verdict
from services.when import show_time


async def verify_caller(screen: DeskScreen[Any], actor: Actor, person: PersonKey, needed: Level = Level.LOOK) -> bool:
    """Verify until the caller is known surely enough, or somebody gives up; tells whether they are.

    Without a level one success is enough. Raises whatever the services refuse.
    """
    return await _Verifying(screen, actor, person).until(needed)


class _Verifying:
    """One caller, and what is asked of them."""

    def __init__(self, screen: DeskScreen[Any], actor: Actor, person: PersonKey) -> None:
        self._screen = screen
        self._app = screen.app
        self._service = screen.desk.verification
        self._clock = screen.desk.ctx.clock
        self._actor = actor
        self._person = person
        self._methods = {
            CheckMethod.QUESTIONS: self._questions,
            CheckMethod.CODE: self._code,
            CheckMethod.SECOND_FACTOR: self._factor,
            CheckMethod.OVERRIDE: self._override,
        }

    async def until(self, needed: Level) -> bool:
        shown = False
        while True:
            offers = await self._screen.call(self._service.offers, self._actor, self._person)
            if offers.standing.level >= max(needed, Level.RESEND) and (shown or needed > Level.LOOK):
                self._tell(offers)
                return True
            method = await self._app.push_screen_wait(VerifyCaller(offers, needed, self._clock))
            if method is None:
                return False
            shown = await self._methods[method](offers) or shown

    async def _questions(self, offers: CallerOffers) -> bool:
        questions = await self._screen.call(self._service.questions_for, self._actor, self._person)

        async def check(said: Sequence[Answered]) -> Verdict:
            return await self._screen.call(self._service.check_answers, self._actor, self._person, said)

        return await self._app.push_screen_wait(AskAnswers(offers.name, questions, check)) is not None

    async def _code(self, offers: CallerOffers) -> bool:
        try:
            await self._screen.call(self._service.send_code, self._actor, self._person)
        except TooSoon:
            # One was sent a moment ago: it is as good as a new one, if it was ours.
            standing = await self._look()
            if standing.why_over:
                raise

        async def check(said: Secret) -> Verdict:
            return await self._screen.call(self._service.check_code, self._actor, self._person, said)

        asking = AskCode(offers.name, check, self._clock, address=offers.address, look=self._look)
        return await self._app.push_screen_wait(asking) is not None

    async def _look(self) -> CodeStanding:
        return await self._screen.call(self._service.code_standing, self._actor, self._person)

    async def _factor(self, offers: CallerOffers) -> bool:
        async def check(said: Secret) -> Verdict:
            return await self._screen.call(self._service.check_factor, self._actor, self._person, said)

        return await self._app.push_screen_wait(AskCode(offers.name, check, self._clock)) is not None

    async def _override(self, offers: CallerOffers) -> bool:
        reason, problem = "", ""
        while True:
            title = f"How do you know that this is {called(offers.name)}?"
            told = await self._app.push_screen_wait(AskReason(title, reason, problem))
            if told is None:
                return False
            try:
                await self._screen.call(self._service.override, self._actor, self._person, told)
            except Invalid as refusal:
                reason, problem = told, refusal.sentence
            else:
                return True

    def _tell(self, offers: CallerOffers) -> None:
        if offers.standing.until is not None:
            until = show_time(offers.standing.until)
            self._screen.notify(f"{called(offers.name)} is verified until {until}.", markup=False)
