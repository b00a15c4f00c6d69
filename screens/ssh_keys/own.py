"""One's own SSH keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from screens.ssh_keys.key_list import KeyList
from services.ssh_keys.values import SshKeyView

_SOME = "These keys open your account over SSH without your password. A new password does not change that."
_NONE = "No SSH key opens your account."
_WHO = "An administrator binds another one."


class OwnKeys(KeyList):
    """Seen and revoked; an administrator binds them."""

    title_words: ClassVar[str] = "My SSH keys"

    async def read(self) -> tuple[str, Sequence[SshKeyView]]:
        """What they are good for, and who binds them."""
        keys = await self.call(self.desk.own_ssh_keys.list, self.actor)
        live = any(key.revoked_at is None for key in keys)
        return f"{_SOME if live else _NONE} {_WHO}", keys

    async def take_off(self, key: SshKeyView) -> None:
        """Revoke it."""
        await self.call(self.desk.own_ssh_keys.revoke, self.actor, key.fingerprint)

    def what_ends(self, key: SshKeyView) -> Sequence[str]:
        """For oneself."""
        return ("It opens your account no more. Other sessions that it began end, and you stay signed in here.",)
