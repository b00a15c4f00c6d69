"""The rows of a table whose search words are compared here, page by page: for lists that grow by dozens a day."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator, Sequence

from services import sessions
from services.actor import Actor
from services.context import Context
from services.rights import Right
from services.rows import Cancelled, TableRow
from services.text import fold, search_words

_PAGE = 2000


class PagedRows(ABC):
    """A `RowSource` for all who may look; a subclass gives the pages, and the rows."""

    def __init__(self, ctx: Context, actor: Actor, words: str) -> None:
        """`words` are what was typed; every word must begin a word of the row."""
        self._ctx = ctx
        self._actor = actor
        self._words = tuple(f" {word}" for word in search_words(words))

    @abstractmethod
    def _pages(self, size: int) -> Iterator[list[int]]:
        """The keys that match in their order, in pages of at most `size`; called inside a read."""

    @abstractmethod
    def _rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys, of which there is at least one; called inside a read."""

    def first(self, count: int) -> list[TableRow]:
        """The first rows at once; fewer than `count` only if there are no more."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, self._actor, Right.LOOK)
            keys: list[int] = []
            for page in self._pages(min(_PAGE, 4 * count)):
                keys += page
                if len(keys) >= count:
                    break
            rows = self._rows(keys[:count]) if keys else {}
        return [rows[key] for key in keys[:count] if key in rows]

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The keys of all rows in order. Raises Cancelled."""
        found = array("q")
        with self._ctx.read():
            sessions.require_staff(self._ctx, self._actor, Right.LOOK)
            for page in self._pages(_PAGE):
                if cancelled():
                    raise Cancelled
                found.extend(page)
        return found

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """The rows with these keys; a key without a row is gone."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, self._actor, Right.LOOK)
            # Peewee takes no array for a list.
            return self._rows(list(keys)) if len(keys) else {}

    def _matches(self, *texts: str | None) -> bool:
        if not self._words:
            return True
        folded = f" {fold(' '.join(text for text in texts if text))}"
        return all(word in folded for word in self._words)
