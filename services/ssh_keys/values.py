"""What is told of SSH keys. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SshKeyView:
    """A key that is bound to an account, or was.

    Attributes:
        owner: whose account it is, by name; email: the user name.
        kind: its type; comment: what its owner calls it.
        used_at: when it last stood for a sign-in; None if it never did.
        revoked_at: since when it opens nothing any more; None while it does.
    """

    id: int
    owner: str
    email: str
    kind: str
    fingerprint: str
    comment: str
    bound_at: datetime
    bound_by: str
    used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str


@dataclass(frozen=True, slots=True)
class SshKeysView:
    """The keys of one account.

    Attributes:
        owner: whose account it is, by name.
        why_not: why no key is bound to it now, and what to do; empty if one may be.
        keys: those that are bound first, the newest first of each.
    """

    owner: str
    why_not: str
    keys: tuple[SshKeyView, ...]
