"""The edit form of a client."""

from __future__ import annotations

from datetime import date
from functools import partial

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Label

from screens.clients.words import as_shown, cleaned, field_shown
from screens.persons.edit import PersonEdit
from screens.persons.sheet import PersonSheet, phone_hint
from screens.widgets.tick import Tick
from screens.workplace import Workplace
from services import person_key
from services.actor import Actor
from services.clients.values import ClientFields, ClientRecord
from services.conventions import ENGLISH, Conventions
from services.desk import Desk
from services.drafts import DraftForm, DraftKey
from services.field_words import CLIENT_LABELS

_HINTS = {
    "email": "Sign-in name and address of all mails.",
    "date_of_birth": "Year, month, day: 1972-06-19.",
}
_CONSENT = "Wishes to receive updates and newsletters"


class ClientEdit(PersonEdit[ClientRecord, ClientFields]):
    """What the client list says of a person."""

    def __init__(
        self,
        place: Workplace,
        actor: Actor,
        record: ClientRecord | None,
        *,
        written: Conventions = ENGLISH,
        focus: str = "first_name",
        note: str = "",
    ) -> None:
        """Show the form of a client as read; None for a new one. For the rest see the class above."""
        super().__init__(place, actor, _sheet(place.desk, actor, written), record, focus=focus, note=note)


def _sheet(desk: Desk, actor: Actor, written: Conventions) -> PersonSheet[ClientRecord, ClientFields]:
    def today() -> date:
        return desk.ctx.clock.now().astimezone().date()

    return PersonSheet(
        where="Clients",
        kind="client",
        labels=CLIENT_LABELS,
        hints={**_HINTS, "phone": phone_hint(written)},
        choices={"subscribed": _consent},
        new=ClientFields(),
        made=ClientFields,
        fields_of=lambda record: record.fields,
        as_shown=partial(as_shown, written=written),
        said=partial(field_shown, written=written),
        check=lambda fields: desk.clients.check(fields, today()),
        cleaned=lambda fields: cleaned(fields, today()),
        add=lambda fields: desk.clients.create(actor, fields),
        change=lambda record, fields: desk.clients.save(actor, record.id, record.version, fields),
        effects=lambda record, email: desk.clients.email_effects(actor, record.id, email),
        key=lambda record: person_key.client(record.id),
        draft=lambda record: DraftKey(DraftForm.CLIENT, None if record is None else person_key.client(record.id)),
    )


def _consent(fields: ClientFields) -> Widget:
    return Horizontal(
        Label(CLIENT_LABELS["subscribed"], classes="consent-label", markup=False),
        Tick(_CONSENT, fields.subscribed, id="subscribed"),
        classes="consent",
    )
