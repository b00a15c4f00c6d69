"""People and what belongs to them, as the commands about them tell it to programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.actor import Actor
from services.clients.values import HistoryEntry, PersonPanel, TrailEntry
from services.desk import Desk
from services.person_key import PersonKey
from services.text import safe
from tui.commands.telling import moment
from tui.one_person import Record
from tui.plain.dialogue import Dialogue
from tui.plain.lines import Lines
from tui.plain.sitting import Sitting

_NOBODY = -1
"""The file that is read where nothing is asked."""


def person_told(person: PersonKey, record: Record) -> dict[str, Any]:
    """Who it is."""
    return {"kind": person.kind.value, "id": person.id, "name": safe(record.name), "email": record.email}


def causes_told(panel: PersonPanel) -> list[dict[str, Any]]:
    """Why they cannot get in, the gravest first."""
    return [
        {
            "kind": cause.kind.value,
            "words": safe(cause.words),
            "mend": cause.mend,
            "until": moment(cause.until),
            "blocks": cause.blocks,
        }
        for cause in panel.causes
    ]


def mail_told(mail: TrailEntry) -> dict[str, Any]:
    """One mail, without anything that stands in it."""
    return {
        "id": mail.message_id,
        "at": moment(mail.at),
        "purpose": mail.purpose.value,
        "to": mail.to_address,
        "state": mail.state.value,
        "words": safe(mail.outcome),
    }


def event_told(event: HistoryEntry) -> dict[str, Any]:
    """One event of the history."""
    return {
        "id": event.id,
        "at": moment(event.at),
        "by": event.actor,
        "surface": event.surface.value,
        "place": event.place,
        "action": event.action,
        "words": event.words,
        "result": event.result.value,
        "reason": event.reason,
    }


def spoken(desk: Desk, actor: Actor, task: Callable[[Sitting], None]) -> list[str]:
    """The lines in which plain mode tells something that asks nothing."""
    said: list[str] = []
    sitting = Sitting(desk, Dialogue(Lines(_NOBODY), said.append), actor.origin)
    sitting.arrive(actor)
    task(sitting)
    return "".join(said).splitlines()
