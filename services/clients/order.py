"""In which order the client table stands, and which index has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.client import NO_DAY, NO_MONTH_DAY, NO_RATE
from models.states import Access
from services.clients.values import ClientQuery, SortColumn
from services.offices import Scope
from services.search import Condition, Index

Order = tuple[tuple[str, bool], ...]
"""Columns or expressions, each with whether the largest comes first; ends with the key."""

BY_NAME: Order = (("name_key", False), ("id", False))

_VALUES = {
    SortColumn.ANNIVERSARY: (Index.ANNIVERSARY, "anniversary", NO_MONTH_DAY),
    SortColumn.RENEWAL: (Index.RENEWAL, "renewal_key", NO_DAY),
    SortColumn.RATE: (Index.RATE, "rate_key", NO_RATE),
    SortColumn.BIRTHDAY: (Index.BIRTHDAY, "birthday_key", NO_MONTH_DAY),
}
_GROUPS = {
    SortColumn.SUBSCRIPTION: (Index.SUBSCRIBED, "subscribed", (0, 1)),
    SortColumn.ACCESS: (Index.ACCESS, "access", tuple(int(state) for state in Access)),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the list in which one index has the order.

    Attributes:
        within: what the index goes to directly.
        of: what else holds for its rows.
        by_name: whether rows whose names begin alike stand together.
    """

    index: Index
    within: tuple[Condition, ...]
    of: tuple[Condition, ...]
    order: Order
    by_name: bool


def offices_of(scope: Scope) -> tuple[Condition, ...]:
    """A condition for each part of a scope to which the index by office goes directly; nothing for the whole agency."""
    if scope.offices is None:
        return ()
    parts: list[Condition] = [("office_id = %s", (office,)) for office in sorted(scope.offices)]
    return (*parts, ("office_id IS NULL", ())) if scope.unassigned else tuple(parts)


def filters_of(query: ClientQuery, scope: Scope) -> dict[str, Condition]:
    """The conditions that are no words, by their column."""
    filters: dict[str, Condition] = {}
    parts = offices_of(scope)
    if parts:
        either = " OR ".join(sql for sql, _ in parts)
        filters["office_id"] = (f"({either})", tuple(value for _, values in parts for value in values))
    if query.subscribed is not None:
        filters["subscribed"] = ("subscribed = %s", (int(query.subscribed),))
    if query.access is not None:
        filters["access"] = ("access = %s", (int(query.access),))
    return filters


def order_of(query: ClientQuery) -> Order:
    """The order of the whole list: blanks stand last either way, and names within a group always rise."""
    falls = query.descending
    if query.sort in _VALUES:
        _, column, blank = _VALUES[query.sort]
        return ((f"({column} = {blank})", False), (column, falls), ("id", falls))
    if query.sort in _GROUPS:
        _, column, _ = _GROUPS[query.sort]
        return ((column, falls), ("name_key", False), ("id", False))
    return (("name_key", falls), ("id", falls))


def stretches_of(query: ClientQuery, scope: Scope, *, searched: bool) -> tuple[Stretch, ...]:
    """The parts of the list, in order.

    Args:
        scope: if it is a single office, one index has its people by name.
        searched: whether words are asked for, which only the index by name holds.
    """
    falls = query.descending
    if query.sort in _VALUES:
        index, column, blank = _VALUES[query.sort]
        order = ((column, falls), ("id", falls))
        return tuple(
            Stretch(index, ((f"{column} {sign} %s", (blank,)),), (), order, by_name=False) for sign in ("<", "=")
        )
    if query.sort in _GROUPS:
        return tuple(_groups(query, searched))
    index = Index.NAME
    if not searched and len(offices_of(scope)) == 1:
        index = Index.OFFICE
    elif not searched and query.access is not None:
        index = Index.ACCESS
    elif not searched and query.subscribed is not None:
        index = Index.SUBSCRIBED
    return (Stretch(index, (), (), (("name_key", falls), ("id", falls)), by_name=True),)


def _groups(query: ClientQuery, searched: bool) -> Iterator[Stretch]:
    index, column, groups = _GROUPS[query.sort]
    asked = filters_of(query, Scope()).get(column)
    for group in reversed(groups) if query.descending else groups:
        of: Condition = (f"{column} = %s", (group,))
        if asked in (None, of):
            yield (
                Stretch(Index.NAME, (), (of,), BY_NAME, True) if searched else Stretch(index, (of,), (), BY_NAME, True)
            )
