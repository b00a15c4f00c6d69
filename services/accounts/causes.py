"""Why somebody cannot get in: every cause that holds now, the gravest first, and the one action that mends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.audit import AuditEntry
from models.client import Client
from models.identity import Identity, LegacyUser, OneTimeToken, Session, Throttle
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import Access, IdentityState, LegacyState, MailPurpose, MailState, TokenPurpose, TokenState
from services import temporary_credential
from services.accounts.access import OPENING_MAIL
from services.accounts.cause_kinds import CauseKind
from services.accounts.identities import sign_in_key, verifier_of
from services.accounts.owed import owed_by
from services.audit import Action
from services.clients.values import Cause, PersonAction
from services.context import Context
from services.credentials import factor, recovery_codes, sealing
from services.entry.arrival import MAILED_CODE_FROM
from services.legacy.values import accounts_under
from services.mail.trail import outcome_of
from services.temporary_credential import TemporaryState
from services.text import safe
from services.when import show_moment

RECENT = timedelta(hours=2)
"""How long a try with a wrong company code is worth telling: the caller is still at the sign-in form."""

Causes = Iterator[Cause]


def causes_of(ctx: Context, person: Client | StaffMember, identity: Identity | None) -> tuple[Cause, ...]:
    """All of them, never none: somebody in no trouble can sign in. Call it inside `ctx.read()`."""
    now = ctx.clock.now()
    if identity is None:
        return (*_without(person), *_wrong_code(person, None, now))
    last = _last_session(identity.id)
    found = [*_closed(person, identity, now), *_unopened(identity, now), *_wrong_code(person, last, now)]
    if identity.state is IdentityState.ACTIVE:
        found += [*_password(identity, now), *_tries(ctx, identity, now), *_factor(ctx, identity, now)]
    if identity.state is IdentityState.ACTIVE:
        if not any(cause.blocks for cause in found):
            found.append(_fine(last, now))
        found += _owed(identity)
    return tuple(sorted(found, key=lambda cause: not cause.blocks))


def _without(person: Client | StaffMember) -> Causes:
    if isinstance(person, StaffMember) and not person.active:
        yield Cause(CauseKind.INACTIVE, "no account; the status is inactive")
    elif not person.email:
        yield Cause(CauseKind.NO_EMAIL, "no account yet; the e-mail address is missing", PersonAction.EDIT)
    elif any(old.state is LegacyState.WAITING for old in accounts_under(person.agency_id, person.email_key)):
        yield Cause(CauseKind.OLD_ACCOUNT, "no account yet, but one of the old system", PersonAction.IDENTITY)
    else:
        yield Cause(CauseKind.NO_ACCOUNT, "no account yet", PersonAction.WELCOME)


def _closed(person: Client | StaffMember, identity: Identity, now: datetime) -> Causes:
    if identity.state is IdentityState.DEACTIVATED:
        why = f": {safe(identity.state_reason)}" if identity.state_reason else ""
        when = show_moment(identity.state_changed_at, now)
        words = f"deactivated {when} by {safe(identity.state_changed_by)}{why}"
        yield Cause(CauseKind.DEACTIVATED, words, PersonAction.REACTIVATE)
    message = _newest_opening(identity)
    if person.access == Access.UNDELIVERABLE and message is not None:
        words = f"the mail to this address {outcome_of(message, None, now)}"
        yield Cause(CauseKind.UNDELIVERABLE, words, PersonAction.EDIT)


def _unopened(identity: Identity, now: datetime) -> Causes:
    if identity.state is not IdentityState.PENDING:
        return
    migrated = (LegacyUser.identity == identity.id) & (LegacyUser.state == LegacyState.MIGRATED)
    old = LegacyUser.select(LegacyUser.migrated_at).where(migrated).first()
    since = (
        "" if old is None or old.migrated_at is None else f" since the migration {show_moment(old.migrated_at, now)}"
    )
    message = _newest_opening(identity)
    if message is None:
        words = f"not activated{since}: no welcome mail was sent"
        yield Cause(CauseKind.NOT_ACTIVATED, words, PersonAction.RESEND_WELCOME)
        return
    token = OneTimeToken.get_or_none(OneTimeToken.message == message)
    mail = "temporary password" if message.purpose is MailPurpose.TEMPORARY else "welcome mail"
    waits = message.state in (MailState.QUEUED, MailState.DEFERRED)
    words = f"not activated{since}: {mail} {outcome_of(message, token, now)}"
    yield Cause(CauseKind.NOT_ACTIVATED, words, None if waits else PersonAction.RESEND_WELCOME)


def _password(identity: Identity, now: datetime) -> Causes:
    token = OneTimeToken.get_or_none(
        (OneTimeToken.identity == identity)
        & OneTimeToken.purpose.in_((TokenPurpose.RESET, TokenPurpose.CONFIRM_RESET))
        & (OneTimeToken.state == TokenState.LIVE)
    )
    if token is not None:
        yield Cause(CauseKind.RESET_SENT, f"reset {outcome_of(token.message, token, now)}", blocks=False)
    temporary = temporary_credential.kept_for(identity.id)
    if temporary is not None and temporary.state is TemporaryState.LIVE and temporary.expires_at is not None:
        moment = show_moment(temporary.expires_at, now)
        if temporary.opens(now):
            words = f"a temporary password was sent; it works until {moment}"
            yield Cause(CauseKind.TEMPORARY_SENT, words, blocks=False)
        else:
            words = f"the temporary password expired, {moment}"
            yield Cause(CauseKind.TEMPORARY_EXPIRED, words, PersonAction.TEMPORARY)
    elif verifier_of(identity.id) is None:
        words = "has no password: the temporary one was used, and none was chosen"
        yield Cause(CauseKind.NO_PASSWORD, words, PersonAction.RESET)


def _tries(ctx: Context, identity: Identity, now: datetime) -> Causes:
    row = Throttle.get_or_none(Throttle.key == sign_in_key(ctx, identity.agency.code, identity.email))
    if row is None or not row.count:
        return
    tries = "1 failed try" if row.count == 1 else f"{row.count} failed tries"
    if row.next_at > now:
        yield Cause(CauseKind.WAITING, f"must wait after {tries}", PersonAction.RESET, row.next_at)
    elif row.count < MAILED_CODE_FROM:
        yield Cause(CauseKind.FAILED_TRIES, f"{tries} since the last success", PersonAction.RESET, blocks=False)
    if row.count >= MAILED_CODE_FROM:
        words = f"after {tries} the password alone does not open: a mailed code is asked for too"
        yield Cause(CauseKind.MAILED_CODE, words, PersonAction.RESET)


def _factor(ctx: Context, identity: Identity, now: datetime) -> Causes:
    app = factor.active(identity.id)
    if app is None:
        return
    try:
        sealing.unseal(ctx.keys, app.sealed, factor.owner(identity.id))
    except sealing.SealBroken:
        words = "the key of the authenticator app cannot be read any more, so that no code is right"
        yield Cause(CauseKind.FACTOR_LOST, words, PersonAction.CLEAR_FACTOR)
    wrong, wait = factor.wrong_tries(ctx, identity.id), factor.waiting(ctx, identity.id)
    left = recovery_codes.left(identity.id)
    if wrong:
        codes = "1 wrong code" if wrong == 1 else f"{wrong} wrong codes"
        more = "" if left else ", and no recovery code is left"
        until = now + timedelta(seconds=wait) if wait else None
        words = f"{codes} of the authenticator app since the last right one{more}"
        yield Cause(CauseKind.WRONG_CODES, words, PersonAction.CLEAR_FACTOR, until)


def _wrong_code(person: Client | StaffMember, last: Session | None, now: datetime) -> Causes:
    """Tries with this person's address under no company code that is known, since the last sign-in."""
    since = now - RECENT if last is None else max(now - RECENT, last.created_at)
    typed = {person.email, person.email_key} - {""}
    tries = list(
        AuditEntry.select(AuditEntry.at)
        .where(
            AuditEntry.agency_id.is_null()
            & AuditEntry.subject.in_(sorted(typed))
            & (AuditEntry.at >= since)
            & (AuditEntry.action == Action.SIGN_IN_FAILED.value)
        )
        .order_by(AuditEntry.at.desc())
        .limit(100)
    )
    if tries:
        times = "" if len(tries) == 1 else f", {len(tries)} times"
        when = show_moment(tries[0].at, now)
        words = f"tried an unknown company code {when}{times}; the right one is {safe(person.agency.code)}"
        yield Cause(CauseKind.WRONG_COMPANY, words, blocks=False)


def _fine(last: Session | None, now: datetime) -> Cause:
    if last is None:
        return Cause(CauseKind.FINE, "can sign in; has not signed in yet", blocks=False)
    place = f", {safe(last.place)}" if last.place else ""
    when = show_moment(last.created_at, now)
    return Cause(CauseKind.FINE, f"can sign in; last signed in {when} at the {last.surface}{place}", blocks=False)


def _owed(identity: Identity) -> Causes:
    """What the next sign-in asks for before it opens anything, and what may come."""
    owed = owed_by(identity)
    asked = {
        CauseKind.PASSWORD_OWED: (owed.password, "the next sign-in asks for a new password"),
        CauseKind.FACTOR_OWED: (owed.second_factor, "the next sign-in asks to set up an authenticator app"),
        CauseKind.QUESTIONS_OWED: (owed.questions, "the next sign-in asks for security questions"),
    }
    for kind, (holds, words) in asked.items():
        if holds:
            yield Cause(kind, words, blocks=False)
    if factor.is_enrolled(identity.id) and not recovery_codes.left(identity.id):
        yield Cause(CauseKind.NO_RECOVERY, "no recovery code is left, should the app be lost", blocks=False)


def _newest_opening(identity: Identity) -> OutboxMessage | None:
    found: OutboxMessage | None = (
        OutboxMessage.select()
        .where((OutboxMessage.identity_id == identity.id) & OutboxMessage.purpose.in_(OPENING_MAIL))
        .order_by(OutboxMessage.id.desc())
        .first()
    )
    return found


def _last_session(identity_id: int) -> Session | None:
    opened = (Session.identity == identity_id) & Session.awaits.is_null()
    found: Session | None = Session.select().where(opened).order_by(Session.id.desc()).first()
    return found
