"""Whether a change of an account's address can be undone from the old one, and the link and code for it."""

from __future__ import annotations

from peewee import Expression

from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.states import MailPurpose, TokenPurpose, TokenState
from services.context import Context
from services.credentials import tokens
from services.mail import outbox
from services.rules import Email


def is_undoable(ctx: Context, identity: Identity, old: Email, new: Email) -> bool:
    """Whether the old address may undo the change; call it before the change, inside `ctx.read()` or `ctx.unit()`.

    Only its owner may, so not an address that nobody ever proved to have: it may be a slip of the pen, and the
    mailbox a stranger's. Nor one that gives the account back to the address before it.
    """
    return _is_proved(identity, old) and not _live(ctx, identity.id, OneTimeToken.address_key == new.key)


def tell_old(ctx: Context, identity: Identity, old: Email, new: Email, *, by: str, undoable: bool) -> None:
    """Queue the notice to the old address, with link and code to undo the change if it may; inside `ctx.unit()`."""
    told = {"old": old.address, "new": new.address}
    if undoable:
        tokens.issue(ctx, identity, TokenPurpose.UNDO_EMAIL, by=by, to=old, details=told)
    else:
        outbox.enqueue(ctx, identity, MailPurpose.EMAIL_CHANGED_OLD, by=by, to_address=old.address, details=told)


def given_back(ctx: Context, identity_id: int, address: Email) -> None:
    """End what would undo changes since the account had this address last; call it inside `ctx.unit()`."""
    first = _live(ctx, identity_id, OneTimeToken.address_key == address.key)
    if first is not None:
        _end(ctx, identity_id, OneTimeToken.id >= first)


def end_later(ctx: Context, identity_id: int, token_id: int) -> None:
    """End what would undo changes that came after one; call it inside `ctx.unit()`."""
    _end(ctx, identity_id, OneTimeToken.id > token_id)


def _is_proved(identity: Identity, address: Email) -> bool:
    """Whether the account became active at this address, or a mail that went there was used."""
    if identity.activated_at is None:
        return False
    theirs = OutboxMessage.identity_id == identity.id
    came_later = (
        (OutboxMessage.purpose == MailPurpose.EMAIL_CHANGED_NEW)
        & (OutboxMessage.to_address == address.address)
        & (OutboxMessage.created_at >= identity.activated_at)
    )
    if not OutboxMessage.select().where(theirs & came_later).exists():
        return True
    used = (OneTimeToken.address_key == address.key) & (OneTimeToken.state == TokenState.USED)
    return bool(OneTimeToken.select().where((OneTimeToken.identity == identity.id) & used).exists())


def _live(ctx: Context, identity_id: int, which: Expression) -> int | None:
    """The number of the oldest one that still undoes something."""
    live = _undoing(identity_id) & (OneTimeToken.expires_at > ctx.clock.now())
    found: int | None = OneTimeToken.select(OneTimeToken.id).where(live & which).order_by(OneTimeToken.id).scalar()
    return found


def _end(ctx: Context, identity_id: int, which: Expression) -> None:
    # Their mail leaves nonetheless, without link and code: it is a notice first of all.
    OneTimeToken.update(state=TokenState.REVOKED, ended_at=ctx.clock.now()).where(
        _undoing(identity_id) & which
    ).execute()


def _undoing(identity_id: int) -> Expression:
    condition: Expression = (
        (OneTimeToken.identity == identity_id)
        & (OneTimeToken.purpose == TokenPurpose.UNDO_EMAIL)
        & (OneTimeToken.state == TokenState.LIVE)
    )
    return condition
