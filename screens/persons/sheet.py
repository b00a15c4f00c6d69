"""What the form of a person has to know of the list on which the person stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.widget import Widget

from services.clients.values import ClientFields, ClientRecord, EmailChangeEffects, Saved
from services.person_key import PersonKey
from services.staff.values import StaffFields, StaffRecord

F = TypeVar("F", bound=ClientFields | StaffFields)
R = TypeVar("R", bound=ClientRecord | StaffRecord)


@dataclass(frozen=True, slots=True)
class PersonSheet(Generic[R, F]):
    """The words of a kind of person, and what its service does with their fields.

    Attributes:
        where: the part of the desk that the title bar names.
        kind: whom the form is about, in a sentence.
        labels: the fields in the order of the form.
        hints: what stands beneath them.
        choices: the fields that are chosen, not typed; each makes its line, with a `OneOf` or a `Tick` that has the
            field's name as id.
        new: the fields of somebody who is not stored yet.
        made: the fields of these values.
        fields_of: the fields of a person as read.
        as_shown: stored fields as the form shows them.
        said: the value of a field as people read it.
        check: what is wrong with fields as typed.
        cleaned: fields that hold, as they will be stored.
        add: stores somebody new; runs on a thread, as the two that follow.
        change: stores a change.
        effects: what follows from another e-mail address.
        key: whose record it is.
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
    effects: Callable[[R, str], EmailChangeEffects]
    key: Callable[[R], PersonKey]
