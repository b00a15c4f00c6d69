"""What staff do with one person, client or colleague: each task from its guard to its good news."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from models.states import IdentityState, MailPurpose, TokenPurpose
from screens.base import DeskScreen
from screens.clients.actions import ClientActions
from screens.clients.reset import ClientReset
from screens.clients.words import called
from screens.dialogs.notice import Notice
from screens.dialogs.show_address import ShowAddress
from screens.dialogs.why import Why
from screens.history import History
from screens.persons.account_tasks import AccountTasks, Record
from screens.widgets.countdown import seconds_until
from screens.widgets.person_panel import first_sign, with_countdown
from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.clients.values import PersonAction, PersonPanel, Saved
from services.conventions import Conventions
from services.errors import Refused, TooSoon
from services.person_key import PersonKey

Task = Callable[[PersonKey], Awaitable[None]]

_CORRECT = "Correct the e-mail address and save; the mail then goes to it."


class PersonTasks(AccountTasks):
    """The whole Actions menu; a subclass knows the list on which the person stands: its form, and its records."""

    def __init__(self, screen: DeskScreen[Any], actor: Actor, working: Callable[[bool], None]) -> None:
        """`working` is told when something begins and ends to be stored."""
        super().__init__(screen, actor, working)
        self._tasks: dict[PersonAction, Task] = {
            PersonAction.PROPERTIES: self.properties,
            PersonAction.ANALYTICS: self.analytics,
            PersonAction.EDIT: self.edit,
            PersonAction.IDENTITY: self.identity,
            PersonAction.WELCOME: self.welcome,
            PersonAction.RESET: self.reset,
            PersonAction.RESEND_WELCOME: self.welcome,
            PersonAction.TEMPORARY: self.temporary,
            PersonAction.RESET_ADDRESS: self.address,
            PersonAction.CLEAR_FACTOR: self.clear_factor,
            PersonAction.SSH_KEYS: self.ssh_keys,
            PersonAction.DEACTIVATE: self.open_or_close,
            PersonAction.REACTIVATE: self.open_or_close,
            PersonAction.VERIFY: self.verify,
            PersonAction.WHY: self.why,
            PersonAction.HISTORY: self.history,
        }

    async def conventions(self) -> Conventions:
        """How the agency writes what a form shows."""
        return await self._screen.call(self._desk.agencies.conventions, self._actor.agency_id)

    async def actions(self, person: PersonKey) -> None:
        """Show the menu, and do what was chosen."""
        panel = await self._panel(person)
        offers = await self._offers(person)
        menu = ClientActions(
            panel.record.name,
            f"{first_sign(panel)} {with_countdown(panel.causes[0], self._desk.ctx.clock.now())}",
            panel.identity_state,
            list(offers.values()),
            self._desk.ctx.clock,
        )
        action = await self._app.push_screen_wait(menu)
        if action is not None:
            await self.do(action, person)

    async def why(self, person: PersonKey) -> None:
        """Show every cause why somebody cannot get in, and do what mends one."""

        async def look() -> PersonPanel:
            return await self._panel(person)

        action = await self._app.push_screen_wait(Why(await look(), look, self._desk.ctx.clock))
        if action is PersonAction.EDIT:
            # What it mends is the address.
            await self.edit(person, focus="email")
        elif action is not None:
            await self.do(action, person)

    async def do(self, action: PersonAction, person: PersonKey) -> None:
        """Do what a menu offers under this name."""
        await self._tasks[action](person)

    @abstractmethod
    async def ask_new(self) -> Saved[Any] | None:
        """The form of somebody new; None if it was left."""

    @abstractmethod
    async def ask_change(
        self, person: PersonKey, *, focus: str = "first_name", note: str = ""
    ) -> tuple[Any, Saved[Any] | None]:
        """The form of somebody in the list: the record as it was read, and what was saved.

        Args:
            focus: the field to begin with.
            note: what follows after saving, if anything does.
        """

    @abstractmethod
    async def unmarked(self) -> Sequence[PersonKey]:
        """Whose accounts are created when nobody is marked. Raises Refused with what to do if that is nobody."""

    async def create_for_many(self, marked: Sequence[PersonKey]) -> bool:
        """Create accounts for many people; tells whether that has begun."""
        self._guard()
        # Imported when it is needed: few days see it.
        from screens.creation.bulk import BulkCreation

        creation = BulkCreation(self._screen.place, self._actor, marked or await self.unmarked())
        await self._app.push_screen_wait(creation)
        return creation.begun

    async def new(self) -> int | None:
        """Add somebody; returns the number of the row."""
        self._guard()
        saved = await self.ask_new()
        if saved is None:
            return None
        self._good(f"{called(saved.record.name)} has been added.")
        return int(saved.record.id)

    async def edit(self, person: PersonKey, *, focus: str = "first_name") -> None:
        """Correct what the list says of somebody, beginning with a field."""
        self._guard()
        before, saved = await self.ask_change(person, focus=focus)
        if saved is None:
            return
        if saved.email_changed and saved.record.email:
            await self._app.push_screen_wait(Notice("Saved", [_changed(saved)]))
        elif saved.record.version == before.version:
            self._good("Nothing was changed.")
        else:
            self._good(f"{called(saved.record.name)} has been saved.")

    async def reset(self, person: PersonKey) -> None:
        """Send a reset for one of the three reasons; a wrong address is corrected on the way."""
        panel = await self._panel(person)
        offer = (await self._offers(person))[PersonAction.RESET]
        if panel.identity_state is None:
            await self.welcome(person)
            return
        if not offer.allowed and offer.allowed_at is None:
            raise Refused(offer.reason)
        if not await self._known(person, offer):
            return
        record: Record = panel.record
        wait, changed = seconds_until(offer.allowed_at, self._desk.ctx.clock), ""
        while True:
            why = await self._why(record, panel.identity_state, wait)
            if why is None:
                return
            if why is ResetReason.WRONG_EMAIL:
                _, saved = await self.ask_change(person, focus="email", note=_CORRECT)
                if saved is None:
                    return
                record, changed = saved.record, _changed(saved) if saved.email_changed else changed
            try:
                sent = await self._reasoned(person, record.name, partial(self._desk.accounts.send_reset, why=why))
            except TooSoon as refusal:
                wait = refusal.wait
                continue
            if sent is None:
                return
            mail = "The welcome mail" if sent.purpose is MailPurpose.WELCOME else "A reset mail"
            words = f"{mail} for {called(record.name)} is on its way to {sent.to_address}."
            if changed:
                await self._app.push_screen_wait(Notice("Saved and sent", [changed, words]))
            else:
                self._good(words)
            return

    async def address(self, person: PersonKey) -> None:
        """Show the address of the reset page, to hand over."""
        record = await self.record(person)
        offer = (await self._offers(person))[PersonAction.RESET_ADDRESS]
        if not offer.allowed:
            raise Refused(offer.reason)
        address = await self._screen.call(self._desk.accounts.reset_page_address, self._actor)
        await self._app.push_screen_wait(ShowAddress(address, record.name))

    async def identity(self, person: PersonKey) -> None:
        """Create the account in steps, with offices, role and what there was in the old system; or change those two."""
        # Imported when it is needed: a wizard with its steps.
        from screens.creation.manage_identity import ManageIdentity

        await self._app.push_screen_wait(ManageIdentity(self._screen.place, self._actor, person))

    async def ssh_keys(self, person: PersonKey) -> None:
        """Show which SSH keys open the account of a colleague, bind and revoke some."""
        offer = (await self._offers(person))[PersonAction.SSH_KEYS]
        if not offer.allowed:
            raise Refused(offer.reason)
        # Imported when it is needed: few days see it.
        from screens.ssh_keys.of_person import KeysOfPerson

        await self._app.push_screen_wait(KeysOfPerson(self._screen.place, self._actor, person))

    async def properties(self, person: PersonKey) -> None:
        """Show what a client owns and owes, and keep it right."""
        offer = (await self._offers(person))[PersonAction.PROPERTIES]
        if not offer.allowed:
            raise Refused(offer.reason)
        # Imported when it is needed: few days see it.
        from screens.properties.of_client import ClientProperties

        await self._app.push_screen_wait(ClientProperties(self._screen.place, self._actor, person.id))

    async def analytics(self, person: PersonKey) -> None:
        """Show the numbers of a client."""
        offer = (await self._offers(person))[PersonAction.ANALYTICS]
        if not offer.allowed:
            raise Refused(offer.reason)
        record = await self.record(person)
        # Imported when it is needed, with what draws.
        from screens.analytics.of_client import ClientCharts

        await self._app.push_screen_wait(ClientCharts(self._screen.place, self._actor, person.id, record.name))

    async def history(self, person: PersonKey) -> None:
        """Show what happened to somebody."""
        record = await self.record(person)
        await self._app.push_screen_wait(History(self._screen.place, self._actor, person, record.name))

    async def _why(self, record: Record, state: IdentityState, wait: int) -> ResetReason | None:
        purpose = TokenPurpose.ACTIVATE if state is IdentityState.PENDING else TokenPurpose.RESET
        lasts = await self._lasting(purpose)
        return await self._app.push_screen_wait(ClientReset(record.name, record.email, state, lasts, wait))


def _changed(saved: Saved[Any]) -> str:
    return f"The e-mail address has been changed to {saved.record.email}."
