"""Asking for a human, from wherever somebody stands: the person's side of the help queue."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from models.help_queue import HelpLine, HelpRequest
from models.states import AuditResult, HelpAuthor, HelpState, Surface
from services import audit, persons, throttle
from services.accounts.identities import held
from services.actor import Actor, Origin
from services.context import Context
from services.credentials.passwords import Secret
from services.errors import Refused
from services.help_queue import leaving, lines, signals, whose
from services.help_queue.decoys import Decoys
from services.help_queue.sight import GONE_AFTER, first_name, kept_about
from services.help_queue.values import AskedHelp, Ticket
from services.text import safe

SEEN_EVERY = timedelta(seconds=10)
"""How often it is written down that the person is still there."""

_DAY = timedelta(days=1)
_SAMPLE = 20

_UNKNOWN = "unknown company code"
_ENDED = "This request for help has ended. Ask again if you still need somebody."


class HelpAsking:
    """Whoever holds the ticket reads and writes; nothing else is asked of them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._decoys = Decoys(ctx.clock)

    def ask(
        self,
        origin: Origin,
        name: str,
        topic: str,
        actor: Actor | None = None,
        visit_id: int | None = None,
        company_code: str = "",
    ) -> Ticket:
        """Ask for a human. Who has an open request already goes on with it: its older ticket opens nothing more.

        Args:
            actor: who asks, if they are signed in.
            visit_id: who asks, at a kiosk.
            company_code: whom they ask, where neither is known and there are several agencies. An unknown one gets a
                ticket like any other, for a request that nobody sees.

        Raises Invalid for `name`, `topic` and `company_code`, TooSoon, Refused or SignedOut.
        """
        name, topic = whose.cleaned(name, topic)
        with self._ctx.unit():
            whose.claim(self._ctx, origin, actor)
        recorded = audit.refusals_recorded(self._ctx, actor or origin, audit.Action.HELP_ASKED, subject=name)
        with recorded, self._ctx.unit():
            facts = whose.columns_of(self._ctx, origin, actor, visit_id, company_code)
            if facts is None:
                self._record(actor or origin, None, name, topic, reason=_UNKNOWN)
                return self._decoys.ask(name, topic)
            secret = Secret(secrets.token_urlsafe(24))
            request = self._open_one(actor, visit_id)
            if request is None:
                request = self._store(facts | {"name": name, "topic": topic}, origin, secret)
                self._record(actor or origin, request, name, topic)
            else:
                self._go_on(request, topic, secret)
            signals.tell(self._ctx)
            return Ticket(int(request.id), secret)

    def look(self, ticket: Ticket) -> AskedHelp:
        """How the request stands, and what was said; it also shows that the person is still there. Raises Refused."""
        if self._decoys.has(ticket):
            return self._decoys.look(ticket)
        now = self._ctx.clock.now()
        with self._ctx.read():
            request = self._of(ticket)
            told = self._view(request)
        if request.state is not HelpState.CLOSED and (now - request.seen_at >= SEEN_EVERY or request.left_at):
            with self._ctx.unit():
                # After a silence the agents see again that somebody is there.
                back = now - request.seen_at >= GONE_AFTER
                HelpRequest.update(seen_at=now).where(HelpRequest.id == request.id).execute()
                if back:
                    signals.tell(self._ctx)
        return told

    def say(self, ticket: Ticket, words: str) -> None:
        """Say a line, which the agent sees at once; secrets in it are masked.

        Raises Invalid for `words`, TooSoon, or Refused when the request has ended.
        """
        words = lines.clean_words(words)
        if self._decoys.has(ticket):
            self._decoys.say(ticket, words)
            return
        now = self._ctx.clock.now()
        with self._ctx.unit():
            request = self._open(ticket)
            lines.check_pace(self._said_since(request.id, now - timedelta(seconds=1)))
            HelpRequest.update(seen_at=now, left_at=None).where(HelpRequest.id == request.id).execute()
            lines.add(self._ctx, request.id, HelpAuthor.PERSON, request.name, words)

    def leave(self, ticket: Ticket) -> None:
        """The person goes; the request stays for the agents, who see that. One that has ended is left too."""
        if self._decoys.leave(ticket):
            return
        with self._ctx.unit():
            request = self._row(ticket)
            if request is not None:
                leaving.leave(self._ctx, HelpRequest.id == request.id)

    def _open_one(self, actor: Actor | None, visit_id: int | None) -> HelpRequest | None:
        """The open request of the same person, whose ticket may be lost with a screen that died."""
        if actor is not None and actor.identity_id is not None:
            theirs: Any = HelpRequest.identity == actor.identity_id
        elif visit_id is not None:
            theirs = HelpRequest.visit == visit_id
        else:
            return None
        rows = HelpRequest.select().where(theirs & (HelpRequest.state != HelpState.CLOSED)).order_by(HelpRequest.id)
        found: HelpRequest | None = held(self._ctx, rows).first()
        return found

    def _store(self, columns: dict[str, Any], origin: Origin, secret: Secret) -> HelpRequest:
        now = self._ctx.clock.now()
        request: HelpRequest = HelpRequest.create(
            surface=origin.surface,
            place=origin.place[:200],
            ticket_hash=self._hash(secret),
            state=HelpState.WAITING,
            asked_at=now,
            seen_at=now,
            **columns,
        )
        return request

    def _go_on(self, request: HelpRequest, topic: str, secret: Secret) -> None:
        now = self._ctx.clock.now()
        HelpRequest.update(ticket_hash=self._hash(secret), seen_at=now, left_at=None).where(
            HelpRequest.id == request.id
        ).execute()
        lines.add(self._ctx, request.id, HelpAuthor.DESK, "", f"{request.name} asks again: {topic}")

    def _record(
        self, who: Actor | Origin, request: HelpRequest | None, name: str, topic: str, *, reason: str = ""
    ) -> None:
        about = None if request is None else kept_about(request)
        audit.record(
            self._ctx,
            who,
            audit.Action.HELP_ASKED,
            result=AuditResult.REFUSED if request is None else AuditResult.DONE,
            agency_id=None if request is None else request.agency_id,
            **persons.numbers(about),
            identity_id=None if request is None else request.identity_id,
            subject=name,
            reason=reason,
            details={"request": None if request is None else request.id, "topic": topic},
        )

    def _hash(self, secret: Secret) -> str:
        return throttle.key(self._ctx, "help-ticket", secret.reveal())

    def _row(self, ticket: Ticket, lock: Callable[[Any], Any] = lambda rows: rows) -> HelpRequest | None:
        mine = (HelpRequest.id == ticket.request_id) & (HelpRequest.ticket_hash == self._hash(ticket.secret))
        found: HelpRequest | None = lock(HelpRequest.select().where(mine)).first()
        return found

    def _of(self, ticket: Ticket) -> HelpRequest:
        request = self._row(ticket)
        if request is None:
            raise Refused(_ENDED)
        return request

    def _open(self, ticket: Ticket) -> HelpRequest:
        """The request, locked until the unit ends. Raises Refused if it is over."""
        request = self._row(ticket, partial(held, self._ctx))
        if request is None or request.state is HelpState.CLOSED:
            raise Refused(_ENDED)
        return request

    def _view(self, request: HelpRequest) -> AskedHelp:
        waits = request.state is HelpState.WAITING and self._may_know(request)
        return AskedHelp(
            state=request.state,
            name=safe(request.name),
            topic=safe(request.topic),
            agent=first_name(request.agent_id) if request.state is not HelpState.WAITING else "",
            position=self._before(request) + 1 if waits else 0,
            usual_wait=self._usual_wait(request.agency_id) if waits else None,
            lines=lines.lines_of(request.id, notes=False),
        )

    def _may_know(self, request: HelpRequest) -> bool:
        """A stranger who typed a company code must not see by a queue that there is such an agency."""
        known = request.identity_id is not None or request.surface is Surface.KIOSK
        return known or whose.lone_agency() is not None

    def _before(self, request: HelpRequest) -> int:
        return int(
            HelpRequest.select()
            .where(
                (HelpRequest.agency == request.agency_id)
                & (HelpRequest.state == HelpState.WAITING)
                & (HelpRequest.id < request.id)
                & HelpRequest.left_at.is_null()
                & (HelpRequest.seen_at > self._ctx.clock.now() - GONE_AFTER)
            )
            .count()
        )

    def _usual_wait(self, agency_id: int) -> timedelta | None:
        rows: Any = (
            HelpRequest.select(HelpRequest.asked_at, HelpRequest.answered_at)
            .where((HelpRequest.agency == agency_id) & (HelpRequest.answered_at > self._ctx.clock.now() - _DAY))
            .order_by(HelpRequest.answered_at.desc())
            .limit(_SAMPLE)
        )
        waits = [(answered - asked).total_seconds() for asked, answered in rows.tuples()]
        return timedelta(seconds=round(median(waits))) if waits else None

    def _said_since(self, request_id: int, since: datetime) -> int:
        return int(
            HelpLine.select()
            .where(
                (HelpLine.request == request_id) & (HelpLine.author == HelpAuthor.PERSON) & (HelpLine.said_at > since)
            )
            .count()
        )
