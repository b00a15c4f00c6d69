"""The edit form of somebody of the office staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.widget import Widget

from screens.persons.edit import PersonEdit
from screens.persons.sheet import PersonSheet, phone_hint
from screens.staff.words import as_shown, said
from screens.widgets.one_of import OneOf
from screens.workplace import Workplace
from services import person_key
from services.actor import Actor
from services.conventions import ENGLISH, Conventions
from services.desk import Desk
from services.drafts import DraftForm, DraftKey
from services.field_words import STAFF_LABELS
from services.staff.values import STAFF_ROLES, OfficeView, StaffFields, StaffRecord

_HINTS = {
    "email": "Sign-in name and address of all mails.",
    "note": "For colleagues; the person does not see it.",
}


class StaffEdit(PersonEdit[StaffRecord, StaffFields]):
    """What the list of office staff says of a person."""

    def __init__(
        self,
        place: Workplace,
        actor: Actor,
        record: StaffRecord | None,
        offices: Sequence[OfficeView],
        *,
        written: Conventions = ENGLISH,
        focus: str = "first_name",
        note: str = "",
    ) -> None:
        """Show the form of somebody as read, None for somebody new, with the offices to choose from."""
        sheet = _sheet(place.desk, actor, [office.name for office in offices], written)
        super().__init__(place, actor, sheet, record, focus=focus, note=note)


def _sheet(
    desk: Desk, actor: Actor, offices: Sequence[str], written: Conventions
) -> PersonSheet[StaffRecord, StaffFields]:
    return PersonSheet(
        where="Office staff",
        kind="staff member",
        labels=STAFF_LABELS,
        hints={**_HINTS, "cell": phone_hint(written)},
        choices=_choices(offices),
        new=StaffFields(office=offices[0] if offices else ""),
        made=StaffFields,
        fields_of=lambda record: record.fields,
        as_shown=partial(as_shown, written=written),
        said=partial(said, written=written),
        check=desk.staff.check,
        cleaned=desk.staff.cleaned,
        add=lambda fields: desk.staff.add(actor, fields),
        change=lambda record, fields: desk.staff.change(actor, record.id, record.version, fields),
        effects=lambda record, email: desk.staff.email_effects(actor, record.id, email),
        key=lambda record: person_key.staff(record.id),
        draft=lambda record: DraftKey(DraftForm.STAFF, None if record is None else person_key.staff(record.id)),
    )


def _choices(offices: Sequence[str]) -> dict[str, Callable[[StaffFields], Widget]]:
    def one_of(name: str, options: Sequence[tuple[str | bool, str]], hint: str) -> Callable[[StaffFields], Widget]:
        return lambda fields: OneOf(STAFF_LABELS[name], options, getattr(fields, name), id=name, hint=hint)

    return {
        "office": one_of("office", [("", "(none)"), *((name, name) for name in offices)], "Left and right choose."),
        "role": one_of("role", [(role.value, role.value) for role in STAFF_ROLES], "What the person's account may do."),
        "active": one_of(
            "active",
            [(True, "Active"), (False, "Inactive")],
            "Inactive: does not work here any more; gets no account.",
        ),
    }
