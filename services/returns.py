"""The way back into a session in the browser whose program has gone: a ticket that works once, for minutes."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from peewee import Expression

from models.identity import Identity, Session
from models.states import AuditResult, Surface
from models.unfinished import SessionReturn
from services import agency_policy, audit, left_sessions, sessions
from services.accounts.identities import client_id_of, hold
from services.actor import Actor, Origin
from services.context import Context
from services.credentials.passwords import Secret
from services.entry import places
from services.errors import Refused, SignedOut
from services.mail import notices
from services.mail.notices import Notice

WAITS = timedelta(minutes=10)
"""How long the ticket works after its program has gone."""

WAITS_CLOSED = timedelta(minutes=2)
"""The same after a page was closed on purpose: one that is loaded anew comes back within seconds."""

RENEWED_EVERY = timedelta(minutes=3)
"""How far apart two renewals by a running program are."""

OVER = "You are not signed in any more: too much time has passed, or you were signed out. Sign in again."
"""The one answer to every ticket that opens nothing."""

_LABEL = b"desk/return/v1\0"
_BY = "Portal"


class Returns:
    """Makes tickets, and takes them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def make(self, actor: Actor) -> Secret:
        """A ticket for this session, in the place of the one before.

        Raises SignedOut, or Refused: only a full session of an account, in the browser, has one.
        """
        ticket = secrets.token_urlsafe(32)
        now = self._ctx.clock.now()
        with self._ctx.unit():
            hold(self._ctx, actor.identity_id or 0)
            sessions.require(self._ctx, actor, locked=True)
            session = Session.get_or_none((Session.id == actor.session_id) & Session.identity.is_null(False))
            if session is None or session.surface is not Surface.PORTAL:
                raise Refused("Only an account that is signed in with the browser has a way back.")
            left_sessions.end_of(self._ctx, session.identity_id or 0)
            fresh = {
                SessionReturn.ticket_hash: self._hash(ticket),
                SessionReturn.made_at: now,
                SessionReturn.expires_at: min(now + WAITS, session.expires_at),
            }
            upsert = SessionReturn.insert({SessionReturn.session: session.id, **fresh})
            upsert.on_conflict(conflict_target=[SessionReturn.session], update=fresh).execute()
        return Secret(ticket)

    def renew(self, actor: Actor, ticket: Secret) -> bool:
        """Let the ticket work for another while: its program still runs. False if another program has the session now.

        Raises SignedOut or Refused.
        """
        return self._let_work(actor, ticket, WAITS)

    def leave(self, actor: Actor, ticket: Secret) -> None:
        """The person has closed the page: the ticket works for a shorter while. Raises SignedOut or Refused."""
        self._let_work(actor, ticket, WAITS_CLOSED)

    def come_back(self, ticket: Secret, origin: Origin) -> Actor:
        """Go on in the session; the ticket is used up. One that is locked, or was left for too long, is locked.

        Raises Refused with one sentence, whatever is wrong with the ticket or its session.
        """
        hashed = self._hash(ticket.reveal())
        try:
            with self._ctx.unit():
                return self._resume(hashed, origin)
        except (Refused, SignedOut) as refusal:
            self._record_refused(hashed, origin, refusal.sentence)
        raise Refused(OVER)

    def _let_work(self, actor: Actor, ticket: Secret, how_long: timedelta) -> bool:
        mine = (SessionReturn.session == actor.session_id) & (SessionReturn.ticket_hash == self._hash(ticket.reveal()))
        with self._ctx.unit():
            sessions.require(self._ctx, actor, locked=True)
            session = Session.get_by_id(actor.session_id)
            until = min(self._ctx.clock.now() + how_long, session.expires_at)
            return bool(SessionReturn.update(expires_at=until).where(mine).execute())

    def _resume(self, hashed: str, origin: Origin) -> Actor:
        """The same statements for a ticket that nobody made, as far as it comes."""
        session = _session_of(SessionReturn.ticket_hash == hashed)
        identity = hold(self._ctx, (session.identity_id if session else None) or 0)
        works = (SessionReturn.ticket_hash == hashed) & (SessionReturn.expires_at > self._ctx.clock.now())
        taken = SessionReturn.delete().where(works).execute()
        if session is None or identity is None or not taken or origin.surface is not Surface.PORTAL:
            raise Refused(OVER)
        actor = Actor(identity.agency_id, identity.id, session.id, identity.name, identity.role, origin)
        sessions.require(self._ctx, actor, locked=True)
        self._arrive(actor, session, identity)
        return actor

    def _arrive(self, actor: Actor, session: Session, identity: Identity) -> None:
        now, place = self._ctx.clock.now(), actor.origin.place[:200]
        idle = agency_policy.policy_of(identity.agency).idle
        locked_at = session.locked_at or (now if now - session.last_seen_at >= idle else None)
        Session.update(place=place, last_seen_at=now, locked_at=locked_at).where(Session.id == session.id).execute()
        moved = place != session.place
        if moved and places.arrive(self._ctx, identity.id, actor.origin):
            notices.tell(self._ctx, identity, Notice.NEW_PLACE, by=_BY, place=places.place_of(actor.origin))
        audit.record(
            self._ctx,
            actor,
            audit.Action.SESSION_RESUMED,
            client_id=client_id_of(identity.id),
            identity_id=identity.id,
            subject=identity.name,
            details={"from": session.place} if moved else None,
        )

    def _record_refused(self, hashed: str, origin: Origin, why: str) -> None:
        """In the history of whose session it was; a ticket that nobody made is nobody's, and fills no audit."""
        with self._ctx.unit():
            session = _session_of(SessionReturn.ticket_hash == hashed)
            if session is None or session.identity is None:
                return
            identity = session.identity
            audit.record(
                self._ctx,
                origin,
                audit.Action.SESSION_RESUMED,
                result=AuditResult.REFUSED,
                agency_id=identity.agency_id,
                client_id=client_id_of(identity.id),
                identity_id=identity.id,
                subject=identity.name,
                reason=why,
            )

    def _hash(self, ticket: str) -> str:
        return hmac.digest(self._ctx.keys.lookup, _LABEL + ticket.encode("utf-8", "replace"), "sha256").hex()


def _session_of(which: Expression) -> Session | None:
    found: Session | None = Session.select().join(SessionReturn).where(which).first()
    return found
