"""The caller beside the desk: what they say, what they can be asked by one key each, and what a call was worth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import ClassVar, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ItemGrid, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from services.errors import DeskError
from services.practice.queue import Practice
from services.practice.values import Case, Ending, Fact
from tui.demo.practice_key import Key
from tui.demo.practice_run import Box, Order, PracticeRun
from tui.demo.practice_words import scored, summed, talk
from tui.demo.scene import Scene

T = TypeVar("T")

QUESTIONS = {
    "n": (Fact.NAME, "name"),
    "b": (Fact.BORN, "date of birth"),
    "a": (Fact.ADDRESS, "address"),
    "p": (Fact.PHONE, "phone"),
    "e": (Fact.EMAIL, "e-mail"),
    "c": (Fact.CODE, "mailed code"),
    "1": (Fact.FIRST, "first answer"),
    "2": (Fact.SECOND, "second answer"),
    "3": (Fact.THIRD, "third answer"),
    "y": (Fact.APP, "code of the app"),
    "o": (Fact.MORE, "anything else"),
}
_ENDINGS = {
    "s": (Ending.SOLVED, "solved"),
    "t": (Ending.TOLD, "told what to do"),
    "r": (Ending.REFUSED, "refused"),
}
_END, _NOT_YET, _MENU = ("x", "end the call"), ("escape", "not yet"), ("m", "menu")
_NEXT, _SUM, _QUIT = ("enter", "next caller"), ("enter", "whole queue"), ("q", "quit")

_TO_DESK = "Esc to the desk  ↑ ↓ scroll"
_LESS = "What was this call? Nothing counts that is done afterwards."


class Phase(Enum):
    """Where a queue is."""

    OFF = auto()
    RINGING = auto()
    TALKING = auto()
    ENDING = auto()
    SCORED = auto()
    SUMMED = auto()


class PracticeView(Vertical, can_focus=True):
    """The panel; while it has the keys, each of them does something with the call."""

    DEFAULT_CSS = """
    PracticeView {
        background: $surface;
        & > .practice-title {
            height: 1; padding: 0 1; background: $primary-background; color: $text; text-style: bold;
        }
        & > VerticalScroll { height: 1fr; padding: 1 1 0 1; scrollbar-size-vertical: 1; }
        #said { height: auto; }
        & > ItemGrid {
            height: auto; padding: 0 1; background: $panel; grid-gutter: 0 1;
        }
        & > .practice-hint { height: auto; padding: 0 1; background: $panel; color: $text-muted; }
        &:focus > .practice-title { text-style: bold reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-1)", "Up", show=False, id="practice.up", tooltip="What was said before"),
        Binding("down", "scroll(1)", "Down", show=False, id="practice.down", tooltip="What was said after"),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="practice.page_up", tooltip="A page up"),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="practice.page_down", tooltip="A page down"),
    ]

    class Left(Message):
        """The keys go to the desk."""

    class MenuWanted(Message):
        """Somebody wants something else than this call."""

    class Said(Message):
        """The caller has said something."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Scored(Message):
        """A call has ended."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Quit(Message):
        """The queue is over, and so is the training."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.phase = Phase.OFF
        self.run: PracticeRun | None = None
        self._prepared: dict[str, Practice] = {}
        self._case: Case | None = None
        self._said: list[tuple[Fact, str]] = []
        self._busy = False

    def compose(self) -> ComposeResult:
        yield Static("", classes="practice-title", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static("", id="said")
        yield ItemGrid(min_column_width=17)
        yield Static(_TO_DESK, classes="practice-hint", markup=False)

    @property
    def is_on(self) -> bool:
        """Whether a queue is being worked."""
        return self.phase is not Phase.OFF

    # -- the queue -----------------------------------------------------------------------------

    def take(self, box: Box, order: Order) -> Scene:
        """Show this queue from now on. Returns its scene, which begins next."""
        self.run = PracticeRun(box, order, self._prepared)
        return self.run.scene

    def begun(self, scene: Scene) -> bool:
        """A scene has begun: if it is the queue's, the first caller rings, else practice is over. Returns which."""
        if self.run is None or scene is not self.run.scene:
            self.run, self.phase = None, Phase.OFF
            return False
        self.phase = Phase.RINGING
        self._ring(self.run.begin)
        return True

    @work(exit_on_error=False)
    async def _ring(self, ring: Callable[[], Case]) -> None:
        case = await self._done(ring)
        if case is not None:
            self._case, self._said = case, []
            self._turn(Phase.TALKING)
            self.post_message(self.Said(case.caller.opening))

    @work(exit_on_error=False)
    async def _ask(self, fact: Fact) -> None:
        run = self.run
        answer = await self._done(lambda: run.ask(fact)) if run is not None else None
        if answer is not None:
            self._said.append((fact, answer))
            self._turn(Phase.TALKING)
            self.post_message(self.Said(answer))

    @work(exit_on_error=False)
    async def _end(self, ending: Ending) -> None:
        run = self.run
        if run is not None and await self._done(lambda: run.end(ending)) is not None:
            self._turn(Phase.SCORED)
            self.post_message(self.Said(""))
            self.post_message(self.Scored(run.told))

    async def _done(self, call: Callable[[], T]) -> T | None:
        """What a call of the queue gives; one at a time, and none for a queue that is over meanwhile."""
        if self._busy:
            return None
        self._busy, run = True, self.run
        try:
            given = await asyncio.to_thread(call)
        except DeskError as refusal:
            self.notify(refusal.sentence, severity="warning", markup=False)
            return None
        finally:
            self._busy = False
        return given if run is self.run else None

    # -- the keys ------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """One of the keys that are shown."""
        if self.press(event.character if event.is_printable and event.character else event.key):
            event.stop()
            event.prevent_default()

    @on(events.Click, "Key")
    def clicked(self, event: events.Click) -> None:
        """The same by mouse."""
        event.stop()
        if isinstance(event.widget, Key):
            self.press(event.widget.key)

    def press(self, key: str) -> bool:
        """Do what stands at a key now; whether anything does."""
        if key not in {one for one, _ in self._keys()} and key != "escape":
            return False
        if self.phase is Phase.TALKING and key in QUESTIONS:
            self._ask(QUESTIONS[key][0])
        elif self.phase is Phase.TALKING and key == _END[0]:
            self._turn(Phase.ENDING)
        elif self.phase is Phase.ENDING:
            self._choose_ending(key)
        elif key == "enter" and self.run is not None:
            if self.run.finished:
                self._turn(Phase.SUMMED)
            else:
                self._ring(self.run.ring)
        elif key == _MENU[0]:
            self.post_message(self.MenuWanted())
        elif key == _QUIT[0]:
            self.post_message(self.Quit())
        else:
            self.post_message(self.Left())
        return True

    def action_scroll(self, lines: int) -> None:
        """Read what stands above or below."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _choose_ending(self, key: str) -> None:
        if key in _ENDINGS:
            self._end(_ENDINGS[key][0])
        else:
            self._turn(Phase.TALKING)

    def _keys(self) -> list[tuple[str, str]]:
        """What can be pressed now, with its words."""
        match self.phase:
            case Phase.TALKING:
                return [*((key, words) for key, (_, words) in QUESTIONS.items()), _END, _MENU]
            case Phase.ENDING:
                return [*((key, words) for key, (_, words) in _ENDINGS.items()), _NOT_YET]
            case Phase.SCORED if self.run is not None:
                return [_SUM if self.run.finished else _NEXT, _MENU]
            case Phase.SUMMED:
                return [_MENU, _QUIT]
            case _:
                return []

    # -- what is shown -------------------------------------------------------------------------

    def _turn(self, phase: Phase) -> None:
        self.phase = phase
        run = self.run
        if run is None or self._case is None:
            return
        self.query_one(".practice-title", Static).update(Content(self._title(run)))
        self.query_one("#said", Static).update(self._content(run, self._case))
        self.query_one(".practice-hint", Static).update(Content(_LESS if phase is Phase.ENDING else _TO_DESK))
        grid = self.query_one(ItemGrid)
        grid.remove_children()
        grid.mount_all(Key(key, words) for key, words in self._keys())
        scroll = self.query_one(VerticalScroll)
        if phase in (Phase.TALKING, Phase.ENDING):
            scroll.scroll_end(animate=False)
        else:
            scroll.scroll_home(animate=False)

    def _title(self, run: PracticeRun) -> str:
        if self.phase is Phase.SUMMED:
            return "The whole queue"
        return f"Caller {run.number} of {run.order.callers}"

    def _content(self, run: PracticeRun, case: Case) -> Content:
        match self.phase:
            case Phase.SCORED:
                return scored(run.outcomes[-1], run.number, self._unwritten(run))
            case Phase.SUMMED:
                return summed(run.outcomes, run.trainee, self._written(run))
            case _:
                return talk(case, self._said)

    def _written(self, run: PracticeRun) -> str:
        told = f"Each call is in {run.order.class_file}." if run.order.class_file else ""
        return self._unwritten(run) or told

    def _unwritten(self, run: PracticeRun) -> str:
        return f"Not in the class file: {run.unwritten}" if run.unwritten else ""
