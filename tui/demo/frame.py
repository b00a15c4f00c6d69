"""The lines above and below the stage: that nothing here is real, what is being shown, and the trainer's keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual.content import Content
from textual.widgets import Static

from tui.demo.scene import Place

WARNING = "TRAINING SANDBOX"
NOTHING_REAL = "nothing here is real"
MENU_KEY = "ctrl+t"

PLACES = {Place.DESK: "Desk", Place.PERSON: "Browser", Place.KIOSK: "Kiosk"}

_ROOMY = 100


class FrameTop(Static):
    """The upper line."""

    DEFAULT_CSS = """
    FrameTop { height: 1; width: 1fr; background: $background; color: $text-warning; text-style: bold reverse; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._scene = self._part = self._number = ""
        self._now: datetime | None = None
        self._shift = timedelta()

    def show_scene(self, scene: str, number: str, part: str) -> None:
        """Name what is being shown: the scene, "2/5", and the part's title for where there is room."""
        if (scene, number, part) != (self._scene, self._number, self._part):
            self._scene, self._number, self._part = scene, number, part
            self._say()

    def show_clock(self, now: datetime, shift: timedelta) -> None:
        """Show what time it is in the sandbox."""
        now = now.replace(second=0, microsecond=0)
        if (now, shift) != (self._now, self._shift):
            self._now, self._shift = now, shift
            self._say()

    def on_resize(self) -> None:
        """With more room there are more words."""
        self._say()

    def _say(self) -> None:
        self.update(Content(f" {self.line(max(20, self.size.width - 2))} "))

    def line(self, width: int) -> str:
        """All of it in so many columns; what has no room goes in the order in which it can be done without."""
        warning, number = f"{WARNING} - {NOTHING_REAL}", f" {self._number}" if self._number else ""
        middle, clock = f"   {self._scene}{number}" if self._scene else "", self._clock(day=True)
        if len(warning + middle + clock) + 2 > width:
            clock = self._clock(day=False)
        room = width - len(warning + clock) - 2
        if len(middle) > room:
            middle = f"{middle[: max(0, room - len(number) - 1)]}…{number}"
        elif self._part and width >= _ROOMY:
            middle = _cut(f"{middle} · {self._part}", room)
        left = _cut(warning + middle, max(1, width - len(clock) - 1))
        return f"{left}{' ' * (width - len(left) - len(clock))}{clock}"

    def _clock(self, *, day: bool) -> str:
        if self._now is None:
            return ""
        moved, form = words_of(self._shift), "%a %d %b %H:%M" if day else "%H:%M"
        return f"{self._now.astimezone():{form}}" + (f" ({moved})" if moved else "")


class FrameBottom(Static):
    """The lower line: a caption, or what stands on the stage and how to get at the trainer's keys."""

    DEFAULT_CSS = """
    FrameBottom {
        height: 1; width: 1fr; padding: 0 1; background: $panel; color: $foreground;
        &.-captioned { height: 2; background: $primary-background; color: $text; text-style: bold; }
        &.-problem { background: $background; color: $text-error; text-style: bold reverse; }
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._caption = self._problem = self._play = ""
        self._places: Sequence[Place] = ()
        self._present = Place.DESK
        self._unread = 0
        self._menu = "trainer's menu"
        self._post = True

    def show_menu(self, words: str, *, post: bool) -> None:
        """What the trainer's key leads to, and whether new mails are told of."""
        self._menu, self._post = words, post
        self._say()

    def show_caption(self, words: str) -> None:
        """Say this instead; empty for the usual line. The room for captions stays until `release`."""
        self._caption = words
        if words:
            self.add_class("-captioned")
        self._say()

    def release(self) -> None:
        """No caption is expected any more."""
        self._caption = ""
        self.remove_class("-captioned")
        self._say()

    def show_problem(self, words: str) -> None:
        """Something has ended that should not; empty when all is well."""
        self._problem = words
        self.set_class(bool(words), "-problem")
        self._say()

    def show_places(self, places: Sequence[Place], present: Place) -> None:
        """Name what stands on the stage."""
        self._places, self._present = places, present
        self._say()

    def show_unread(self, count: int) -> None:
        """How many mails have come that nobody has read."""
        if count != self._unread:
            self._unread = count
            self._say()

    def show_play(self, words: str) -> None:
        """What autoplay does; empty while it does nothing."""
        self._play = words
        self._say()

    def on_resize(self) -> None:
        """The places stand on the right."""
        self._say()

    def _say(self) -> None:
        width = max(20, self.size.width)
        if self._problem:
            self.update(Content(self._problem.ljust(width)))
        elif self._caption:
            self.update(Content(f"({self._play}) {self._caption}" if self._play else self._caption))
        else:
            places = "  ".join(
                f"▌{PLACES[place]}▐" if place is self._present else f" {PLACES[place]} " for place in self._places
            )
            unread = self._unread if self._post else 0
            mail = f"   {unread} new mail{'s' if unread > 1 else ''}" if unread else ""
            play = f"   {self._play}" if self._play else ""
            left = f"{MENU_KEY} {self._menu}{mail}{play}"
            room = width - len(places) - 1
            left = left if len(left) <= room else f"{left[: room - 1]}…"
            self.update(Content(f"{left}{' ' * max(1, width - len(left) - len(places))}{places}"))


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else f"{words[: width - 1]}…"


def words_of(span: timedelta) -> str:
    """How far a clock was put, in its two largest units: "+1 h", "+3 d 2 h"; empty for less than a minute."""
    minutes = round(span.total_seconds() / 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if number]
    return f"{sign}{' '.join(parts[:2])}" if parts else ""
