"""How somebody looks at the client table, and what of it is kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from models.states import Access
from screens.clients.words import COLUMN_WORDS, OPTIONAL_COLUMNS
from screens.dialogs.filter_menu import ClientFilter
from services.clients.values import ClientQuery, SortColumn


@dataclass(frozen=True, slots=True)
class ClientView:
    """One way of looking.

    Attributes:
        query: what the table asks for.
        hidden: the keys of columns that are not shown.
    """

    query: ClientQuery = field(default_factory=ClientQuery)
    hidden: frozenset[str] = OPTIONAL_COLUMNS

    @property
    def filter(self) -> ClientFilter:
        """The filters beside the words."""
        return ClientFilter(self.query.subscribed, self.query.access)

    @property
    def words(self) -> str:
        """What is searched for."""
        return self.query.words

    @property
    def mark(self) -> tuple[str, bool]:
        """The column by which it is sorted, and whether downwards."""
        return self.query.sort.value, self.query.descending

    @property
    def filter_words(self) -> str:
        """What is shown, in the search line."""
        return self.filter.words

    @property
    def filtered_by(self) -> bool:
        """Whether a filter may leave somebody out."""
        return self.filter != ClientFilter()

    def searching(self, words: str) -> Self:
        """The same with other words."""
        return replace(self, query=replace(self.query, words=words))

    def filtered(self, by: ClientFilter) -> Self:
        """The same with other filters."""
        return replace(self, query=replace(self.query, subscribed=by.subscribed, access=by.access))

    def unfiltered(self) -> Self:
        """The same without filters."""
        return self.filtered(ClientFilter())

    def sorted_by(self, column: str) -> Self:
        """The same by another column, or turned round if it is that column already; some columns have no order."""
        if column not in list(SortColumn):
            return self
        descending = column == self.query.sort and not self.query.descending
        return replace(self, query=replace(self.query, sort=SortColumn(column), descending=descending))

    def hiding(self, hidden: frozenset[str]) -> Self:
        """The same with other columns."""
        return replace(self, hidden=hidden)

    def kept(self) -> dict[str, Any]:
        """What is kept for the next time: all but the words."""
        return {
            "sort": self.query.sort.value,
            "descending": self.query.descending,
            "subscribed": self.query.subscribed,
            "access": None if self.query.access is None else self.query.access.value,
            "hidden": sorted(self.hidden),
        }


def view_kept(value: Mapping[str, Any] | None) -> ClientView:
    """The view that was kept; what an older or newer desk cannot have meant is left at its default."""
    value = value or {}
    query = ClientQuery()
    if value.get("sort") in list(SortColumn):
        query = replace(query, sort=SortColumn(value["sort"]))
    if isinstance(value.get("descending"), bool):
        query = replace(query, descending=value["descending"])
    if isinstance(value.get("subscribed"), bool):
        query = replace(query, subscribed=value["subscribed"])
    if value.get("access") in list(Access):
        query = replace(query, access=Access(value["access"]))
    hidden = value.get("hidden")
    if not isinstance(hidden, list):
        return ClientView(query)
    return ClientView(query, frozenset(key for key in hidden if key in COLUMN_WORDS and key != "name"))
