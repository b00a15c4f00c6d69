"""The wizard's frame: which step comes next, what is kept, and what becomes of a refusal."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Button

from screens.dialogs.confirm import Confirm
from screens.dialogs.discard import Discard
from screens.dialogs.problem import Problem
from screens.widgets import forms
from screens.widgets.field import Field
from screens.wizard.step import Review, Step
from screens.wizard.wizard import Wizard
from screens.workplace import Workplace
from services.errors import Invalid, Refused
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen


@dataclass(frozen=True, slots=True)
class Order:
    """The draft of the tests."""

    name: str = ""
    gift: str = ""
    wish: str = ""


class NameStep(Step[Order]):
    """The first step; a gift needs a wish."""

    heading = "Name"

    def compose(self) -> ComposeResult:
        yield Field("Name", id="name", check=forms.needed("Write the name."))
        yield Field("Gift", id="gift")

    def collect(self, draft: Order) -> Order:
        """Both fields."""
        return replace(draft, name=self.text("name"), gift=self.text("gift"))


class WishStep(Step[Order]):
    """The step that only a gift needs."""

    heading = "Wish"

    def compose(self) -> ComposeResult:
        yield Field("Wish", id="wish", check=forms.needed("Write the wish."))

    def applies(self, draft: Order) -> bool:
        """Only for a gift."""
        return bool(draft.gift)

    def collect(self, draft: Order) -> Order:
        """The wish."""
        return replace(draft, wish=self.text("wish"))

    async def leave(self, draft: Order) -> Order:
        """A service that knows one wish."""
        if draft.wish == "gold":
            raise Invalid({"wish": "There is no gold left. Wish for something else."})
        return replace(draft, wish=draft.wish.upper())


class Ordering(Wizard[Order, str]):
    """Three steps, one of them conditional; what the service does is the test's business."""

    title_words = "Order"
    verb = "Order it"

    def __init__(self, place: Workplace, service: Callable[[Order], str] = lambda draft: draft.name) -> None:
        super().__init__(place, Order())
        self._service = service
        self.calls = 0

    def steps(self) -> Sequence[Step[Order]]:
        """Name, perhaps a wish, and what will happen."""
        return NameStep(), WishStep(), Review(lambda draft: [("Name", draft.name), ("", f"Wish {draft.wish}.")])

    async def sure(self, draft: Order) -> bool:
        """Asked only for a gift."""
        return not draft.gift or await self.app.push_screen_wait(Confirm("Are you sure?", ()))

    async def finish(self, draft: Order) -> str:
        """Call the service."""
        self.calls += 1
        self.busy = "Ordering …"
        return await self.call(self._service, draft)


@asynccontextmanager
async def ordering(
    place: Workplace, *service: Callable[[Order], str], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, Ordering]]:
    """The wizard on its first step."""
    wizard = Ordering(place, *service)
    app = Stage(place, wizard)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen is wizard and wizard.focused is not None)
        yield pilot, app, wizard


async def at(pilot: Pilot[Any], place: str) -> None:
    """Wait for the step whose heading and number stand there."""
    await until(pilot, lambda: place in screen_text(pilot), place)


def field(wizard: Ordering, name: str) -> Field:
    """One of its fields."""
    return wizard.query_one(f"#{name}", Field)


async def test_only_the_steps_that_apply_are_counted_and_listed(place: Workplace) -> None:
    async with ordering(place) as (pilot, _, wizard):
        await at(pilot, "Name  Step 1 of 2")
        assert "Wish" not in screen_text(pilot)
        field(wizard, "gift").value = "yes"
        await at(pilot, "Name  Step 1 of 3")
        assert "▸ Name" in screen_text(pilot)
        assert "Wish" in screen_text(pilot)


async def test_the_next_step_follows_from_what_was_typed(place: Workplace) -> None:
    async with ordering(place) as (pilot, _, wizard):
        field(wizard, "name").value = "Ann"
        await pilot.press("f2")
        await at(pilot, "Review  Step 2 of 2")
        await pilot.press("f3")
        await at(pilot, "Name  Step 1 of 2")
        field(wizard, "gift").value = "yes"
        await pilot.press("f2")
        await at(pilot, "Wish  Step 2 of 3")
        assert "✓ Name" in screen_text(pilot)


async def test_a_step_that_does_not_hold_is_not_left_and_the_cursor_shows_why(place: Workplace) -> None:
    async with ordering(place) as (pilot, _, wizard):
        field(wizard, "gift").focus()
        await pilot.press("f2")
        await until(pilot, lambda: field(wizard, "name").input.has_focus)
        assert field(wizard, "name").problem == "Write the name."
        assert "Step 1 of 2" in screen_text(pilot)


async def test_back_and_forth_loses_nothing(place: Workplace) -> None:
    async with ordering(place) as (pilot, _, wizard):
        field(wizard, "name").value = "Ann"
        field(wizard, "gift").value = "yes"
        await pilot.press("f2")
        await at(pilot, "Step 2 of 3")
        field(wizard, "wish").value = "half a wi"
        await pilot.press("f3")
        await at(pilot, "Step 1 of 3")
        assert field(wizard, "name").value == "Ann"
        await pilot.press("f2")
        await at(pilot, "Step 2 of 3")
        assert field(wizard, "wish").value == "half a wi"


async def test_enter_leads_through_the_fields_and_then_on(place: Workplace) -> None:
    async with ordering(place) as (pilot, app, _):
        await pilot.press(*"Ann", "enter", "enter")
        await at(pilot, "Review  Step 2 of 2")
        await until(pilot, lambda: isinstance(app.focused, Button))
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is not NOTHING)
        assert app.answer == "Ann"


async def test_keys_that_arrive_in_a_heap_reach_the_field_that_they_were_meant_for(place: Workplace) -> None:
    async with ordering(place) as (pilot, app, wizard):
        for key in ("A", "n", "n", "enter", "y", "e", "s"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: field(wizard, "gift").value == "yes")
        assert field(wizard, "name").value == "Ann"


async def test_the_buttons_do_what_the_keys_do(place: Workplace) -> None:
    async with ordering(place) as (pilot, app, wizard):
        field(wizard, "name").value = "Ann"
        await pilot.pause()
        await pilot.click("#wizard-next")
        await at(pilot, "Review  Step 2 of 2")
        assert str(wizard.query_one("#wizard-next", Button).label) == "Order it"
        await pilot.click("#wizard-back")
        await at(pilot, "Name  Step 1 of 2")
        assert not wizard.query_one("#wizard-back").display
        await pilot.click("#wizard-next")
        await at(pilot, "Review  Step 2 of 2")
        # "Back" comes in before it, and a click must not land where the button stood before.
        await until(pilot, lambda: wizard.query_one("#wizard-back").region.width, "the button before it")
        # A button that was just pressed is deaf for a fifth of a second.
        await until(pilot, lambda: not wizard.query_one("#wizard-next").has_class("-active"), "the button's rest")
        await pilot.pause()
        await pilot.click("#wizard-next")
        await until(pilot, lambda: app.answer == "Ann")


async def test_the_foot_line_says_on_the_last_step_that_it_is_the_end(place: Workplace) -> None:
    async with ordering(place) as (pilot, _, wizard):
        field(wizard, "name").value = "Ann"
        await at(pilot, "F2 Next")
        await pilot.press("f2")
        await at(pilot, "Review  Step 2 of 2")
        await at(pilot, "F2 Finish  F3 Back")
        await pilot.press("f3")
        await at(pilot, "F2 Next  Esc Leave")


async def test_below_a_question_nothing_is_said_to_be_done(place: Workplace) -> None:
    async with ordering(place) as (pilot, app, wizard):
        field(wizard, "name").value, field(wizard, "gift").value = "Ann", "tea"
        await pilot.press("f2")
        await at(pilot, "Step 2 of 3")
        field(wizard, "wish").value = "tea"
        await pilot.press("f2")
        await at(pilot, "Step 3 of 3")
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await until(pilot, lambda: not wizard.query_one("#wizard-busy").display, "no word of work")
        await pilot.press("n")
        await until(pilot, lambda: app.screen is wizard and not wizard.busy)
        assert wizard.calls == 0
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: app.answer == "Ann")


async def test_a_service_may_be_asked_between_two_steps(place: Workplace) -> None:
    async with ordering(place) as (pilot, _, wizard):
        field(wizard, "name").value = "Ann"
        field(wizard, "gift").value = "yes"
        await pilot.press("f2")
        await at(pilot, "Step 2 of 3")
        field(wizard, "wish").value = "gold"
        await pilot.press("f2")
        await until(pilot, lambda: field(wizard, "wish").problem)
        assert field(wizard, "wish").problem == "There is no gold left. Wish for something else."
        field(wizard, "wish").value = "tea"
        await pilot.press("f2")
        await at(pilot, "Wish TEA.")


async def test_a_refused_field_leads_back_to_its_step(place: Workplace) -> None:
    def refuse(_: Order) -> str:
        raise Invalid({"name": "Somebody else has this name. Write another one."})

    async with ordering(place, refuse) as (pilot, _, wizard):
        field(wizard, "name").value = "Ann"
        await pilot.press("f2")
        await at(pilot, "Review  Step 2 of 2")
        await pilot.press("f2")
        await at(pilot, "Name  Step 1 of 2")
        await until(pilot, lambda: field(wizard, "name").input.has_focus)
        assert field(wizard, "name").problem == "Somebody else has this name. Write another one."
        assert not wizard.busy


async def test_any_other_refusal_is_told_and_nothing_is_lost(place: Workplace) -> None:
    def refuse(_: Order) -> str:
        raise Refused("The shop is closed. Come back tomorrow.")

    async with ordering(place, refuse) as (pilot, app, wizard):
        field(wizard, "name").value = "Ann"
        await pilot.press("f2")
        await at(pilot, "Review  Step 2 of 2")
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        assert "The shop is closed." in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is wizard and not wizard.busy)
        assert "Review  Step 2 of 2" in screen_text(pilot)


async def test_while_the_service_works_the_screen_says_so_and_a_second_try_is_not_heard(place: Workplace) -> None:
    goes_on = threading.Event()

    def work(draft: Order) -> str:
        goes_on.wait(10)
        return draft.name

    async with ordering(place, work) as (pilot, app, wizard):
        field(wizard, "name").value = "Ann"
        await pilot.press("f2")
        await at(pilot, "Review  Step 2 of 2")
        await pilot.press("f2")
        await at(pilot, "Ordering …")
        wizard.show_progress(1, 4)
        await at(pilot, "25%")
        await pilot.press("f2", "f3", "escape")
        await pilot.click("#wizard-next")
        assert app.screen is wizard
        assert "Review  Step 2 of 2" in screen_text(pilot)
        goes_on.set()
        await until(pilot, lambda: app.answer == "Ann")
        assert wizard.calls == 1


async def test_esc_leaves_at_once_when_nothing_was_typed(place: Workplace) -> None:
    async with ordering(place) as (pilot, app, _):
        await pilot.press("escape")
        await until(pilot, lambda: app.answer is None)


async def test_esc_asks_before_anything_typed_is_lost(place: Workplace) -> None:
    async with ordering(place) as (pilot, app, wizard):
        await pilot.press("A", "escape")
        await until_screen(pilot, Discard)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is wizard)
        assert field(wizard, "name").value == "A"
        await pilot.press("escape")
        await until_screen(pilot, Discard)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)


async def test_the_list_of_steps_gives_way_on_a_narrow_screen(place: Workplace) -> None:
    async with ordering(place, size=(60, 18)) as (pilot, _, _wizard):
        await at(pilot, "Name  Step 1 of 2")
        assert "▸ Name" not in screen_text(pilot)
        await pilot.resize_terminal(80, 24)
        await at(pilot, "▸ Name")


async def test_everything_fits_on_80x24(place: Workplace) -> None:
    async with ordering(place) as (_, _app, wizard):
        for inside in ("#wizard-steps", "#wizard-step", "#wizard-buttons"):
            assert wizard.region.contains_region(wizard.query_one(inside).region)
        assert wizard.query_one("#wizard-main", Vertical).region.width >= 50


async def test_hostile_text_in_a_review_is_mere_text(place: Workplace) -> None:
    async with ordering(place) as (pilot, _, wizard):
        field(wizard, "name").value = HOSTILE
        await pilot.pause()
        await pilot.press("f2")
        await at(pilot, "Review  Step 2 of 2")
        assert is_harmless(pilot)
