"""A key with its words, as the caller's panel shows what can be done now."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Key(Static):
    """A key with its words, to be pressed or clicked."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Key { height: 1; text-wrap: nowrap; text-overflow: ellipsis; &:hover { background: $primary-background; } }
    """

    def __init__(self, key: str, words: str) -> None:
        shown = {"escape": "Esc", "enter": "Enter"}.get(key, key)
        super().__init__(Content.assemble((shown, "bold $accent"), f" {words}"))
        self.key = key
