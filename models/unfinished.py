"""What somebody was in the middle of when their line dropped."""

from __future__ import annotations

from peewee import ForeignKeyField, TextField

from models.base import Table
from models.fields import LineField, MomentField
from models.identity import Identity, Session


class Draft(Table):
    """What was typed into a form and not stored, sealed for its writer; one for each form and person it is about.

    `form` names the form and `about` whom it is about, both in words of the program. `sealed` holds the fields, never
    a secret among them, encrypted and bound to the identity.
    """

    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=False)
    identity_id: int
    form = LineField(max_length=60)
    about = LineField(max_length=60, default="")
    sealed = TextField()
    kept_at = MomentField()

    class Meta:
        indexes = ((("identity", "form", "about"), True),)


class SessionReturn(Table):
    """The way back into a session whose program has gone, for whoever holds the ticket; it works once.

    Only the ticket's keyed hash rests here.
    """

    session = ForeignKeyField(Session, on_delete="CASCADE", unique=True)
    session_id: int
    ticket_hash = LineField(max_length=64, unique=True)
    made_at = MomentField()
    expires_at = MomentField()
