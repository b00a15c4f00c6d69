"""The parts of the desk in one line: number, name and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static


class TabLabel(Static):
    """One part; a click goes there."""

    ALLOW_SELECT = False

    def __init__(self, number: int, name: str, key: str) -> None:
        super().__init__(id=f"tab-{key}")
        self._number = number
        self.name_shown = name
        self.key = key
        self.count: int | None = None

    def render(self) -> Content:
        """The marks at the ends tell the present part where no colour does."""
        here = self.has_class("-here")
        left, right = ("▌", "▐") if here else (" ", " ")
        count = "" if self.count is None else f" {self.count:,}"
        return Content.assemble(
            (left, "$accent"),
            (f"{self._number} ", "$foreground-muted"),
            self.name_shown,
            (count, "bold"),
            (right, "$accent"),
        )

    def on_click(self) -> None:
        """Go there."""
        self.post_message(TabLine.Chosen(self.key))


class TabLine(Horizontal):
    """Which part is shown is told by marks, not by colour alone."""

    DEFAULT_CSS = """
    TabLine {
        height: 1;
        background: $surface;
        padding: 0 0 0 0;
        TabLabel { width: auto; color: $text-muted; }
        TabLabel.-here { color: $text; text-style: bold; background: $background; }
        TabLabel:hover { background: $primary-background; }
    }
    """

    @dataclass
    class Chosen(Message):
        """Somebody clicked on a part."""

        key: str

    here: reactive[str] = reactive("")
    """The key of the part that is shown."""

    def __init__(self, tabs: Sequence[tuple[str, str]], here: str) -> None:
        """`tabs` are key and name of each."""
        super().__init__()
        self._tabs = tabs
        self.set_reactive(TabLine.here, here)

    def compose(self) -> ComposeResult:
        for number, (key, name) in enumerate(self._tabs, 1):
            label = TabLabel(number, name, key)
            label.set_class(key == self.here, "-here")
            yield label

    def watch_here(self, here: str) -> None:
        """Move the marks."""
        for label in self.query(TabLabel):
            label.set_class(label.key == here, "-here")
            label.refresh()

    def show_count(self, key: str, count: int) -> None:
        """Write a number behind a name; the same number again draws nothing."""
        label = self.query_one(f"#tab-{key}", TabLabel)
        if label.count != count:
            label.count = count
            label.refresh(layout=True)

    def show_name(self, key: str, name: str) -> None:
        """Call a part otherwise, as there is more room or less; the same name again draws nothing."""
        label = self.query_one(f"#tab-{key}", TabLabel)
        if label.name_shown != name:
            label.name_shown = name
            label.refresh(layout=True)
