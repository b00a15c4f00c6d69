"""Where somebody is signed in: seen, ended, locked and unlocked by the person alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from peewee import Expression

from models.agency import Agency
from models.identity import LegacyUser, Session
from models.states import AuditResult
from services import agency_policy, audit, sessions, throttle
from services.accounts.identities import hold
from services.accounts.present_password import WRONG, PresentPassword, record
from services.actor import Actor
from services.context import Context
from services.credentials.passwords import Secret
from services.errors import Invalid, NotFound, Refused
from services.legacy.hashes import LegacyHashes
from services.open_sessions import OpenSession, condition, open_of
from services.sign_in import too_soon

SEEN_AGAIN = timedelta(minutes=1)
"""How far apart two notes are of when a session was last used."""

_GONE = "This session has ended already."
_THIS = "This is the session that you are in. Sign out to end it."


@dataclass(frozen=True, slots=True)
class Standing:
    """What a surface must know while somebody works.

    Attributes:
        idle: how long it may stand untouched before it locks.
        others: where the same person is signed in besides.
    """

    idle: timedelta
    others: tuple[OpenSession, ...]


class OwnSessions:
    """Everything here is about the actor's own sessions."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._present = PresentPassword(ctx)
        self._hashes = LegacyHashes(ctx.bcrypt_cost)

    def look(self, actor: Actor) -> Standing:
        """Whether the session still holds, noting that it is in use. Raises SignedOut or Locked."""
        with self._ctx.read():
            sessions.require(self._ctx, actor, limited=True)
            policy = agency_policy.policy_of(Agency.get_by_id(actor.agency_id))
            found = open_of(self._ctx, actor)
        now = self._ctx.clock.now()
        if any(one.this and now - one.seen >= SEEN_AGAIN for one in found):
            with self._ctx.unit():
                Session.update(last_seen_at=now).where(Session.id == actor.session_id).execute()
        return Standing(policy.idle, tuple(one for one in found if not one.this))

    def list(self, actor: Actor) -> tuple[OpenSession, ...]:
        """Every session that is open now, this one first, then the newest. Raises SignedOut, Locked or Refused."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            return open_of(self._ctx, actor)

    def end(self, actor: Actor, session_id: int) -> None:
        """End another session of one's own. Raises NotFound, or Refused for the one that asks."""
        with self._ctx.unit():
            self._hold(actor)
            if session_id == actor.session_id:
                raise Refused(_THIS)
            self._end(actor, Session.id == session_id)

    def end_others(self, actor: Actor) -> int:
        """End all sessions but this one; returns how many. Raises NotFound if there is no other one."""
        with self._ctx.unit():
            self._hold(actor)
            return self._end(actor, Session.id != actor.session_id)

    def lock(self, actor: Actor, *, idle: bool) -> None:
        """Let the session open nothing until `unlock`; one that is locked stays so. Raises SignedOut.

        Args:
            idle: whether nobody touched it, and nobody asked for it.
        """
        with self._ctx.unit():
            sessions.require(self._ctx, actor, limited=True, locked=True)
            mine = (Session.id == actor.session_id) & Session.locked_at.is_null()
            if Session.update(locked_at=self._ctx.clock.now()).where(mine).execute():
                record(self._ctx, actor, audit.Action.SESSION_LOCKED, idle=idle)

    def unlock(self, actor: Actor, password: Secret) -> None:
        """Open the session again. Raises Invalid for `password`, TooSoon after wrong tries, or SignedOut.

        The second factor is not asked again: it was given when the session began.
        """
        recorded = audit.refusals_recorded(
            self._ctx, actor, audit.Action.SESSION_UNLOCKED, identity_id=actor.identity_id, subject=actor.name
        )
        with recorded:
            if actor.legacy_user_id is not None:
                self._check_legacy(actor, password)
            else:
                action = audit.Action.SESSION_UNLOCKED
                self._present.check(actor, password, action, field="password", limited=True, locked=True)
            with self._ctx.unit():
                sessions.require(self._ctx, actor, limited=True, locked=True)
                now = self._ctx.clock.now()
                Session.update(locked_at=None, last_seen_at=now).where(Session.id == actor.session_id).execute()
                record(self._ctx, actor, audit.Action.SESSION_UNLOCKED)

    def _hold(self, actor: Actor) -> None:
        """One after the other: of two sessions that end each other one stays. Raises as `sessions.require` does."""
        hold(self._ctx, actor.identity_id or 0)
        sessions.require(self._ctx, actor)

    def _end(self, actor: Actor, which: Expression) -> int:
        origin = actor.origin
        mine = condition(self._ctx, actor) & (Session.id != actor.session_id) & which
        ended = (
            Session.update(
                ended_at=self._ctx.clock.now(),
                ended_because=f"you ended it from another one ({origin.surface}, {origin.place})"[:100],
            )
            .where(mine)
            .execute()
        )
        if not ended:
            raise NotFound(_GONE)
        record(self._ctx, actor, audit.Action.SESSION_ENDED, sessions=int(ended))
        return int(ended)

    def _check_legacy(self, actor: Actor, password: Secret) -> None:
        """The same for somebody who came in by the access key, with a wait of its own."""
        key = throttle.key(self._ctx, "legacy-unlock", str(actor.legacy_user_id))
        with self._ctx.unit():
            sessions.require(self._ctx, actor, locked=True)
            wait = throttle.claim(self._ctx, key)
            if wait:
                raise too_soon(wait)
            stored = LegacyUser.get_by_id(actor.legacy_user_id).verifier
        right = self._hashes.verify(password, stored)
        with self._ctx.unit():
            if right:
                throttle.forgive(key)
                return
            record(self._ctx, actor, audit.Action.SESSION_UNLOCKED, AuditResult.FAILED, "wrong password")
        raise Invalid({"password": WRONG})
