"""A scroll view over the rows of a source: what is read when, and where the cursor stands; subclasses draw."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from threading import Event
from typing import ClassVar, Protocol, TypeVar, TypeVarTuple

from textual import work
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive, var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import Worker

from screens.widgets.virtual_table_cursor import Cursor, View
from screens.widgets.virtual_table_listing import PAGE, Listing, position
from services.errors import DeskError
from services.rows import RowSource, TableRow

A = TypeVarTuple("A")
R = TypeVar("R")


RESTING = 0.2
"""Seconds that a query stands before all its keys are read."""


class Call(Protocol):
    """Runs a function on a thread and waits for it without blocking the screen."""

    def __call__(self, function: Callable[[*A], R], /, *args: *A) -> Awaitable[R]: ...


class RowView(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of a `RowSource`, one line each, with a cursor that stays with its row whatever the order or the filter.

    Nothing here waits for the database: rows that are not here yet are read by workers on the UI loop, which run the
    source's methods on threads and come back.
    """

    TOP_LINES: ClassVar[int] = 0
    """Lines at the top that do not scroll."""

    virtual_size = Reactive(Size(0, 0), layout=True, repaint=False)
    """As in Textual; more rows below the view are no reason to draw those in it anew."""

    count: var[int | None] = var(None)
    """How many rows the query has; None until that is known."""

    @dataclass
    class Told(Message):
        """What all messages have."""

        table: RowView

        @property
        def control(self) -> RowView:
            """The sender, for `@on` selectors."""
            return self.table

    @dataclass
    class Highlighted(Told, namespace="virtual_table"):
        """The cursor stands on another row; on none (None, None) when there are no rows."""

        key: int | None
        index: int | None

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor came to rest matters."""
            return isinstance(message, RowView.Highlighted) and message.table is self.table

    @dataclass
    class Counted(Told, namespace="virtual_table"):
        """All keys of the query are read: it has so many rows."""

        total: int

    @dataclass
    class Failed(Told, namespace="virtual_table"):
        """A read was refused; what is on the screen stays. `reload()` tries again."""

        error: DeskError

    def __init__(self, call: Call, *, id: str | None = None, classes: str | None = None) -> None:
        """Make a view without rows whose reads are run by `call`."""
        super().__init__(id=id, classes=classes)
        self.listing: Listing | None = None
        self.cursor = Cursor()
        self._call = call
        self._source: RowSource | None = None
        self._loading: Worker[None] | None = None
        self._reading: Worker[None] | None = None
        self._refused: View | None = None
        self._told: tuple[int | None, int | None] = (None, None)
        self._room = 0

    @property
    def cursor_key(self) -> int | None:
        """The key of the row under the cursor; None while there is none."""
        return None if self.listing is None or self.cursor.index is None else self.listing.keys[self.cursor.index]

    @property
    def cursor_row(self) -> TableRow | None:
        """The row under the cursor, if it is here."""
        if self.listing is None or self.cursor.index is None:
            return None
        return self.listing.row(self.cursor.index)

    @property
    def view(self) -> View:
        """The rows on the screen."""
        return View(self.scroll_offset.y, max(0, self.scrollable_content_region.height - self.TOP_LINES))

    @property
    def is_loading(self) -> bool:
        """Whether a query is being read of which nothing is on the screen yet."""
        return self.listing is None and self._loading is not None and self._loading.is_running

    @property
    def is_complete(self) -> bool:
        """Whether all keys of the query that was asked for last are here."""
        return self.listing is not None and self.listing.complete and self.listing.source is self._source

    def show(self, source: RowSource) -> None:
        """Show another query; what is on the screen stays until its first rows are here."""
        self._source = source
        self._refused = None
        self._loading = self._load(source)
        if self.listing is None:
            self.refresh()

    def reload(self, follow: int | None = None) -> None:
        """Read the same query again in place, and put the cursor on the row with the key `follow` if one is named."""
        if follow is not None:
            self.cursor.follow(follow)
        if self._source is None:
            return
        if self.listing is not None and self.listing.source is self._source:
            # What is seen comes first; the keys of a long query take their time.
            self.listing.expire()
            self._reading = self._read_pages()
        self.show(self._source)

    def freshen(self) -> None:
        """Read the rows in view again; draws nothing unless one of them has changed."""
        if self.listing is not None:
            self.listing.expire(self.view.pages)
            self._reading = self._read_pages()

    def move_to(self, index: int) -> None:
        """Put the cursor on the row with this number, or on the nearest, and bring it into view."""
        listing, before = self.listing, self.cursor.index
        if listing is None or not len(listing):
            return
        index = max(0, min(index, len(listing) - 1))
        self.cursor.pick(listing, index)
        if before is not None:
            self.refresh_rows(before, before + 1)
        self.refresh_rows(index, index + 1)
        self._look_at(self.view.showing(index))
        self._tell_highlighted()

    def refresh_rows(self, start: int, stop: int) -> None:
        """Draw these rows again, if they are on the screen."""
        view = self.view
        first, last = max(start, view.top), min(stop, view.top + view.height)
        if first < last:
            self.refresh(Region(0, first - view.top + self.TOP_LINES, self.size.width, last - first))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw, and see to it that what is drawn gets read."""
        if self._listing_lacks_rows() and not (self._reading and self._reading.is_running):
            self._reading = self._read_pages()
        if self.styles.gutter or self.opacity < 1:
            return super().render_lines(crop)
        # Nothing is around the lines, so they go out as the very strips that `render_line` keeps: what Textual
        # remembers in a strip (filtered, cut, as escape codes) then outlives a scroll, which halves its cost.
        _, background = self.background_colors
        strips = [self.render_line(y) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return [strip.crop(*crop.column_span) for strip in strips]

    def on_resize(self) -> None:
        """A view that becomes smaller keeps the cursor in it."""
        view = self.view
        if view.height < self._room and self.cursor.index is not None:
            self._look_at(view.showing(self.cursor.index))
        self._room = view.height

    @work(exclusive=True, group="query", description="read a query")
    async def _load(self, source: RowSource) -> None:
        overtaken = Event()
        try:
            wanted = self._room_for()
            rows = await self._call(source.first, wanted)
            if len(rows) < wanted or self.listing is None or self.listing.source is not source:
                first = Listing(source, array("q", (row.key for row in rows)), complete=len(rows) < wanted)
                for page in range(-(-len(rows) // PAGE)):
                    first.put(page, {row.key: row for row in rows[page * PAGE : (page + 1) * PAGE]})
                key = self.cursor.key
                self._replace(first, None if key is None else position(first.keys, key, -1))
            if len(rows) >= wanted:
                # While somebody types, each query is overtaken by the next: all its keys would be read for nothing,
                # and hold up the first rows of the one that counts.
                await asyncio.sleep(RESTING)
                keys = await self._call(source.keys, overtaken.is_set)
                await self._take(Listing(source, keys, complete=True))
        except DeskError as error:
            self.refresh()
            self.post_message(self.Failed(self, error))
        finally:
            overtaken.set()

    def _room_for(self) -> int:
        """Rows of as many whole pages as a view holds."""
        return -(-max(1, self.view.height) // PAGE) * PAGE

    async def _take(self, listing: Listing) -> None:
        """Show all rows of a query, once those are here that will be on the screen."""
        settled = False
        while not settled:
            key, index = self.cursor.key, self.cursor.index
            guess = -1 if index is None else index
            found = None if key is None else await self._call(position, listing.keys, key, guess)
            landing = self.cursor.landing(self.listing, listing, found, self.view)
            for page in landing.view.pages:
                if keys := listing.page_keys(page):
                    listing.put(page, await self._call(listing.source.rows, keys))
            # The cursor may have been moved meanwhile.
            settled = (key, index) == (self.cursor.key, self.cursor.index)
        self._replace(listing, found)

    def _replace(self, listing: Listing, found: int | None) -> None:
        view = self.view
        before = (view, self.cursor.index)
        landing = self.cursor.landing(self.listing, listing, found, view)
        same = self.listing is not None and listing.looks_like(self.listing, view.rows)
        self.cursor.land(listing, landing, view)
        self.listing = listing
        self._refused = None
        self.virtual_size = Size(1, len(listing) + self.TOP_LINES)
        self._look_at(landing.view)
        if not same or before != (landing.view, self.cursor.index):
            self.refresh()
        self.count = len(listing) if listing.complete else None
        if listing.complete:
            self.post_message(self.Counted(self, len(listing)))
        self._tell_highlighted()

    @work(exclusive=True, group="pages", description="read rows")
    async def _read_pages(self) -> None:
        """Read what the view lacks, again and again as it moves; what it has left behind is not read any more."""
        try:
            while (listing := self.listing) and (page := listing.next_to_read(self.view.pages)) is not None:
                differs = listing.put(page, await self._call(listing.source.rows, listing.page_keys(page)))
                if differs and listing is self.listing:
                    self.refresh_rows(page * PAGE, (page + 1) * PAGE)
        except DeskError as error:
            self._refused = self.view
            # A query that is being read will fail of itself, and one trouble is told once.
            if self._loading is None or self._loading.is_finished:
                self.post_message(self.Failed(self, error))

    def _listing_lacks_rows(self) -> bool:
        # After a refusal the same view does not ask again, or each repaint would be refused anew.
        view = self.view
        return self.listing is not None and view != self._refused and self.listing.next_to_read(view.pages) is not None

    def _look_at(self, view: View) -> None:
        self.scroll_to(y=view.top, animate=False, force=True)

    def _tell_highlighted(self) -> None:
        if self.cursor.index is None and self.listing is not None and len(self.listing):
            return
        told = (self.cursor_key, self.cursor.index)
        if told != self._told:
            self._told = told
            self.post_message(self.Highlighted(self, *told))
