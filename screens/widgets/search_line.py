"""The line above a table: search words, filters, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from screens.widgets.line_input import LineInput

SLOW = 0.2
"""Seconds after which a count that is not here yet is shown as such."""


class SearchInput(LineInput):
    """Where one types what to search for; every key that leads out of it leaves the words standing but Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "leave", "To the list", key_display="Enter", id="search.leave", tooltip="To the list"),
        Binding("escape", "clear", "Clear", key_display="Esc", id="search.clear", tooltip="Clear the search"),
        Binding("f1", "app.help", "Help", key_display="F1", id="search.help", tooltip="The keys of this screen"),
    ]

    class Left(Message):
        """The person wants to go to the list."""

    def action_leave(self) -> None:
        """Go to the list; at once, because the keys that are typed right behind this one are for the list."""
        self.screen.focus_next("VirtualTable")
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Clear the words; with none there, go to the list."""
        if self.value:
            self.value = ""
        else:
            self.action_leave()


class FilterButton(Static):
    """Shows the filters, and asks for others when it is clicked."""

    class Pressed(Message):
        """It was clicked."""

    def on_click(self) -> None:
        """Ask."""
        self.post_message(self.Pressed())


class SearchLine(Horizontal):
    """Tells what was typed; shows filters and counts that it is given."""

    DEFAULT_CSS = """
    SearchLine {
        height: 1;
        padding: 0 1;
        background: $panel;
        .sign { width: 2; color: $accent; text-style: bold; }
        SearchInput { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
        SearchInput:focus { background: $primary-background; }
        FilterButton { width: auto; max-width: 36; margin: 0 0 0 2; text-wrap: nowrap; text-overflow: ellipsis; }
        FilterButton:hover { background: $primary-background; }
        &.-marked FilterButton { max-width: 24; }
        .marks { display: none; width: auto; margin: 0 0 0 2; color: $text-accent; text-style: bold; }
        &.-marked .marks { display: block; }
        FilterButton.-filtered { color: $text-warning; text-style: bold; }
        .count { width: 5; margin: 0 0 0 2; color: $text-muted; text-align: right; }
    }
    """

    @dataclass
    class Typed(Message):
        """The search words changed."""

        words: str

        def can_replace(self, message: Message) -> bool:
            """Only the last words matter."""
            return isinstance(message, SearchLine.Typed)

    def __init__(self, placeholder: str) -> None:
        """`placeholder` says what can be searched for."""
        super().__init__()
        self._placeholder = placeholder
        self._waiting: Timer | None = None
        self._count: int | None = None
        self._total: int | None = None
        self._working: Timer | None = None
        self._told_work = False
        self._room = 0

    def compose(self) -> ComposeResult:
        yield Static("/", classes="sign", markup=False)
        yield SearchInput(placeholder=self._placeholder, compact=True, select_on_focus=False)
        yield Static("", classes="marks", markup=False)
        yield FilterButton("Show all ▾", markup=False)
        yield Static("", classes="count", markup=False)

    @property
    def words(self) -> str:
        """What is typed."""
        return self.query_one(SearchInput).value

    def clear(self) -> None:
        """Take the words away."""
        self.query_one(SearchInput).value = ""

    def begin(self) -> None:
        """Type at the end of what stands there."""
        search = self.query_one(SearchInput)
        # Not `focus()`, which waits its turn behind the keys that were typed already.
        self.screen.set_focus(search)
        search.action_end()

    def show_filter(self, words: str, filtered: bool) -> None:
        """Name the filters."""
        button = self.query_one(FilterButton)
        button.set_class(filtered, "-filtered")
        if button.content != (content := Content(f"{words} ▾")):
            button.update(content)

    def show_marks(self, marked: int) -> None:
        """So many rows are marked, whether they match or not."""
        self.query_one(".marks", Static).update(Content(f"✓ {marked:,} marked"))
        self.set_class(marked > 0, "-marked")

    def counting(self) -> None:
        """The count is not known any more; that is shown only if it takes a while."""
        if self._waiting is None:
            self._waiting = self.set_timer(SLOW, self._say)

    def show_count(self, count: int) -> None:
        """So many match."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._count = count
        self._say()

    def show_total(self, total: int) -> None:
        """So many there are."""
        self._total = total
        if self._waiting is None and self._count is not None:
            self._say()

    def working(self, busy: bool) -> None:
        """Something is being stored; that is shown in the place of the count, only if it takes a while."""
        if self._working is not None:
            self._working.stop()
        self._working = self.set_timer(SLOW, self._say_work) if busy else None
        if self._told_work:
            self._told_work = False
            self._say()

    def _say_work(self) -> None:
        if self._working is not None:
            self._told_work = True
            self._tell("saving …")

    def _say(self) -> None:
        if self._told_work:
            return
        # The timer may have fired just before it was stopped: what counts is whether a count is still waited for.
        parts = ["…" if self._waiting is not None or self._count is None else f"{self._count:,}"]
        if self._total is not None and (self._waiting is not None or self._count != self._total):
            parts.append(f"{self._total:,}")
        self._tell(" of ".join(parts))

    def _tell(self, words: str) -> None:
        count = self.query_one(".count", Static)
        if count.content == Content(words):
            return
        # Only a longer text changes the layout: a new layout with every key would hold up the rows.
        longer = len(words) > self._room
        if longer:
            self._room = len(words)
            count.styles.width = self._room
        count.update(Content(words), layout=longer)

    @on(Input.Changed)
    def tell(self, event: Input.Changed) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Typed(event.value))
