"""Where the cursor of a table stands, and what becomes of it and of the view when the rows change under them."""

from __future__ import annotations

from dataclasses import dataclass

from screens.widgets.virtual_table_listing import PAGE, Listing


@dataclass(frozen=True, slots=True)
class View:
    """The rows that are on the screen: from number `top` on, `height` of them."""

    top: int
    height: int

    @property
    def rows(self) -> range:
        """Their numbers, as far as there are that many."""
        return range(self.top, self.top + self.height)

    @property
    def pages(self) -> range:
        """The pages that the view touches."""
        return range(self.top // PAGE, (self.top + max(1, self.height) - 1) // PAGE + 1)

    def line_of(self, index: int) -> int | None:
        """The line on which this row stands; None if it is not in the view."""
        return index - self.top if self.top <= index < self.top + self.height else None

    def showing(self, index: int) -> View:
        """The nearest view that has this row in it."""
        return View(max(index - self.height + 1, min(self.top, index)), self.height)

    def within(self, rows: int) -> View:
        """The nearest view that does not reach beyond the ends of so many rows."""
        return View(max(0, min(self.top, rows - self.height)), self.height)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the cursor and the view go together; no index means that the key is still looked for, or no rows."""

    index: int | None
    view: View


class Cursor:
    """The row that the cursor is on, and the key that it follows.

    It follows a key once somebody has picked that row; until then it stays on the first row, so that sorting and
    searching an untouched table show its top.

    Attributes:
        index: number of the row in the listing; None when there are no rows, or while the key is still looked for.
        key: the key of that row, or the one looked for.
    """

    def __init__(self) -> None:
        self.index: int | None = None
        self.key: int | None = None
        self._picked = False
        self._line: int | None = None

    def pick(self, listing: Listing, index: int) -> None:
        """Stand on this row because somebody wants it."""
        self.index = index
        self.key = listing.keys[index]
        self._picked = True

    def follow(self, key: int) -> None:
        """Go to this key when the rows are read next."""
        self.key = key
        self._picked = True

    def landing(self, before: Listing | None, after: Listing, found: int | None, view: View) -> Landing:
        """Where to stand in other rows, if the key is at `found` there.

        The row stays on its line of the screen. If it is gone, the next one of the same query takes its place; of
        another query, the one that comes to stand on the same line.
        """
        if not len(after):
            return Landing(None, view.within(0))
        line = self._line if self.index is None else view.line_of(self.index)
        if before is not None and before.source is after.source and self.index is not None:
            index = min(self.index, len(after) - 1) if found is None else found
            top = view.top if line is None else index - line
        elif not self._picked:
            index, top = 0, 0
        elif found is not None:
            index = found
            top = index - (view.height // 2 if line is None else line)
        elif after.complete:
            index, top = min(line or 0, len(after) - 1), 0
        else:
            return Landing(None, View(0, view.height))
        return Landing(index, View(top, view.height).within(len(after)))

    def land(self, listing: Listing, landing: Landing, view: View) -> None:
        """Stand there; `view` is what was on the screen until now."""
        if self.index is not None:
            self._line = view.line_of(self.index)
        self.index = landing.index
        if landing.index is not None:
            self.key = listing.keys[landing.index]
