"""The line in which one of a few values is chosen."""

from __future__ import annotations

from textual.app import App, ComposeResult

from screens.widgets.one_of import OneOf
from tests.settling import screen_text


class Form(App[None]):
    """One choice, and what it told."""

    def __init__(self, value: str = "b") -> None:
        super().__init__()
        self.line = OneOf("Letter", [("a", "Ay"), ("b", "Bee"), ("c", "See")], value, id="letter", hint="Choose one.")
        self.told: list[str | bool] = []

    def compose(self) -> ComposeResult:
        yield self.line

    def on_mount(self) -> None:
        self.line.focus()

    def on_one_of_changed(self, event: OneOf.Changed) -> None:
        self.told.append(event.value)


async def test_the_arrows_go_round_and_every_change_is_told() -> None:
    app = Form()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.press("right", "right", "left", "space")
        await pilot.pause()
        assert app.told == ["c", "a", "c", "a"]
        assert "◂ Ay ▸" in screen_text(pilot)


async def test_a_click_goes_on_to_the_next_value() -> None:
    app = Form()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.click(app.line.choice)
        await pilot.pause()
        assert app.line.value == "c"


async def test_a_problem_stands_in_the_place_of_the_hint_until_another_value_is_chosen() -> None:
    app = Form()
    async with app.run_test(size=(80, 5)) as pilot:
        app.line.problem = "This one is taken."
        await pilot.pause()
        assert "✗ This one is taken." in screen_text(pilot)
        await pilot.press("left")
        await pilot.pause()
        assert "Choose one." in screen_text(pilot)


async def test_a_value_that_is_no_option_is_shown_all_the_same_and_can_be_left() -> None:
    app = Form(value="old office")
    async with app.run_test(size=(80, 5)) as pilot:
        assert "◂ old office ▸" in screen_text(pilot)
        await pilot.press("right")
        assert app.line.value == "a"
