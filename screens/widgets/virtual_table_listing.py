"""What a table knows of one query: its keys in order, and the pages of rows around the view."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping

from services.rows import RowSource, TableRow

PAGE = 40
"""Rows that are read at once: a window full or two."""

MOST_PAGES = 80
"""Pages that are kept; the least recently seen one goes first."""

_CHUNK = 1 << 15


class Listing:
    """The rows of one query, as far as they are known.

    The keys never change; a longer or newer array of keys is another listing.

    Attributes:
        source: where the rows come from.
        keys: the keys that can be scrolled through, in order.
        complete: whether those are all keys; until they are read, only the first page is there.
    """

    def __init__(self, source: RowSource, keys: array[int], complete: bool) -> None:
        self.source = source
        self.keys = keys
        self.complete = complete
        self._pages: OrderedDict[int, Mapping[int, TableRow]] = OrderedDict()
        self._stale: set[int] = set()

    def __len__(self) -> int:
        return len(self.keys)

    def page_keys(self, page: int) -> array[int]:
        """The keys of the rows on this page."""
        return self.keys[page * PAGE : (page + 1) * PAGE]

    def put(self, page: int, rows: Mapping[int, TableRow]) -> bool:
        """Keep what was read for the keys of this page; tells whether it differs from what was known."""
        differs = self._pages.get(page) != rows
        self._pages[page] = rows
        self._pages.move_to_end(page)
        self._stale.discard(page)
        while len(self._pages) > MOST_PAGES:
            gone, _ = self._pages.popitem(last=False)
            self._stale.discard(gone)
        return differs

    def expire(self, pages: range | None = None) -> None:
        """Read these pages again, or all, when they are seen next; until then the old rows stand."""
        self._stale.update(self._pages if pages is None else self._pages.keys() & set(pages))

    def has(self, index: int) -> bool:
        """Whether the page of this row was read; a row that is then not there is gone."""
        return index // PAGE in self._pages

    def row(self, index: int) -> TableRow | None:
        """The row with this number, if it is here."""
        page = self._pages.get(index // PAGE)
        return None if page is None else page.get(self.keys[index])

    def looks_like(self, other: Listing, rows: range) -> bool:
        """Whether these rows, all of which are here and there, are drawn alike."""
        if max(rows, default=0) >= min(len(self), len(other)):
            return False
        return all((row := self.row(index)) is not None and row == other.row(index) for index in rows)

    def next_to_read(self, pages: range) -> int | None:
        """The page to read next for a view over `pages`: those, their neighbours, then both ends for a jump there."""
        likely: tuple[int, ...] = (*pages, pages.stop, pages.start - 1, (len(self.keys) - 1) // PAGE, 0)
        for page in likely:
            if 0 <= page * PAGE < len(self.keys):
                if page not in self._pages or page in self._stale:
                    return page
                self._pages.move_to_end(page)
        return None


def position(keys: array[int], key: int, guess: int) -> int | None:
    """The place of a key, looked for at the guess first; slow for a long array, so for a worker thread."""
    if 0 <= guess < len(keys) and keys[guess] == key:
        return guess
    # In pieces, because the search holds the interpreter lock and the screen has to stay alive meanwhile.
    for start in range(0, len(keys), _CHUNK):
        try:
            found: int = keys.index(key, start, start + _CHUNK)
        except ValueError:
            continue
        return found
    return None
