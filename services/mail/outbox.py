"""The outbox: mail is written with the change that caused it and carries no secret."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from peewee import ModelSelect, fn

from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import MailPurpose, MailState
from services.context import Context

PATIENCE = timedelta(hours=24)
"""How long the outbox tries before it gives up on a message."""

WAITING = (MailState.QUEUED, MailState.DEFERRED)

SELF_SERVICE = "Forgot password"
"""Who caused a mail, as the mail trail shows it, that somebody asked for without signing in."""


def enqueue(
    ctx: Context,
    identity: Identity,
    purpose: MailPurpose,
    *,
    by: str,
    to_address: str = "",
    details: Mapping[str, str] | None = None,
) -> OutboxMessage:
    """Queue one mail in the running unit of work; call it inside `ctx.unit()`.

    Args:
        by: whose action caused it, as the mail trail shows it.
        to_address: the identity's own address if left out.
        details: what the template needs besides identity and agency; never a secret.
    """
    now = ctx.clock.now()
    message = OutboxMessage.create(
        uuid=uuid.uuid4().hex,
        agency=identity.agency_id,
        identity_id=identity.id,
        purpose=purpose,
        to_address=to_address or identity.email,
        to_name=identity.name,
        details=json.dumps(dict(details or {}), sort_keys=True),
        state=MailState.QUEUED,
        created_at=now,
        created_by=by,
        not_before=now,
        expires_at=now + PATIENCE,
    )
    ctx.database.after_commit(ctx.mail_waiting.set)
    return message


def take_back(ctx: Context, message_ids: list[int] | ModelSelect[Any]) -> int:
    """Mark mail that has not left yet as superseded; call it inside `ctx.unit()`. Returns how many waited.

    Args:
        message_ids: the numbers, or the query that finds them, which costs one statement whatever it finds.
    """
    if isinstance(message_ids, list) and not message_ids:
        return 0
    return int(
        OutboxMessage.update(state=MailState.SUPERSEDED, ended_at=ctx.clock.now())
        .where(OutboxMessage.id.in_(message_ids) & OutboxMessage.state.in_(WAITING))
        .execute(),
    )


def tally() -> dict[MailState, int]:
    """How many messages are in each state; call it inside `ctx.read()`."""
    rows: Any = OutboxMessage.select(OutboxMessage.state, fn.COUNT(OutboxMessage.id)).group_by(OutboxMessage.state)
    return {MailState(state): count for state, count in rows.tuples()}
