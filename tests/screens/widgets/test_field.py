"""The field: when it says what is wrong, and what becomes of a paste."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Static

from screens.widgets.field import Field
from screens.widgets.line_input import LONGEST_PASTE
from tests.screens.hostile import HOSTILE
from tests.settling import until


def short(text: str) -> str | None:
    """The rule of the tests."""
    return None if len(text) <= 3 else "Write three signs at most."


class Form(App[None]):
    """Two fields."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._options: dict[str, Any] = {"label": "First"} | options

    def compose(self) -> ComposeResult:
        yield Field(id="first", **self._options)
        yield Field("Second", id="second")

    @property
    def first(self) -> Field:
        """The field of the test."""
        return self.screen.query_one("#first", Field)


@asynccontextmanager
async def form(**options: Any) -> AsyncIterator[tuple[Pilot[Any], Field, Field]]:
    """The form on a screen, the cursor in its first field."""
    app = Form(**(options or {"hint": "First hint.", "check": short}))
    async with app.run_test(size=(60, 10)) as pilot:
        app.first.focus()
        await until(pilot, lambda: app.focused is app.first.input)
        yield pilot, app.first, app.screen.query_one("#second", Field)


def note(field: Field) -> str:
    """What stands beneath the field."""
    shown = field.query_one(".field-note", Static).content
    assert isinstance(shown, Content)
    return shown.plain


async def paste(pilot: Pilot[Any], field: Field, text: str) -> None:
    """Paste as a terminal does."""
    field.input.post_message(Paste(text))
    await pilot.pause()
    await pilot.pause()


async def test_nothing_turns_red_while_one_types() -> None:
    async with form() as (pilot, first, _):
        await pilot.press(*"abcdef")
        assert first.problem == ""
        assert note(first) == "First hint."


async def test_what_is_wrong_is_said_when_the_field_is_left() -> None:
    async with form() as (pilot, first, _):
        await pilot.press(*"abcd", "tab")
        await until(pilot, lambda: first.problem)
        assert note(first) == "✗ Write three signs at most."
        assert first.has_class("-wrong")


async def test_an_empty_field_may_be_left_without_a_word() -> None:
    async with form(check=lambda _: "Write something.") as (pilot, first, second):
        await pilot.press("tab")
        await until(pilot, lambda: second.input.has_focus)
        assert first.problem == ""


async def test_the_sentence_goes_as_soon_as_the_value_is_right() -> None:
    async with form() as (pilot, first, _):
        first.value = "abcd"
        assert not first.validate_now()
        await pilot.press("end", "backspace")
        await until(pilot, lambda: not first.problem)
        assert note(first) == "First hint."


async def test_a_services_sentence_stands_until_the_value_changes() -> None:
    async with form() as (pilot, first, second):
        first.value = "abc"
        await pilot.pause()
        first.problem = "Somebody else has it."
        await pilot.press("tab")
        await until(pilot, lambda: second.input.has_focus)
        assert note(first) == "✗ Somebody else has it."
        await pilot.press("shift+tab", "end", "backspace")
        await until(pilot, lambda: not first.problem)


async def test_every_change_is_told_to_the_form() -> None:
    told: list[str] = []

    class Listening(Form):
        def on_field_edited(self, event: Field.Edited) -> None:
            told.append(f"{event.control.id}={event.field.value}")

    app = Listening()
    async with app.run_test() as pilot:
        app.first.value = "x"
        await until(pilot, lambda: told)
        assert told == ["first=x"]


async def test_of_several_pasted_lines_the_first_is_kept_and_that_is_said() -> None:
    async with form(hint="") as (pilot, first, _):
        await paste(pilot, first, "Ann\r\nBell\n")
        assert first.value == "Ann"
        assert first.problem == "You pasted 2 lines and only the first one is here. Check it."


async def test_a_line_break_around_a_pasted_line_is_no_loss() -> None:
    async with form(hint="") as (pilot, first, _):
        await paste(pilot, first, "\nAnn\n")
        assert first.value == "Ann"
        assert first.problem == ""


async def test_pieces_of_a_wrapped_value_are_joined_where_the_form_says_so() -> None:
    async with form(joins_lines=True) as (pilot, first, _):
        await paste(pilot, first, "https://portal.example/\n#reset=abc\r\ndef")
        assert first.value == "https://portal.example/ #reset=abc def"
        assert first.problem == ""


async def test_a_paste_beyond_all_measure_is_refused_with_a_sentence() -> None:
    async with form(hint="") as (pilot, first, _):
        await paste(pilot, first, "x" * (LONGEST_PASTE + 1))
        assert first.value == ""
        assert first.problem == "You pasted 20,001 signs, which is too much for this field. Nothing was put in."


async def test_a_paste_takes_the_place_of_what_is_selected() -> None:
    async with form(value="old text") as (pilot, first, _):
        first.input.select_all()
        await paste(pilot, first, "new")
        assert first.value == "new"


async def test_keys_that_arrive_in_a_heap_act_in_their_order() -> None:
    async with form(hint="") as (pilot, first, _):
        for key in ("a", "b", "backspace", "c"):
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: first.value.endswith("c"))
        assert first.value == "ac"


async def test_a_hostile_label_hint_value_and_sentence_are_mere_text() -> None:
    async with form(label=HOSTILE, value=HOSTILE, hint=HOSTILE) as (pilot, first, _):
        first.problem = HOSTILE
        await pilot.pause()
        assert note(first).startswith("✗ [/x][@click=app.quit]Bob[/]")
        strips = pilot.app.screen._compositor.render_strips()  # there is no public way to the composed lines
        actions = [segment.style.meta.get("@click") for strip in strips for segment in strip if segment.style]
        assert "app.quit" not in str(actions)
