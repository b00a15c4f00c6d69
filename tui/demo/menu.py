"""The trainer's menu: everything at one plain key each, above a stage that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.demo.scene import Scene


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a menu; without a key it is a heading."""

    key: str
    words: str
    more: str = ""


class KeyMenu(ModalScreen[str], inherit_bindings=False):
    """Closes with the key that was pressed; with nothing for Esc."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+t", "close", "Close", show=False, priority=True, id="menu.close", tooltip="To the stage"),
    ]

    def __init__(self, title: str, *parts: Sequence[Line]) -> None:
        """`parts` stand beside each other."""
        super().__init__()
        self._title = title
        self._parts = parts

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -single" if len(self._parts) == 1 else "dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with Horizontal(classes="-single" if len(self._parts) == 1 else ""):
                for part in self._parts:
                    with Vertical(classes="menu-part -last" if part is self._parts[-1] else "menu-part"):
                        yield from self._lines(part)
            yield Static("Esc goes back to the stage.", classes="dialog-hint", markup=False)

    def _lines(self, lines: Sequence[Line]) -> ComposeResult:
        for line in lines:
            if not line.key:
                yield Static(Content(line.words), classes="menu-heading")
                continue
            yield Static(Content.assemble((f" {line.key} ", "bold $accent"), f" {line.words}"))
            if line.more:
                yield Static(Content(line.more), classes="menu-more")

    def on_key(self, event: events.Key) -> None:
        """The key of a line."""
        event.stop()
        if event.key in ("up", "down"):
            self.query_one(".dialog").scroll_relative(y=3 if event.key == "down" else -3, animate=False)
        sign = event.character or event.key
        if any(line.key == sign for part in self._parts for line in part):
            self.dismiss(sign)

    def action_close(self) -> None:
        """Back to the stage."""
        self.dismiss("")


PRACTISE = Line("p", "practise with callers", "A queue of made-up callers; the program scores each call.")

_STAGE = Line("", "The stage")
_STAGE_LINES = (
    Line("d", "the desk"),
    Line("b", "the person's browser"),
    Line("k", "the kiosk"),
    Line("q", "quit the training"),
)


def trainers_menu(scenes: Sequence[Scene], autoplay: str) -> KeyMenu:
    """The trainer's menu; `autoplay` says what its key does now."""
    return KeyMenu(
        "Trainer's menu",
        [
            Line("", "Begin a scene"),
            *(Line(scene.key, scene.name, scene.summary) for scene in scenes),
            Line("f", "free play", "No scene: the sandbox as it is, to try things by hand."),
            PRACTISE,
        ],
        [
            Line("", "This scene"),
            Line("a", autoplay),
            Line("t", "autoplay from this part on"),
            Line("r", "reset to its beginning"),
            Line("n", "presenter's notes"),
            Line("c", "put the clock forward"),
            _STAGE,
            Line("m", "mailbox"),
            *_STAGE_LINES,
        ],
    )


def practice_menu() -> KeyMenu:
    """The same while somebody practises; no mailbox, for a caller's codes are theirs to read out."""
    return KeyMenu(
        "Menu",
        [
            Line("", "Practice"),
            Line("r", "begin this queue again"),
            Line("p", "another queue"),
            Line("c", "put the clock forward"),
            Line("f", "end the practice"),
        ],
        [_STAGE, *_STAGE_LINES],
    )


JUMPS = {
    "5": timedelta(minutes=5),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "t": timedelta(days=3),
}
"""How far each key puts the clock."""

CLOCK_LINES = (
    Line("5", "five minutes later", "the next reset mail may go"),
    Line("h", "one hour later", "reset links and temporary passwords have expired"),
    Line("d", "one day later"),
    Line("t", "three days later", "activation links have expired"),
    Line("x", "another span, typed"),
)

_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}
_FURTHEST = timedelta(days=400)


def read_span(text: str) -> timedelta | None:
    """A span as typed, "90m", "2 h" or "1d", from a minute to 400 days; None if it is none."""
    plain = "".join(text.split()).casefold()
    digits = plain[: len(plain) - len(plain.lstrip("0123456789"))]
    unit = _UNITS.get(plain[len(digits) :])
    if not digits or len(digits) > 6 or unit is None:
        return None
    span = timedelta(**{unit: int(digits)})
    return span if timedelta(minutes=1) <= span <= _FURTHEST else None


class AskSpan(ModalScreen[timedelta | None], inherit_bindings=False):
    """How far to put the clock."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, priority=True, id="span.close", tooltip="To the stage"),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("How much later?", classes="dialog-title", markup=False)
            yield Input(placeholder="90m, 2h or 1d", compact=True)
            yield Static("Enter puts the clock, Esc leaves it.", classes="dialog-hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what holds."""
        event.stop()
        span = read_span(event.value)
        if span is None:
            self.query_one(".dialog-hint", Static).update(
                Content("Write a number with m, h or d after it, from 1m to 400d.")
            )
        else:
            self.dismiss(span)

    def action_close(self) -> None:
        """The clock stays."""
        self.dismiss(None)
