"""How somebody looks at the table of office staff, and what of it is kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from models.states import Access
from screens.dialogs.filter_menu import StaffFilter
from screens.staff.words import COLUMN_TITLES
from services.staff.values import StaffQuery, StaffSort


@dataclass(frozen=True, slots=True)
class StaffView:
    """One way of looking.

    Attributes:
        filter: whom to show; an office is not kept for the next time.
        hidden: the keys of columns that are not shown.
    """

    words: str = ""
    filter: StaffFilter = field(default_factory=StaffFilter)
    sort: StaffSort = StaffSort.NAME
    descending: bool = False
    hidden: frozenset[str] = frozenset()

    @property
    def query(self) -> StaffQuery:
        """What the table asks for."""
        office_id = None if self.filter.office is None else self.filter.office.id
        by = self.filter
        return StaffQuery(self.words, office_id, by.active, by.access, self.sort, self.descending)

    @property
    def mark(self) -> tuple[str, bool]:
        """The column by which it is sorted, and whether downwards."""
        return self.sort.value, self.descending

    @property
    def filter_words(self) -> str:
        """What is shown, in the search line."""
        return self.filter.words

    @property
    def filtered_by(self) -> bool:
        """Whether a filter may leave somebody out."""
        return self.filter != StaffFilter()

    def searching(self, words: str) -> Self:
        """The same with other words."""
        return replace(self, words=words)

    def filtered(self, by: StaffFilter) -> Self:
        """The same with other filters."""
        return replace(self, filter=by)

    def unfiltered(self) -> Self:
        """The same without filters."""
        return self.filtered(StaffFilter())

    def sorted_by(self, column: str) -> Self:
        """The same by another column, or turned round if it is that column already."""
        return replace(self, sort=StaffSort(column), descending=column == self.sort and not self.descending)

    def hiding(self, hidden: frozenset[str]) -> Self:
        """The same with other columns."""
        return replace(self, hidden=hidden)

    def kept(self) -> dict[str, Any]:
        """What is kept for the next time."""
        return {
            "sort": self.sort.value,
            "descending": self.descending,
            "active": self.filter.active,
            "access": None if self.filter.access is None else self.filter.access.value,
            "hidden": sorted(self.hidden),
        }


def view_kept(value: Mapping[str, Any] | None) -> StaffView:
    """The view that was kept; what an older or newer desk cannot have meant is left at its default."""
    value = value or {}
    view = StaffView()
    if value.get("sort") in list(StaffSort):
        view = replace(view, sort=StaffSort(value["sort"]))
    if isinstance(value.get("descending"), bool):
        view = replace(view, descending=value["descending"])
    if isinstance(value.get("active"), bool):
        view = view.filtered(replace(view.filter, active=value["active"]))
    if value.get("access") in list(Access):
        view = view.filtered(replace(view.filter, access=Access(value["access"])))
    hidden = value.get("hidden")
    if isinstance(hidden, list):
        view = view.hiding(frozenset(key for key in hidden if key in COLUMN_TITLES and key != "name"))
    return view
