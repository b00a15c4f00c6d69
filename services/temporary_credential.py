"""The temporary password of an account: what the database keeps of it, and how far its owner has come since.

The password itself stands in its mail alone. The row outlives it: until the owner has chosen a password and looked
at the contact details, it says what is still owed.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peewee import Expression, fn

from models.identity import Credential, Identity
from models.outbox import OutboxMessage
from models.states import CredentialKind, MailPurpose
from services.context import Context
from services.credentials import codes
from services.credentials.passwords import Secret
from services.mail import outbox

LIFETIME = timedelta(hours=1)
"""How long it opens something, from the moment the mail server took its mail."""


class TemporaryState(StrEnum):
    """The life of a temporary password; a live one past its hour counts as expired."""

    LIVE = "live"
    USED = "used"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Temporary:
    """A temporary password as it is kept.

    Attributes:
        verifier: its stored form, by which a change is noticed.
        expires_at: when a live one ceases to help.
    """

    identity_id: int
    state: TemporaryState
    verifier: str
    expires_at: datetime | None

    def matches(self, ctx: Context, typed: Secret) -> bool:
        """Whether somebody typed it, in whatever state it is; case, blanks and dashes do not matter."""
        read = codes.read_temporary(typed.reveal())
        if read is None:
            return False
        kept = self.verifier.partition("$")[2]
        return hmac.compare_digest(kept, codes.temporary_hash(ctx.keys.lookup, str(self.identity_id), read))

    def opens(self, now: datetime) -> bool:
        """Whether it signs its owner in."""
        return self.state is TemporaryState.LIVE and self.expires_at is not None and self.expires_at > now


def issue(ctx: Context, identity: Identity, *, by: str) -> OutboxMessage:
    """Queue the mail of a new one, which takes the place of an older one; call it with the account held."""
    _take_back(ctx, identity.id)
    message = outbox.enqueue(ctx, identity, MailPurpose.TEMPORARY, by=by)
    password = codes.temporary_password(ctx.keys.mail, message.uuid)
    kept = codes.temporary_hash(ctx.keys.lookup, str(identity.id), password)
    Credential.delete().where(_of(identity.id)).execute()
    Credential.create(
        identity=identity,
        kind=CredentialKind.TEMPORARY,
        verifier=f"{TemporaryState.LIVE}${kept}",
        created_at=message.created_at,
        # Until the mail has left it lives as long as the outbox has patience; then its hour begins.
        expires_at=message.expires_at + LIFETIME,
    )
    return message


def accepted(message_ids: Sequence[int], at: datetime) -> None:
    """Start the hour of those whose mail the server took; call it inside `ctx.unit()`.

    An older mail that was under way when a newer one took its place starts nothing.
    """
    sent_to = OutboxMessage.select(OutboxMessage.identity_id).where(OutboxMessage.id.in_(list(message_ids)))
    newest = (
        OutboxMessage.select(OutboxMessage.identity_id)
        .where((OutboxMessage.purpose == MailPurpose.TEMPORARY) & OutboxMessage.identity_id.in_(sent_to))
        .group_by(OutboxMessage.identity_id)
        .having(fn.MAX(OutboxMessage.id).in_(list(message_ids)))
    )
    Credential.update(expires_at=at + LIFETIME).where(
        Credential.identity.in_(newest) & (Credential.kind == CredentialKind.TEMPORARY)
    ).execute()


def kept_for(identity_id: int) -> Temporary | None:
    """The newest one of an account, None if nothing of any is left to do; call it inside `ctx.read()`."""
    row = Credential.get_or_none(_of(identity_id))
    return None if row is None else temporary_of(row)


def temporary_of(row: Credential) -> Temporary:
    """A row of the table as a value."""
    return Temporary(row.identity_id, state_in(row.verifier), row.verifier, row.expires_at)


def state_in(verifier: str) -> TemporaryState:
    """The state that a stored form tells."""
    return TemporaryState(verifier.partition("$")[0])


def use(ctx: Context, temporary: Temporary) -> bool:
    """Use it up; of two who try at once exactly one gets True. Call it inside `ctx.unit()`."""
    used = (
        Credential.update(verifier=_in_state(temporary, TemporaryState.USED))
        .where(
            _of(temporary.identity_id)
            & (Credential.verifier == temporary.verifier)
            & (Credential.expires_at > ctx.clock.now())
        )
        .execute()
    )
    return bool(used == 1)


def withdraw(ctx: Context, identity_id: int) -> None:
    """Let it open nothing any more; call it inside `ctx.unit()`.

    What its owner owes who has signed in with it stays owed, but for the password, which is another one now or will be.
    """
    _take_back(ctx, identity_id)
    temporary = kept_for(identity_id)
    if temporary is None:
        return
    if temporary.state is TemporaryState.LIVE:
        Credential.delete().where(_of(identity_id)).execute()
    else:
        replaced = _in_state(temporary, TemporaryState.REPLACED)
        Credential.update(verifier=replaced).where(_of(identity_id)).execute()


def settle(identity_id: int) -> None:
    """Forget one that has been replaced: nothing of it is owed any more; call it inside `ctx.unit()`."""
    temporary = kept_for(identity_id)
    if temporary is not None and temporary.state is TemporaryState.REPLACED:
        Credential.delete().where(_of(identity_id)).execute()


def _take_back(ctx: Context, identity_id: int) -> None:
    waiting = OutboxMessage.select(OutboxMessage.id).where(
        (OutboxMessage.identity_id == identity_id)
        & (OutboxMessage.purpose == MailPurpose.TEMPORARY)
        & OutboxMessage.state.in_(outbox.WAITING)
    )
    outbox.take_back(ctx, [message.id for message in waiting])


def _of(identity_id: int) -> Expression:
    condition: Expression = (Credential.identity == identity_id) & (Credential.kind == CredentialKind.TEMPORARY)
    return condition


def _in_state(temporary: Temporary, state: TemporaryState) -> str:
    return f"{state}${temporary.verifier.partition('$')[2]}"
