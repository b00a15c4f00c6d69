"""What belongs to every change of a property or a mortgage: the client's derived columns, the version, the entry."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from models.audit import AuditEntry
from models.client import Client, Mortgage, Property
from models.states import AuditResult
from services import audit, persons
from services.actor import Actor
from services.clients import fields as client_fields
from services.context import Context
from services.properties.fields import CleanMortgage, CleanProperty
from services.text import safe

Details = dict[str, str | int | bool | None]
Clean = CleanProperty | CleanMortgage

_BY_HAND = (
    *(audit.Action.PROPERTY_ADDED, audit.Action.PROPERTY_CHANGED, audit.Action.PROPERTY_REMOVED),
    *(audit.Action.MORTGAGE_ADDED, audit.Action.MORTGAGE_CHANGED, audit.Action.MORTGAGE_REMOVED),
)


def keep_in_step(ctx: Context, actor: Actor, client: Client) -> None:
    """Put right what the client's row derives from the mortgages; call it at the end of each change.

    The anniversary is that of the mortgage which began first; while no mortgage tells, what was uploaded stays.
    """
    loans: list[Mortgage] = list(
        Mortgage.select().join(Property).where(Property.client == client.id).order_by(Mortgage.id)
    )
    renewal, rate = client_fields.mortgage_keys((loan.rate, loan.renewal_on) for loan in loans)
    values: dict[str, Any] = {"renewal_key": renewal, "rate_key": rate}
    began = min((loan.anniversary_on for loan in loans if loan.anniversary_on is not None), default=None)
    if began is not None:
        values["anniversary"] = began.month * 100 + began.day
    # Its version stays: whoever corrects the name meanwhile is in nobody's way.
    Client.update(**values, changed_at=ctx.clock.now(), changed_by=actor.name).where(Client.id == client.id).execute()


def write_down(ctx: Context, actor: Actor, action: audit.Action, client: Client, details: Details) -> None:
    """The entry of a change, under the client."""
    audit.record(
        ctx,
        actor,
        action,
        client_id=client.id,
        identity_id=client.identity_id,
        subject=persons.name_of(client),
        details=details,
    )


def told_of(clean: Clean, prefix: str) -> Details:
    """All that is known, each under its name after the prefix: what was added or removed."""
    return {f"{prefix}{name}": _plain(value) for name, value in asdict(clean).items() if value not in (None, "")}


def changes(before: Clean, after: Clean) -> dict[str, Any]:
    """The columns that differ, with their new values."""
    old = asdict(before)
    return {name: value for name, value in asdict(after).items() if value != old[name]}


def told_of_change(before: Clean, changed: dict[str, Any]) -> Details:
    """ "old_rate" and "new_rate" for each field that was changed."""
    told: Details = {}
    for name, value in changed.items():
        told[f"old_{name}"], told[f"new_{name}"] = _plain(getattr(before, name)), _plain(value)
    return told


def last_changed_by(client_id: int) -> str:
    """Who changed a property of the client last, by hand or with an upload."""
    by_hand = AuditEntry.action.in_([action.value for action in _BY_HAND])
    uploaded = (AuditEntry.action == audit.Action.CLIENT_CHANGED.value) & AuditEntry.details.contains('"loans_')
    here = (AuditEntry.client_id == client_id) & (AuditEntry.result == AuditResult.DONE) & (by_hand | uploaded)
    entry = AuditEntry.select().where(here).order_by(AuditEntry.id.desc()).first()
    return "Somebody" if entry is None else safe(entry.actor_name)


def _plain(value: Any) -> str | int:
    return value if isinstance(value, int) else "" if value is None else str(value)
