"""How the lines of a table look: text and styles in, strips out. Nothing here knows a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.safe_text import fit
from screens.widgets.virtual_table_columns import Placed
from services.rows import TableRow

MARK_WIDTH = 2
"""Cells that show which rows are marked, where there is room for them beside the cursor's sign."""

SHARED_WIDTH = 2
"""Cells for one sign and the space behind it, where cursor and mark have to share."""

MARK = "✓"
MARK_UNDER_CURSOR = "◉"
"""Both at once, where they share a cell: so each of the two is seen without any colour."""

ASCENDING, DESCENDING = "▲", "▼"
_KEPT_STRIPS = 512
_PENDING = "···"
_GONE = "no longer in the list"


class CursorSign(Enum):
    """Whether the cursor is on a row, and whether keys go there; its sign shows it where no colour does."""

    ABSENT = " "
    BLURRED = "▏"
    FOCUSED = "▌"


@dataclass(frozen=True, slots=True)
class Look:
    """The styles that a theme gives to a table; `sorted` and `cells` lend a line their letters, not their ground."""

    body: Style
    header: Style
    sorted: Style
    cursor: Style
    marked: Style
    pending: Style
    empty: Style
    cells: Mapping[str, Style]


CELL_STYLES = ("muted", "success", "warning", "error", "accent")
"""The names that `TableRow.marks` may hold; a cell with another name is drawn plainly."""

LINE_STYLES = ("body", "header", "sorted", "cursor", "marked", "pending", "empty")
"""The other styles, by the names of the fields of `Look`."""

LOOK_CSS = """
    VirtualTable {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .virtual-table--header { background: $panel; color: $text-muted; text-style: bold; }
        & > .virtual-table--sorted { color: $foreground; text-style: bold; }
        & > .virtual-table--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .virtual-table--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        &:nocolor:focus > .virtual-table--cursor {
            background: $background;
            color: $foreground;
            text-style: bold reverse;
        }
        & > .virtual-table--marked { background: $primary-muted; text-style: bold; }
        & > .virtual-table--pending { color: $text-muted; }
        & > .virtual-table--empty { color: $text-muted; }
        & > .virtual-table--muted { color: $text-muted; }
        & > .virtual-table--success { color: $text-success; }
        & > .virtual-table--warning { color: $text-warning; }
        & > .virtual-table--error { color: $text-error; text-style: bold; }
        & > .virtual-table--accent { color: $text-accent; }
    }
"""
"""The theme's share of the look; focus, cursor, marks and states are also told by signs and by weight."""


def look_of(widget: Widget) -> Look:
    """The styles that the widget's component classes have now."""

    def style(name: str) -> Style:
        return widget.get_component_rich_style(f"virtual-table--{name}")

    return Look(
        **{name: style(name) for name in LINE_STYLES},
        cells={name: style(name) for name in CELL_STYLES},
    )


def _over(line: Style, style: Style) -> Style:
    return line + style + Style.from_color(None, line.bgcolor)


class Painter:
    """Draws lines for one width and one look, and keeps those drawn last."""

    def __init__(self, look: Look, placed: Sequence[Placed], width: int, gutter: int) -> None:
        """Prepare for lines of `width` cells in all, with columns in their places behind so many cells for signs."""
        self._look = look
        self._placed = placed
        self._width = width
        self._signs = gutter
        self._rows: LRUCache[tuple[TableRow, CursorSign, bool], Strip] = LRUCache(_KEPT_STRIPS)
        self._rest: dict[tuple[bool, CursorSign], Strip] = {}
        self._cell_styles = {
            (name, marked): _over(look.marked if marked else look.body, style)
            for name, style in look.cells.items()
            for marked in (False, True)
        }
        self.blank = self._strip([("", look.body)])

    def header(self, sort: tuple[str, bool] | None) -> Strip:
        """The titles, with the sort mark at the column of `sort` (key, descending)."""
        look = self._look
        parts = [(self._gutter(CursorSign.ABSENT, False), look.header)]
        for place in self._placed:
            if sort is not None and sort[0] == place.column.key:
                label = _sorted_label(place, DESCENDING if sort[1] else ASCENDING)
                parts.append((fit(label, place.width + place.gap), _over(look.header, look.sorted)))
            else:
                title = fit(place.column.title, place.width, align=place.column.align)
                parts.append((title + " " * place.gap, look.header))
        return self._strip([*parts, ("", look.header)])

    def row(self, row: TableRow, cursor: CursorSign, marked: bool) -> Strip:
        """A row of data."""
        if (strip := self._rows.get((row, cursor, marked))) is None:
            strip = self._rows[(row, cursor, marked)] = self._draw(row, cursor, marked)
        return strip

    def missing(self, gone: bool, cursor: CursorSign) -> Strip:
        """A row that is not here: not yet, or no more."""
        if (strip := self._rest.get((gone, cursor))) is None:
            here = cursor is not CursorSign.ABSENT
            style = self._look.cursor if here else self._look.pending
            parts = [(self._gutter(cursor, False), style)]
            if gone:
                parts.append((fit(_GONE, self._width - len(parts[0][0])), style))
            else:
                for place in self._placed:
                    parts.append((fit(_PENDING, place.width) + " " * place.gap, style))
            strip = self._rest[(gone, cursor)] = self._strip([*parts, ("", style)])
        return strip

    def words(self, text: str) -> Strip:
        """A line of the message that an empty table shows."""
        return self._strip([(fit(text, self._width, align="center"), self._look.empty)])

    def _draw(self, row: TableRow, cursor: CursorSign, marked: bool) -> Strip:
        look = self._look
        line = look.cursor if cursor is not CursorSign.ABSENT else look.marked if marked else look.body
        parts = [(self._gutter(cursor, marked), line)]
        count, styled = len(row.cells), len(row.marks)
        for place in self._placed:
            text = row.cells[place.index] if place.index < count else ""
            style = line
            if cursor is CursorSign.ABSENT and place.index < styled:
                style = self._cell_styles.get((row.marks[place.index], marked), line)
            parts.append((fit(text, place.width, align=place.column.align), style))
            parts.append((" " * place.gap, line))
        return self._strip([*parts, ("", line)])

    def _gutter(self, cursor: CursorSign, marked: bool) -> str:
        """The signs before a row.

        Beside each other where there is room ("▌✓ "); else one of cursor ("▌ "), mark ("✓ ") and both ("◉ "), in the
        narrowest terminals without the space behind it.
        """
        if self._signs > SHARED_WIDTH:
            return cursor.value + (MARK if marked else " ").ljust(self._signs - 1)
        sign = MARK if marked else cursor.value
        if marked and cursor is not CursorSign.ABSENT:
            sign = MARK_UNDER_CURSOR
        return sign.ljust(self._signs)

    def _strip(self, parts: Sequence[tuple[str, Style]]) -> Strip:
        """One line; neighbours of one style become one segment, which saves bytes on the wire."""
        segments: list[Segment] = []
        text, style = "", parts[0][1]
        for part, part_style in parts:
            if part_style is not style:
                segments.append(Segment(text, style))
                text, style = "", part_style
            text += part
        used = sum(cell_len(segment.text) for segment in segments) + cell_len(text)
        segments.append(Segment(text + " " * (self._width - used), style))
        return Strip(segment for segment in segments if segment.text)


def _sorted_label(place: Placed, mark: str) -> str:
    title, room = place.column.title, place.width
    size = cell_len(title)
    if size + 2 <= room:
        return f"{title} {mark}"
    if size + 1 <= max(room, room + place.gap - 1):
        return title + mark
    return fit(title, room - 1) + mark
