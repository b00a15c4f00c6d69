"""The line of keys at the foot of a screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from screens.widgets.key_line import KeyLine
from tests.settling import screen_text, until


class Keys(App[None]):
    """An application that counts what its keys do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "say", "Help", id="help"),
        Binding("f2", "save", "Save", tooltip="Keep [bold]it[/bold]"),
        Binding("f3", "off", "Not now"),
        Binding("f4", "save", "The same", tooltip="Again"),
        Binding("f5", "far", "A key that needs a lot of room"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.saved = 0
        self.bells = 0

    def compose(self) -> ComposeResult:
        """A field, a place without focus, and the line."""
        yield Input(id="field")
        yield Static("text")
        yield KeyLine()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One of the keys is of no use now."""
        return None if action == "off" else True

    def action_save(self) -> None:
        """Count."""
        self.saved += 1

    def action_off(self) -> None:
        """Never called."""

    action_far = action_say = action_off

    def bell(self) -> None:
        """Count."""
        self.bells += 1


def last_line(text: str) -> str:
    return text.splitlines()[-1]


async def test_each_key_stands_there_once_and_help_at_the_end() -> None:
    async with Keys().run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "Save" in screen_text(pilot))
        expected = " f2 Save  f3 Not now  f5 A key that needs a lot of room  f1 Help"
        assert last_line(screen_text(pilot)).startswith(expected)
        assert not pilot.app.query_one(KeyLine).hidden


async def test_where_there_is_little_room_whole_keys_leave_and_help_stays() -> None:
    async with Keys().run_test(size=(30, 10)) as pilot:
        await until(pilot, lambda: "Save" in screen_text(pilot))
        assert last_line(screen_text(pilot)).rstrip() == " f2 Save  f3 Not now  f1 Help"
        assert [key.words for key in pilot.app.query_one(KeyLine).hidden] == ["A key that needs a lot of room"]


async def test_a_click_presses_the_key_and_one_that_is_off_only_rings() -> None:
    app = Keys()
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "Save" in screen_text(pilot))
        line = app.query_one(KeyLine)
        await pilot.click(line, offset=(8, 0))
        await until(pilot, lambda: app.saved == 1)
        await pilot.click(line, offset=(9, 0))
        await until(pilot, lambda: app.bells == 1)
        await pilot.click(line, offset=(79, 0))
        await pilot.pause()
        assert (app.saved, app.bells) == (1, 1)


async def test_the_pointer_over_a_key_tells_what_it_does_as_mere_text() -> None:
    app = Keys()
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "Save" in screen_text(pilot))
        line = app.query_one(KeyLine)
        await pilot.hover(line, offset=(3, 0))
        assert str(line.tooltip) == "Keep [bold]it[/bold]"
        await pilot.hover(line, offset=(79, 0))
        assert line.tooltip is None


async def test_it_follows_the_focus() -> None:
    app = Keys()
    async with app.run_test(size=(80, 10)) as pilot:
        field = app.query_one("#field", Input)
        field._bindings.bind("f7", "submit", "Of the field")
        field.focus()
        await until(pilot, lambda: "f7 Of the field" in screen_text(pilot))
        app.set_focus(None)
        await until(pilot, lambda: "Of the field" not in screen_text(pilot))
