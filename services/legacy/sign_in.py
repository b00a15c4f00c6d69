"""The way in by access key: one answer and the same work for every failure, as at the front door."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.agency import Agency, Office
from models.identity import Identity, LegacyUser, Session
from models.staff import StaffMember
from models.states import AuditResult, IdentityState, LegacyState, Role
from services import audit, sessions, throttle
from services.accounts.identities import held
from services.actor import Actor, Origin
from services.context import Context
from services.credentials.passwords import Secret
from services.entry import arrival
from services.errors import Refused, TooSoon, WrongSignIn
from services.legacy.hashes import LegacyHashes
from services.legacy.values import access_key_hash, hold_agency, office_key, user_key
from services.sign_in import too_soon

WRONG = (
    "Access key, user name, password and office do not belong together. "
    "Check all four and try again, or ask a supervisor for a new account."
)


class WrongAccess(WrongSignIn):
    """Whatever was wrong with access key, user name, password and office."""

    def __init__(self, wait: int) -> None:
        super().__init__(WRONG, wait)


class _Cause(StrEnum):
    """Why a try failed, for the audit only."""

    ACCESS_KEY = "unknown access key"
    OFFICE = "unknown office"
    USER_NAME = "unknown user name of the old system"
    PASSWORD = "wrong password of the old system"


_MIGRATED = (
    "This account has moved: the access key does not open it any more. "
    "Log in with company code and e-mail address; the mail with your activation link names both."
)
_OVER = (
    "The access key is closed for everybody. Log in with company code and e-mail address. "
    "If you have no such account yet, ask a supervisor."
)
_NOT_IN_BROWSER = (
    "The access key opens the desk, and your agency does not have it in the browser. "
    "Open it over SSH, or at a machine of the office."
)
_INACTIVE = "You are not on the list of active staff any more. Ask a supervisor to put you back on it."
_DEACTIVATED = "Your account was deactivated, so the access key does not open it either. Ask a supervisor."


@dataclass(frozen=True, slots=True)
class _Found:
    """The account that was named.

    Attributes:
        verifier: the stored hash; that of somebody else if there is no such account, None if there is none at all.
        user_id: None if the try fails whatever the password.
    """

    cause: _Cause
    agency_id: int | None
    user_id: int | None
    verifier: str | None


class LegacySignIn:
    """Opens sessions for accounts of the old system."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._hashes = LegacyHashes(ctx.bcrypt_cost)

    def sign_in(self, access_key: str, user_name: str, password: Secret, office: str, origin: Origin) -> Actor:
        """Open a session. Raises TooSoon, WrongAccess, or Refused for a right password that opens nothing any more."""
        account = throttle.key(
            self._ctx, "legacy-sign-in", access_key_hash(self._ctx, access_key), office_key(office), user_key(user_name)
        )
        # The same key as at the front door: somebody who guesses does not get a second row of free tries.
        source = arrival.source_key(self._ctx, origin)
        try:
            self._claim(account, source)
        except TooSoon as refusal:
            found = self._find(access_key, user_name, office)
            self._record(found, origin, audit.Action.SIGN_IN_DELAYED, refusal.sentence)
            raise
        found = self._find(access_key, user_name, office)
        outcome: Actor | str | None = None
        if self._hashes.verify(password, found.verifier) and found.user_id is not None:
            with self._ctx.unit():
                outcome = self._open(found, origin)
                if outcome is not None:
                    tries = throttle.failures(account)
                    throttle.forgive(account)
                    throttle.take_back(self._ctx, source, tries)
        if isinstance(outcome, Actor):
            return outcome
        if outcome is None:
            self._record(found, origin, audit.Action.SIGN_IN_FAILED, found.cause)
            raise WrongAccess(self._waiting(account, source))
        self._record(found, origin, audit.Action.SIGN_IN_FAILED, outcome, refused=True)
        raise Refused(outcome)

    def _claim(self, account: str, source: str) -> None:
        """Count the try as failed until it succeeds, before anybody is looked up. Raises TooSoon."""
        with self._ctx.unit():
            wait = throttle.claim(self._ctx, account)
            if not wait and source:
                wait = throttle.claim(self._ctx, source, source=True)
            if wait:
                raise too_soon(wait)

    def _waiting(self, account: str, source: str) -> int:
        with self._ctx.read():
            return max(throttle.waiting(self._ctx, account), throttle.waiting(self._ctx, source))

    def _find(self, access_key: str, user_name: str, office: str) -> _Found:
        """The same queries for everybody; a stranger is compared with the hash of somebody of the old system."""
        name = user_key(user_name)
        with self._ctx.read():
            hashed = access_key_hash(self._ctx, access_key)
            agency = Agency.get_or_none(Agency.access_key_hash == hashed)
            agency_id = agency.id if agency else None
            offices: Any = Office.select(Office.id, Office.name).where(Office.agency == (agency_id or 0)).tuples()
            wanted = office_key(office)
            office_id = next((number for number, known in offices if office_key(known) == wanted), None)
            user = LegacyUser.get_or_none(
                (LegacyUser.agency == (agency_id or 0))
                & (LegacyUser.office == (office_id or 0))
                & (LegacyUser.user_key == name)
            )
            decoy = self._decoy(agency_id, name)
        if user is not None:
            return _Found(_Cause.PASSWORD, agency_id, user.id, user.verifier)
        missing = _Cause.ACCESS_KEY if agency is None else _Cause.OFFICE if office_id is None else _Cause.USER_NAME
        return _Found(missing, agency_id, None, decoy)

    def _decoy(self, agency_id: int | None, name: str) -> str | None:
        """The hash of an existing account, always the same for one name: old formats differ in the time they take."""
        everybody = LegacyUser.select(LegacyUser.verifier).order_by(LegacyUser.id)
        if agency_id is not None:
            everybody = everybody.where(LegacyUser.agency == agency_id)
        count = everybody.count()
        place = int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) % max(1, count)
        row = everybody.offset(place).limit(1).first()
        return None if row is None else str(row.verifier)

    def _open(self, found: _Found, origin: Origin) -> Actor | str | None:
        """The session; why there is none although the password was right; None if the account changed meanwhile."""
        closes_at = hold_agency(self._ctx, found.agency_id or 0).legacy_closes_at
        user: LegacyUser | None = held(self._ctx, LegacyUser.select().where(LegacyUser.id == found.user_id)).first()
        if user is None or user.verifier != found.verifier:
            return None
        now = self._ctx.clock.now()
        if user.state is LegacyState.MIGRATED:
            return _MIGRATED
        if closes_at is not None and closes_at <= now:
            return _OVER
        if sessions.why_no_desk(user.agency_id, origin):
            return _NOT_IN_BROWSER
        staff = _staff_of(user)
        if staff and not any(member.active for member in staff):
            return _INACTIVE
        state = _new_state(user)
        if state in (IdentityState.ACTIVE, IdentityState.DEACTIVATED):
            return _MIGRATED if state is IdentityState.ACTIVE else _DEACTIVATED
        member = next((member for member in staff if member.active), None)
        actor = sessions.open_legacy_session(self._ctx, user, member.role if member else Role.AGENT, origin)
        if closes_at is not None:
            Session.update(expires_at=closes_at).where(
                (Session.id == actor.session_id) & (Session.expires_at > closes_at)
            ).execute()
        LegacyUser.update(last_sign_in_at=now).where(LegacyUser.id == user.id).execute()
        audit.record(
            self._ctx,
            actor,
            audit.Action.SIGNED_IN,
            staff_id=member.id if member else None,
            subject=user.user_name,
            details={"by": "access key", "office": user.office.name},
        )
        return actor

    def _record(
        self, found: _Found, origin: Origin, action: audit.Action, reason: str, *, refused: bool = False
    ) -> None:
        delayed = action is audit.Action.SIGN_IN_DELAYED
        with self._ctx.unit():
            # People type passwords into the field of the name by mistake: only a name that exists is written down.
            user = LegacyUser.get_or_none(LegacyUser.id == (found.user_id or 0))
            staff = _staff_of(user) if user else []
            audit.record(
                self._ctx,
                origin,
                action,
                result=AuditResult.REFUSED if delayed or refused else AuditResult.FAILED,
                agency_id=found.agency_id,
                staff_id=staff[0].id if staff else None,
                subject=user.user_name if user else "",
                reason=reason,
                details={"by": "access key"},
            )


def _staff_of(user: LegacyUser) -> list[StaffMember]:
    if not user.email_key:
        return []
    here = (StaffMember.agency == user.agency_id) & (StaffMember.email_key == user.email_key)
    return list(StaffMember.select().where(here).order_by(StaffMember.id))


def _new_state(user: LegacyUser) -> IdentityState | None:
    """The state of the account that the person has beside the old one; None without one."""
    here = (Identity.agency == user.agency_id) & (Identity.email_key == user.email_key)
    identity = Identity.get_or_none(here) if user.email_key else None
    return None if identity is None else identity.state
