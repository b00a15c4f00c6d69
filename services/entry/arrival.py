"""What follows the right password, or the SSH key that stands for it: what is still missing, and how it ends well."""

from __future__ import annotations

from models.identity import Credential, Identity, OneTimeToken, Session
from models.states import Awaited, CredentialKind, IdentityState, Role, TokenPurpose, TokenState
from services import agency_policy, audit, sessions, temporary_credential, throttle
from services.accounts import access
from services.accounts.activation import activate
from services.accounts.identities import client_id_of, sign_in_key
from services.accounts.owed import owed_by
from services.actor import Actor, Origin
from services.context import Context
from services.credentials import factor, policy, recovery_codes, tokens
from services.credentials.factor import Taken
from services.credentials.passwords import Secret
from services.entry import awaiting, mailed_code, places
from services.errors import SignedOut
from services.mail import notices
from services.mail.notices import Notice
from services.open_sessions import count_excess

MAILED_CODE_FROM = 100
"""Failures in a row after which the password alone opens nothing; NIST SP 800-63B-4, 3.2.2."""

TOLD_FROM = 5
"""Failures in a row after which the owner is told of a sign-in."""

BY = "Sign-in"
"""Who caused the mails of a sign-in, as the mail trail shows it."""

_TEMPORARY_OVER = (
    "Your temporary password has been used or its time is over. "
    'Choose "Forgot password" on the sign-in form, or ask the helpdesk for another one.'
)


def source_key(ctx: Context, origin: Origin) -> str:
    """Under which the failures of one place are counted, from every entrance; empty where the place is not known."""
    return throttle.key(ctx, "sign-in-source", origin.place) if origin.place else ""


def series_key(ctx: Context, identity_id: int) -> str:
    """Under which wrong codes behind the right password are counted until the next sign-in."""
    return throttle.key(ctx, "wrong-codes", str(identity_id))


def after_password(ctx: Context, identity: Identity, origin: Origin, *, by_temporary: bool) -> Actor | None:
    """The session of somebody who typed the right password; it may await more. Call it with the account held.

    None if a temporary password helps no more.

    Args:
        by_temporary: whether it was a temporary one: that proves the mailbox, so that no code is mailed.
    """
    account = _account_key(ctx, identity)
    actor = _after_first_step(ctx, identity, origin, by_temporary=by_temporary, wrong=throttle.failures(account) - 1)
    if actor is not None and actor.awaits is not None:
        # This try was right as far as it went; what came before it is forgiven at the end only.
        for key in (account, source_key(ctx, origin)):
            throttle.take_back(ctx, key)
    return actor


def after_key(ctx: Context, identity: Identity, origin: Origin, ssh_key: str) -> Actor:
    """The same for somebody who came with an SSH key, by its fingerprint; call it with the account held.

    The key stands for company code, user name and password and for nothing else: very many wrong passwords ask for
    the mailed code here too, since somebody tries to get into this account.
    """
    wrong = throttle.failures(_account_key(ctx, identity))
    actor = _after_first_step(ctx, identity, origin, by_temporary=False, wrong=wrong, ssh_key=ssh_key)
    if actor is None:
        # Only a temporary password can have ceased to help meanwhile.
        raise SignedOut(_TEMPORARY_OVER)
    return actor


def _after_first_step(
    ctx: Context, identity: Identity, origin: Origin, *, by_temporary: bool, wrong: int, ssh_key: str = ""
) -> Actor | None:
    """The session of somebody who has proved the first step; None if a temporary password helps no more.

    Args:
        wrong: the failures before it.
    """
    awaits = _awaited(identity, wrong, by_temporary=by_temporary)
    if awaits is None:
        return _arrive(ctx, identity, origin, None, by_temporary=by_temporary, wrong=wrong, ssh_key=ssh_key)
    actor = awaiting.begin(ctx, identity, origin, awaits, by_temporary=by_temporary, ssh_key=ssh_key)
    if awaits is Awaited.MAILED_CODE:
        mailed_code.send(ctx, identity, again=False)
    audit.record(
        ctx,
        origin,
        audit.Action.SIGN_IN_CODE_ASKED,
        agency_id=identity.agency_id,
        client_id=client_id_of(identity.id),
        identity_id=identity.id,
        subject=identity.email,
        details={"awaits": awaits.value} | _key_told(ssh_key),
    )
    return actor


def after_mailed_code(ctx: Context, actor: Actor, identity: Identity, session: Session) -> Actor:
    """The same for somebody who typed the code of the mail; call it with the account held."""
    if factor.is_enrolled(identity.id):
        return awaiting.go_on(actor, Awaited.SECOND_FACTOR)
    return _arrive_awaited(ctx, actor, identity, session)


def after_second_factor(ctx: Context, actor: Actor, identity: Identity, session: Session, taken: Taken) -> Actor:
    """The session of somebody who gave the second factor as well; call it with the account held.

    Raises SignedOut if it began with a temporary password that helps no more.
    """
    return _arrive_awaited(ctx, actor, identity, session, taken)


def password_replaced_if_short(ctx: Context, identity: Identity, typed: Secret) -> None:
    """Let a password that has become too short be replaced in the first steps; call it with the account held.

    Its length is known while it is typed and at no other time. Where a second factor is still to be set up, the
    length beside one is what counts.
    """
    rules = agency_policy.policy_of(identity.agency)
    asked = rules.password(second_factor=rules.needs_factor(identity.role) or factor.is_enrolled(identity.id))
    if not policy.long_enough(asked, typed):
        Credential.update(expires_at=ctx.clock.now()).where(
            (Credential.identity == identity.id)
            & (Credential.kind == CredentialKind.PASSWORD)
            & Credential.expires_at.is_null()
        ).execute()


def _awaited(identity: Identity, wrong: int, *, by_temporary: bool) -> Awaited | None:
    if wrong >= MAILED_CODE_FROM and not by_temporary:
        return Awaited.MAILED_CODE
    return Awaited.SECOND_FACTOR if factor.is_enrolled(identity.id) else None


def _arrive_awaited(
    ctx: Context, actor: Actor, identity: Identity, session: Session, taken: Taken | None = None
) -> Actor:
    opened = _arrive(
        ctx,
        identity,
        actor.origin,
        actor,
        by_temporary=session.by_temporary,
        ssh_key=session.ssh_key,
        wrong=throttle.failures(_account_key(ctx, identity)),
        taken=taken,
        mailed=_was_mailed(identity, session),
    )
    if opened is None:
        raise SignedOut(_TEMPORARY_OVER)
    return opened


def _arrive(
    ctx: Context,
    identity: Identity,
    origin: Origin,
    waiting: Actor | None,
    *,
    by_temporary: bool,
    wrong: int,
    ssh_key: str,
    taken: Taken | None = None,
    mailed: bool = False,
) -> Actor | None:
    """Open the session for good: the only place where a sign-in succeeds. None if a temporary password helps no more.

    Args:
        waiting: whose session awaited what was given now; None for a sign-in that took the first step alone.
        wrong: the failures before it.
    """
    if by_temporary and not _use_temporary(ctx, identity):
        return None
    limited = by_temporary or (bool(owed_by(identity)) and not _founder_at_first(identity))
    if waiting is None:
        actor = sessions.open_session(ctx, identity, origin, limited=limited, ssh_key=ssh_key)
    else:
        actor = awaiting.end(ctx, waiting, limited=limited)
    _forgive(ctx, identity, origin)
    if taken is Taken.RECOVERY:
        notices.tell(ctx, identity, Notice.RECOVERY_USED, by=BY, left=str(recovery_codes.left(identity.id)))
    _tell_owner(ctx, identity, origin, wrong)
    audit.record(
        ctx,
        actor,
        audit.Action.SIGNED_IN,
        client_id=client_id_of(identity.id),
        identity_id=identity.id,
        subject=identity.email,
        details=_how(by_temporary, taken, mailed) | _key_told(ssh_key),
    )
    count_excess(ctx, actor, client_id_of(identity.id))
    return actor


def _how(by_temporary: bool, taken: Taken | None, mailed: bool) -> dict[str, str | int | bool | None]:
    """By what somebody came in besides the first step, for the audit."""
    details: dict[str, str | int | bool | None] = {}
    if by_temporary:
        details["temporary"] = True
    if taken is not None:
        details["second_factor"] = taken.value
    if mailed:
        details["mailed_code"] = True
    return details


def _key_told(ssh_key: str) -> dict[str, str | int | bool | None]:
    return {"ssh_key": ssh_key} if ssh_key else {}


def _use_temporary(ctx: Context, identity: Identity) -> bool:
    temporary = temporary_credential.kept_for(identity.id)
    live = temporary is not None and temporary.opens(ctx.clock.now())
    if temporary is None or not live or not temporary_credential.use(ctx, temporary):
        return False
    if identity.state is IdentityState.PENDING:
        activate(ctx, identity)
        tokens.end_live(ctx, identity.id, TokenState.REVOKED, TokenPurpose.ACTIVATE)
        access.refresh(identity.id)
    return True


def _forgive(ctx: Context, identity: Identity, origin: Origin) -> None:
    """Forget this person's failures; those that the same place made with other accounts stay counted."""
    account, source = _account_key(ctx, identity), source_key(ctx, origin)
    tries = throttle.failures(account)
    throttle.forgive(account)
    throttle.forgive(series_key(ctx, identity.id))
    mailed_code.forgive(ctx, identity.id)
    if source:
        throttle.take_back(ctx, source, tries)


def _tell_owner(ctx: Context, identity: Identity, origin: Origin, wrong: int) -> None:
    place = places.place_of(origin) or "an unknown place"
    if wrong >= TOLD_FROM:
        notices.tell(ctx, identity, Notice.AFTER_FAILURES, by=BY, place=place, failures=str(wrong))
    if places.arrive(ctx, identity.id, origin):
        notices.tell(ctx, identity, Notice.NEW_PLACE, by=BY, place=place)


def _was_mailed(identity: Identity, session: Session) -> bool:
    """Whether this sign-in took a mailed code."""
    used = (OneTimeToken.purpose == TokenPurpose.SIGN_IN) & (OneTimeToken.state == TokenState.USED)
    since = OneTimeToken.ended_at >= session.created_at
    return bool(OneTimeToken.select().where((OneTimeToken.identity == identity.id) & used & since).exists())


def _founder_at_first(identity: Identity) -> bool:
    """Whether this is the first administrator, whose account began active, coming straight from the first screen."""
    return (
        identity.role is Role.ADMINISTRATOR
        and identity.activated_at == identity.created_at
        and not Session.select().where((Session.identity == identity.id) & Session.awaits.is_null()).exists()
    )


def _account_key(ctx: Context, identity: Identity) -> str:
    return sign_in_key(ctx, identity.agency.code, identity.email)
