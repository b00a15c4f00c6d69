"""What sets the lists of clients and of office staff apart, for the one tab that shows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from screens.base import DeskScreen
from screens.persons.tasks import PersonTasks
from screens.persons.view import PersonTableView
from screens.widgets.virtual_table import Column
from services.actor import Actor
from services.desk import Desk
from services.person_key import PersonKind
from services.rows import RowSource

V = TypeVar("V", bound=PersonTableView)


@dataclass(frozen=True, slots=True)
class PersonList(Generic[V]):
    """What a tab says of the list that it shows.

    Attributes:
        kind: whose list it is.
        preference: under which name the view is kept.
        columns: of the table; titles: the same in full, by key; the name always stands.
        letters: the columns in the order of the sort menu, with their letters.
        searched: what can be searched for.
        none_yet: what stands in the empty table; nobody: if the words leave all out; nobody_shown: if filters do.
        unselected: what is said without a row.
        view_kept: the view that was kept, or the first one.
        count: how many there are in all; runs on a thread.
        rows: the people that a view asks for.
        tasks: what is done with a row.
    """

    kind: PersonKind
    preference: str
    columns: tuple[Column, ...]
    titles: Mapping[str, str]
    letters: Sequence[tuple[str, str]]
    searched: str
    none_yet: str
    nobody: str
    nobody_shown: str
    unselected: str
    view_kept: Callable[[Mapping[str, Any] | None], V]
    count: Callable[[Desk, Actor], int]
    rows: Callable[[Desk, Actor, V], RowSource]
    tasks: Callable[[DeskScreen[Any], Actor, Callable[[bool], None]], PersonTasks]
