"""One page of a wizard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.widgets import forms
from screens.widgets.field import Field

D = TypeVar("D")


class Step(Vertical, Generic[D]):
    """Shows a part of the draft and gives it back changed; its fields carry the names of the draft's attributes.

    A small subclass gives `heading`, `compose` and `collect`; the rest has a use that fits most steps.
    """

    heading: ClassVar[str]
    """Its name in the list of steps."""

    def applies(self, draft: D) -> bool:
        """Whether this step belongs to the way that the draft has taken so far."""
        return True

    def show(self, draft: D) -> None:
        """Called each time before the step is seen, for what depends on the steps before it."""

    def collect(self, draft: D) -> D:
        """The draft with what stands in this step now, right or wrong."""
        return draft

    def text(self, field: str) -> str:
        """What stands in one of its fields, without blanks around it."""
        return self.query_one(f"#{field}", Field).value.strip()

    def holds(self) -> bool:
        """Check everything, show what is wrong and put the cursor there; True when nothing is."""
        return forms.all_hold(self)

    async def leave(self, draft: D) -> D:
        """Ask a service before the next step is seen, and add its answer to the draft. May raise any DeskError."""
        return draft

    def tell(self, problems: Mapping[str, str]) -> bool:
        """Show a service's sentences beside the fields that they name; False if none of them is here."""
        return forms.tell(self, problems)

    def enter(self) -> None:
        """Put the cursor where the person goes on."""
        forms.focus_first_empty(self)


class Review(Step[D], Generic[D]):
    """What will happen, line by line, before anything happens."""

    heading = "Review"

    def __init__(self, lines: Callable[[D], Sequence[tuple[str, str]]]) -> None:
        """`lines` gives a label and what stands beside it; a line without a label is a sentence."""
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        yield Static("", classes="review", markup=False)

    def show(self, draft: D) -> None:
        """Write the lines for the draft as it is now."""
        shown = Content("")
        for label, text in self._lines(draft):
            shown += (
                Content.styled(f"{label:<18}", "$foreground-muted") + Content(f"{text}\n")
                if label
                else Content(f"\n{text}\n")
            )
        self.query_one(".review", Static).update(shown)
