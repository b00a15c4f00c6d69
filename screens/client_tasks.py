"""What staff do with one client, each task from its guard to its good news."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

from models.states import IdentityState, MailPurpose, TokenPurpose
from screens.base import DeskScreen
from screens.client_actions import ClientActions, seconds_until
from screens.client_edit import ClientEdit
from screens.client_reset import ClientReset, lasting
from screens.client_words import called
from screens.dialogs.ask_reason import AskReason
from screens.dialogs.confirm import Confirm
from screens.dialogs.notice import Notice
from screens.dialogs.send_mail import SendMail
from screens.dialogs.show_address import ShowAddress
from screens.history import History
from services import tokens
from services.accounts import ResetReason
from services.actor import Actor
from services.client_rows import ACCESS_WORDS
from services.client_values import ActionOffer, ClientAction, ClientRecord, PersonPanel, Saved
from services.errors import Invalid, Refused, TooSoon

P = ParamSpec("P")
R = TypeVar("R")
Task = Callable[[int], Awaitable[None]]


class ClientTasks:
    """Runs above one screen, in its workers; what the services refuse is raised, and the screen tells it."""

    def __init__(self, screen: DeskScreen[Any], actor: Actor, working: Callable[[bool], None]) -> None:
        """`working` is told when something begins and ends to be stored."""
        self._screen = screen
        self._working = working
        self._app = screen.app
        self._desk = screen.desk
        self._actor = actor
        self._tasks: dict[ClientAction, Task] = {
            ClientAction.EDIT: self.edit,
            ClientAction.WELCOME: self.welcome,
            ClientAction.RESET: self.reset,
            ClientAction.RESEND_WELCOME: self.welcome,
            ClientAction.RESET_ADDRESS: self.address,
            ClientAction.DEACTIVATE: self.open_or_close,
            ClientAction.REACTIVATE: self.open_or_close,
            ClientAction.HISTORY: self.history,
        }

    async def actions(self, client_id: int) -> None:
        """Show the menu, and do what was chosen."""
        panel = await self._panel(client_id)
        offers = await self._offers(client_id)
        sign = ACCESS_WORDS[panel.access].split()[0]
        menu = ClientActions(
            panel.record.name, f"{sign} {panel.access_words}", list(offers.values()), self._desk.ctx.clock
        )
        action = await self._app.push_screen_wait(menu)
        if action is not None:
            await self.do(action, client_id)

    async def do(self, action: ClientAction, client_id: int) -> None:
        """Do what a menu offers under this name."""
        await self._tasks[action](client_id)

    async def new(self) -> int | None:
        """Add a client; returns the id."""
        saved = await self._app.push_screen_wait(ClientEdit(self._screen.place, self._actor, None))
        if saved is None:
            return None
        self._good(f"{called(saved.record.name)} has been added.")
        return saved.record.id

    async def edit(self, client_id: int) -> None:
        """Correct a client."""
        record = await self._screen.call(self._desk.clients.get, self._actor, client_id)
        saved = await self._app.push_screen_wait(ClientEdit(self._screen.place, self._actor, record))
        if saved is None:
            return
        if saved.email_changed:
            await self._app.push_screen_wait(Notice("Saved", [_changed(saved)]))
        elif saved.record.version == record.version:
            self._good("Nothing was changed.")
        else:
            self._good(f"{called(saved.record.name)} has been saved.")

    async def reset(self, client_id: int) -> None:
        """Send a reset for one of the three reasons; a wrong address is corrected on the way."""
        panel = await self._panel(client_id)
        offer = (await self._offers(client_id))[ClientAction.RESET]
        if panel.identity_state is None:
            await self.welcome(client_id)
            return
        if not offer.allowed and offer.allowed_at is None:
            raise Refused(offer.reason)
        record, wait, changed = panel.record, seconds_until(offer.allowed_at, self._desk.ctx.clock), ""
        while True:
            why = await self._why(record, panel.identity_state, wait)
            if why is None:
                return
            if why is ResetReason.WRONG_EMAIL:
                saved = await self._app.push_screen_wait(self._correction(record))
                if saved is None:
                    return
                record, changed = saved.record, _changed(saved) if saved.email_changed else changed
            try:
                sent = await self._store(self._desk.accounts.send_reset, self._actor, client_id, why)
            except TooSoon as refusal:
                wait = refusal.wait
                continue
            mail = "The welcome mail" if sent.purpose is MailPurpose.WELCOME else "A reset mail"
            words = f"{mail} for {called(record.name)} is on its way to {sent.to_address}."
            if changed:
                await self._app.push_screen_wait(Notice("Saved and sent", [changed, words]))
            else:
                self._good(words)
            return

    async def welcome(self, client_id: int) -> None:
        """Create the account and send its welcome mail, or send that mail again: whichever applies."""
        record = await self._screen.call(self._desk.clients.get, self._actor, client_id)
        offers = await self._offers(client_id)
        create, again = offers[ClientAction.WELCOME], offers[ClientAction.RESEND_WELCOME]
        if create.allowed:
            await self._create(record)
        elif again.allowed or again.allowed_at is not None:
            await self._send_again(record, seconds_until(again.allowed_at, self._desk.ctx.clock))
        else:
            raise Refused(create.reason)

    async def open_or_close(self, client_id: int) -> None:
        """Deactivate or reactivate the account: whichever applies."""
        record = await self._screen.call(self._desk.clients.get, self._actor, client_id)
        offers = await self._offers(client_id)
        if offers[ClientAction.REACTIVATE].allowed:
            await self._reactivate(record)
        elif offers[ClientAction.DEACTIVATE].allowed:
            await self._deactivate(record)
        else:
            raise Refused(offers[ClientAction.DEACTIVATE].reason)

    async def address(self, client_id: int) -> None:
        """Show the address of the reset page, to hand over."""
        record = await self._screen.call(self._desk.clients.get, self._actor, client_id)
        offer = (await self._offers(client_id))[ClientAction.RESET_ADDRESS]
        if not offer.allowed:
            raise Refused(offer.reason)
        address = await self._screen.call(self._desk.accounts.reset_page_address, self._actor)
        await self._app.push_screen_wait(ShowAddress(address, record.name))

    async def history(self, client_id: int) -> None:
        """Show what happened to a client."""
        record = await self._screen.call(self._desk.clients.get, self._actor, client_id)
        await self._app.push_screen_wait(History(self._screen.place, self._actor, record.id, record.name))

    async def _create(self, record: ClientRecord) -> None:
        lines = [
            f"The user name is {record.fields.email}.",
            f"The welcome mail goes to this address; it works for {await self._lasting(TokenPurpose.ACTIVATE)}.",
        ]
        if await self._app.push_screen_wait(
            SendMail(f"Create an account for {called(record.name)}?", lines, "Create and send")
        ):
            await self._store(self._desk.accounts.create_and_welcome, self._actor, record.id)
            self._good(f"The account of {called(record.name)} is created; the welcome mail is on its way.")

    async def _send_again(self, record: ClientRecord, wait: int) -> None:
        lines = [
            f"It goes to {record.fields.email} and works for {await self._lasting(TokenPurpose.ACTIVATE)}.",
            "The link and the code of the older mail stop working.",
        ]
        while await self._app.push_screen_wait(
            SendMail(f"Send {called(record.name)} the welcome mail again?", lines, "Send", wait)
        ):
            try:
                await self._store(self._desk.accounts.resend_welcome, self._actor, record.id)
            except TooSoon as refusal:
                wait = refusal.wait
            else:
                self._good(f"The welcome mail for {called(record.name)} is on its way to {record.fields.email}.")
                return

    async def _deactivate(self, record: ClientRecord) -> None:
        question = Confirm(
            f"Deactivate {called(record.name)}?",
            [
                f"{record.fields.email} can no longer sign in.",
                "Open sessions end, links and codes stop working, and the person gets a notice.",
                "Reactivating undoes it.",
            ],
            yes="Deactivate",
            no="Keep it",
            dangerous=True,
        )
        await self._with_reason(
            f"Why is {called(record.name)} deactivated?",
            question,
            record,
            self._desk.accounts.deactivate,
            "deactivated",
        )

    async def _reactivate(self, record: ClientRecord) -> None:
        question = Confirm(
            f"Reactivate {called(record.name)}?",
            [f"{record.fields.email} can sign in again as before, and the person gets a notice."],
            yes="Reactivate",
            no="Leave it",
        )
        await self._with_reason(
            f"Why is {called(record.name)} reactivated?",
            question,
            record,
            self._desk.accounts.reactivate,
            "reactivated",
        )

    async def _with_reason(
        self,
        title: str,
        question: Confirm,
        record: ClientRecord,
        change: Callable[[Actor, int, str], None],
        done: str,
    ) -> None:
        reason, problem = "", ""
        while True:
            told = await self._app.push_screen_wait(AskReason(title, reason, problem))
            if told is None or not await self._app.push_screen_wait(question):
                return
            try:
                await self._store(change, self._actor, record.id, told)
            except Invalid as refusal:
                reason, problem = told, refusal.sentence
            else:
                self._good(f"The account of {called(record.name)} has been {done}.")
                return

    async def _why(self, record: ClientRecord, state: IdentityState, wait: int) -> ResetReason | None:
        purpose = TokenPurpose.ACTIVATE if state is IdentityState.PENDING else TokenPurpose.RESET
        lasts = await self._lasting(purpose)
        return await self._app.push_screen_wait(ClientReset(record.name, record.fields.email, state, lasts, wait))

    def _correction(self, record: ClientRecord) -> ClientEdit:
        return ClientEdit(
            self._screen.place,
            self._actor,
            record,
            focus="email",
            note="Correct the e-mail address and save; the mail then goes to it.",
        )

    async def _panel(self, client_id: int) -> PersonPanel:
        return await self._screen.call(self._desk.people.panel, self._actor, client_id)

    async def _offers(self, client_id: int) -> dict[ClientAction, ActionOffer]:
        offers = await self._screen.call(self._desk.accounts.offers, self._actor, client_id)
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


def _changed(saved: Saved) -> str:
    return f"The e-mail address has been changed to {saved.record.fields.email}."
