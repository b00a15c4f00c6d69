"""What a form about one record has to know of it: a person's, a property's, a mortgage's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.widget import Widget

from services.clients.values import ClientFields, ClientRecord, EmailChangeEffects, Saved
from services.conventions import Conventions
from services.drafts import DraftKey
from services.person_key import PersonKey
from services.properties.values import MortgageFields, MortgageRecord, PropertyFields, PropertyRecord
from services.staff.values import StaffFields, StaffRecord

_EXAMPLE = "+15195550143"

F = TypeVar("F", bound=ClientFields | StaffFields | PropertyFields | MortgageFields)
R = TypeVar("R", bound=ClientRecord | StaffRecord | PropertyRecord | MortgageRecord)
PF = TypeVar("PF", bound=ClientFields | StaffFields)
PR = TypeVar("PR", bound=ClientRecord | StaffRecord)


@dataclass(frozen=True, slots=True)
class FormSheet(Generic[R, F]):
    """The words of a kind of record, and what its service does with the fields.

    Attributes:
        where: the part of the desk that the title bar names.
        kind: what the form is about, in a sentence.
        labels: the fields in the order of the form.
        hints: what stands beneath them.
        choices: the fields that are chosen, not typed; each makes its line, with a `OneOf` or a `Tick` that has the
            field's name as id.
        new: the fields of what is not stored yet.
        made: the fields of these values.
        fields_of: the fields of a record as read.
        as_shown: stored fields as the form shows them.
        said: the value of a field as people read it.
        check: what is wrong with fields as typed.
        cleaned: fields that hold, as they will be stored.
        add: stores a new one; runs on a thread, as `change` does.
        change: stores a change.
        draft: under which name what is typed is kept; of None for a new one.
    """

    where: str
    kind: str
    labels: Mapping[str, str]
    hints: Mapping[str, str]
    choices: Mapping[str, Callable[[F], Widget]]
    new: F
    made: Callable[..., F]
    fields_of: Callable[[R], F]
    as_shown: Callable[[F], F]
    said: Callable[[str, F], str]
    check: Callable[[F], Mapping[str, str]]
    cleaned: Callable[[F], F]
    add: Callable[[F], R]
    change: Callable[[R, F], Saved[R]]
    draft: Callable[[R | None], DraftKey]


@dataclass(frozen=True, slots=True)
class PersonSheet(FormSheet[PR, PF]):
    """The same for a kind of person.

    Attributes:
        effects: what follows from another e-mail address; runs on a thread.
        key: whose record it is.
    """

    effects: Callable[[PR, str], EmailChangeEffects]
    key: Callable[[PR], PersonKey]


def phone_hint(written: Conventions) -> str:
    """How a phone number is typed, in the agency's way."""
    return f"{written.phone(_EXAMPLE)}, or with + and the country code."
