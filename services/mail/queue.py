"""The outbox as the delivery sees it: messages are claimed by lease, looked at in their turn, and written down after.

Every function opens its own unit of work; none is open while a server is waited for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import Case, Expression, fn

from models.database import is_postgresql
from models.outbox import OutboxMessage
from models.states import Access, AuditResult, MailPurpose, MailState, Role, Surface, TokenPurpose, TokenState
from services import audit, temporary_credential
from services.accounts import access
from services.accounts.identities import hold
from services.actor import Actor, Origin
from services.context import Context
from services.credentials import tokens
from services.mail.facts import OPENED_BY, SECRET, MailFacts, facts_of, rows_where
from services.mail.outbox import WAITING
from services.temporary_credential import TemporaryState

_NAME = "Trakdesk"
_PLACE = "mail delivery"


@dataclass(frozen=True, slots=True)
class Turn:
    """A message whose turn it is.

    Attributes:
        needed: whether what it carries still opens something; always, if it carries nothing.
        undeliverable: whether the list of clients or staff says that mail does not reach this person.
        last_words: what became of the last try.
    """

    id: int
    agency_id: int
    identity_id: int | None
    client_id: int | None
    staff_id: int | None
    attempts: int
    expires_at: datetime
    needed: bool
    undeliverable: bool
    last_words: str
    facts: MailFacts


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a message.

    Attributes:
        at: when.
        not_before: when to try again, for a deferred one.
        tried: whether it counts as a try.
    """

    turn: Turn
    state: MailState
    at: datetime
    code: int | None
    words: str
    not_before: datetime | None = None
    tried: bool = True


def claim(ctx: Context, owner: str, limit: int, span: timedelta) -> list[int]:
    """Lease at most `limit` messages that are due, for `span`; nobody else gets them meanwhile.

    New mail goes first, but a quarter of the places is for what was deferred, so that neither starves the other.
    """
    now = ctx.clock.now()
    with ctx.unit():
        again = _due(ctx, now, MailState.DEFERRED, limit)
        kept = min(len(again), max(1, limit // 4))
        new = _due(ctx, now, MailState.QUEUED, limit - kept) if limit > kept else []
        ids = new + again[: limit - len(new)]
        if ids:
            # Nobody else can have leased them since: on SQLite a unit of work has the whole file to itself.
            OutboxMessage.update(lease_owner=owner, lease_until=now + span).where(OutboxMessage.id.in_(ids)).execute()
    return ids


def renew(ctx: Context, owner: str, ids: Sequence[int], span: timedelta) -> None:
    """Keep the leases that are still held."""
    with ctx.unit():
        OutboxMessage.update(lease_until=ctx.clock.now() + span).where(_held(owner, ids)).execute()


def release(ctx: Context, owner: str, ids: Sequence[int]) -> None:
    """Give back what was claimed and not tried."""
    if ids:
        with ctx.unit():
            OutboxMessage.update(lease_owner="", lease_until=None).where(_held(owner, ids)).execute()


def look(ctx: Context, owner: str, ids: Sequence[int]) -> list[Turn]:
    """The messages as they are now, in this order, without those that were taken back or lost to somebody else."""
    with ctx.read():
        rows = rows_where(_held(owner, ids) & OutboxMessage.state.in_(WAITING))
        now = ctx.clock.now()
        found = {row["id"]: _turn(row, now) for row in rows}
    return [found[number] for number in ids if number in found]


def next_due(ctx: Context) -> datetime | None:
    """When the next message may go, leased or not; None if none waits."""
    with ctx.read():
        moments = [
            OutboxMessage.select(fn.MIN(OutboxMessage.not_before)).where(OutboxMessage.state == state).scalar()
            for state in WAITING
        ]
    return min((moment for moment in moments if moment is not None), default=None)


def hasten(ctx: Context) -> None:
    """Let everything go now that was deferred because nobody answered."""
    now = ctx.clock.now()
    with ctx.unit():
        OutboxMessage.update(not_before=now).where(
            (OutboxMessage.state == MailState.DEFERRED)
            & OutboxMessage.reply_code.is_null()
            & (OutboxMessage.not_before > now)
        ).execute()


def write_down(ctx: Context, owner: str, results: Sequence[Result]) -> None:
    """Store what became of messages, with its consequences for tokens, audit and client list, all or nothing."""
    final = [result for result in results if result.state is not MailState.DEFERRED]
    refreshed = sorted({number for result in final if (number := _to_refresh(result)) is not None})
    with ctx.unit():
        for number in refreshed:
            # Whoever changes an account locks it first and its mail second; the other order could end in a deadlock.
            hold(ctx, number)
        _store(owner, results)
        _start_hours([result for result in results if result.state is MailState.SENT])
        for result in final:
            _audit(ctx, result)
        for number in refreshed:
            access.refresh(number)


def _due(ctx: Context, now: datetime, state: MailState, limit: int) -> list[int]:
    """Ids that are due, oldest first, locked until the unit of work ends; the index has them state by state."""
    rows = (
        OutboxMessage.select(OutboxMessage.id)
        .where((OutboxMessage.state == state) & (OutboxMessage.not_before <= now) & _free(now))
        .order_by(OutboxMessage.not_before, OutboxMessage.id)
        .limit(limit)
    )
    if is_postgresql(ctx.database):
        rows = rows.for_update(skip_locked=True)
    return [message.id for message in rows]


def _free(now: datetime) -> Expression:
    return OutboxMessage.lease_until.is_null() | (OutboxMessage.lease_until <= now)


def _held(owner: str, ids: Sequence[int]) -> Expression:
    return OutboxMessage.id.in_(ids) & (OutboxMessage.lease_owner == owner)


def _turn(row: dict[str, Any], now: datetime) -> Turn:
    return Turn(
        id=row["id"],
        agency_id=row["agency"],
        identity_id=row["identity_id"],
        client_id=row["client_id"],
        staff_id=row["staff_id"],
        attempts=row["attempts"],
        expires_at=row["expires_at"],
        needed=row["purpose"] not in SECRET or _opens(row, now),
        undeliverable=Access.UNDELIVERABLE in (row["access"], row["staff_access"]),
        last_words=row["reply_text"],
        facts=facts_of(row),
    )


def _opens(row: dict[str, Any], now: datetime) -> bool:
    """Whether what the mail carries still opens something, or it says something besides."""
    if row["purpose"] is MailPurpose.EMAIL_CHANGED_OLD:
        # A notice first of all: without anything to undo it leaves as that.
        return True
    if row["purpose"] is not MailPurpose.TEMPORARY:
        return row["token_state"] is TokenState.LIVE and bool(row["token_expires_at"] > now)
    verifier = row["temporary_verifier"]
    live = verifier is not None and temporary_credential.state_in(verifier) is TemporaryState.LIVE
    return live and bool(row["temporary_expires_at"] > now)


def _store(owner: str, results: Sequence[Result]) -> None:
    """One statement for all results alike but for the server's words."""
    alike: dict[tuple[Any, ...], list[Result]] = defaultdict(list)
    for result in results:
        alike[result.state, result.code, result.not_before, result.tried].append(result)
    for (state, code, not_before, tried), group in alike.items():
        changes: dict[str, Any] = {"state": state, "lease_owner": "", "lease_until": None, "reply_code": code}
        changes["reply_text"] = Case(OutboxMessage.id, [(result.turn.id, result.words) for result in group])
        if tried:
            changes["attempts"] = OutboxMessage.attempts + 1
        mine: Expression = OutboxMessage.id.in_([result.turn.id for result in group])
        if state is MailState.SENT:
            # A fact, whoever holds the lease by now.
            changes["accepted_at"] = changes["ended_at"] = _latest(group)
        elif state is MailState.DEFERRED:
            changes["not_before"] = not_before
            mine &= OutboxMessage.lease_owner == owner
        else:
            changes["ended_at"] = _latest(group)
            mine &= OutboxMessage.lease_owner == owner
        OutboxMessage.update(**changes).where(mine & OutboxMessage.state.in_(WAITING)).execute()


def _start_hours(sent: Sequence[Result]) -> None:
    """Start the hour that a link or a temporary password was promised, now that the server took its mail."""
    temporary = [result for result in sent if result.turn.facts.purpose is MailPurpose.TEMPORARY]
    if temporary:
        temporary_credential.accepted([result.turn.id for result in temporary], _latest(temporary))
    alike: dict[tuple[TokenPurpose, str], list[Result]] = defaultdict(list)
    for result in sent:
        purpose = OPENED_BY.get(result.turn.facts.purpose)
        if purpose is not None:
            alike[purpose, result.turn.facts.agency.profile].append(result)
    for (purpose, profile), group in alike.items():
        tokens.accepted([result.turn.id for result in group], purpose, profile, _latest(group))


def _latest(results: Iterable[Result]) -> datetime:
    return max(result.at for result in results)


def _to_refresh(result: Result) -> int | None:
    """The account whose state in the lists may be another now."""
    gone = result.state in (MailState.FAILED, MailState.EXPIRED)
    mended = result.state is MailState.SENT and result.turn.undeliverable
    return result.turn.identity_id if gone or mended else None


def _audit(ctx: Context, result: Result) -> None:
    if result.state is MailState.SUPERSEDED:
        return
    sent = result.state is MailState.SENT
    turn = result.turn
    audit.record(
        ctx,
        Actor(turn.agency_id, None, None, _NAME, Role.ADMINISTRATOR, Origin(Surface.COMMAND, _PLACE)),
        audit.Action.MAIL_SENT if sent else audit.Action.MAIL_FAILED,
        result=AuditResult.DONE if sent else AuditResult.FAILED,
        client_id=turn.client_id,
        staff_id=turn.staff_id,
        identity_id=turn.identity_id,
        subject=turn.facts.to_address,
        reason="" if sent else result.words,
        details={"mail": turn.id, "purpose": turn.facts.purpose.value, "code": result.code},
    )
