"""Who did what to whom, when, from where, and how it ended."""

from __future__ import annotations

from peewee import SQL, BigAutoField, BigIntegerField, Check, IntegerField, TextField

from models.base import Table
from models.fields import ChoiceField, LineField, MomentField
from models.states import AuditResult, Surface


class AuditEntry(Table):
    """One event. Refers by number and keeps names as they were, because it must outlive every row that it speaks of.

    `services.auditing.chain` gives each its number, without a gap, and its seal `mac`, which covers all other columns
    and the seal of the entry before. Nothing is ever changed or removed: triggers of both engines refuse it.
    `search` holds the folded words by which it is found.
    """

    id = BigAutoField()
    at = MomentField()
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
    search = TextField(default="")
    mac = LineField(max_length=64)

    class Meta:
        indexes = ((("agency_id", "id"), False), (("at", "id"), False))


# What was tried under no company code that is known: few entries, found by the address that was typed.
AuditEntry.add_index(
    AuditEntry.index(
        AuditEntry.subject,
        AuditEntry.at,
        where=SQL("agency_id IS NULL"),
        name="auditentry_unknown_code",
    )
)

# Resets are counted over a year, among entries of which an upload alone makes a million.
AuditEntry.add_index(
    AuditEntry.index(
        AuditEntry.agency_id,
        AuditEntry.at,
        where=SQL("action IN ('reset_asked', 'reset_sent', 'temporary_sent')"),
        name="auditentry_reset",
    )
)


class AuditHead(Table):
    """One row: the number and the seal of the newest entry, sealed themselves; its lock puts the entries in order."""

    id = IntegerField(primary_key=True, constraints=[Check("id = 1")])
    seq = BigIntegerField()
    mac = LineField(max_length=64)
    seal = LineField(max_length=64)
