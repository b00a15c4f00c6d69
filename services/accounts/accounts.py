"""What helpdesk staff do with the account of a client or of a staff member."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from models.identity import Identity
from models.states import IdentityState, MailPurpose, TokenPurpose, TokenState
from services import audit, persons, sessions, throttle
from services.accounts import access, taking
from services.accounts.identities import verifier_of
from services.accounts.offers import offers_for, ruled
from services.accounts.shown import lacking, may_reset, verified_for
from services.actor import Actor
from services.clients.values import ActionOffer, PersonAction
from services.context import Context
from services.creation.making import make_as_listed
from services.credentials import tokens
from services.errors import Refused
from services.mail import outbox
from services.person_key import PersonKey
from services.persons import Relation
from services.reasons import clean_reason
from services.rights import Right

_NO_PORTAL = "There is no portal yet, and so no such address. Set public_url in trakdesk.toml; `trakdesk doctor` helps."


class ResetReason(StrEnum):
    """Why a person needs a reset: the three that the manual names."""

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

    def offers(self, actor: Actor, person: PersonKey) -> tuple[ActionOffer, ...]:
        """Every action of the menu, in order, with the reason where it is not possible now. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            row = persons.find(actor, person)
            identity = persons.account_of(row)
            if identity is None:
                offers = offers_for(None, None)
            else:
                offers = offers_for(identity.state, throttle.mail_slot_at(self._ctx, identity.email_key))
            ruled_ones = (ruled(actor, row, identity, offer) for offer in offers)
            return tuple(lacking(self._ctx, actor, identity, offer) for offer in ruled_ones)

    def reset_page_address(self, actor: Actor) -> str:
        """Where a person asks for a reset without the desk, to hand over. Raises Refused while there is no portal."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
        if not self._ctx.settings.portal_address:
            raise Refused(_NO_PORTAL)
        return f"{self._ctx.settings.portal_address}/reset"

    def create_and_welcome(self, actor: Actor, person: PersonKey) -> None:
        """Give a person an account and queue the welcome mail. Raises NotFound or Refused."""
        with self._acting(actor, audit.Action.ACCOUNT_CREATED, person) as row:
            told = taking.refusal(actor, row, persons.account_of(row), PersonAction.WELCOME)
            if told:
                raise Refused(told)
            make_as_listed(self._ctx, actor, person, migrate=False)

    def resend_welcome(self, actor: Actor, person: PersonKey) -> None:
        """Queue another welcome mail; the older link and code die. Raises NotFound, Refused, NotVerified or TooSoon."""
        with self._acting(actor, audit.Action.WELCOME_RESENT, person) as row:
            identity = taking.take_with_mail_slot(self._ctx, actor, row, PersonAction.RESEND_WELCOME)
            shown = verified_for(self._ctx, actor, identity, PersonAction.RESEND_WELCOME)
            tokens.issue(self._ctx, identity, TokenPurpose.ACTIVATE, by=actor.name)
            access.refresh(identity.id)
            self._record(actor, audit.Action.WELCOME_RESENT, person, identity, **shown)

    def send_reset(self, actor: Actor, person: PersonKey, why: ResetReason, reason: str = "") -> SentMail:
        """Queue the mail that lets the person in: a reset, or the welcome mail again for somebody not yet activated.

        Args:
            reason: in the sender's words; an administrator's account needs one.

        Raises Invalid for `reason`, NotFound, Refused, NotVerified, NeedsSecondPerson or TooSoon.
        """
        with self._acting(actor, audit.Action.RESET_SENT, person) as row:
            identity = taking.take_with_mail_slot(self._ctx, actor, row, PersonAction.RESET)
            told, shown = may_reset(self._ctx, actor, identity, PersonAction.RESET, reason)
            pending = identity.state is IdentityState.PENDING
            purpose = TokenPurpose.ACTIVATE if pending else TokenPurpose.RESET
            token = tokens.issue(self._ctx, identity, purpose, by=actor.name)
            access.refresh(identity.id)
            self._record(actor, audit.Action.RESET_SENT, person, identity, told, why=why.value, **shown)
            return SentMail(token.message.to_address, token.message.purpose)

    def deactivate(self, actor: Actor, person: PersonKey, reason: str) -> None:
        """Close an account: sessions end, links and codes die. Raises Invalid for `reason`, NotFound or Refused."""
        told = clean_reason(reason)
        with self._acting(actor, audit.Action.ACCOUNT_DEACTIVATED, person) as row:
            identity = taking.take(self._ctx, actor, row, PersonAction.DEACTIVATE)
            self._put(actor, identity, IdentityState.DEACTIVATED, told)
            sessions.end_sessions(self._ctx, identity.id, "the account was deactivated")
            tokens.end_live(self._ctx, identity.id, TokenState.REVOKED)
            outbox.enqueue(self._ctx, identity, MailPurpose.DEACTIVATED, by=actor.name)
            access.refresh(identity.id)
            self._record(actor, audit.Action.ACCOUNT_DEACTIVATED, person, identity, told)

    def reactivate(self, actor: Actor, person: PersonKey, reason: str) -> None:
        """Open an account again: active if it has a password, else waiting for its activation.

        Raises Invalid for `reason`, NotFound, Refused or NotVerified.
        """
        told = clean_reason(reason)
        with self._acting(actor, audit.Action.ACCOUNT_REACTIVATED, person) as row:
            identity = taking.take(self._ctx, actor, row, PersonAction.REACTIVATE)
            shown = verified_for(self._ctx, actor, identity, PersonAction.REACTIVATE)
            proved = verifier_of(identity.id) is not None
            self._put(actor, identity, IdentityState.ACTIVE if proved else IdentityState.PENDING, told)
            outbox.enqueue(self._ctx, identity, MailPurpose.REACTIVATED, by=actor.name)
            access.refresh(identity.id)
            self._record(actor, audit.Action.ACCOUNT_REACTIVATED, person, identity, told, **shown)

    @contextmanager
    def _acting(self, actor: Actor, action: audit.Action, person: PersonKey) -> Iterator[Relation]:
        """One unit of work on one person by somebody who may; refusals are written down."""
        recorded = audit.refusals_recorded(self._ctx, actor, action, **persons.numbers(person))
        with recorded, self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            yield persons.find(actor, person)

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
        person: PersonKey,
        identity: Identity,
        reason: str = "",
        **details: str,
    ) -> None:
        audit.record(
            self._ctx,
            actor,
            action,
            **persons.numbers(person),
            identity_id=identity.id,
            subject=identity.name,
            reason=reason,
            details=details | {"to": identity.email},
        )
