"""The one screen of the training mode: the frame, the places, and what stands beside them."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.demo.frame import PLACES, FrameBottom, FrameTop
from tui.demo.mailbox_view import MailboxView
from tui.demo.notes_view import NotesView
from tui.demo.practice_view import PracticeView
from tui.demo.scene import Place
from tui.demo.terminal_view import TerminalView

WIDE = 118
"""Columns from which the mailbox or the notes stand beside the stage."""

DOUBLE = 160
"""Columns from which two places stand beside each other."""

_SIDES = ("-mail", "-notes", "-practice")


class PlaceTitle(Static):
    """Above a place: what it is, and in a browser the address."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PlaceTitle {
        height: 1; width: 1fr; padding: 0 1; background: $panel; color: $text-muted; display: none;
        text-wrap: nowrap; text-overflow: ellipsis;
        &.-address { display: block; }
    }
    """


class PlaceBox(Vertical):
    """A terminal with its title."""

    class Chosen(Message):
        """Somebody has clicked on a place that has not got the keys."""

        def __init__(self, place: Place) -> None:
            super().__init__()
            self.place = place

    def __init__(self, place: Place) -> None:
        super().__init__(id=f"box-{place}")
        self.place = place
        self.title_line = PlaceTitle("", markup=False)
        self.view = TerminalView(id=place.value)
        self.show_address("")

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.view

    def show_address(self, address: str) -> None:
        """What the browser's bar shows; of other places their name."""
        in_browser = self.place is Place.PERSON
        self.title_line.set_class(in_browser, "-address")
        self.title_line.update(Content(f"◂ ▸  {address}" if in_browser else PLACES[self.place]))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The one that is clicked has the keys."""
        self.post_message(self.Chosen(self.place))


class Stage(Screen[None], inherit_bindings=False):
    """Knows what stands where, and nothing about what happens."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]

    def __init__(self) -> None:
        super().__init__()
        self.present = Place.DESK
        self.boxes = {place: PlaceBox(place) for place in Place}
        self._order: list[Place] = [Place.DESK]

    def compose(self) -> ComposeResult:
        yield FrameTop()
        with Horizontal(id="middle"):
            with Horizontal(id="places"):
                yield from self.boxes.values()
            yield MailboxView(id="mailbox")
            yield NotesView(id="notes-view")
            yield PracticeView(id="practice")
        yield FrameBottom()

    def view(self, place: Place) -> TerminalView:
        """The terminal of a place."""
        return self.boxes[place].view

    @property
    def views(self) -> list[TerminalView]:
        """All of them."""
        return [box.view for box in self.boxes.values()]

    @property
    def bottom(self) -> FrameBottom:
        """The lower line."""
        return self.query_one(FrameBottom)

    def begin(self, *places: Place) -> None:
        """Only these stand on the stage, the first of them in front."""
        self._order = list(places)
        self.put(places[0])

    def put(self, place: Place) -> None:
        """Put a place in front, with the keys on it."""
        self.present = place
        self._order = [place, *(other for other in self._order if other is not place)]
        self.settle()
        self.to_stage()

    def to_stage(self) -> None:
        """The keys go to the place in front. What stood over it goes, and what takes the room of a second place."""
        if self.has_class("-narrow"):
            self.remove_class("-mail", "-notes", "-calling")
        elif self.size.width >= DOUBLE:
            self.remove_class("-mail", "-notes")
        self.settle()
        self.view(self.present).focus()

    def show_mailbox(self) -> None:
        """Show it with the keys on it."""
        self.remove_class("-notes")
        self.add_class("-mail")
        self.settle()
        self.query_one(MailboxView).show_list()

    def show_notes(self) -> None:
        """Show them with the keys on them."""
        self.remove_class("-mail")
        self.add_class("-notes")
        self.settle()
        self.query_one(NotesView).turn_to()

    def settle(self) -> None:
        """Let one place be seen, or two where there is room and nothing else beside them."""
        roomy = self.size.width >= DOUBLE and not any(self.has_class(side) for side in _SIDES)
        seen = self._order[: 2 if roomy else 1]
        self.set_class(len(seen) > 1, "-beside")
        for place, box in self.boxes.items():
            box.display = place in seen
            box.set_class(place is self.present, "-present")
            box.set_class(len(seen) > 1 and place is [one for one in Place if one in seen][-1], "-right")
        self.bottom.show_places([place for place in Place if place in self._order], self.present)

    def on_resize(self) -> None:
        """More or less has room."""
        self.settle()

    @on(PlaceBox.Chosen)
    def choose(self, event: PlaceBox.Chosen) -> None:
        """A click on the other place."""
        if event.place is not self.present:
            self.put(event.place)

    @on(MailboxView.Left)
    @on(NotesView.Left)
    def leave_side(self) -> None:
        """Back to the stage."""
        self.to_stage()
