"""What stands beside the password: second factors, callers that were verified, second opinions, known places."""

from __future__ import annotations

from peewee import BigIntegerField, ForeignKeyField, IntegerField, TextField

from models.agency import Agency
from models.base import Table
from models.fields import ChoiceField, LineField, MomentField
from models.identity import Identity, OneTimeToken, Session
from models.states import ApprovalState, CheckMethod, FactorState


class SecondFactor(Table):
    """The key of an identity's authenticator app, encrypted and bound to the identity.

    `last_step` is the newest 30-second step whose code was taken; none at or before it is taken again. While another
    app is being set up there is a pending row beside the active one. `codes_kept_at` is empty until the owner says
    that the recovery codes are kept.
    """

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    state = ChoiceField(FactorState)
    sealed = LineField(max_length=200)
    last_step = BigIntegerField(null=True)
    created_at = MomentField()
    confirmed_at = MomentField(null=True)
    codes_kept_at = MomentField(null=True)

    class Meta:
        indexes = ((("identity", "state"), True),)


class RecoveryCode(Table):
    """One of the codes that stand in for a lost authenticator, once each; only its keyed hash rests here."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    code_hash = LineField(max_length=64)
    created_at = MomentField()
    used_at = MomentField(null=True)

    class Meta:
        indexes = ((("identity", "code_hash"), True),)


class CallerCheck(Table):
    """A caller whom an agent verified, and until when that holds for this agent and this person.

    One by mailed code begins with its token and counts once `met_at` is set.
    """

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    session = ForeignKeyField(Session, on_delete="CASCADE", index=False)
    session_id: int
    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    identity_id: int
    method = ChoiceField(CheckMethod)
    level = IntegerField()
    token = ForeignKeyField(OneTimeToken, on_delete="CASCADE", null=True, index=True)
    token_id: int | None
    reason = TextField(default="")
    created_at = MomentField()
    met_at = MomentField(null=True)
    holds_until = MomentField(null=True)

    class Meta:
        indexes = ((("session", "identity"), False),)


class Approval(Table):
    """A dangerous action that one member of staff asked for and another one must allow."""

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    identity_id: int
    action = LineField(max_length=40)
    reason = TextField()
    verified = LineField(max_length=300, default="")
    state = ChoiceField(ApprovalState)
    asked_by = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    asked_by_id: int
    asked_at = MomentField()
    expires_at = MomentField()
    decided_by = ForeignKeyField(Identity, on_delete="SET NULL", null=True, index=True)
    decided_by_id: int | None
    decided_at = MomentField(null=True)
    decided_reason = TextField(default="")

    class Meta:
        indexes = ((("agency", "state"), False),)


class KnownPlace(Table):
    """Where an identity has signed in from before, under a keyed hash: a place that is not here is a new one."""

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    place_key = LineField(max_length=64)
    first_at = MomentField()
    last_at = MomentField()

    class Meta:
        indexes = ((("identity", "place_key"), True),)
