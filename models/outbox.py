"""Mail waiting to be sent, and what became of it."""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from models.agency import Agency
from models.base import Table
from models.fields import ChoiceField, LineField, MomentField
from models.states import MailPurpose, MailState


class OutboxMessage(Table):
    """One mail to one person, written in the transaction of the change that caused it; holds no secret.

    `identity_id` is a plain number, because the table of identities comes after this one.
    """

    uuid = LineField(max_length=32, unique=True)
    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    identity_id = IntegerField(null=True, index=True)
    purpose = ChoiceField(MailPurpose)
    to_address = LineField(max_length=254)
    to_name = LineField(max_length=201, default="")
    details = TextField(default="{}")
    state = ChoiceField(MailState)
    created_at = MomentField()
    created_by = LineField(max_length=201, default="")
    not_before = MomentField()
    expires_at = MomentField()
    attempts = IntegerField(default=0)
    lease_owner = LineField(max_length=64, default="")
    lease_until = MomentField(null=True)
    accepted_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    reply_code = IntegerField(null=True)
    reply_text = TextField(default="")

    class Meta:
        indexes = (
            (("state", "not_before", "id"), False),
            (("agency", "created_at"), False),
        )
