"""SSH keys of one's own account: seen and revoked; an administrator binds them."""

from __future__ import annotations

from models.ssh_key import SshKey
from services import audit, persons, sessions
from services.accounts.identities import hold
from services.accounts.present_password import own
from services.actor import Actor
from services.context import Context
from services.errors import NotFound
from services.ssh_keys.fingerprint import as_typed
from services.ssh_keys.standing import live_by, take_off, views_of
from services.ssh_keys.values import SshKeyView

_NOT_YOURS = "No such key opens your account. It may have been revoked in the meantime."


class OwnSshKeys:
    """Everything here is about the actor's own account."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def list(self, actor: Actor) -> tuple[SshKeyView, ...]:
        """One's own keys, those that are bound first. Raises SignedOut, Locked, or Refused without an account."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            return views_of(SshKey.identity == own(actor).id)

    def revoke(self, actor: Actor, fingerprint: str) -> SshKeyView:
        """Let one of them open nothing any more; other sessions that it began end. Raises NotFound or as above."""
        recorded = audit.refusals_recorded(
            self._ctx, actor, audit.Action.SSH_KEY_REVOKED, identity_id=actor.identity_id, subject=actor.name
        )
        with recorded, self._ctx.unit():
            identity = hold(self._ctx, actor.identity_id or 0)
            sessions.require(self._ctx, actor)
            row = live_by(as_typed(fingerprint))
            if identity is None or row is None or row.identity_id != identity.id:
                raise NotFound(_NOT_YOURS)
            owner, _ = persons.owner(identity.id)
            return take_off(self._ctx, actor, identity, row, owner)
