"""Which SSH keys an account has, and what ends with one."""

from __future__ import annotations

from typing import Any

from models.identity import Identity, Session
from models.ssh_key import SshKey
from services import audit
from services.actor import Actor
from services.context import Context
from services.mail import notices
from services.mail.notices import Notice
from services.person_key import PersonKey
from services.persons import numbers
from services.ssh_keys.values import SshKeyView
from services.text import safe

REVOKED = "the SSH key with which it began was revoked"
"""Why such a session has ended."""


def live_by(fingerprint: str) -> SshKey | None:
    """The key that is bound now under this fingerprint; call it inside `ctx.read()` or `ctx.unit()`."""
    found: SshKey | None = SshKey.get_or_none((SshKey.fingerprint == fingerprint) & SshKey.revoked_at.is_null())
    return found


def count_live(identity_id: int) -> int:
    """How many keys open an account; call it inside `ctx.read()` or `ctx.unit()`."""
    return int(SshKey.select().where((SshKey.identity == identity_id) & SshKey.revoked_at.is_null()).count())


def told_with_password(identity_id: int) -> dict[str, str]:
    """What the mail about a changed password says of keys, as the outbox keeps it; call it inside `ctx.unit()`."""
    return {"ssh_keys": str(count_live(identity_id))}


def views_of(which: Any) -> tuple[SshKeyView, ...]:
    """The keys of a condition, those that are bound first; call it inside `ctx.read()` or `ctx.unit()`."""
    rows = SshKey.select(SshKey, Identity).join(Identity).where(which).order_by(SshKey.id.desc())
    return tuple(view_of(row) for row in sorted(rows, key=lambda row: row.revoked_at is not None))


def view_of(row: SshKey) -> SshKeyView:
    """The key as a value."""
    return SshKeyView(
        id=row.id,
        owner=safe(row.identity.name),
        email=safe(row.identity.email),
        kind=safe(row.kind),
        fingerprint=row.fingerprint,
        comment=safe(row.comment),
        bound_at=row.bound_at,
        bound_by=safe(row.bound_by),
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        revoked_by=safe(row.revoked_by),
    )


def take_off(ctx: Context, actor: Actor, identity: Identity, row: SshKey, owner: PersonKey | None) -> SshKeyView:
    """Let a key open nothing any more, and end what it opened but the actor's own session; with the account held.

    One that is revoked already stays as it is.
    """
    now = ctx.clock.now()
    live = (SshKey.id == row.id) & SshKey.revoked_at.is_null()
    if SshKey.update(revoked_at=now, revoked_by=actor.name).where(live).execute():
        begun = (Session.identity == identity.id) & (Session.ssh_key == row.fingerprint) & Session.ended_at.is_null()
        if actor.session_id is not None:
            begun &= Session.id != actor.session_id
        ended = Session.update(ended_at=now, ended_because=REVOKED).where(begun).execute()
        notices.tell(ctx, identity, Notice.SSH_KEY_REVOKED, by=actor.name, key=row.fingerprint, comment=row.comment)
        audit.record(
            ctx,
            actor,
            audit.Action.SSH_KEY_REVOKED,
            **numbers(owner),
            identity_id=identity.id,
            subject=identity.name,
            details={"key": row.fingerprint, "comment": row.comment, "sessions": int(ended)},
        )
    return view_of(SshKey.get_by_id(row.id))
