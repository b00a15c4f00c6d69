"""How somebody looks at a table of people, whatever its columns and filters are."""

from __future__ import annotations

from typing import Any, Protocol, Self


class PersonTableView(Protocol):
    """One way of looking; it never changes, another way is another view."""

    @property
    def words(self) -> str:
        """What is searched for."""

    @property
    def hidden(self) -> frozenset[str]:
        """The keys of columns that are not shown."""

    @property
    def mark(self) -> tuple[str, bool]:
        """The column by which it is sorted, and whether downwards."""

    @property
    def filter_words(self) -> str:
        """What is shown, in the search line."""

    @property
    def filtered_by(self) -> bool:
        """Whether a filter may leave somebody out."""

    def searching(self, words: str) -> Self:
        """The same with other words."""

    def unfiltered(self) -> Self:
        """The same without filters."""

    def sorted_by(self, column: str) -> Self:
        """The same by another column, or turned round if it is that column already."""

    def hiding(self, hidden: frozenset[str]) -> Self:
        """The same with other columns."""

    def kept(self) -> dict[str, Any]:
        """What is kept for the next time: all but the words."""
