"""What became of each mail to a person: the message and the token in it, told as one."""

from __future__ import annotations

from datetime import datetime

from models.identity import OneTimeToken
from models.outbox import OutboxMessage
from models.states import MailPurpose, MailState, TokenState
from services import temporary_credential
from services.clients.values import TrailEntry
from services.temporary_credential import TemporaryState
from services.text import safe
from services.when import show_moment

SHOWN = 8
"""How many mails stand in the panel."""

_ENDED = {
    TokenState.USED: "used",
    TokenState.SUPERSEDED: "superseded by a newer mail",
    TokenState.REVOKED: "withdrawn",
}


def trail_of(identity_id: int, now: datetime) -> tuple[TrailEntry, ...]:
    """The newest mails to a person, newest first; call it inside `ctx.read()`."""
    messages = list(
        OutboxMessage.select()
        .where(OutboxMessage.identity_id == identity_id)
        .order_by(OutboxMessage.id.desc())
        .limit(SHOWN)
    )
    tokens = {
        token.message_id: token
        for token in OneTimeToken.select().where(OneTimeToken.message.in_([message.id for message in messages]))
    }
    return tuple(
        TrailEntry(
            message_id=message.id,
            at=message.created_at,
            purpose=message.purpose,
            to_address=safe(message.to_address),
            state=message.state,
            outcome=outcome_of(message, tokens.get(message.id), now),
        )
        for message in messages
    )


def outcome_of(message: OutboxMessage, token: OneTimeToken | None, now: datetime) -> str:
    """What became of one mail, in a few words with the time; call it inside `ctx.read()`."""
    if message.state is MailState.SENT:
        return _sent(message, token, now)
    if token is not None and token.state is TokenState.USED and token.ended_at is not None:
        # It came, though the server never told us that it had taken it.
        return f"used {show_moment(token.ended_at, now)}"
    reply = safe(message.reply_text)
    match message.state:
        case MailState.QUEUED:
            return "queued"
        case MailState.DEFERRED:
            return f"deferred, next try {show_moment(message.not_before, now)}: {reply}"
        case MailState.FAILED:
            return f"failed: {reply}"
        case MailState.EXPIRED:
            return f"given up: {reply}" if reply else "given up"
        case _:
            return "superseded before it was sent"


def _sent(message: OutboxMessage, token: OneTimeToken | None, now: datetime) -> str:
    sent = f"sent {show_moment(message.accepted_at or message.created_at, now)}"
    if message.purpose is MailPurpose.TEMPORARY:
        return f"{sent}, {_of_temporary(message, now)}"
    if token is None:
        return sent
    if token.state is not TokenState.LIVE:
        when = f" {show_moment(token.ended_at, now)}" if token.ended_at and token.state is TokenState.USED else ""
        return f"{sent}, {_ENDED[token.state]}{when}"
    if token.expires_at <= now:
        return f"{sent}, expired {show_moment(token.expires_at, now)}"
    return f"{sent}, works until {show_moment(token.expires_at, now)}"


def _of_temporary(message: OutboxMessage, now: datetime) -> str:
    """What became of the password in a mail; the newest one alone is kept."""
    newer = (
        (OutboxMessage.identity_id == message.identity_id)
        & (OutboxMessage.purpose == MailPurpose.TEMPORARY)
        & (OutboxMessage.id > message.id)
    )
    if OutboxMessage.select().where(newer).exists():
        return _ENDED[TokenState.SUPERSEDED]
    kept = temporary_credential.kept_for(message.identity_id or 0)
    if kept is None or kept.expires_at is None:
        return "works no more"
    if kept.state is not TemporaryState.LIVE:
        return _ENDED[TokenState.USED]
    over = kept.expires_at <= now
    return f"{'expired' if over else 'works until'} {show_moment(kept.expires_at, now)}"
