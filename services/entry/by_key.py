"""Signing in by an SSH key: it stands for company code, user name and password, and for nothing else."""

from __future__ import annotations

from enum import StrEnum

from models.identity import Identity
from models.ssh_key import SshKey
from models.states import AuditResult, IdentityState
from services import audit, throttle
from services.accounts.identities import client_id_of, hold
from services.accounts.owed import owed_by
from services.actor import Actor, Origin
from services.context import Context
from services.entry import arrival
from services.errors import Refused, TooSoon
from services.ssh_keys.standing import live_by

NOT_BY_KEY = (
    "Your SSH key does not sign you in here. Sign in with company code, user name and password; "
    "an administrator can tell you more about the key."
)


class WrongKey(Refused):
    """The one answer to every key that opens nothing, whatever the reason."""

    def __init__(self) -> None:
        super().__init__(NOT_BY_KEY)


class _Cause(StrEnum):
    """Why, for the audit only."""

    UNKNOWN = "the SSH key is bound to no account"
    PENDING = "the account is not activated"
    DEACTIVATED = "the account is deactivated"
    PASSWORD = "a password of one's own must be chosen first"


def by_key(ctx: Context, fingerprint: str, origin: Origin) -> Actor:
    """Open a session for whom the key is bound to; the SSH server has checked that its owner is there.

    As at the sign-in form the session opens nothing as long as `Actor.awaits` names what is still to be given. Whoever
    must choose a password first proves by the present or the temporary one that they are no finder of a key.

    Raises WrongKey, or TooSoon after very many failures at this place.
    """
    source = arrival.source_key(ctx, origin)
    try:
        _claim(ctx, source)
    except TooSoon as refusal:
        _record(ctx, None, fingerprint, origin, audit.Action.SIGN_IN_DELAYED, refusal.sentence)
        raise
    with ctx.read():
        found = live_by(fingerprint)
    with ctx.unit():
        identity = hold(ctx, found.identity_id if found else 0)
        cause = _why_not(identity, fingerprint)
        if identity is not None and cause is None:
            throttle.take_back(ctx, source)
            live = (SshKey.fingerprint == fingerprint) & SshKey.revoked_at.is_null()
            SshKey.update(used_at=ctx.clock.now()).where(live).execute()
            return arrival.after_key(ctx, identity, origin, fingerprint)
        _record(ctx, identity, fingerprint, origin, audit.Action.SSH_KEY_REFUSED, cause or _Cause.UNKNOWN)
    raise WrongKey


def _claim(ctx: Context, source: str) -> None:
    """Count the try as a failure of its place until it succeeds; or count nothing. Raises TooSoon.

    No key is guessed, so an account whose password somebody tries out does not keep waiting whoever has its key.
    """
    if not source:
        return
    with ctx.unit():
        wait = throttle.claim(ctx, source, source=True)
        if wait:
            seconds = "1 second" if wait == 1 else f"{wait} seconds"
            raise TooSoon(f"Too many sign-ins have failed at this place. Wait {seconds}, then try again.", wait)


def _why_not(identity: Identity | None, fingerprint: str) -> _Cause | None:
    """Why the key opens nothing at this moment; with the account held."""
    row = live_by(fingerprint)
    if identity is None or row is None or row.identity_id != identity.id:
        return _Cause.UNKNOWN
    if identity.state is not IdentityState.ACTIVE:
        return _Cause.PENDING if identity.state is IdentityState.PENDING else _Cause.DEACTIVATED
    return _Cause.PASSWORD if owed_by(identity).password else None


def _record(
    ctx: Context, identity: Identity | None, fingerprint: str, origin: Origin, action: audit.Action, reason: str
) -> None:
    with ctx.unit():
        delayed = action is audit.Action.SIGN_IN_DELAYED
        audit.record(
            ctx,
            origin,
            action,
            result=AuditResult.REFUSED if delayed else AuditResult.FAILED,
            agency_id=identity.agency_id if identity else None,
            client_id=client_id_of(identity.id) if identity else None,
            identity_id=identity.id if identity else None,
            subject=identity.email if identity else "",
            reason=reason,
            details={"ssh_key": fingerprint},
        )
