"""Tells the owner of an account what happened to it, by a mail in the same transaction."""

from __future__ import annotations

from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import MailPurpose
from services.context import Context
from services.mail import outbox
from services.mail.notice_words import Notice

__all__ = ["Notice", "tell"]


def tell(
    ctx: Context, identity: Identity, notice: Notice, *, by: str, to_address: str = "", **facts: str
) -> OutboxMessage:
    """Queue the notice; call it inside `ctx.unit()`, in the unit of work of what happened.

    Args:
        by: whose action caused it, as the mail trail shows it.
        to_address: the account's own address if left out.
        facts: what the words of this notice name, such as `place`; never a secret.
    """
    details = {"notice": notice.value, **facts}
    return outbox.enqueue(ctx, identity, MailPurpose.NOTICE, by=by, to_address=to_address, details=details)
