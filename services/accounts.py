"""What helpdesk staff do with a client's account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from peewee import IntegrityError

from models.client import Client
from models.identity import Identity
from models.states import IdentityState, MailPurpose, Role, TokenPurpose, TokenState
from services import access, audit, outbox, sessions, throttle, tokens
from services.account_offers import offers_for, why_not
from services.actor import Actor
from services.client_values import ActionOffer, ClientAction
from services.context import Context
from services.errors import Invalid, NotFound, Refused, TooSoon
from services.identities import full_name, held, hold, verifier_of
from services.rules import Problem, clean_text
from services.when import show_wait

_REASON_LIMIT = 200


class ResetReason(StrEnum):
    """Why a client needs a reset: the three that the manual names."""

    WRONG_EMAIL = "wrong-email"
    FORGOTTEN = "forgotten"
    LOST_WELCOME = "lost-welcome"


@dataclass(frozen=True, slots=True)
class SentMail:
    """The mail that was queued: to whom, and which one it is, since somebody not yet activated gets a welcome mail."""

    to_address: str
    purpose: MailPurpose


class Accounts:
    """Creates accounts, sends what opens them, closes and opens them again."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def offers(self, actor: Actor, client_id: int) -> tuple[ActionOffer, ...]:
        """Every action of the menu, in order, with the reason where it is not possible now. Raises NotFound."""
        with self._ctx.read():
            identity = self._account(self._client(actor, client_id))
            if identity is None:
                return offers_for(None, None)
            return offers_for(identity.state, throttle.mail_slot_at(self._ctx, identity.email_key))

    def reset_page_address(self, actor: Actor) -> str:
        """Where a person asks for a reset without the desk, to hand over."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
        return f"{self._ctx.settings.public_url}/reset"

    def create_and_welcome(self, actor: Actor, client_id: int) -> None:
        """Give a client an account and queue the welcome mail. Raises NotFound or Refused."""
        with self._acting(actor, audit.Action.ACCOUNT_CREATED, client_id) as client:
            # The first mail is never too soon, but the next one waits for it.
            throttle.take_mail_slot(self._ctx, client.email_key, daily_cap=False)
            client = held(self._ctx, Client.select().where(Client.id == client_id)).get()
            account = self._account(client)
            if account is not None:
                raise Refused(why_not(ClientAction.WELCOME, account.state))
            identity = self._create(actor, client)
            tokens.issue(self._ctx, identity, TokenPurpose.ACTIVATE, by=actor.name)
            access.refresh(self._ctx, identity.id)
            self._record(actor, audit.Action.ACCOUNT_CREATED, client_id, identity)

    def resend_welcome(self, actor: Actor, client_id: int) -> None:
        """Queue another welcome mail; the older link and code die. Raises NotFound, Refused or TooSoon."""
        with self._acting(actor, audit.Action.WELCOME_RESENT, client_id) as client:
            identity = self._take_slot(client, ClientAction.RESEND_WELCOME)
            tokens.issue(self._ctx, identity, TokenPurpose.ACTIVATE, by=actor.name)
            access.refresh(self._ctx, identity.id)
            self._record(actor, audit.Action.WELCOME_RESENT, client_id, identity)

    def send_reset(self, actor: Actor, client_id: int, why: ResetReason) -> SentMail:
        """Queue the mail that lets the person in: a reset, or the welcome mail again for somebody not yet activated.

        Raises NotFound, Refused or TooSoon.
        """
        with self._acting(actor, audit.Action.RESET_SENT, client_id) as client:
            identity = self._take_slot(client, ClientAction.RESET)
            pending = identity.state is IdentityState.PENDING
            purpose = TokenPurpose.ACTIVATE if pending else TokenPurpose.RESET
            token = tokens.issue(self._ctx, identity, purpose, by=actor.name)
            access.refresh(self._ctx, identity.id)
            self._record(actor, audit.Action.RESET_SENT, client_id, identity, why=why.value)
            return SentMail(token.message.to_address, token.message.purpose)

    def deactivate(self, actor: Actor, client_id: int, reason: str) -> None:
        """Close an account: sessions end, links and codes die. Raises Invalid for `reason`, NotFound or Refused."""
        told = _reason(reason)
        with self._acting(actor, audit.Action.ACCOUNT_DEACTIVATED, client_id) as client:
            identity = self._take(client, ClientAction.DEACTIVATE)
            self._put(actor, identity, IdentityState.DEACTIVATED, told)
            sessions.end_sessions(self._ctx, identity.id, "the account was deactivated")
            tokens.end_live(self._ctx, identity.id, TokenState.REVOKED)
            outbox.enqueue(self._ctx, identity, MailPurpose.DEACTIVATED, by=actor.name)
            access.refresh(self._ctx, identity.id)
            self._record(actor, audit.Action.ACCOUNT_DEACTIVATED, client_id, identity, told)

    def reactivate(self, actor: Actor, client_id: int, reason: str) -> None:
        """Open an account again: active if it has a password, else waiting for its activation.

        Raises Invalid for `reason`, NotFound or Refused.
        """
        told = _reason(reason)
        with self._acting(actor, audit.Action.ACCOUNT_REACTIVATED, client_id) as client:
            identity = self._take(client, ClientAction.REACTIVATE)
            proved = verifier_of(identity.id) is not None
            self._put(actor, identity, IdentityState.ACTIVE if proved else IdentityState.PENDING, told)
            outbox.enqueue(self._ctx, identity, MailPurpose.REACTIVATED, by=actor.name)
            access.refresh(self._ctx, identity.id)
            self._record(actor, audit.Action.ACCOUNT_REACTIVATED, client_id, identity, told)

    @contextmanager
    def _acting(self, actor: Actor, action: audit.Action, client_id: int) -> Iterator[Client]:
        """One unit of work on one client by somebody who may; refusals are written down."""
        with audit.refusals_recorded(self._ctx, actor, action, client_id=client_id), self._ctx.unit():
            yield self._client(actor, client_id)

    def _client(self, actor: Actor, client_id: int) -> Client:
        sessions.require_staff(self._ctx, actor)
        client = Client.get_or_none((Client.id == client_id) & (Client.agency == actor.agency_id))
        if client is None:
            raise NotFound("This client is not in the list any more. Go back and search again.")
        return client

    def _account(self, client: Client) -> Identity | None:
        found: Identity | None = Identity.get_or_none(Identity.id == client.identity_id)
        return found

    def _take(self, client: Client, action: ClientAction) -> Identity:
        """The account, held for a change that its state allows."""
        identity = hold(self._ctx, client.identity_id or 0)
        refusal = why_not(action, identity.state if identity else None)
        if identity is None or refusal:
            raise Refused(refusal)
        return identity

    def _take_slot(self, client: Client, action: ClientAction) -> Identity:
        """The account, held, with the one mail that may go to it in five minutes."""
        identity = self._account(client)
        refusal = why_not(action, identity.state if identity else None)
        if identity is None or refusal:
            raise Refused(refusal)
        # The slot before the account, as in services/recovery.py: two orders of locking could end in a deadlock.
        wait = throttle.take_mail_slot(self._ctx, identity.email_key, daily_cap=False)
        if wait:
            raise TooSoon(
                f"A mail to {identity.email} was asked for less than five minutes ago. "
                f"Wait {show_wait(wait)}, then send the next one.",
                wait,
            )
        return self._take(client, action)

    def _create(self, actor: Actor, client: Client) -> Identity:
        now = self._ctx.clock.now()
        try:
            with self._ctx.database.atomic():
                identity = Identity.create(
                    agency=client.agency_id,
                    email=client.email,
                    email_key=client.email_key,
                    name=full_name(client.first_name, client.last_name),
                    role=Role.CLIENT,
                    state=IdentityState.PENDING,
                    created_at=now,
                    state_changed_at=now,
                    state_changed_by=actor.name,
                )
        except IntegrityError as error:
            raise Refused(
                f"{client.email} is the user name of somebody else's account already. "
                "Correct the client's e-mail address first."
            ) from error
        Client.update(identity=identity).where(Client.id == client.id).execute()
        return identity

    def _put(self, actor: Actor, identity: Identity, state: IdentityState, reason: str) -> None:
        Identity.update(
            state=state,
            state_changed_at=self._ctx.clock.now(),
            state_changed_by=actor.name,
            state_reason=reason,
            version=Identity.version + 1,
        ).where(Identity.id == identity.id).execute()

    def _record(
        self,
        actor: Actor,
        action: audit.Action,
        client_id: int,
        identity: Identity,
        reason: str = "",
        **details: str,
    ) -> None:
        audit.record(
            self._ctx,
            actor,
            action,
            client_id=client_id,
            identity_id=identity.id,
            subject=identity.name,
            reason=reason,
            details=details | {"to": identity.email},
        )


def _reason(text: str) -> str:
    try:
        reason = clean_text(text, _REASON_LIMIT)
    except Problem as refusal:
        raise Invalid({"reason": refusal.sentence}) from refusal
    if not reason:
        raise Invalid({"reason": "Write why, so that the next colleague who looks at this person understands it."})
    return reason
