"""SSH public keys that stand for the first step of a sign-in."""

from __future__ import annotations

from peewee import SQL, ForeignKeyField, TextField

from models.agency import Agency
from models.base import Table
from models.fields import LineField, MomentField
from models.identity import Identity


class SshKey(Table):
    """A public key that an administrator bound to an identity; one key belongs to one identity at a time.

    `kind` and `blob` are the first two words of an OpenSSH public key, `fingerprint` is its `SHA256:…`.
    """

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=True)
    agency_id: int
    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    identity_id: int
    kind = LineField(max_length=60)
    blob = TextField()
    fingerprint = LineField(max_length=60)
    comment = LineField(max_length=100, default="")
    bound_at = MomentField()
    bound_by = LineField(max_length=201)
    used_at = MomentField(null=True)
    revoked_at = MomentField(null=True)
    revoked_by = LineField(max_length=201, default="")


SshKey.add_index(
    SshKey.index(
        SshKey.fingerprint,
        unique=True,
        where=SQL("revoked_at IS NULL"),
        name="sshkey_one_owner",
    )
)
