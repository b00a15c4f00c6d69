"""Making an account active: its owner has proved to have the mailbox."""

from __future__ import annotations

from models.identity import Identity
from models.states import IdentityState
from services.context import Context


def activate(ctx: Context, identity: Identity) -> None:
    """Let the account sign in; call it with the account held."""
    now = ctx.clock.now()
    Identity.update(
        state=IdentityState.ACTIVE,
        activated_at=now,
        state_changed_at=now,
        state_changed_by=identity.name,
        state_reason="",
        version=Identity.version + 1,
    ).where(Identity.id == identity.id).execute()
