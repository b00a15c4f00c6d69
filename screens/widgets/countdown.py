"""A wait that one can see ending."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from time import monotonic

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import ProgressBar, Static

from services.clock import Clock


class Countdown(Horizontal):
    """Seconds left as words and as a bar; hidden while there is nothing to wait for."""

    DEFAULT_CSS = """
    Countdown {
        height: 1;
        display: none;
        &.-running { display: block; }
        Static { width: auto; padding: 0 2 0 0; }
        ProgressBar { width: 1fr; }
        Bar { width: 1fr; & > .bar--bar { background: $border; } }
    }
    """

    class Over(Message):
        """The wait has ended."""

    def __init__(self, words: str, *, id: str | None = None) -> None:
        """`words` holds `{left}`, which becomes minutes and seconds."""
        super().__init__(id=id)
        self._words = words
        self._until = 0.0
        self._total = 0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)
        yield ProgressBar(show_percentage=False, show_eta=False)

    @property
    def running(self) -> bool:
        """Whether there is still something to wait for."""
        return self._timer is not None

    def start(self, seconds: int) -> None:
        """Begin, or begin anew, with `seconds` to wait; nothing to wait for stops it."""
        self.stop()
        if seconds <= 0:
            return
        self._total = seconds
        self._until = monotonic() + seconds
        self.query_one(ProgressBar).update(total=seconds, progress=0)
        self.add_class("-running")
        self._timer = self.set_interval(0.25, self._tick)
        self._tick()

    def stop(self) -> None:
        """Hide it."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.remove_class("-running")

    def pass_time(self, seconds: float) -> None:
        """The clock was put forward, as only that of a sandbox can be."""
        self._until -= seconds

    def _tick(self) -> None:
        left = self._until - monotonic()
        if left <= 0:
            self.stop()
            self.post_message(self.Over())
            return
        whole = ceil(left)
        self.query_one(Static).update(Content(self._words.format(left=f"{whole // 60}:{whole % 60:02d}")))
        self.query_one(ProgressBar).update(progress=self._total - left)


def seconds_until(moment: datetime | None, clock: Clock) -> int:
    """Whole seconds until then, rounded up; 0 for no moment and for one that has passed."""
    if moment is None:
        return 0
    return max(0, -int((clock.now() - moment).total_seconds() // 1))
