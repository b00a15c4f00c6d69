"""The yes of a second person: asked for with a reason, given or refused by a colleague, carried out once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from models.identity import Identity
from models.security import Approval
from models.states import ApprovalState, AuditResult
from services import agency_policy, audit, persons, rights, sessions
from services.accounts.taking import allowed
from services.actor import Actor
from services.approvals.values import Dangerous, Request, RequestCounts
from services.clients.values import PersonAction
from services.context import Context
from services.errors import NotFound, Refused
from services.person_key import PersonKey
from services.reasons import clean_reason
from services.rights import Right
from services.text import safe
from services.verification import levels
from services.verification import standing as caller

LASTS = timedelta(hours=24)
"""How long somebody may decide, and the asker may then act."""


_ACTION = {
    Dangerous.CLEAR_FACTOR: PersonAction.CLEAR_FACTOR,
    Dangerous.RESET_ADMINISTRATOR: PersonAction.RESET,
}
_RIGHT = {
    Dangerous.CLEAR_FACTOR: Right.CLEAR_FACTOR,
    Dangerous.RESET_ADMINISTRATOR: Right.RESET_ADMINISTRATOR,
}
_NOT_NEEDED = "The agency asks for no second person here: do it at once."
_ASKED = "You have asked for this already. Wait until a colleague has decided, or take your request back."
_GONE = "This request is not open any more: somebody decided it, or its 24 hours are over. Look at the list again."
_NOT_YOURS = "You asked for this yourself: another colleague decides it."
_SUBJECT = "This is about your own account: another colleague decides it."


class Approvals:
    """Keeps requests and what became of them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def ask(self, actor: Actor, person: PersonKey, what: Dangerous, reason: str) -> None:
        """Ask for a colleague's yes; the caller must be verified for the action already.

        Raises Invalid for `reason`, NotFound, Refused, Forbidden or NotVerified.
        """
        told = clean_reason(reason)
        with self._deciding(actor, audit.Action.APPROVAL_ASKED, person):
            sessions.require_staff(self._ctx, actor, _RIGHT[what])
            row = persons.find_held(self._ctx, actor, person)
            action = _ACTION[what]
            identity = allowed(actor, row, persons.account_of(row), action)
            policy = agency_policy.policy_of(identity.agency)
            _refuse("" if policy.second_person else _NOT_NEEDED)
            _refuse(_ASKED if self._open_of(actor, identity.id, what).exists() else "")
            verified = caller.require(self._ctx, actor, identity, levels.needed(action, policy))
            now = self._ctx.clock.now()
            Approval.create(
                agency=actor.agency_id,
                identity=identity,
                action=what.value,
                reason=told,
                verified=verified.get("verified", "")[:300],
                state=ApprovalState.WAITING,
                asked_by=actor.identity_id,
                asked_at=now,
                expires_at=now + LASTS,
            )
            self._record(actor, audit.Action.APPROVAL_ASKED, person, identity, what, told, **verified)

    def requests(self, actor: Actor) -> tuple[Request, ...]:
        """What waits for the actor to decide, and what the actor asked for, newest first. Raises Refused."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            found = [self._view(actor, row) for row in self._rows(actor)]
            return tuple(request for request in found if request is not None)

    def counts(self, actor: Actor) -> RequestCounts:
        """The same as numbers. Raises Refused."""
        found = self.requests(actor)
        return RequestCounts(
            to_decide=sum(not request.mine for request in found),
            granted=sum(request.mine and request.state is ApprovalState.GRANTED for request in found),
        )

    def grant(self, actor: Actor, approval_id: int) -> None:
        """Say yes. Raises NotFound, Refused or Forbidden."""
        self._decide(actor, approval_id, ApprovalState.GRANTED, audit.Action.APPROVAL_GRANTED, "")

    def refuse(self, actor: Actor, approval_id: int, reason: str) -> None:
        """Say no. Raises Invalid for `reason`, NotFound, Refused or Forbidden."""
        told = clean_reason(reason)
        self._decide(actor, approval_id, ApprovalState.REFUSED, audit.Action.APPROVAL_REFUSED, told)

    def withdraw(self, actor: Actor, approval_id: int) -> None:
        """Take one's own request back. Raises NotFound or Refused."""
        with self._deciding(actor, audit.Action.APPROVAL_WITHDRAWN):
            sessions.require_staff(self._ctx, actor)
            request, identity = self._request(actor, approval_id)
            _refuse("" if request.mine else _GONE)
            self._put(
                actor, approval_id, ApprovalState.WITHDRAWN, "", of=(ApprovalState.WAITING, ApprovalState.GRANTED)
            )
            self._record(actor, audit.Action.APPROVAL_WITHDRAWN, request.person, identity, request.what, "")

    @contextmanager
    def _deciding(self, actor: Actor, action: audit.Action, person: PersonKey | None = None) -> Iterator[None]:
        recorded = audit.refusals_recorded(
            self._ctx,
            actor,
            action,
            **persons.numbers(person),
        )
        with recorded, self._ctx.unit():
            yield

    def _decide(self, actor: Actor, approval_id: int, state: ApprovalState, action: audit.Action, reason: str) -> None:
        with self._deciding(actor, action):
            sessions.require_staff(self._ctx, actor)
            request, identity = self._request(actor, approval_id)
            _refuse(_NOT_YOURS if request.mine else "")
            _refuse(_SUBJECT if identity.id == actor.identity_id else "")
            sessions.require_staff(self._ctx, actor, _RIGHT[request.what])
            self._put(actor, approval_id, state, reason, of=(ApprovalState.WAITING,))
            self._record(actor, action, request.person, identity, request.what, reason, asked_by=request.asked_by)

    def _put(
        self, actor: Actor, approval_id: int, state: ApprovalState, reason: str, *, of: tuple[ApprovalState, ...]
    ) -> None:
        """Of two who decide at once exactly one is heard."""
        now = self._ctx.clock.now()
        put = (
            Approval.update(state=state, decided_by=actor.identity_id, decided_at=now, decided_reason=reason)
            .where((Approval.id == approval_id) & Approval.state.in_(of) & (Approval.expires_at > now))
            .execute()
        )
        _refuse("" if put else _GONE)

    def _rows(self, actor: Actor) -> list[Approval]:
        still = (Approval.agency == actor.agency_id) & (Approval.expires_at > self._ctx.clock.now())
        mine = Approval.asked_by == actor.identity_id
        open_ones: Any = (Approval.state == ApprovalState.WAITING) & ~mine
        told = mine & Approval.state.in_((ApprovalState.WAITING, ApprovalState.GRANTED, ApprovalState.REFUSED))
        return list(Approval.select().where(still & (open_ones | told)).order_by(Approval.id.desc()))

    def _request(self, actor: Actor, approval_id: int) -> tuple[Request, Identity]:
        """One that the actor sees, and the account that it is about. Raises NotFound."""
        for row in self._rows(actor):
            if row.id == approval_id and (request := self._view(actor, row, decides=False)) is not None:
                return request, row.identity
        raise NotFound(_GONE)

    def _view(self, actor: Actor, row: Approval, *, decides: bool = True) -> Request | None:
        """The request, None if it is nothing for the actor: somebody out of sight, or not theirs to decide."""
        person = persons.behind(actor, row.identity_id)
        what, mine = Dangerous(row.action), row.asked_by_id == actor.identity_id
        if person is None:
            return None
        if decides and not mine and not _may_decide(actor, row.identity, what):
            return None
        return Request(
            id=row.id,
            what=what,
            person=person,
            name=safe(row.identity.name),
            reason=safe(row.reason),
            verified=safe(row.verified),
            state=row.state,
            mine=mine,
            asked_by=safe(row.asked_by.name),
            asked_at=row.asked_at,
            expires_at=row.expires_at,
            by=safe(row.decided_by.name) if row.decided_by is not None else "",
            answer=safe(row.decided_reason),
        )

    def _open_of(self, actor: Actor, identity_id: int, what: Dangerous) -> Any:
        return Approval.select().where(
            (Approval.asked_by == actor.identity_id)
            & (Approval.identity == identity_id)
            & (Approval.action == what.value)
            & Approval.state.in_((ApprovalState.WAITING, ApprovalState.GRANTED))
            & (Approval.expires_at > self._ctx.clock.now())
        )

    def _record(
        self,
        actor: Actor,
        action: audit.Action,
        person: PersonKey,
        identity: Identity,
        what: Dangerous,
        reason: str,
        **details: str,
    ) -> None:
        audit.record(
            self._ctx,
            actor,
            action,
            result=AuditResult.DONE,
            **persons.numbers(person),
            identity_id=identity.id,
            subject=identity.name,
            reason=reason,
            details={"what": what.value} | details,
        )


def _may_decide(actor: Actor, subject: Identity, what: Dangerous) -> bool:
    own = subject.id == actor.identity_id
    return not own and rights.has(actor.role, _RIGHT[what]) and rights.reaches(actor.role, subject.role)


def _refuse(sentence: str) -> None:
    if sentence:
        raise Refused(sentence)
