"""What was said in a chat, for whoever takes part in it: agent, asking person, kiosk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from models.states import HelpAuthor
from services.help_queue.values import ChatLine
from services.text import safe
from services.when import show_day, show_time

TOGETHER = timedelta(minutes=5)
"""Lines of one person that follow each other so soon stand below one heading."""


ROOMY = 16
"""Rows from which on there is room for blank lines."""


class ChatRoom(VerticalScroll, can_focus=True):
    """The lines; stays at their end until somebody scrolls up."""

    class Scrolled(Message):
        """Other lines are in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Older", show=False, id="chat.up", tooltip="To what was said before"),
        Binding("down", "scroll_down", "Newer", show=False, id="chat.down", tooltip="To what was said later"),
        Binding("pageup", "page_up", "Older page", show=False, id="chat.page_up", tooltip="One page up"),
        Binding("pagedown", "page_down", "Newer page", show=False, id="chat.page_down", tooltip="One page down"),
        Binding("home", "scroll_home", "First line", show=False, id="chat.home", tooltip="To the first line"),
        Binding("end", "scroll_end", "Last line", show=False, id="chat.end", tooltip="To the last line"),
    ]

    def on_mount(self) -> None:
        """From the beginning."""
        self.anchor()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell the owner."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())


class ChatLines(Vertical):
    """Follows the end of the chat unless somebody has scrolled up; what is new has a mark until it is seen."""

    DEFAULT_CSS = """
    ChatLines {
        height: 1fr;
        ChatRoom { height: 1fr; scrollbar-size-vertical: 1; }
        &.-roomy SaidLine.-heads { margin: 1 0 0 0; }
        .chat-day { height: 1; color: $text-muted; text-align: center; }
        .chat-empty { height: auto; padding: 0 1; color: $text-muted; }
        .chat-below {
            height: 1; display: none; text-align: center;
            background: $primary-background; color: $text; text-style: bold;
        }
    }
    SaidLine {
        height: auto;
        padding: 0 1;
        border-left: outer $border;
        &.-mine { border-left: outer $primary; }
        &.-note { border-left: outer $warning; }
        &.-desk { border-left: none; padding: 0 1 0 2; }
    }
    """
    room = query_one(ChatRoom)
    below = query_one(".chat-below", Static)

    def __init__(self, empty: str = "Nothing has been said yet.", *, id: str | None = None) -> None:
        """`empty` stands there as long as nothing was said."""
        super().__init__(id=id)
        self._empty = empty
        self._lines: tuple[ChatLine, ...] = ()
        self._begun = False
        self._unseen: list[SaidLine] = []

    def compose(self) -> ComposeResult:
        with ChatRoom():
            yield Static(Content(self._empty), classes="chat-empty")
        yield Static("", classes="chat-below", markup=False)

    def show(self, lines: Sequence[ChatLine], mine: HelpAuthor, my_name: str = "", my_note_name: str = "") -> None:
        """Show all lines of the chat; those that are here already stay as they are.

        Args:
            lines: all of them, in order.
            mine: who looks.
            my_name: which of several agents looks; the others keep their names. Empty where there is only one.
            my_note_name: the same for notes, which colleagues sign with their whole name.
        """
        shown, first, self._begun = len(self._lines), not self._begun, True
        if tuple(lines[:shown]) != self._lines:
            self.query(".chat-day, SaidLine").remove()
            self._unseen, shown, first = [], 0, True
        if len(lines) == shown:
            return
        self.query_one(".chat-empty").display = False
        added: list[Widget] = []
        for before, line in zip((None, *lines)[shown:], lines[shown:], strict=False):
            own = line.author is mine and my_name in ("", line.name)
            own = own or (line.author is HelpAuthor.NOTE and line.name == my_note_name)
            if _other_day(before, line, lines[-1]):
                added.append(Static(Content(show_day(line.said_at)), classes="chat-day"))
            said = SaidLine(line, own=own, heads=_heads(before, line))
            if own:
                self.seen()
            elif not first and line.author is not HelpAuthor.DESK:
                said.new = True
                self._unseen.append(said)
            added.append(said)
        self._lines = tuple(lines)
        self.room.mount(*added)
        if isinstance(added[-1], SaidLine) and added[-1].own:
            self.room.anchor()
        self.call_after_refresh(self._tell_below)

    def focus(self, scroll_visible: bool = True, **_: object) -> ChatLines:
        """Focus goes to the lines."""
        self.room.focus(scroll_visible)
        return self

    def seen(self) -> None:
        """The person has looked, or typed: what is there is not new any more."""
        for said in self._unseen:
            said.new = False
        self._unseen = []
        self._tell_below()

    def on_resize(self, event: Resize) -> None:
        """Where there is room a blank line parts those who speak."""
        self.set_class(event.size.height >= ROOMY, "-roomy")

    @on(ChatRoom.Scrolled)
    def look_below(self) -> None:
        """At the end nothing is below."""
        self._tell_below()

    def _tell_below(self) -> None:
        end = self.room.scroll_offset.y + self.room.size.height
        count = sum(said.virtual_region.bottom > end for said in self._unseen)
        self.below.display = bool(count)
        self.below.update(Content(f"▼ {count} new {'line' if count == 1 else 'lines'} below"))


class SaidLine(Static):
    """One line: who and when above it, unless the line before says so already."""

    def __init__(self, line: ChatLine, *, own: bool, heads: bool) -> None:
        kind = "-mine" if own and line.author is not HelpAuthor.NOTE else f"-{line.author.value}"
        super().__init__(classes=f"{kind} -heads" if heads else kind)
        self.own = own
        self._line = line
        self._heads = heads
        self._new = False

    @property
    def new(self) -> bool:
        """Whether it is marked as new."""
        return self._new

    @new.setter
    def new(self, new: bool) -> None:
        self._new = new
        if self.is_mounted:
            self.update(self._words())

    def on_mount(self) -> None:
        """Everything is text, whatever stands in it."""
        self.update(self._words())

    def _words(self) -> Content:
        line, time = self._line, show_time(self._line.said_at)
        words = Content(safe(line.words))
        if line.author is HelpAuthor.DESK:
            return Content.assemble((f"{time}  ", "$foreground-muted"), words.stylize("italic"))
        mark = Content.styled("● ", "bold $accent") if self._new else Content("")
        if not self._heads:
            return mark + words
        name = "You" if self.own else safe(line.name)
        if line.author is HelpAuthor.NOTE:
            name = f"✎ Note by {'you' if self.own else name}, for colleagues only"
        return Content.assemble((f"{name}  ", "bold"), (f"{time}\n", "$foreground-muted"), mark, words)


def _heads(before: ChatLine | None, line: ChatLine) -> bool:
    """Whether a heading is needed: somebody else speaks, or it is a while ago."""
    if before is None or before.author is not line.author or before.name != line.name:
        return True
    return line.said_at - before.said_at > TOGETHER


def _other_day(before: ChatLine | None, line: ChatLine, last: ChatLine) -> bool:
    """Whether the day is named: not while everything was said on the same one."""
    return show_day(line.said_at) != show_day((before or last).said_at)
