"""Locked terminals in lobbies, and the people who stand in front of them one after another."""

from __future__ import annotations

from peewee import SQL, ForeignKeyField

from models.agency import Agency, Office
from models.base import Table
from models.fields import LineField, MomentField


class Kiosk(Table):
    """A locked terminal with an identity of its own, which an administrator gave it and takes back at once.

    `secret_hash` is the hash of what the machine keeps. `seen_at` moves while its program runs.
    """

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    office = ForeignKeyField(Office, on_delete="SET NULL", null=True, index=True)
    office_id: int | None
    name = LineField(max_length=60)
    name_key = LineField(max_length=120)
    secret_hash = LineField(max_length=64, unique=True)
    theme = LineField(max_length=20, default="")
    enrolled_at = MomentField()
    enrolled_by = LineField(max_length=201)
    seen_at = MomentField(null=True)
    revoked_at = MomentField(null=True)
    revoked_by = LineField(max_length=201, default="")


Kiosk.add_index(
    Kiosk.index(
        Kiosk.agency,
        Kiosk.name_key,
        unique=True,
        where=SQL("revoked_at IS NULL"),
        name="kiosk_one_name",
    )
)
