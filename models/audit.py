"""Who did what to whom, when, from where, and how it ended."""

from __future__ import annotations

from peewee import BigAutoField, IntegerField, TextField

from models.base import Table
from models.fields import ChoiceField, LineField, MomentField
from models.states import AuditResult, Surface


class AuditEntry(Table):
    """One event. Refers by number and keeps names as they were, because it must outlive every row that it speaks of."""

    id = BigAutoField()
    at = MomentField(index=True)
    agency_id = IntegerField(null=True)
    actor_id = IntegerField(null=True)
    actor_name = LineField(max_length=201)
    surface = ChoiceField(Surface)
    place = LineField(max_length=200, default="")
    action = LineField(max_length=40)
    client_id = IntegerField(null=True, index=True)
    staff_id = IntegerField(null=True, index=True)
    identity_id = IntegerField(null=True, index=True)
    subject = LineField(max_length=254, default="")
    result = ChoiceField(AuditResult)
    reason = TextField(default="")
    details = TextField(default="{}")

    class Meta:
        indexes = ((("agency_id", "id"), False),)
