"""People who ask for a human: what they stand before at a kiosk, their requests, and what was said."""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from models.agency import Agency, Office
from models.base import Table
from models.client import Client
from models.fields import ChoiceField, LineField, MomentField
from models.identity import Identity
from models.kiosk import Kiosk
from models.staff import StaffMember
from models.states import HelpAuthor, HelpState, KioskStep, Surface


class KioskVisit(Table):
    """One person in front of a kiosk, from the first choice to going home.

    `identity` is the account whose address was typed, whoever typed it; `step` is what the screen waits for.
    """

    kiosk = ForeignKeyField(Kiosk, on_delete="CASCADE", index=False)
    kiosk_id: int
    identity = ForeignKeyField(Identity, on_delete="SET NULL", null=True, index=True)
    identity_id: int | None
    step = ChoiceField(KioskStep, null=True)
    begun_at = MomentField()
    ended_at = MomentField(null=True)

    class Meta:
        indexes = ((("kiosk", "ended_at"), False),)


class StepRelease(Table):
    """What an agent let a person at a kiosk pass, once, instead of the proof that the step asks for."""

    visit = ForeignKeyField(KioskVisit, on_delete="CASCADE", index=False)
    visit_id: int
    identity = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    identity_id: int
    step = ChoiceField(KioskStep)
    agent = ForeignKeyField(Identity, on_delete="CASCADE", index=True)
    agent_id: int
    verified = LineField(max_length=300, default="")
    created_at = MomentField()
    expires_at = MomentField()
    used_at = MomentField(null=True)

    class Meta:
        indexes = ((("visit", "step"), False),)


class HelpRequest(Table):
    """Somebody who asked for a human, wherever they were; whoever asked holds the ticket whose hash rests here.

    `identity` is the account of somebody who was signed in. `client` or `staff` is whom the request is about, as far
    as anybody knows. `seen_at` moves while the asking person's screen is open. `answered_at` is when an agent first
    took it. `lines` counts what was said.
    """

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    office = ForeignKeyField(Office, on_delete="SET NULL", null=True, index=True)
    office_id: int | None
    surface = ChoiceField(Surface)
    place = LineField(max_length=200, default="")
    visit = ForeignKeyField(KioskVisit, on_delete="SET NULL", null=True, index=True)
    visit_id: int | None
    identity = ForeignKeyField(Identity, on_delete="SET NULL", null=True, index=True)
    identity_id: int | None
    client = ForeignKeyField(Client, on_delete="SET NULL", null=True, index=True)
    client_id: int | None
    staff = ForeignKeyField(StaffMember, on_delete="SET NULL", null=True, index=True)
    staff_id: int | None
    name = LineField(max_length=100)
    topic = LineField(max_length=200)
    ticket_hash = LineField(max_length=64, unique=True)
    state = ChoiceField(HelpState)
    asked_at = MomentField()
    seen_at = MomentField()
    left_at = MomentField(null=True)
    agent = ForeignKeyField(Identity, on_delete="SET NULL", null=True, index=True)
    agent_id: int | None
    answered_at = MomentField(null=True)
    closed_at = MomentField(null=True)
    closed_by = LineField(max_length=201, default="")
    lines = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("agency", "state", "id"), False), (("agency", "answered_at"), False))


class HelpLine(Table):
    """One line of a chat, or a note between colleagues that the asking person never sees; secrets in it are masked."""

    request = ForeignKeyField(HelpRequest, on_delete="CASCADE", index=False)
    request_id: int
    number = IntegerField()
    author = ChoiceField(HelpAuthor)
    name = LineField(max_length=201)
    words = TextField()
    said_at = MomentField()

    class Meta:
        indexes = ((("request", "number"), True),)
