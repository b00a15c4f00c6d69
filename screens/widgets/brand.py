"""The product's name, drawn."""

from __future__ import annotations

from textual.widgets import Static

_LETTERS = """\
▀█▀ █▀█ ▄▀█ █▄▀ █▀▄ █▀▀ █▀ █▄▀
 █  █▀▄ █▀█ █ █ █▄▀ ██▄ ▄█ █ █"""


class Brand(Static):
    """Two lines of letters in the middle of a card."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Brand {
        width: 1fr;
        height: 3;
        text-align: center;
        color: $accent;
    }
    """

    def __init__(self) -> None:
        super().__init__(_LETTERS, markup=False)
