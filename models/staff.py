"""The people of the second tab."""

from __future__ import annotations

from peewee import SQL, Check, ForeignKeyField, IntegerField, SmallIntegerField, TextField

from models.agency import Agency, Office
from models.base import Table
from models.fields import ChoiceField, FlagField, LineField, MomentField
from models.identity import Identity
from models.states import Role


class StaffMember(Table):
    """Somebody who works for the agency.

    The columns from `search` on are derived from the others and from the identity; the services keep them in step.
    """

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
    role = ChoiceField(Role, default=Role.AGENT)
    active = FlagField(default=True)
    note = TextField(default="")
    created_at = MomentField()
    changed_at = MomentField()
    changed_by = LineField(max_length=201, default="")
    version = IntegerField(default=1)
    search = TextField(default="")
    name_key = LineField(max_length=402, default="")
    access = SmallIntegerField(default=0, constraints=[Check("access BETWEEN 0 AND 4")])


StaffMember.add_index(
    StaffMember.index(
        StaffMember.agency,
        StaffMember.email_key,
        unique=True,
        where=SQL("email_key <> ''"),
        name="staffmember_one_address",
    )
)
