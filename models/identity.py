"""Accounts, the secrets that prove them, and the sessions that they open."""

from __future__ import annotations

from peewee import SQL, Check, ForeignKeyField, IntegerField, TextField

from models.agency import Agency
from models.base import Table
from models.fields import ChoiceField, LineField, MomentField
from models.outbox import OutboxMessage
from models.states import CredentialKind, IdentityState, Role, Surface, TokenPurpose, TokenState


class Identity(Table):
    """The account; its user name is its e-mail address."""

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    email = LineField(max_length=254)
    email_key = LineField(max_length=254, index=True)
    name = LineField(max_length=201)
    role = ChoiceField(Role)
    state = ChoiceField(IdentityState)
    created_at = MomentField()
    activated_at = MomentField(null=True)
    state_changed_at = MomentField()
    state_changed_by = LineField(max_length=201)
    state_reason = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("agency", "email_key"), True),)


class Credential(Table):
    """A hashed secret; at most one of each kind per identity."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    kind = ChoiceField(CredentialKind)
    verifier = LineField(max_length=200)
    created_at = MomentField()
    expires_at = MomentField(null=True)

    class Meta:
        indexes = ((("identity", "kind"), True),)


class OneTimeToken(Table):
    """A single-use secret, sent as a link and as a code; only hashes of both rest here."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    identity_id: int
    message = ForeignKeyField(OutboxMessage, on_delete="RESTRICT", unique=True)
    message_id: int
    purpose = ChoiceField(TokenPurpose)
    state = ChoiceField(TokenState)
    link_hash = LineField(max_length=64, unique=True)
    code_hash = LineField(max_length=64)
    wrong_tries = IntegerField(default=0, constraints=[Check("wrong_tries BETWEEN 0 AND 5")])
    created_at = MomentField()
    expires_at = MomentField()
    ended_at = MomentField(null=True)


OneTimeToken.add_index(
    OneTimeToken.index(
        OneTimeToken.identity,
        OneTimeToken.purpose,
        unique=True,
        where=SQL("state = 'live'"),
        name="onetimetoken_one_live",
    )
)


class Session(Table):
    """Somebody signed in somewhere; the row, not the process, decides whether that still holds."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    identity_id: int
    surface = ChoiceField(Surface)
    place = LineField(max_length=200, default="")
    created_at = MomentField()
    last_seen_at = MomentField()
    expires_at = MomentField()
    ended_at = MomentField(null=True)
    ended_because = LineField(max_length=100, default="")


class Preference(Table):
    """A person's own choice of how the desk looks: JSON text under a name."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    name = LineField(max_length=60)
    value = TextField()

    class Meta:
        indexes = ((("identity", "name"), True),)


class Throttle(Table):
    """How often something was tried under a keyed hash of an address or a source."""

    key = LineField(max_length=64, primary_key=True)
    count = IntegerField(default=0)
    window_from = MomentField()
    next_at = MomentField()
