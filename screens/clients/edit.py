"""The edit form of a client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Label

from screens.clients.words import FIELD_LABELS, as_shown, cleaned, field_shown
from screens.persons.edit import PersonEdit
from screens.widgets.tick import Tick
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.values import ClientFields, ClientRecord, EmailChangeEffects, Saved

_CONSENT = "Wishes to receive updates and newsletters"


class ClientEdit(PersonEdit[ClientRecord, ClientFields]):
    """What the client list says of a person."""

    TITLE_BAR = "Clients"
    KIND = "client"
    LABELS = FIELD_LABELS
    CHOSEN = frozenset({"subscribed"})
    HINTS: ClassVar[Mapping[str, str]] = {
        "email": "Sign-in name and address of all mails.",
        "phone": "(519) 555-0143, or with + and the country code.",
        "date_of_birth": "Year, month, day: 1972-06-19.",
    }

    def __init__(
        self, place: Workplace, actor: Actor, record: ClientRecord | None, *, focus: str = "first_name", note: str = ""
    ) -> None:
        """Show the form of a client as read; None for a new one. For the rest see the class above."""
        shown = as_shown(record.fields if record else ClientFields())
        super().__init__(place, actor, record, shown, focus=focus, note=note)

    def choices(self) -> ComposeResult:
        """Whether the client consents to mail."""
        with Horizontal(classes="consent"):
            yield Label(FIELD_LABELS["subscribed"], classes="consent-label", markup=False)
            yield Tick(_CONSENT, self._shown.subscribed, id="subscribed")

    def chosen(self) -> dict[str, Any]:
        """Whether it is ticked."""
        return {"subscribed": self.query_one(Tick).ticked}

    def choose(self, fields: ClientFields) -> None:
        """Tick it, or not."""
        self.query_one(Tick).ticked = fields.subscribed

    def made(self, values: Mapping[str, Any]) -> ClientFields:
        """The fields of these values."""
        return ClientFields(**values)

    def fields_of(self, record: ClientRecord) -> ClientFields:
        """The fields of a client as read."""
        return record.fields

    def as_shown(self, fields: ClientFields) -> ClientFields:
        """With the phone number as people write it."""
        return as_shown(fields)

    def said(self, field: str, fields: ClientFields) -> str:
        """The value of a field as people read it."""
        return field_shown(field, fields)

    def problems_of(self, fields: ClientFields) -> Mapping[str, str]:
        """What the client list does not take."""
        return self.desk.clients.check(fields, self._today())

    def cleaned(self, fields: ClientFields) -> ClientFields:
        """As they will be stored."""
        return cleaned(fields, self._today())

    def add(self, fields: ClientFields) -> ClientRecord:
        """Store a new client."""
        return self.desk.clients.create(self._actor, fields)

    def store(self, record: ClientRecord, fields: ClientFields) -> Saved[ClientRecord]:
        """Store a change."""
        return self.desk.clients.save(self._actor, record.id, record.version, fields)

    def effects(self, record: ClientRecord, email: str) -> EmailChangeEffects:
        """What follows from another e-mail address."""
        return self.desk.clients.email_effects(self._actor, record.id, email)

    def _today(self) -> date:
        return self.desk.ctx.clock.now().astimezone().date()
