"""The people of the second tab."""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from models.agency import Agency, Office
from models.base import Table
from models.fields import FlagField, LineField, MomentField
from models.identity import Identity


class StaffMember(Table):
    """Somebody who works for the agency."""

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=True)
    agency_id: int
    office = ForeignKeyField(Office, on_delete="SET NULL", null=True, index=True)
    office_id: int | None
    identity = ForeignKeyField(Identity, on_delete="SET NULL", null=True, unique=True)
    identity_id: int | None
    first_name = LineField(max_length=100)
    last_name = LineField(max_length=100)
    email = LineField(max_length=254, default="")
    email_key = LineField(max_length=254, default="")
    cell = LineField(max_length=16, default="")
    active = FlagField(default=True)
    note = TextField(default="")
    created_at = MomentField()
    changed_at = MomentField()
    version = IntegerField(default=1)
