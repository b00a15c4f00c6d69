"""The forms of a property and of a mortgage, each also for a new one."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.dialogs.confirm import Confirm
from screens.persons.edit import RecordEdit
from screens.persons.sheet import FormSheet
from screens.widgets.field import Field
from screens.widgets.one_of import OneOf
from screens.workplace import Workplace
from services import person_key
from services.actor import Actor
from services.clients.values import Saved
from services.conventions import Conventions
from services.desk import Desk
from services.drafts import DraftForm, DraftKey
from services.properties.fields import (
    calculated,
    clean_mortgage,
    clean_property,
    doubts,
    mortgage_shown,
    owing_more,
    problems_of,
    property_shown,
)
from services.properties.values import (
    MortgageFields,
    MortgageRecord,
    Portfolio,
    PropertyFields,
    PropertyRecord,
)
from services.properties.words import EVERY_WORDS, MORTGAGE_LABELS, PROPERTY_LABELS

WHERE = "My Properties"
NEW = "new"
"""Stands in the key of a draft for what has no number yet."""

_EXAMPLE, _EXAMPLE_RATE = Decimal("284310.55"), Decimal("4.89")
_EVERY = [("", "(not known)"), *((every.value, words) for every, words in EVERY_WORDS.items())]


class PropertyEdit(RecordEdit[PropertyRecord, PropertyFields]):
    """Where it is and what it is worth."""

    def __init__(self, place: Workplace, actor: Actor, portfolio: Portfolio, record: PropertyRecord | None) -> None:
        """Show the form of a property as read; None for a new one."""
        sheet = _property_sheet(place.desk, actor, portfolio)
        super().__init__(place, actor, sheet, record, focus="address", note=f"Of {portfolio.name}.")
        self._written = portfolio.written

    async def agreed(self, record: PropertyRecord | None, mine: PropertyFields) -> bool:
        """Ask about a value below what is owed."""
        wanted = clean_property(mine, self._written)
        if record is None or record.owed is None or wanted.value == record.value:
            return True
        return await _sure(self, owing_more(wanted.value, record.owed, self._written))


class MortgageEdit(RecordEdit[MortgageRecord, MortgageFields]):
    """Lender, figures, dates and payment; what follows from the rest is offered."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f4",
            "fill_in",
            "Fill in",
            key_display="F4",
            id="mortgage.fill_in",
            tooltip="Fill in the payment and the renewal date, where they follow from the rest",
        ),
    ]

    def __init__(
        self, place: Workplace, actor: Actor, portfolio: Portfolio, home: PropertyRecord, record: MortgageRecord | None
    ) -> None:
        """Show the form of a mortgage as read, None for a new one, with the property that it is on."""
        sheet = _mortgage_sheet(place.desk, actor, portfolio, home)
        super().__init__(place, actor, sheet, record, focus="lender", note=f"On {home.name}, of {portfolio.name}.")
        self._home = home
        self._portfolio = portfolio

    def on_mount(self) -> None:
        """Say at once what follows from what is known."""
        self.follow_typing()

    def follow_typing(self) -> None:
        """Offer what follows from the rest, beneath the field that it would fill in."""
        typed, offered = self._typed(), self._calculated()
        for name in ("payment", "renewal_on"):
            value = getattr(offered, name)
            follows = f"F4 fills in {value}, which follows from the rest."
            hint = self._sheet.hints[name] if value == getattr(typed, name) else follows
            self.query_one(f"#{name}", Field).show_hint(hint)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key is there while it would fill in something."""
        if action == "fill_in":
            return self.is_mounted and self._calculated() != self._typed()
        return super().check_action(action, parameters)

    def action_fill_in(self) -> None:
        """Take what follows from the rest."""
        self._fill_in(self._calculated())
        self.look_again()

    async def agreed(self, record: MortgageRecord | None, mine: MortgageFields) -> bool:
        """Ask about what is allowed but odd."""
        portfolio, written = self._portfolio, self._portfolio.written
        wanted = clean_mortgage(mine, written)
        return await _sure(self, doubts(record, wanted, self._home, written, portfolio.today))

    def _calculated(self) -> MortgageFields:
        return calculated(self._typed(), self._portfolio.written, self._portfolio.today)


async def _sure(form: RecordEdit[PropertyRecord, PropertyFields] | MortgageEdit, lines: tuple[str, ...]) -> bool:
    if not lines:
        return True
    question = Confirm("Save it all the same?", lines, yes="Save it", no="Go back")
    return await form.app.push_screen_wait(question)


def _property_sheet(desk: Desk, actor: Actor, portfolio: Portfolio) -> FormSheet[PropertyRecord, PropertyFields]:
    written, client_id = portfolio.written, portfolio.client_id

    def change(record: PropertyRecord, fields: PropertyFields) -> Saved[PropertyRecord]:
        saved = desk.properties.change(actor, client_id, record.id, record.version, fields)
        return Saved(saved, email_changed=False)

    return FormSheet(
        where=WHERE,
        kind="property",
        labels=PROPERTY_LABELS,
        hints={
            "address": "Street and town, in one line.",
            "value": f"What it is worth, like {written.money(_EXAMPLE)}; empty if nobody knows.",
        },
        choices={},
        new=PropertyFields(),
        made=PropertyFields,
        fields_of=lambda record: record.fields,
        as_shown=lambda fields: fields,
        said=lambda name, fields: str(getattr(fields, name)) or "(empty)",
        check=lambda fields: problems_of(lambda: clean_property(fields, written)),
        cleaned=lambda fields: property_shown(clean_property(fields, written), written),
        add=lambda fields: desk.properties.add(actor, client_id, fields),
        change=change,
        draft=lambda record: _draft(DraftForm.PROPERTY, client_id, NEW if record is None else str(record.id)),
    )


def _mortgage_sheet(
    desk: Desk, actor: Actor, portfolio: Portfolio, home: PropertyRecord
) -> FormSheet[MortgageRecord, MortgageFields]:
    written, client_id = portfolio.written, portfolio.client_id

    def change(record: MortgageRecord, fields: MortgageFields) -> Saved[MortgageRecord]:
        saved = desk.properties.change_mortgage(actor, client_id, record.id, record.version, fields)
        return Saved(saved, email_changed=False)

    return FormSheet(
        where=WHERE,
        kind="mortgage",
        labels=MORTGAGE_LABELS,
        hints=_hints(written, portfolio),
        choices={"payment_every": _every},
        new=MortgageFields(),
        made=MortgageFields,
        fields_of=lambda record: record.fields,
        as_shown=lambda fields: fields,
        said=said,
        check=lambda fields: problems_of(lambda: clean_mortgage(fields, written)),
        cleaned=lambda fields: mortgage_shown(clean_mortgage(fields, written), written),
        add=lambda fields: desk.properties.add_mortgage(actor, client_id, home.id, fields),
        change=change,
        draft=lambda record: _draft(
            DraftForm.MORTGAGE, client_id, f"{home.id}:{NEW}" if record is None else f"{home.id}:{record.id}"
        ),
    )


def said(name: str, fields: MortgageFields) -> str:
    """The value of a field of a mortgage as people read it."""
    value = str(getattr(fields, name))
    return (dict(_EVERY)[value] if name == "payment_every" else value) or "(empty)"


def _every(fields: MortgageFields) -> Widget:
    hint = "How often. Left and right choose."
    return OneOf(MORTGAGE_LABELS["payment_every"], _EVERY, fields.payment_every, id="payment_every", hint=hint)


def _hints(written: Conventions, portfolio: Portfolio) -> dict[str, str]:
    day = written.day(portfolio.today)
    return {
        "balance": f"What is owed today, like {written.money(_EXAMPLE)}.",
        "rate": f"Per cent a year, like {written.rate(_EXAMPLE_RATE)}.",
        "renewal_on": f"When the term ends, like {day}.",
        "anniversary_on": "The day on which the mortgage began.",
        "term": "Of the present contract, like 5 years or 30 months.",
        "amortisation": "From the anniversary to the last payment, like 25 years.",
        "payment": "Principal and interest of one payment.",
    }


def _draft(form: DraftForm, client_id: int, part: str) -> DraftKey:
    return DraftKey(form, person_key.client(client_id), part)
