"""The look of every kiosk screen: whose kiosk it is, one thing in the middle, and large buttons at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.types import CSSPathType
from textual.widgets import Button, Static

from screens.base import DeskScreen
from screens.kiosk.workplace import KioskPlace
from services.errors import DeskError, SignedOut, Unavailable
from services.kiosks.values import KioskView

T = TypeVar("T")

LOOKS = Path(__file__).with_name("frame.tcss")
"""Whole, because Textual looks beside the file of a subclass."""

BACK = Binding("escape", "back", "Back", show=False, id="kiosk.back", tooltip="One step back")

_AWAY = (
    "The kiosk does not reach the desk right now. Nothing was changed, and what you typed is still here. "
    "Wait a moment, then try again."
)


class StillThere(Message):
    """The person at the kiosk has given a sign of life that is no key and no click."""


class BigButton(Button, inherit_bindings=False):
    """Three rows high; the one with the cursor has a thick frame and a mark, so that no colour is needed to see it."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", "Press", show=False, id="button.press", tooltip="Press the button"),
    ]

    def __init__(self, words: str, *, id: str, main: bool = False, wide: bool = False) -> None:
        """`main` is what most people come for; `wide` gives it room for a long line."""
        super().__init__(Content(words), id=id, classes=f"{'-main ' if main else ''}{'-wide-button' if wide else ''}")
        self._words = words
        # Not in the style sheet, which takes no nought here.
        self.styles.line_pad = 0
        # While it looked pressed, a second press would be lost.
        self.active_effect_duration = 0

    def on_focus(self) -> None:
        """Mark it with signs too."""
        self.label = self._marked()

    def on_resize(self) -> None:
        """How much room there is shows only now."""
        if self.has_focus:
            self.label = self._marked()

    def on_blur(self) -> None:
        """Without the mark."""
        self.label = Content(self._words)

    def rename(self, words: str) -> None:
        """Another word for what it does."""
        self._words = words
        self.label = self._marked() if self.has_focus else Content(words)

    def _marked(self) -> Content:
        """The marks stand close to the words where there is room for no blanks."""
        roomy = Content(f"▸ {self._words} ◂")
        return Content(f"▸{self._words}◂") if 0 < self.content_size.width < roomy.cell_length else roomy


class KioskHeader(Horizontal):
    """Whose kiosk it is, and which one."""

    ALLOW_SELECT = False

    def __init__(self, kiosk: KioskView) -> None:
        super().__init__()
        self._kiosk = kiosk

    def compose(self) -> ComposeResult:
        yield Static(Content(self._kiosk.agency_name), classes="kiosk-agency")
        yield Static(Content(self._kiosk.name), classes="kiosk-name")


class Progress(Static):
    """How far somebody is, in words and dots: "Step 2 of 5  ● ◉ ○ ○ ○"."""

    ALLOW_SELECT = False

    def show(self, step: int, steps: int) -> None:
        """Both count from 1."""
        dots = " ".join("●" if at < step else "◉" if at == step else "○" for at in range(1, steps + 1))
        self.update(Content.assemble((f"Step {step} of {steps}", "bold"), (f"   {dots}", "$accent")))


class KioskScreen(DeskScreen[T], Generic[T], inherit_bindings=False):
    """One thing on one screen; a subclass gives `room`, `foot`, and what Back means.

    Only Tab, Shift+Tab, arrows, Enter, Space and Esc do anything besides typing. What is typed into a `Field` here
    stands in a large input beneath its label.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = LOOKS
    ALLOW_SELECT = False
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (72, "-medium"), (110, "-broad")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (23, "-high"), (32, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down,right", "app.focus_next", "Next", show=False, id="focus.next", tooltip="Go to the next one"),
        Binding(
            "shift+tab,up,left",
            "app.focus_previous",
            "Before",
            show=False,
            id="focus.before",
            tooltip="Go to the one before",
        ),
        BACK,
    ]

    place: KioskPlace

    roomy_fields: ClassVar[bool] = True

    patience: ClassVar[float] = 60
    """Seconds without a sign of life after which the kiosk asks whether somebody is still there."""

    def compose(self) -> ComposeResult:
        yield KioskHeader(self.place.kiosk)
        with VerticalScroll(classes="kiosk-room", can_focus=False), Vertical(classes="kiosk-middle"):
            yield from self.room()
        with Horizontal(classes="kiosk-foot"):
            yield from self.foot()

    def room(self) -> ComposeResult:
        """What stands in the middle."""
        yield from ()

    def foot(self) -> ComposeResult:
        """The large buttons."""
        yield BigButton("Back", id="back")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Each button does the action that it is named after."""
        event.stop()
        if event.button.id is not None:
            # On this screen: when its turn comes, another one may be in sight.
            self.call_later(self.run_action, event.button.id.replace("-", "_"))

    def action_back(self) -> None:
        """Close with nothing."""
        self.dismiss(None)

    async def tell(self, error: DeskError) -> None:
        """Show why something was refused, on a screen of its own."""
        if self.sitting is not self.place.sitting:
            return
        away = isinstance(error, Unavailable)
        title = "One moment, please" if away else "That did not work"
        await self.app.push_screen_wait(KioskNotice(self.place, title, [_AWAY if away else error.sentence], bad=True))
        if isinstance(error, SignedOut):
            self.dismiss(None)


class KioskNotice(KioskScreen[bool]):
    """Says one thing, and asks one thing at most; True for the first button."""

    def __init__(
        self,
        place: KioskPlace,
        title: str,
        lines: Sequence[str],
        *,
        yes: str = "Go on",
        no: str = "",
        bad: bool = False,
    ) -> None:
        """Say it.

        Args:
            place: the kiosk.
            title: what it is about.
            lines: what is to know.
            yes: the first button.
            no: the second one; none if empty. Esc is the last one that there is.
            bad: whether something went wrong.
        """
        super().__init__(place)
        self._title = title
        self._lines = lines
        self._yes = yes
        self._no = no
        self._bad = bad

    def room(self) -> ComposeResult:
        """The words."""
        sign = "✗ " if self._bad else ""
        yield Static(Content(f"{sign}{self._title}"), classes=f"kiosk-title{' -bad' if self._bad else ''}")
        for line in self._lines:
            yield Static(Content(line), classes="kiosk-line")

    def foot(self) -> ComposeResult:
        """One button, or two."""
        yield BigButton(self._yes, id="yes", main=True)
        if self._no:
            yield BigButton(self._no, id="no")

    def on_mount(self) -> None:
        """Enter goes on."""
        self.query_one("#yes").focus()

    def action_yes(self) -> None:
        """The first button."""
        self.dismiss(True)

    def action_no(self) -> None:
        """The second one."""
        self.dismiss(False)

    def action_back(self) -> None:
        """Esc."""
        self.dismiss(not self._no)
