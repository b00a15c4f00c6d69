"""What the presenter says and does, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.demo.free_play import BY_HAND
from tui.demo.scene import Part, Scene, Type


class NotesView(Vertical):
    """The notes of the present part, above the titles of the others."""

    DEFAULT_CSS = """
    NotesView {
        background: $surface;
        & > .notes-title { height: 1; padding: 0 1; background: $primary-background; color: $text; text-style: bold; }
        & > .notes-keys { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
        & > VerticalScroll {
            padding: 1 0; scrollbar-size-vertical: 1; scrollbar-background: $surface; scrollbar-color: $border;
        }
        #notes { height: auto; padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Stage", show=False, id="notes.leave", tooltip="To the stage"),
        Binding("right,n,space,pagedown", "move(1)", "Next part", show=False, id="notes.next", tooltip="Next part"),
        Binding("left,p,pageup", "move(-1)", "Part before", show=False, id="notes.before", tooltip="The part before"),
    ]

    class Left(Message):
        """Back to the stage."""

    class Turned(Message):
        """Another part is shown."""

        def __init__(self, part: int) -> None:
            super().__init__()
            self.part = part

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scene: Scene | None = None
        self._part = 0
        self._found: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        yield Static("Notes", classes="notes-title", markup=False)
        with VerticalScroll():
            yield Static("", id="notes")
        yield Static("← → another part  Esc to the stage", classes="notes-keys", markup=False)

    def show(self, scene: Scene | None, part: int) -> None:
        """Show a part of a scene."""
        if (scene, part) == (self._scene, self._part):
            return
        self._scene, self._part, self._found = scene, part, {}
        self.query_one(".notes-title", Static).update(Content(f"Notes: {scene.name}" if scene else "Notes"))
        self._say()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def tell(self, found: Mapping[str, str]) -> None:
        """What is to be typed in this part and is found in the sandbox only, by what it is known as."""
        if found != self._found:
            self._found = found
            self._say()

    def _say(self) -> None:
        self.query_one("#notes", Static).update(_words(self._scene, self._part, self._found))

    def turn_to(self) -> None:
        """The keys go here."""
        self.query_one(VerticalScroll).focus()

    def action_move(self, by: int) -> None:
        """Turn the page."""
        if self._scene is not None and 0 <= self._part + by < len(self._scene.parts):
            self.post_message(self.Turned(self._part + by))

    def action_leave(self) -> None:
        """To the stage."""
        self.post_message(self.Left())


def _words(scene: Scene | None, part: int, found: Mapping[str, str]) -> Content:
    if scene is None or not scene.parts:
        return Content("\n").join(_notes(BY_HAND, found))
    lines: list[Content] = [Content.styled(scene.summary, "$text-muted"), Content()]
    for number, one in enumerate(scene.parts):
        here = number == part
        lines.append(
            Content.styled(f"{'▸' if here else ' '} {number + 1}  {one.title}", "bold $accent" if here else "")
        )
        if here:
            lines += [Content(), *_notes(one, found)]
    return Content("\n").join(lines)


def _notes(part: Part, found: Mapping[str, str]) -> list[Content]:
    lines = [Content(f"{line}\n") for line in part.notes.splitlines() if line.strip()]
    typed = typed_in(part, found)
    return [*lines, Content.styled("To be typed", "$text-muted"), *typed, Content()] if typed else lines


def typed_in(part: Part, found: Mapping[str, str]) -> list[Content]:
    """What the beats of a part type, each once; `found` has what is found in the sandbox only."""
    lines: dict[str, Content] = {}
    for beat in part.beats:
        if isinstance(beat, Type) and beat.known_as:
            shown = found.get(beat.known_as, "not there yet")
            lines[beat.known_as] = Content.assemble(f"  {beat.known_as}: ", (shown, "bold"))
        elif isinstance(beat, Type) and isinstance(beat.words, str) and beat.words.strip():
            lines[beat.words] = Content.assemble("  ", (beat.words, "bold"))
    return list(lines.values())
