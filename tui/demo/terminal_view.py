"""A terminal as a widget: shows what a program draws, and sends it every key, click and paste."""

from __future__ import annotations

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.demo import typing
from tui.demo.emulator import MOUSE, MOUSE_MOVES, PASTE_MARKS, Emulator
from tui.demo.programs import Program

_TOGETHER = 0.008
"""Seconds for which what is drawn is gathered: a screen comes in several pieces."""


class TerminalView(Widget, can_focus=True):
    """The terminal of one program after another."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TerminalView { width: 1fr; height: 1fr; background: $background; color: $foreground; }
    """

    class Touched(Message):
        """Somebody has pressed a key or a button."""

    class Drawn(Message):
        """What it shows has changed."""

    class WantedAgain(Message):
        """Enter was pressed where nothing runs any more."""

        def __init__(self, view: TerminalView) -> None:
            super().__init__()
            self.view = view

    class Ended(Message):
        """The program has ended by itself, or was killed by somebody else than the stage."""

        def __init__(self, view: TerminalView, code: int) -> None:
            super().__init__()
            self.view = view
            self.code = code

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._emulator = Emulator(80, 24)
        self._program: Program | None = None
        self._changed: set[int] = set()
        self._gathering = False
        self.drawn = 0
        """How often the program has drawn something."""

    @property
    def program(self) -> Program | None:
        """The present one; None before the first, and after it has ended."""
        return self._program

    def show(self, program: Program) -> None:
        """Show this one from now on."""
        self._emulator = Emulator(*self.cells)
        self._program = program
        program.on_octets = self._take
        program.on_end = self._end
        program.resize(*self._emulator.size)
        self.refresh()

    def clear(self) -> None:
        """Nothing is shown."""
        self._emulator = Emulator(*self.cells)
        self.refresh()

    def say(self, words: str) -> None:
        """Say this instead of what the last program has left."""
        self.clear()
        _, height = self.cells
        self._take(b"\x1b[%d;3H" % max(1, height // 2) + words.encode("utf-8", "replace"))

    def text(self) -> str:
        """What it shows, line by line."""
        return self._emulator.text()

    def send(self, text: str) -> None:
        """Octets as a terminal sends them."""
        if self._program is not None:
            self._program.send(text)

    def draw_now(self) -> None:
        """Do not wait for what else the program may draw."""
        if self._gathering:
            self._draw()

    # -- what the program draws --------------------------------------------------------------

    def _take(self, octets: bytes) -> None:
        self.drawn += 1
        self._changed.update(self._emulator.feed(octets))
        if not self._gathering:
            self._gathering = True
            self.set_timer(_TOGETHER, self._draw)

    def _draw(self) -> None:
        self._gathering = False
        width, _ = self._emulator.size
        changed, self._changed = self._changed, set()
        if changed:
            self.refresh(*(Region(0, row, width, 1) for row in changed))
            self.post_message(self.Drawn())

    def _end(self, code: int) -> None:
        program, self._program = self._program, None
        if program is not None and not program.unwanted:
            self.post_message(self.Ended(self, code))

    def render_line(self, y: int) -> Strip:
        width, height = self._emulator.size
        if y >= height:
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._emulator.line(y).apply_style(self.rich_style)
        return strip if width == self.size.width else strip.adjust_cell_length(self.size.width, self.rich_style)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    @property
    def cells(self) -> tuple[int, int]:
        """Columns and rows; the last ones while it is out of sight."""
        return (self.size.width, self.size.height) if self.size.width and self.size.height else self._emulator.size

    def on_resize(self) -> None:
        """The program draws anew for the new size."""
        cells = self.cells
        if cells != self._emulator.size:
            self._emulator.resize(*cells)
            if self._program is not None:
                self._program.resize(*cells)
            self.refresh()

    # -- what comes from the trainer ---------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A key, whatever Textual would do with it."""
        octets = typing.of_key(event)
        event.stop()
        event.prevent_default()
        if self._program is None and event.key == "enter":
            self.post_message(self.WantedAgain(self))
        elif octets:
            self.post_message(self.Touched())
            self.send(octets)

    def on_paste(self, event: events.Paste) -> None:
        """All of it, as the program wants to be told."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Touched())
        self.send(typing.of_paste(event.text, marked=self._emulator.has(PASTE_MARKS)))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A button."""
        self.post_message(self.Touched())
        self._mouse(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A button, let go."""
        self._mouse(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The mouse has moved."""
        if self._emulator.has(MOUSE_MOVES):
            self._mouse(event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        self._mouse(event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel."""
        self._mouse(event)

    def _mouse(self, event: events.MouseEvent) -> None:
        event.stop()
        if self._emulator.has(MOUSE):
            self.send(typing.of_mouse(event))
