"""Signing in and out: one answer and the same work for every failure, and a wait that grows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.agency import Agency
from models.client import Client
from models.identity import Credential, Identity, Session
from models.states import AuditResult, CredentialKind, IdentityState
from services import audit, temporary_credential, throttle
from services.accounts.identities import (
    client_id_of,
    code_key,
    email_key,
    hold,
    sign_in_key,
    typed_address,
    verifier_of,
)
from services.actor import Actor, Origin
from services.context import Context
from services.credentials.passwords import Passwords, Secret
from services.entry import arrival, proving
from services.entry.by_key import by_key
from services.errors import TooSoon, WrongSignIn
from services.temporary_credential import Temporary

WRONG = (
    "Company code, user name and password do not belong together. "
    'Check all three and try again, or choose "Forgot password".'
)


class WrongCredentials(WrongSignIn):
    """Whatever was wrong with company code, user name and password."""

    def __init__(self, wait: int) -> None:
        super().__init__(WRONG, wait)


def too_soon(wait: int) -> TooSoon:
    """What somebody hears who tries a password again before the wait is over."""
    seconds = "1 second" if wait == 1 else f"{wait} seconds"
    return TooSoon(f"Wait {seconds}, then try again. Each failed try makes the next one wait longer.", wait)


class _Cause(StrEnum):
    """Why a try failed, for the audit only; the person hears the one sentence."""

    COMPANY = "unknown company code"
    USER_NAME = "unknown user name"
    PENDING = "the account is not activated"
    DEACTIVATED = "the account is deactivated"
    PASSWORD = "wrong password"
    TEMPORARY_USED = "the temporary password was used already"
    TEMPORARY_EXPIRED = "the temporary password has expired"


_CAUSES = {
    IdentityState.PENDING: _Cause.PENDING,
    IdentityState.ACTIVE: _Cause.PASSWORD,
    IdentityState.DEACTIVATED: _Cause.DEACTIVATED,
}


@dataclass(frozen=True, slots=True)
class _Found:
    """The account that was named.

    Attributes:
        verifier: the password's stored form at that moment; None if there is no account that it could open.
        temporary: the temporary password, likewise.
        cause: what is wrong should the try fail.
    """

    cause: _Cause
    agency_id: int | None = None
    identity_id: int | None = None
    client_id: int | None = None
    verifier: str | None = None
    temporary: Temporary | None = None


class SignIn:
    """Opens and ends sessions."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def wait(self, company_code: str, user_name: str, origin: Origin) -> int:
        """Seconds until a try for this account from this place is heard, 0 for now; strangers wait alike."""
        with self._ctx.read():
            return self._waiting(sign_in_key(self._ctx, company_code, user_name), arrival.source_key(self._ctx, origin))

    def sign_in(self, company_code: str, user_name: str, password: Secret, origin: Origin) -> Actor:
        """Open a session, which opens nothing as long as `Actor.awaits` names what is still to be given.

        Raises TooSoon, or WrongCredentials for every kind of failure.
        """
        account = sign_in_key(self._ctx, company_code, user_name)
        source = arrival.source_key(self._ctx, origin)
        typed = typed_address(user_name)
        try:
            self._claim(account, source)
        except TooSoon as refusal:
            found = self._find(company_code, user_name)
            self._record(found, typed, origin, audit.Action.SIGN_IN_DELAYED, refusal.sentence)
            raise
        found = self._find(company_code, user_name)
        # Also where a temporary password is typed, so that the time tells nobody that there is one.
        verdict = self._passwords.verify(password, found.verifier)
        fresh = self._passwords.hash(password) if verdict.rehash else None
        temporary = found.temporary
        by_temporary = not verdict.ok and temporary is not None and temporary.matches(self._ctx, password)
        if verdict.ok or by_temporary:
            with self._ctx.unit():
                if by_temporary:
                    actor = self._open_temporary(found, origin)
                else:
                    actor = self._open(found, password, fresh, origin)
                if actor is not None:
                    return actor
        cause = self._cause(temporary) if temporary is not None and by_temporary else found.cause
        self._record(found, typed, origin, audit.Action.SIGN_IN_FAILED, cause)
        raise WrongCredentials(self.wait(company_code, user_name, origin))

    def by_key(self, fingerprint: str, origin: Origin) -> Actor:
        """The same for whoever came with the SSH key of this fingerprint, as the SSH server has checked.

        Raises TooSoon, or WrongKey for every key that opens nothing.
        """
        return by_key(self._ctx, fingerprint, origin)

    def prove(self, actor: Actor, code: Secret) -> Actor:
        """Open a session that awaits the second factor, with a code of the app or a recovery code.

        Raises WrongCode, TooSoon, SealBroken, or SignedOut when the ten minutes are over.
        """
        return proving.prove(self._ctx, actor, code)

    def prove_mailed(self, actor: Actor, code: Secret) -> Actor:
        """Bring a session that awaits the mailed code further; it may then await the second factor.

        Raises WrongCode, TooSoon, or SignedOut when the ten minutes are over.
        """
        return proving.prove_mailed(self._ctx, actor, code)

    def send_code_again(self, actor: Actor) -> None:
        """Mail another code, at most once a minute and six times a day; silent about that. Raises SignedOut."""
        proving.send_again(self._ctx, actor)

    def code_wait(self, actor: Actor) -> int:
        """Seconds until a code that the session awaits is heard, 0 for now."""
        return proving.waiting(self._ctx, actor)

    def sign_out(self, actor: Actor) -> None:
        """End the session; one that has ended already is left as it is."""
        with self._ctx.unit():
            under_way = (Session.id == actor.session_id) & Session.ended_at.is_null()
            end = Session.update(ended_at=self._ctx.clock.now(), ended_because="you signed out")
            if end.where(under_way & Session.awaits.is_null()).execute():
                audit.record(
                    self._ctx,
                    actor,
                    audit.Action.SIGNED_OUT,
                    client_id=client_id_of(actor.identity_id) if actor.identity_id else None,
                    identity_id=actor.identity_id,
                    subject=actor.name,
                )
            else:
                # Somebody who never got in does not sign out.
                end.where(under_way).execute()

    def _waiting(self, account: str, source: str) -> int:
        return max(throttle.waiting(self._ctx, account), throttle.waiting(self._ctx, source))

    def _claim(self, account: str, source: str) -> None:
        """Count the try as failed until it succeeds, before anybody is looked up; or count nothing. Raises TooSoon."""
        with self._ctx.unit():
            wait = throttle.claim(self._ctx, account)
            if not wait and source:
                wait = throttle.claim(self._ctx, source, source=True)
            if wait:
                raise too_soon(wait)

    def _find(self, company_code: str, user_name: str) -> _Found:
        """The same query for everybody."""
        with self._ctx.read():
            agency = Agency.get_or_none(Agency.code_key == code_key(company_code))
            row = (
                Identity.select(Identity.id, Identity.state, Client.id.alias("client_id"))
                .left_outer_join(Client, on=(Client.identity == Identity.id))
                .where((Identity.agency == (agency.id if agency else 0)) & (Identity.email_key == email_key(user_name)))
                .dicts()
                .first()
            )
            kept = {
                credential.kind: credential
                for credential in Credential.select().where(Credential.identity == (row["id"] if row else 0))
            }
        if agency is None:
            return _Found(_Cause.COMPANY)
        if row is None:
            return _Found(_Cause.USER_NAME, agency.id)
        state = row["state"]
        password = kept.get(CredentialKind.PASSWORD) if state is IdentityState.ACTIVE else None
        temporary = kept.get(CredentialKind.TEMPORARY) if state is not IdentityState.DEACTIVATED else None
        return _Found(
            _CAUSES[state],
            agency.id,
            row["id"],
            row["client_id"],
            None if password is None else password.verifier,
            None if temporary is None else temporary_credential.temporary_of(temporary),
        )

    def _open(self, found: _Found, typed: Secret, fresh: str | None, origin: Origin) -> Actor | None:
        """The session, or None if account or password changed while the password was checked."""
        identity = hold(self._ctx, found.identity_id or 0)
        if identity is None or identity.state is not IdentityState.ACTIVE:
            return None
        if verifier_of(identity.id) != found.verifier:
            return None
        if fresh is not None:
            Credential.update(verifier=fresh).where(
                (Credential.identity == identity.id) & (Credential.verifier == found.verifier)
            ).execute()
        arrival.password_replaced_if_short(self._ctx, identity, typed)
        return arrival.after_password(self._ctx, identity, origin, by_temporary=False)

    def _open_temporary(self, found: _Found, origin: Origin) -> Actor | None:
        """A limited session, and the temporary password used up with it; None if that no longer helps."""
        identity = hold(self._ctx, found.identity_id or 0)
        if identity is None or identity.state is IdentityState.DEACTIVATED or found.temporary is None:
            return None
        kept = temporary_credential.kept_for(identity.id)
        if kept != found.temporary or not found.temporary.opens(self._ctx.clock.now()):
            return None
        return arrival.after_password(self._ctx, identity, origin, by_temporary=True)

    def _cause(self, temporary: Temporary) -> _Cause:
        expired = temporary.expires_at is not None and temporary.expires_at <= self._ctx.clock.now()
        live = temporary.state is temporary_credential.TemporaryState.LIVE
        return _Cause.TEMPORARY_EXPIRED if live and expired else _Cause.TEMPORARY_USED

    def _record(self, found: _Found, typed: str, origin: Origin, action: audit.Action, reason: str) -> None:
        delayed = action is audit.Action.SIGN_IN_DELAYED
        with self._ctx.unit():
            audit.record(
                self._ctx,
                origin,
                action,
                result=AuditResult.REFUSED if delayed else AuditResult.FAILED,
                agency_id=found.agency_id,
                client_id=found.client_id,
                identity_id=found.identity_id,
                subject=typed,
                reason=reason,
            )
