"""Choosing a password: rules ticked while one types, both fields held together, shown on demand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.password_chooser import PasswordChooser
from screens.widgets.tick import Tick
from services.agency_policy import NEW_PASSWORD
from services.credentials.policy import About
from tests.settling import screen_text, until

SUE = About("Sue", "Wright", "sue@example.ca", "Ray Staging", "919236")
GOOD = "plum orbit candle seven"


class Choosing(App[None]):
    """The chooser alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._options = options
        self.copied: list[str] = []

    def compose(self) -> ComposeResult:
        yield PasswordChooser(NEW_PASSWORD, SUE, **self._options)

    def copy_to_clipboard(self, text: str) -> None:
        """Keep it."""
        self.copied.append(text)


@asynccontextmanager
async def choosing(**options: Any) -> AsyncIterator[tuple[Pilot[Any], PasswordChooser]]:
    """The chooser with the cursor in its first field."""
    app = Choosing(**options)
    async with app.run_test(size=(72, 22)) as pilot:
        chooser = app.screen.query_one(PasswordChooser)
        forms.focus_first_empty(chooser)
        await pilot.pause()
        yield pilot, chooser


def new(chooser: PasswordChooser) -> Field:
    """The first field."""
    return chooser.query_one("#password", Field)


def again(chooser: PasswordChooser) -> Field:
    """The second field."""
    return chooser.query_one("#confirm", Field)


async def test_the_whole_policy_stands_there_before_anything_is_typed() -> None:
    async with choosing() as (pilot, _):
        text = screen_text(pilot)
        for rule in ("○ At least 12 signs", "○ At most 128 signs", "○ No control signs", "○ Not on the list"):
            assert rule in text
        assert "○ Not your name, your e-mail address, your company or its code" in text
        assert "Blanks, any script and emoji are welcome." in text
        assert text.index("At least 12 signs") < text.index("New password")
        assert "Not the password that you have now" not in text


async def test_whoever_replaces_a_password_is_told_that_it_must_differ() -> None:
    async with choosing(replaces=True) as (pilot, _):
        assert "· Not the password that you have now" in screen_text(pilot)


async def test_each_rule_is_ticked_while_one_types() -> None:
    async with choosing() as (pilot, chooser):
        new(chooser).value = "suewright"
        await until(pilot, lambda: "✗ Not your name" in screen_text(pilot))
        text = screen_text(pilot)
        assert "○ At least 12 signs" in text
        assert "✓ Not on the list" in text
        new(chooser).value = GOOD
        await until(pilot, lambda: "✓ At least 12 signs" in screen_text(pilot))
        text = screen_text(pilot)
        assert "✓ Not your name" in text
        assert "○" not in text
        assert "✗" not in text


async def test_the_strength_is_told_in_words() -> None:
    async with choosing() as (pilot, chooser):
        new(chooser).value = "qwertyuiop12"
        await until(pilot, lambda: "▱▱▱▱ Very weak" in screen_text(pilot))
        new(chooser).value = GOOD
        await until(pilot, lambda: "▰▰▰▰ Strong" in screen_text(pilot))


async def test_two_that_differ_are_refused_and_the_cursor_stands_there() -> None:
    async with choosing() as (pilot, chooser):
        new(chooser).value = GOOD
        again(chooser).value = GOOD + "x"
        assert not forms.all_hold(chooser)
        await until(pilot, lambda: again(chooser).input.has_focus)
        assert again(chooser).problem == "The two differ. Type them again."


async def test_mending_the_first_field_mends_the_second_one_too() -> None:
    async with choosing() as (pilot, chooser):
        again(chooser).value = GOOD
        new(chooser).value = GOOD + "x"
        assert not again(chooser).validate_now()
        new(chooser).value = GOOD
        await until(pilot, lambda: not again(chooser).problem)
        assert forms.all_hold(chooser)
        assert chooser.secret.reveal() == GOOD


async def test_an_empty_chooser_says_what_to_do_in_both_fields() -> None:
    async with choosing() as (_, chooser):
        assert not forms.all_hold(chooser)
        assert new(chooser).problem == "Choose a password."
        assert again(chooser).problem == "Type the new password once more."


async def test_the_refusal_is_the_policys_own_and_takes_the_place_of_the_strength() -> None:
    async with choosing() as (pilot, chooser):
        new(chooser).value = "short"
        assert not new(chooser).validate_now()
        await until(pilot, lambda: "This password is too short" in screen_text(pilot))
        assert "Very weak" not in screen_text(pilot)


async def test_both_fields_can_be_shown_and_are_still_not_copied() -> None:
    async with choosing() as (pilot, chooser):
        new(chooser).value = GOOD
        again(chooser).value = GOOD
        chooser.query_one(Tick).focus()
        await pilot.press("space")
        await until(pilot, lambda: screen_text(pilot).count(GOOD) == 2)
        new(chooser).focus()
        new(chooser).input.select_all()
        await pilot.press("ctrl+c", "ctrl+x")
        assert pilot.app.copied == []  # type: ignore[attr-defined] # the application of this file
        chooser.query_one(Tick).focus()
        await pilot.press("space")
        await until(pilot, lambda: GOOD not in screen_text(pilot))


async def test_a_name_given_later_counts_at_once() -> None:
    async with choosing() as (pilot, chooser):
        new(chooser).value = "Marguerite1234"
        await until(pilot, lambda: "✓ Not your name" in screen_text(pilot))
        chooser.show_about(About("Marguerite", "Bell"))
        await until(pilot, lambda: "✗ Not your name" in screen_text(pilot))


async def test_ten_thousand_signs_are_refused_without_a_stumble() -> None:
    async with choosing() as (pilot, chooser):
        new(chooser).value = "ab c" * 2_500
        await until(pilot, lambda: "✗ At most 128 signs" in screen_text(pilot))
        assert not new(chooser).validate_now()
