"""The desk's table for lists of any length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from screens.widgets.virtual_table_cells import (
    CELL_STYLES,
    LINE_STYLES,
    LOOK_CSS,
    MARK_WIDTH,
    SHARED_WIDTH,
    CursorSign,
    Painter,
    look_of,
)
from screens.widgets.virtual_table_columns import Column, Placed, first_to_go, place, short_of_room
from screens.widgets.virtual_table_listing import Listing
from screens.widgets.virtual_table_view import Call, RowView

__all__ = ["Column", "VirtualTable", "first_to_go"]


class VirtualTable(RowView, can_focus=True, inherit_bindings=False):
    """Rows in columns, with a header to sort by and, if wanted, marks that stay with the rows' keys."""

    ALLOW_SELECT = False
    TOP_LINES = 1
    DEFAULT_CSS = LOOK_CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"virtual-table--{name}" for name in (*LINE_STYLES, *CELL_STYLES)}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False, id="table.up", tooltip="One row up"),
        Binding("down", "move(1)", "Down", show=False, id="table.down", tooltip="One row down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="table.page_up", tooltip="One screen up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="table.page_down", tooltip="One screen down"),
        Binding("home,ctrl+home", "first", "First", show=False, id="table.first", tooltip="To the first row"),
        Binding("end,ctrl+end", "last", "Last", show=False, id="table.last", tooltip="To the last row"),
        Binding("enter", "choose", "Open", show=False, id="table.choose", tooltip="Open the row under the cursor"),
        Binding("space", "mark", "Mark", show=False, id="table.mark", tooltip="Mark the row, or unmark it"),
        Binding("shift+up", "mark_to(-1)", "Mark up", show=False, id="table.mark_up", tooltip="Mark rows upwards"),
        Binding(
            "shift+down", "mark_to(1)", "Mark down", show=False, id="table.mark_down", tooltip="Mark rows downwards"
        ),
    ]

    empty_text: reactive[str] = reactive("")
    """What stands in the middle when the query has no rows; may have several lines."""

    sort: reactive[tuple[str, bool] | None] = reactive(None)
    """Key of the column with the sort mark, and whether the order is descending; the sorting is the source's."""

    hidden: reactive[frozenset[str]] = reactive(frozenset())
    """Keys of columns that are not shown, however wide the terminal is."""

    marking: reactive[bool] = reactive(False)
    """Whether rows can be marked."""

    @dataclass
    class Chosen(RowView.Told):
        """A row was opened with Enter or with the mouse."""

        key: int

    @dataclass
    class Marked(RowView.Told):
        """Rows were marked or unmarked; so many are marked now, those that the query leaves out included."""

        total: int

    @dataclass
    class SortRequested(RowView.Told):
        """The header of a column was clicked."""

        column_key: str

    def __init__(
        self,
        columns: Sequence[Column],
        call: Call,
        *,
        empty_text: str = "",
        marking: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a table without rows.

        Args:
            columns: all columns, in the order of the cells of a row.
            call: runs the reads of a source on a thread.
            empty_text: see the attribute of this name.
            marking: see the attribute of this name.
            id: the widget's id.
            classes: the widget's CSS classes.
        """
        super().__init__(call, id=id, classes=classes)
        self._columns = tuple(columns)
        self._marked: set[int] = set()
        self._mark_anchor: tuple[Listing, int] | None = None
        self._opened_by_click = False
        self._placed: tuple[Placed, ...] = ()
        self._gutter = 1
        self._painter: Painter | None = None
        self._painted_size = Size()
        self.set_reactive(VirtualTable.empty_text, empty_text)
        self.set_reactive(VirtualTable.marking, marking)

    @property
    def marked(self) -> frozenset[int]:
        """The keys of the marked rows, those that the query leaves out included."""
        return frozenset(self._marked)

    def clear_marks(self) -> None:
        """Unmark all rows."""
        self._marked.clear()
        self.refresh()
        self.post_message(self.Marked(self, 0))

    def mark_all(self) -> None:
        """Mark all rows that the query has; as long as their keys are being read, those that are here."""
        if self.listing is not None:
            self._marked.update(self.listing.keys)
            self.refresh()
            self.post_message(self.Marked(self, len(self._marked)))

    def watch_hidden(self) -> None:
        """Share the width out anew."""
        self._painter = None

    def watch_marking(self) -> None:
        """Make room for the marks, or take it back."""
        self._painter = None

    def notify_style_update(self) -> None:
        """Another theme, or another state of the widget: read the styles anew."""
        self._painter = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines that changed, in the width of this moment."""
        if self._painted_size != self.size:
            self._painter = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line from what is here; nothing is waited for."""
        painter = self._painter or self._prepare()
        listing = self.listing
        if y == 0:
            return painter.header(self.sort)
        index = self.scroll_offset.y + y - self.TOP_LINES
        if listing is None:
            return painter.missing(False, CursorSign.ABSENT) if self.is_loading else painter.blank
        if index >= len(listing):
            return self._empty_line(painter, y) if listing.complete and not len(listing) else painter.blank
        sign = CursorSign.ABSENT
        if index == self.cursor.index:
            sign = CursorSign.FOCUSED if self.has_focus else CursorSign.BLURRED
        row = listing.row(index)
        if row is None:
            return painter.missing(listing.has(index), sign)
        return painter.row(row, sign, row.key in self._marked)

    def _prepare(self) -> Painter:
        columns = [(number, column) for number, column in enumerate(self._columns) if column.key not in self.hidden]
        room, terminal = self.scrollable_content_region.width, self.app.size.width
        self._painted_size = self.size
        self._gutter = 1
        self._placed = place(columns, room, terminal, 1)
        if self.marking:
            beside = place(columns, room, terminal, 1 + MARK_WIDTH)
            shared = place(columns, room, terminal, SHARED_WIDTH)
            # Where they would be in the way of a column, the marks share the cell of the cursor's sign.
            if not short_of_room(self._placed, beside):
                self._gutter, self._placed = 1 + MARK_WIDTH, beside
            elif len(shared) == len(self._placed):
                self._gutter, self._placed = SHARED_WIDTH, shared
        self._painter = Painter(look_of(self), self._placed, self.size.width, self._gutter)
        return self._painter

    def _empty_line(self, painter: Painter, y: int) -> Strip:
        lines = self.empty_text.split("\n")
        number = y - self.TOP_LINES - max(0, self.view.height - len(lines)) // 2
        return painter.words(lines[number]) if 0 <= number < len(lines) else painter.blank

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys for marks are there only where rows can be marked."""
        return self.marking if action in ("mark", "mark_to") else True

    def on_click(self, event: Click) -> None:
        """On the header: ask for an order. On the marks: mark. On a row: go there; if there already, open it."""
        offset = event.get_content_offset(self)
        if offset is None or event.button != 1:
            return
        event.stop()
        index = self.scroll_offset.y + offset.y - self.TOP_LINES
        if offset.y < self.TOP_LINES:
            self._click_header(offset.x)
        elif self.listing is not None and index < len(self.listing):
            if self.marking and offset.x < self._gutter:
                self.move_to(index)
                self._toggle_mark(index)
            else:
                self._click_row(index, event.chain)

    def _click_header(self, x: int) -> None:
        for placed in self._placed:
            if placed.x <= x < placed.x + placed.width + placed.gap:
                self.post_message(self.SortRequested(self, placed.column.key))

    def _click_row(self, index: int, chain: int) -> None:
        again = index == self.cursor.index
        self.move_to(index)
        # The second half of a double click opens what its first half went to, but never opens twice.
        if again and (chain == 1 or (chain == 2 and not self._opened_by_click)):
            self.action_choose()
        self._opened_by_click = again if chain == 1 else True

    def action_move(self, step: int) -> None:
        """Go so many rows down, or up if negative."""
        self._mark_anchor = None
        self.move_to(self._here + step)

    def action_page(self, step: int) -> None:
        """Go so many screens down, or up if negative; the cursor keeps its line on the screen."""
        self._mark_anchor = None
        rows = step * max(1, self.view.height - 1)
        target = self._here + rows
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)
        self.move_to(target)

    def action_first(self) -> None:
        """Go to the first row."""
        self._mark_anchor = None
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last row; while the keys are being read, to the last of those that are here."""
        self._mark_anchor = None
        self.move_to(len(self.listing or ()) - 1)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        index = self.cursor.index
        if self.listing is None or index is None:
            return
        self.cursor.pick(self.listing, index)
        self.post_message(self.Chosen(self, self.listing.keys[index]))

    def action_mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go one down."""
        if self.cursor.index is not None:
            self._toggle_mark(self.cursor.index)
            self.action_move(1)

    def action_mark_to(self, step: int) -> None:
        """Mark rows from where this began to one further; going back unmarks what it leaves."""
        index = self.cursor.index
        if self.listing is None or index is None:
            return
        # Row numbers of another listing are other rows.
        began = (
            self._mark_anchor if self._mark_anchor and self._mark_anchor[0] is self.listing else (self.listing, index)
        )
        anchor = began[1]
        target = max(0, min(index + step, len(self.listing) - 1))
        if abs(target - anchor) < abs(index - anchor):
            self._marked.discard(self.listing.keys[index])
        else:
            self._marked.update((self.listing.keys[index], self.listing.keys[target]))
        self.move_to(target)
        self._mark_anchor = began
        self.post_message(self.Marked(self, len(self._marked)))

    @property
    def _here(self) -> int:
        """The row from which the cursor moves; the top of the view while its own is still looked for."""
        return self.scroll_offset.y if self.cursor.index is None else self.cursor.index

    def _toggle_mark(self, index: int) -> None:
        if self.listing is not None:
            self._marked ^= {self.listing.keys[index]}
            self.refresh_rows(index, index + 1)
            self.post_message(self.Marked(self, len(self._marked)))
