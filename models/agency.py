"""The tenant, its parts, and the installation itself."""

from __future__ import annotations

from peewee import Check, ForeignKeyField, IntegerField, TextField

from models.base import Table
from models.fields import LineField, MomentField


class Installation(Table):
    """One row: which key file belongs to this database, so that a mix-up is noticed at start."""

    id = IntegerField(primary_key=True, constraints=[Check("id = 1")])
    key_check = LineField(max_length=64)
    created_at = MomentField()


class Agency(Table):
    """The tenant; `code` is the company code that people type to sign in.

    `adjustments` holds, as JSON, where the agency's policy differs from its profile.
    """

    name = LineField(max_length=100)
    code = LineField(max_length=32)
    code_key = LineField(max_length=32, unique=True)
    address = TextField(default="")
    phone = LineField(max_length=20, default="")
    email = LineField(max_length=254, default="")
    portal_address = LineField(max_length=200, default="")
    profile = LineField(max_length=20, default="standard")
    adjustments = TextField(default="{}")
    access_key_hash = LineField(max_length=64, default="")
    legacy_closes_at = MomentField(null=True)
    created_at = MomentField()
    version = IntegerField(default=1)


class Office(Table):
    """A part of an agency."""

    agency = ForeignKeyField(Agency, on_delete="CASCADE", index=False)
    agency_id: int
    name = LineField(max_length=100)
    name_key = LineField(max_length=200)

    class Meta:
        indexes = ((("agency", "name_key"), True),)
