"""What staff do with the account behind one person: create, mail, close and open it again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

from models.states import TokenPurpose
from screens.base import DeskScreen
from screens.clients.reset import lasting
from screens.clients.words import called
from screens.dialogs.ask_line import AskReason
from screens.dialogs.confirm import Confirm
from screens.dialogs.send_mail import SendMail
from screens.verification.verifying import verify_caller
from screens.widgets.countdown import seconds_until
from services import rights
from services.accounts.action_words import follows
from services.actor import Actor
from services.approvals.values import WORDS, Dangerous, NeedsSecondPerson
from services.clients.values import ActionOffer, ClientRecord, PersonAction, PersonPanel
from services.credentials import tokens
from services.errors import Invalid, Refused, TooSoon
from services.person_key import PersonKey
from services.rights import Right
from services.staff.values import StaffRecord
from services.verification.standing import NotVerified
from services.verification.values import Level

P = ParamSpec("P")
R = TypeVar("R")
Record = ClientRecord | StaffRecord


class AccountTasks(ABC):
    """Runs above one screen, in its workers; what the services refuse is raised, and the screen tells it."""

    def __init__(self, screen: DeskScreen[Any], actor: Actor, working: Callable[[bool], None]) -> None:
        """`working` is told when something begins and ends to be stored."""
        self._screen = screen
        self._working = working
        self._app = screen.app
        self._desk = screen.desk
        self._actor = actor

    @abstractmethod
    async def record(self, person: PersonKey) -> Record:
        """What the list says of somebody now."""

    async def welcome(self, person: PersonKey) -> None:
        """Create the account and send its welcome mail, or send that mail again: whichever applies."""
        record = await self.record(person)
        offers = await self._offers(person)
        create, again = offers[PersonAction.WELCOME], offers[PersonAction.RESEND_WELCOME]
        if create.allowed:
            await self._create(person, record)
        elif again.allowed or again.allowed_at is not None:
            if not await self._known(person, again):
                return
            await self._send_again(person, record, seconds_until(again.allowed_at, self._desk.ctx.clock))
        else:
            raise Refused(create.reason)

    async def temporary(self, person: PersonKey) -> None:
        """Mail a temporary password, which nobody here sees."""
        record = await self.record(person)
        offer = (await self._offers(person))[PersonAction.TEMPORARY]
        if not offer.allowed and offer.allowed_at is None:
            raise Refused(offer.reason)
        if not await self._known(person, offer):
            return
        wait = seconds_until(offer.allowed_at, self._desk.ctx.clock)
        lines = follows(PersonAction.TEMPORARY, record.email)
        while await self._app.push_screen_wait(
            SendMail(f"Send {called(record.name)} a temporary password?", lines, "Send", wait)
        ):
            try:
                sent = await self._reasoned(person, record.name, self._desk.temporary.send)
            except TooSoon as refusal:
                wait = refusal.wait
            else:
                if sent is None:
                    return
                self._good(f"A temporary password for {called(record.name)} is on its way to {record.email}.")
                return

    async def open_or_close(self, person: PersonKey) -> None:
        """Deactivate or reactivate the account: whichever applies."""
        record = await self.record(person)
        offers = await self._offers(person)
        if offers[PersonAction.REACTIVATE].allowed:
            if not await self._known(person, offers[PersonAction.REACTIVATE]):
                return
            await self._reactivate(person, record)
        elif offers[PersonAction.DEACTIVATE].allowed:
            await self._deactivate(person, record)
        else:
            raise Refused(offers[PersonAction.DEACTIVATE].reason)

    async def verify(self, person: PersonKey) -> None:
        """Verify a caller in one way or another."""
        await verify_caller(self._screen, self._actor, person)

    async def clear_factor(self, person: PersonKey) -> None:
        """Take a lost second factor off the account of a verified caller; a colleague may have to agree."""
        record = await self.record(person)
        offer = (await self._offers(person))[PersonAction.CLEAR_FACTOR]
        if not offer.allowed:
            raise Refused(offer.reason)
        if not await self._known(person, offer):
            return
        question = Confirm(
            f"Clear the second factor of {called(record.name)}?",
            follows(PersonAction.CLEAR_FACTOR, record.email),
            yes="Clear it",
            no="Keep it",
            dangerous=True,
        )
        await self._with_reason(
            f"Why is the second factor of {called(record.name)} cleared?",
            question,
            person,
            f"The second factor of {called(record.name)} has been cleared.",
            self._desk.clearing.second_factor,
        )

    async def _create(self, person: PersonKey, record: Record) -> None:
        lines = [
            f"The user name is {record.email}.",
            f"The welcome mail goes to this address; it works for {await self._lasting(TokenPurpose.ACTIVATE)}.",
        ]
        if await self._app.push_screen_wait(
            SendMail(f"Create an account for {called(record.name)}?", lines, "Create and send")
        ):
            await self._store(self._desk.accounts.create_and_welcome, self._actor, person)
            self._good(f"The account of {called(record.name)} is created; the welcome mail is on its way.")

    async def _send_again(self, person: PersonKey, record: Record, wait: int) -> None:
        lines = [
            f"It goes to {record.email} and works for {await self._lasting(TokenPurpose.ACTIVATE)}.",
            "The link and the code of the older mail stop working.",
        ]
        while await self._app.push_screen_wait(
            SendMail(f"Send {called(record.name)} the welcome mail again?", lines, "Send", wait)
        ):
            try:
                await self._shown(person, self._desk.accounts.resend_welcome, self._actor, person)
            except TooSoon as refusal:
                wait = refusal.wait
            else:
                self._good(f"The welcome mail for {called(record.name)} is on its way to {record.email}.")
                return

    async def _deactivate(self, person: PersonKey, record: Record) -> None:
        question = Confirm(
            f"Deactivate {called(record.name)}?",
            follows(PersonAction.DEACTIVATE, record.email),
            yes="Deactivate",
            no="Keep it",
            dangerous=True,
        )
        await self._with_reason(
            f"Why is {called(record.name)} deactivated?",
            question,
            person,
            f"The account of {called(record.name)} has been deactivated.",
            self._desk.accounts.deactivate,
        )

    async def _reactivate(self, person: PersonKey, record: Record) -> None:
        question = Confirm(
            f"Reactivate {called(record.name)}?",
            follows(PersonAction.REACTIVATE, record.email),
            yes="Reactivate",
            no="Leave it",
        )
        await self._with_reason(
            f"Why is {called(record.name)} reactivated?",
            question,
            person,
            f"The account of {called(record.name)} has been reactivated.",
            self._desk.accounts.reactivate,
        )

    async def _with_reason(
        self,
        title: str,
        question: Confirm,
        person: PersonKey,
        done: str,
        change: Callable[[Actor, PersonKey, str], None],
    ) -> None:
        reason, problem = "", ""
        while True:
            told = await self._app.push_screen_wait(AskReason(title, reason, problem))
            if told is None or not await self._app.push_screen_wait(question):
                return
            try:
                await self._shown(person, change, self._actor, person, told)
            except Invalid as refusal:
                reason, problem = told, refusal.sentence
            except NeedsSecondPerson as lacking:
                await self.ask_colleague(person, lacking.what, told)
                return
            else:
                self._good(done)
                return

    async def _reasoned(self, person: PersonKey, name: str, send: Callable[..., R]) -> R | None:
        """Send something, with a reason and a colleague's yes where they are asked for; None if that was left off."""
        reason = ""
        while True:
            try:
                return await self._shown(person, partial(send, reason=reason), self._actor, person)
            except Invalid as refusal:
                title = f"{called(name)} is an administrator: why is this sent?"
                problem = refusal.sentence if reason else ""
                told = await self._app.push_screen_wait(AskReason(title, reason, problem))
                if told is None:
                    return None
                reason = told
            except NeedsSecondPerson as lacking:
                await self.ask_colleague(person, lacking.what, reason)
                return None

    async def ask_colleague(self, person: PersonKey, what: Dangerous, reason: str) -> None:
        """Ask for the yes without which this is not done here."""
        question = Confirm(
            "A colleague must agree",
            [
                f"Your request to {WORDS[what]} goes to your colleagues, with your reason:",
                f"“{reason}”",
                "",
                "Any other who may do it decides within 24 hours. Then you carry it out, once.",
            ],
            yes="Ask them",
            no="Leave it",
        )
        if await self._app.push_screen_wait(question):
            await self._shown(person, self._desk.approvals.ask, self._actor, person, what, reason)
            self._good("Your colleagues have been asked. Key g shows what they say.")

    async def _known(self, person: PersonKey, offer: ActionOffer) -> bool:
        """Verify the caller as far as the action needs it; tells whether it may go on."""
        if offer.lacks is Level.LOOK:
            return True
        return await verify_caller(self._screen, self._actor, person, offer.lacks)

    async def _shown(self, person: PersonKey, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Store something; if the caller is not known surely enough by now, verify first and then go on."""
        while True:
            try:
                return await self._store(function, *args, **kwargs)
            except NotVerified as lacking:
                if not await verify_caller(self._screen, self._actor, person, lacking.needed):
                    raise

    def _guard(self) -> None:
        """Say at once why somebody changes nothing here. Raises Refused."""
        told = rights.why_not(self._actor.role, Right.ACT)
        if told:
            raise Refused(told)

    async def _panel(self, person: PersonKey) -> PersonPanel:
        return await self._screen.call(self._desk.people.panel, self._actor, person)

    async def _offers(self, person: PersonKey) -> dict[PersonAction, ActionOffer]:
        offers = await self._screen.call(self._desk.accounts.offers, self._actor, person)
        return {offer.action: offer for offer in offers}

    async def _lasting(self, purpose: TokenPurpose) -> str:
        agency = await self._screen.call(self._desk.agencies.view, self._actor.agency_id)
        return lasting(tokens.lifetime(agency.profile, purpose))

    async def _store(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._working(True)
        try:
            return await self._screen.call(function, *args, **kwargs)
        finally:
            self._working(False)

    def _good(self, words: str) -> None:
        self._screen.notify(words, markup=False)
