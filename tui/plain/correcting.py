"""Correcting what the list says of somebody; of an e-mail address the consequences are told first."""

from __future__ import annotations

from collections.abc import Callable

from services.clients.values import ClientFields
from services.errors import Invalid
from services.field_words import CLIENT_LABELS, STAFF_LABELS
from services.person_key import PersonKey
from services.staff.values import STAFF_ROLES
from tui.one_person import Record, effects, record_of, save
from tui.plain.dialogue import Back
from tui.plain.sitting import Sitting
from tui.plain.verifying import shown

_YES_OR_NO = {"subscribed": ("enabled", "disabled"), "active": ("active", "inactive")}


def correct(sitting: Sitting, person: PersonKey) -> None:
    """One field after the other, each stored at once. Raises Back or Leave."""
    while True:
        record = record_of(sitting.desk, sitting.actor, person)
        labels = CLIENT_LABELS if isinstance(record.fields, ClientFields) else STAFF_LABELS
        fields = [(name, f"{label}: {_shown(record, name)}") for name, label in labels.items()]
        name = sitting.talk.choose("Number of what to correct, or b when done", fields)
        try:
            if name == "email":
                correct_email(sitting, person)
            else:
                _correct(sitting, person, record, name, labels[name])
        except Back:
            continue
        except Invalid as refusal:
            sitting.talk.say_each(*refusal.problems.values())


def correct_email(sitting: Sitting, person: PersonKey) -> None:
    """Another address, once it is known what follows from it. Raises Back or Leave."""
    talk, desk = sitting.talk, sitting.desk
    record = record_of(desk, sitting.actor, person)
    talk.say(f"The e-mail address is {record.email or 'missing'}.")
    while True:
        email = talk.ask("New e-mail address")
        try:
            told = effects(desk, sitting.actor, person, email)
        except Invalid as refusal:
            talk.say_each(refusal.sentence)
            continue
        talk.say(f"From {told.old or 'no address'} to {told.new}.", *told.sentences())
        if talk.agree("Change it?"):
            break
    saved = shown(sitting, person, lambda: save(desk, sitting.actor, person, record, email=email))
    talk.say(f"The e-mail address has been changed to {saved.record.email}.")


def _correct(sitting: Sitting, person: PersonKey, record: Record, name: str, label: str) -> None:
    ask = _ASKED.get(name)
    value = sitting.talk.ask_optional(label) if ask is None else ask(sitting, label)
    saved = save(sitting.desk, sitting.actor, person, record, **{name: value})
    same = saved.record.version == record.version
    sitting.talk.say("Nothing was changed." if same else f"Saved. {label}: {_shown(saved.record, name)}.")


def _role(sitting: Sitting, label: str) -> str:
    return sitting.talk.choose(f"Number of the {label.lower()}", [(role.value, role.value) for role in STAFF_ROLES])


def _office(sitting: Sitting, label: str) -> str:
    offices = [(office.name, office.name) for office in sitting.desk.staff.offices(sitting.actor)]
    return sitting.talk.choose(f"Number of the {label.lower()}", [*offices, ("", "none")])


def _switch(name: str) -> Callable[[Sitting, str], bool]:
    on, off = _YES_OR_NO[name]
    return lambda sitting, label: sitting.talk.choose(f"Number of the {label.lower()}", [(True, on), (False, off)])


def _name(sitting: Sitting, label: str) -> str:
    return sitting.talk.ask(label)


_ASKED: dict[str, Callable[[Sitting, str], str | bool]] = {
    "first_name": _name,
    "last_name": _name,
    "role": _role,
    "office": _office,
    "subscribed": _switch("subscribed"),
    "active": _switch("active"),
}
"""The fields that are chosen, and those that cannot be empty."""


def _shown(record: Record, name: str) -> str:
    value = getattr(record.fields, name)
    if isinstance(value, bool):
        return _YES_OR_NO[name][not value]
    return str(value) or "empty"
