"""Why somebody cannot get in, in words, and the one action that mends it."""

from __future__ import annotations

from datetime import datetime

from models.client import Client
from models.identity import Identity, OneTimeToken, Throttle
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import Access, IdentityState, LegacyState, MailPurpose, MailState, TokenPurpose, TokenState
from services import temporary_credential
from services.accounts.access import OPENING_MAIL
from services.accounts.identities import sign_in_key, verifier_of
from services.clients.values import PersonAction
from services.context import Context
from services.legacy.values import accounts_under
from services.mail.trail import outcome_of
from services.temporary_credential import TemporaryState
from services.text import safe
from services.throttle import seconds_until
from services.when import show_moment, show_wait

Told = tuple[str, PersonAction | None]


def access_of(ctx: Context, person: Client | StaffMember, identity: Identity | None) -> Told:
    """The state with its cause, and what mends it; call it inside `ctx.read()`."""
    now = ctx.clock.now()
    if identity is None:
        return _without(person)
    if identity.state is IdentityState.DEACTIVATED:
        why = f": {safe(identity.state_reason)}" if identity.state_reason else ""
        when = show_moment(identity.state_changed_at, now)
        return f"deactivated {when} by {safe(identity.state_changed_by)}{why}", PersonAction.REACTIVATE
    message = _newest_opening(identity)
    if person.access == Access.UNDELIVERABLE and message is not None:
        return f"the mail to this address {outcome_of(message, None, now)}", PersonAction.EDIT
    if identity.state is IdentityState.PENDING:
        return _pending(message, now)
    return _active(ctx, identity, now)


def _without(person: Client | StaffMember) -> Told:
    if isinstance(person, StaffMember) and not person.active:
        return "no account; the status is inactive", None
    if not person.email:
        return "no account yet; the e-mail address is missing", PersonAction.EDIT
    if _has_old_account(person):
        return "no account yet, but one of the old system", PersonAction.IDENTITY
    return "no account yet", PersonAction.WELCOME


def _has_old_account(person: Client | StaffMember) -> bool:
    return any(old.state is LegacyState.WAITING for old in accounts_under(person.agency_id, person.email_key))


def _newest_opening(identity: Identity) -> OutboxMessage | None:
    found: OutboxMessage | None = (
        OutboxMessage.select()
        .where((OutboxMessage.identity_id == identity.id) & OutboxMessage.purpose.in_(OPENING_MAIL))
        .order_by(OutboxMessage.id.desc())
        .first()
    )
    return found


def _pending(message: OutboxMessage | None, now: datetime) -> Told:
    if message is None:
        return "not activated: no welcome mail was sent", PersonAction.RESEND_WELCOME
    token = OneTimeToken.get_or_none(OneTimeToken.message == message)
    mail = "temporary password" if message.purpose is MailPurpose.TEMPORARY else "welcome mail"
    words = f"not activated: {mail} {outcome_of(message, token, now)}"
    waits = message.state in (MailState.QUEUED, MailState.DEFERRED)
    return words, None if waits else PersonAction.RESEND_WELCOME


def _active(ctx: Context, identity: Identity, now: datetime) -> Told:
    row = Throttle.get_or_none(Throttle.key == sign_in_key(ctx, identity.agency.code, identity.email))
    failures = row.count if row is not None else 0
    tries = "1 failed try" if failures == 1 else f"{failures} failed tries"
    wait = seconds_until(now, row.next_at) if row is not None else 0
    if wait:
        return f"must wait {show_wait(wait)} after {tries}", PersonAction.RESET
    token = OneTimeToken.get_or_none(
        (OneTimeToken.identity == identity)
        & (OneTimeToken.purpose == TokenPurpose.RESET)
        & (OneTimeToken.state == TokenState.LIVE)
    )
    if token is not None:
        return f"can sign in; reset {outcome_of(token.message, token, now)}", None
    temporary = temporary_credential.kept_for(identity.id)
    if temporary is not None and temporary.state is TemporaryState.LIVE and temporary.expires_at is not None:
        moment = show_moment(temporary.expires_at, now)
        if temporary.opens(now):
            return f"a temporary password was sent; it works until {moment}", None
        return f"the temporary password expired, {moment}", PersonAction.TEMPORARY
    if verifier_of(identity.id) is None:
        return "has no password: the temporary one was used, and none was chosen", PersonAction.RESET
    if failures:
        return f"can sign in; {tries} since the last success", PersonAction.RESET
    return "can sign in", None
