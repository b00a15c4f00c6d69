"""The access column of the tables of clients and staff, kept in step with the account and its mail."""

from __future__ import annotations

from models.client import Client
from models.identity import Identity
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import Access, IdentityState, MailPurpose, MailState

OPENING_MAIL = (MailPurpose.WELCOME, MailPurpose.RESET, MailPurpose.CONFIRM_RESET, MailPurpose.TEMPORARY)
"""The mails without which a person who is out stays out."""


def refresh(identity_id: int) -> None:
    """Work out the access state of the person behind an account and store it; call it inside `ctx.unit()`."""
    identity = Identity.get_or_none(Identity.id == identity_id)
    if identity is None:
        return
    access = _access(identity)
    for people in (Client, StaffMember):
        people.update(access=access).where((people.identity == identity_id) & (people.access != access)).execute()


def _access(identity: Identity) -> Access:
    if identity.state is IdentityState.DEACTIVATED:
        return Access.DEACTIVATED
    if _bounced(identity):
        return Access.UNDELIVERABLE
    return Access.PENDING if identity.state is IdentityState.PENDING else Access.ACTIVE


def _bounced(identity: Identity) -> bool:
    newest = (
        OutboxMessage.select(OutboxMessage.state)
        .where(
            (OutboxMessage.identity_id == identity.id)
            & (OutboxMessage.to_address == identity.email)
            & OutboxMessage.purpose.in_(OPENING_MAIL)
        )
        .order_by(OutboxMessage.id.desc())
        .first()
    )
    return newest is not None and newest.state is MailState.FAILED
