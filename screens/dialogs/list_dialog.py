"""What the dialogs share that are mainly a list to choose from."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.types import CSSPathType

from screens.base import DeskDialog

T = TypeVar("T")


class ListDialog(DeskDialog[T], Generic[T]):
    """In a terminal of few lines the list keeps its lines; blanks and hints stand aside."""

    CSS_PATH: ClassVar[CSSPathType | None] = "list_dialog.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-high")]
