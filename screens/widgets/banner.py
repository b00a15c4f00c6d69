"""Lines above the lists that are there only when there is something to say."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Banner(Static):
    """Takes as many lines as its words need, and none without words."""

    DEFAULT_CSS = """
    Banner { height: auto; display: none; padding: 0 1; color: $text-warning; background: $surface; }
    Banner.-told { display: block; }
    """

    def __init__(self, words: str) -> None:
        """`words` are there from the first frame: lines that come later would push a list from under the pointer."""
        super().__init__(Content(words), classes="-told" if words else "", markup=False)

    def say(self, words: str) -> None:
        """Say this, and nothing else any more; the same once more draws nothing."""
        if self.content != Content(words):
            self.update(Content(words))
            self.set_class(bool(words), "-told")
