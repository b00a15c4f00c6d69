"""What the owner of a mailbox can do without signing in: ask for a reset, open a link or code, choose a password."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from models.agency import Agency
from models.identity import Identity
from models.states import IdentityState, MailPurpose, Role, TokenPurpose, TokenState
from services import audit, sessions, throttle
from services.accounts import access
from services.accounts.activation import activate
from services.accounts.identities import (
    about,
    client_id_of,
    hold,
    policy_of,
    sign_in_key,
    store_verifier,
    verifier_of,
)
from services.accounts.owed import owed_by
from services.actor import Origin
from services.context import Context
from services.credentials import tokens
from services.credentials.passwords import Passwords, Secret
from services.credentials.policy import About, PasswordPolicy, describe, problem, same_as_last
from services.credentials.presented import ENDED, Presented, TokenAnswer, answer_now, present
from services.errors import Invalid, Refused
from services.mail import outbox
from services.rules import Email, Problem, clean_email

__all__ = ["OpenedToken", "PasswordChosen", "Recovery", "TokenAnswer"]

_ASKED_BY = "Forgot password"
"""Who caused the mail, as the mail trail shows it."""


@dataclass(frozen=True, slots=True)
class OpenedToken:
    """What "choose a password" shows to somebody who holds a link or a code.

    Attributes:
        state: whether it still helps; if not, `why_not` says so and a fresh one can be asked for.
        user_name: the address to which the link or code was sent.
        policy_words: the rules to stand above the fields.
        ended_at: when it ceased to help; None while it does.
    """

    purpose: TokenPurpose
    state: TokenAnswer
    name: str
    user_name: str
    agency_name: str
    company_code: str
    policy_words: tuple[str, ...]
    policy: PasswordPolicy
    about: About
    ended_at: datetime | None

    @property
    def why_not(self) -> str:
        """Why it no longer helps and what to do; empty while it does."""
        return ENDED.get(self.state, "")


@dataclass(frozen=True, slots=True)
class PasswordChosen:
    """What the sign-in form is filled in with.

    Attributes:
        questions: whether security questions are asked for at the next sign-in.
    """

    company_code: str
    user_name: str
    agency_name: str
    purpose: TokenPurpose
    questions: bool = False


class Recovery:
    """Lets the owner of a mailbox back in; nobody is signed in by it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def ask_reset(self, email: str, confirm: str, origin: Origin) -> None:
        """Send the mail that helps to whoever has this address; silent about who that is and about all caps.

        Raises Invalid for `email` and `confirm` if they are no addresses or differ.
        """
        asked = _same_address(email, confirm)
        with self._ctx.unit():
            sent = self._may_send(asked.key, origin)
            owners = list(Identity.select().where(Identity.email_key == asked.key).order_by(Identity.id))
            for identity in owners:
                self._answer(identity.id, origin, sent=sent)
            if not owners:
                self._answer_stranger(asked, origin, sent=sent)

    def open(self, link_or_code: str, email: str, origin: Origin) -> OpenedToken:
        """Show what a link, a bare token or a code is for; it stays as it is however often that happens.

        Args:
            email: to whom the code was sent; not needed with a link.

        Raises Refused, TooSoon, or Invalid for `email`.
        """
        held = present(self._ctx, link_or_code, email, origin)
        with self._ctx.unit():
            identity = Identity.get_by_id(held.identity_id)
            self._record(
                identity,
                origin,
                audit.Action.TOKEN_OPENED,
                state=held.answer.value,
                purpose=held.purpose.value,
            )
            policy = policy_of(identity)
            live = held.answer is TokenAnswer.LIVE
            return OpenedToken(
                purpose=held.purpose,
                state=held.answer,
                # An old link, perhaps at a stranger's address, tells no more than its mail did.
                name=identity.name if live else held.name,
                user_name=held.sent_to,
                agency_name=identity.agency.name,
                company_code=identity.agency.code,
                policy_words=describe(policy),
                policy=policy,
                about=about(identity) if live else About(),
                ended_at=held.ended_at,
            )

    def ask_fresh(self, link_or_code: str, email: str, origin: Origin) -> None:
        """Send a new mail to whom an ended link or code was sent; silent about caps, nothing for one that lives.

        Raises Refused, TooSoon, or Invalid for `email`, as `open` does.
        """
        held = present(self._ctx, link_or_code, email, origin)
        if held.answer is TokenAnswer.LIVE:
            return
        with self._ctx.unit():
            key = Identity.get_by_id(held.identity_id).email_key
            sent = self._may_send(key, origin)
            self._answer(held.identity_id, origin, sent=sent)

    def choose_password(self, link_or_code: str, email: str, password: Secret, origin: Origin) -> PasswordChosen:
        """Use up the link or code and set the password; of two who try at once exactly one wins.

        Raises Invalid for `password` (and `email` with a code), Refused for an ended or unknown link or code, TooSoon.
        """
        held = present(self._ctx, link_or_code, email, origin)
        with self._ctx.read():
            identity = Identity.get_by_id(held.identity_id)
            told = problem(policy_of(identity), password, about(identity))
            stored = verifier_of(identity.id)
            client_id = client_id_of(identity.id)
        with audit.refusals_recorded(
            self._ctx,
            origin,
            audit.Action.PASSWORD_CHOSEN,
            client_id=client_id,
            identity_id=identity.id,
            subject=identity.email,
        ):
            _refuse_ended(held.answer)
            if told is None and stored is not None and self._passwords.verify(password, stored).ok:
                told = same_as_last()
            if told is not None:
                raise Invalid({"password": told})
            verifier = self._passwords.hash(password)
            with self._ctx.unit():
                return self._set_password(held, verifier, origin)

    def _may_send(self, email_key: str, origin: Origin) -> bool:
        """Take the slots of place and address for one mail; that one is not free is told to nobody."""
        source = self._source_key(origin)
        if source and throttle.claim(self._ctx, source, source=True):
            return False
        return throttle.take_mail_slot(self._ctx, email_key, daily_cap=True) == 0

    def _source_key(self, origin: Origin) -> str:
        return throttle.key(self._ctx, "reset-source", origin.place) if origin.place else ""

    def _answer(self, identity_id: int, origin: Origin, *, sent: bool) -> None:
        """Queue what helps this person, if the caps allow a mail, and write down that it was asked for."""
        identity = hold(self._ctx, identity_id)
        if identity is None:
            return
        if sent:
            if identity.state is IdentityState.DEACTIVATED:
                outbox.enqueue(self._ctx, identity, MailPurpose.DEACTIVATED, by=_ASKED_BY)
            else:
                tokens.issue(self._ctx, identity, OPENS[identity.state], by=_ASKED_BY)
            access.refresh(self._ctx, identity.id)
        self._record(identity, origin, audit.Action.RESET_ASKED, mail=sent)

    def _answer_stranger(self, asked: Email, origin: Origin, *, sent: bool) -> None:
        """The same statements for an address that is nobody's, undone at once, since their time would tell."""
        agency = Agency.select().first()
        if sent and agency is not None:
            now = self._ctx.clock.now()
            with self._ctx.database.atomic() as undone:
                stranger = Identity.create(
                    agency=agency,
                    email=asked.address,
                    email_key=uuid.uuid4().hex,
                    name=asked.address[:200],
                    role=Role.CLIENT,
                    state=IdentityState.ACTIVE,
                    created_at=now,
                    state_changed_at=now,
                    state_changed_by=_ASKED_BY,
                )
                tokens.issue(self._ctx, stranger, TokenPurpose.RESET, by=_ASKED_BY)
                access.refresh(self._ctx, stranger.id)
                undone.rollback()
        audit.record(
            self._ctx,
            origin,
            audit.Action.RESET_ASKED,
            subject=asked.address,
            details={"mail": False},
        )

    def _set_password(self, held: Presented, verifier: str, origin: Origin) -> PasswordChosen:
        # Before the account is held, as in `_may_send`: two orders of locking could end in a deadlock.
        throttle.forgive(self._source_key(origin))
        identity = hold(self._ctx, held.identity_id)
        outbox.take_back(self._ctx, [held.message_id])
        if not tokens.use(self._ctx, held.token_id):
            raise Refused(ENDED.get(answer_now(self._ctx, held.token_id), ENDED[TokenAnswer.EXPIRED]))
        if identity is None or OPENS.get(identity.state) is not held.purpose:
            raise Refused(ENDED[TokenAnswer.REVOKED])
        tokens.end_live(self._ctx, identity.id, TokenState.REVOKED)
        store_verifier(self._ctx, identity.id, verifier)
        if held.purpose is TokenPurpose.ACTIVATE:
            activate(self._ctx, identity)
        else:
            sessions.end_sessions(self._ctx, identity.id, "the password was reset")
            outbox.enqueue(self._ctx, identity, MailPurpose.PASSWORD_CHANGED, by=identity.name)
        throttle.forgive(sign_in_key(self._ctx, identity.agency.code, identity.email))
        access.refresh(self._ctx, identity.id)
        self._record(identity, origin, audit.Action.PASSWORD_CHOSEN, purpose=held.purpose.value)
        asked = owed_by(identity).questions
        return PasswordChosen(identity.agency.code, identity.email, identity.agency.name, held.purpose, asked)

    def _record(self, identity: Identity, origin: Origin, action: audit.Action, **details: str | bool) -> None:
        audit.record(
            self._ctx,
            origin,
            action,
            agency_id=identity.agency_id,
            client_id=client_id_of(identity.id),
            identity_id=identity.id,
            subject=identity.email,
            details=details,
        )


OPENS = {IdentityState.PENDING: TokenPurpose.ACTIVATE, IdentityState.ACTIVE: TokenPurpose.RESET}
"""What a person in this state needs to get in."""


def _refuse_ended(answer: TokenAnswer) -> None:
    if answer is not TokenAnswer.LIVE:
        raise Refused(ENDED[answer])


def _same_address(email: str, confirm: str) -> Email:
    try:
        asked = clean_email(email)
    except Problem as refusal:
        raise Invalid({"email": refusal.sentence}) from refusal
    try:
        same = clean_email(confirm).key == asked.key
    except Problem:
        same = False
    if not same:
        raise Invalid({"confirm": "The two addresses differ. Write the same one twice."})
    return asked
