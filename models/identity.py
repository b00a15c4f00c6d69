"""Accounts, the secrets that prove them, and the sessions that they open."""

from __future__ import annotations

from peewee import SQL, Check, ForeignKeyField, IntegerField, TextField

from models.agency import Agency, Office
from models.base import Table
from models.fields import ChoiceField, FlagField, LineField, MomentField
from models.kiosk import Kiosk
from models.outbox import OutboxMessage
from models.states import (
    Awaited,
    CredentialKind,
    IdentityState,
    LegacyState,
    Role,
    RunRowState,
    RunState,
    Surface,
    TokenPurpose,
    TokenState,
)


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
    cell = LineField(max_length=16, default="")
    terms_accepted_at = MomentField(null=True)
    secured_at = MomentField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("agency", "email_key"), True), (("agency", "state", "state_changed_at", "id"), False))


class Membership(Table):
    """An office whose people an identity may see; somebody without any sees the whole agency."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    office = ForeignKeyField(Office, on_delete="CASCADE", index=True)
    office_id: int

    class Meta:
        indexes = ((("identity", "office"), True),)


class SecurityAnswer(Table):
    """The hashed answer to one of a person's questions; nobody ever sees it."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    question = LineField(max_length=40)
    verifier = LineField(max_length=200)
    created_at = MomentField()

    class Meta:
        indexes = ((("identity", "question"), True),)


class LegacyUser(Table):
    """An account of the old system: its hash stays as it came and is never made anew in that form."""

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    office = ForeignKeyField(Office, on_delete="RESTRICT", index=True)
    office_id: int
    user_name = LineField(max_length=100)
    user_key = LineField(max_length=200)
    verifier = LineField(max_length=300)
    email = LineField(max_length=254, default="")
    email_key = LineField(max_length=254, default="", index=True)
    state = ChoiceField(LegacyState)
    identity = ForeignKeyField(Identity, on_delete="SET NULL", null=True, index=True)
    identity_id: int | None
    migrated_at = MomentField(null=True)
    last_sign_in_at = MomentField(null=True)
    created_at = MomentField()

    class Meta:
        indexes = ((("agency", "office", "user_key"), True),)


class Credential(Table):
    """A hashed secret; at most one of each kind per identity. A password that has expired must be replaced."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    kind = ChoiceField(CredentialKind)
    verifier = LineField(max_length=200)
    created_at = MomentField()
    expires_at = MomentField(null=True)

    class Meta:
        indexes = ((("identity", "kind"), True),)


class OneTimeToken(Table):
    """A single-use secret, sent as a link and as a code; only hashes of both rest here.

    `address_key` names the mailbox to which it was sent, which need not be the account's any more. One that a kiosk
    asked for opens something at that `kiosk` alone.
    """

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    identity_id: int
    message = ForeignKeyField(OutboxMessage, on_delete="RESTRICT", unique=True)
    message_id: int
    purpose = ChoiceField(TokenPurpose)
    state = ChoiceField(TokenState)
    kiosk = ForeignKeyField(Kiosk, on_delete="CASCADE", null=True, index=True)
    kiosk_id: int | None
    address_key = LineField(max_length=254, index=True)
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
        where=SQL("state = 'live' AND purpose <> 'undo-email'"),
        name="onetimetoken_one_live",
    )
)


class Session(Table):
    """Somebody signed in somewhere; the row, not the process, decides whether that still holds.

    It belongs to an identity or, through the access key, to a legacy user. A limited one opens nothing but what the
    person still owes: a password of their own, security questions, a second factor. One that awaits something opens
    nothing at all until that is given, and one that is locked nothing until the password is typed again.
    `by_temporary` tells that it began with a temporary password, and `ssh_key` with which SSH key, by its fingerprint;
    empty for none. `office` is the one that was chosen to be looked at
    alone.
    """

    identity = ForeignKeyField(Identity, on_delete="CASCADE", null=True, index=True)
    identity_id: int | None
    legacy_user = ForeignKeyField(LegacyUser, on_delete="CASCADE", null=True, index=True)
    legacy_user_id: int | None
    office = ForeignKeyField(Office, on_delete="SET NULL", null=True, index=True)
    office_id: int | None
    limited = FlagField(default=False)
    awaits = ChoiceField(Awaited, null=True)
    by_temporary = FlagField(default=False)
    ssh_key = LineField(max_length=60, default="")
    locked_at = MomentField(null=True)
    surface = ChoiceField(Surface)
    place = LineField(max_length=200, default="")
    created_at = MomentField()
    last_seen_at = MomentField()
    expires_at = MomentField()
    ended_at = MomentField(null=True)
    ended_because = LineField(max_length=100, default="")


Session.add_index(
    Session.index(
        Session.place,
        where=SQL("ended_at IS NULL"),
        name="session_open_here",
    )
)


class BulkRun(Table):
    """Accounts created for many people at once, row by row, so that a killed run goes on where it stopped."""

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=True)
    agency_id: int
    state = ChoiceField(RunState)
    by = LineField(max_length=201)
    lease_owner = LineField(max_length=64, default="")
    lease_until = MomentField(null=True)
    started_at = MomentField()
    ended_at = MomentField(null=True)


class BulkRow(Table):
    """One person of a run: a client or a staff member, by number and as they were named then."""

    run = ForeignKeyField(BulkRun, on_delete="CASCADE", index=False)
    run_id: int
    client_id = IntegerField(null=True)
    staff_id = IntegerField(null=True)
    name = LineField(max_length=201)
    email = LineField(max_length=254, default="")
    state = ChoiceField(RunRowState)
    reason = TextField(default="")
    done_at = MomentField(null=True)

    class Meta:
        indexes = (
            (("run", "client_id"), True),
            (("run", "staff_id"), True),
            (("run", "state"), False),
        )


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
