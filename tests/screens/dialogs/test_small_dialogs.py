"""The small dialogs of the desk: what each key answers, and that hostile names stay harmless in all of them."""

from __future__ import annotations

from typing import Any

import pytest
from textual.screen import Screen
from textual.widgets import Button

from models.states import Access
from screens.clients.words import COLUMN_WORDS, OPTIONAL_COLUMNS, SORT_KEYS
from screens.dialogs.ask_line import AskReason
from screens.dialogs.columns import Columns
from screens.dialogs.details import Details
from screens.dialogs.discard import Discard
from screens.dialogs.email_change import EmailChange
from screens.dialogs.filter_menu import ClientFilter, ClientFilterMenu, StaffFilter, StaffFilterMenu
from screens.dialogs.notice import Notice
from screens.dialogs.send_mail import SendMail
from screens.dialogs.show_address import ShowAddress
from screens.dialogs.sort import Sort
from screens.staff.words import STAFF_TABLE
from screens.widgets.countdown import Countdown
from screens.widgets.field import Field
from screens.widgets.menu import PickList
from screens.widgets.virtual_table import first_to_go
from screens.workplace import Workplace
from services.clients.values import EmailChangeEffects, SortColumn
from services.staff.values import OfficeView
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage, answer_of
from tests.settling import screen_text, until, until_screen

SMALL = (80, 24)
ADDRESS = "https://portal.example/reset"
COLUMNS = [(key, words) for key, words in COLUMN_WORDS.items() if key != "name"]
EFFECTS = EmailChangeEffects("old@example.ca", "new@example.ca", True, 2, 1, 1)


async def answer(place: Workplace, dialog: Screen[Any], *keys: str) -> object:
    """What the dialog answers after these keys; NOTHING if it is still there."""
    return await answer_of(place, dialog, *keys)


async def test_a_reason_is_required_and_trimmed(place: Workplace) -> None:
    dialog = AskReason("Why?")
    app = Stage(place, dialog)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        await pilot.press("space", "enter")
        assert app.answer is NOTHING
        assert "Say in a few words why" in screen_text(pilot)
        dialog.query_one(Field).value = "  moved away "
        await pilot.press("enter")
        assert app.answer == "moved away"


async def test_a_reason_that_was_refused_is_shown_again_with_the_problem(place: Workplace) -> None:
    dialog = AskReason("Why?", "too long", "This is too long. Write less.")
    app = Stage(place, dialog)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        assert dialog.query_one(Field).value == "too long"
        assert "This is too long. Write less." in screen_text(pilot)


async def test_escape_gives_no_reason(place: Workplace) -> None:
    assert await answer(place, AskReason("Why?"), "escape") is None


async def test_a_typed_reason_is_thrown_away_only_after_a_question(place: Workplace) -> None:
    dialog = AskReason("Why?")
    app = Stage(place, dialog)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        await pilot.press("x", "escape")
        await until_screen(pilot, Discard)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is dialog)
        assert dialog.query_one(Field).value == "x"
        await pilot.press("escape")
        await until_screen(pilot, Discard)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)


async def test_enter_changes_the_address_after_all_consequences_were_told(place: Workplace) -> None:
    dialog = EmailChange(EFFECTS)
    app = Stage(place, dialog)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        text = " ".join(screen_text(pilot).replace("│", " ").split())
        assert "from old@example.ca to new@example.ca" in text
        for sentence in EFFECTS.sentences():
            assert sentence in text
        await pilot.press("enter")
        assert app.answer is True


async def test_escape_leaves_the_address_as_it_is(place: Workplace) -> None:
    assert await answer(place, EmailChange(EFFECTS), "escape") is False


async def test_the_reset_address_stands_in_full_and_c_copies_it(place: Workplace) -> None:
    dialog = ShowAddress(ADDRESS, "Brent Thomas")
    app = Stage(place, dialog)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        assert ADDRESS in screen_text(pilot)
        await pilot.press("c")
        assert app.copied == ADDRESS
        assert app.told == ["The address was sent to your terminal's clipboard."]
        assert app.answer is NOTHING


async def test_space_shows_a_column_and_enter_takes_it_over(place: Workplace) -> None:
    to_email = ["down"] * [key for key, _ in COLUMNS].index("email")
    assert await answer(place, Columns(COLUMNS, OPTIONAL_COLUMNS, ()), *to_email, "space", "enter") == frozenset(
        {"phone"}
    )


async def test_escape_leaves_the_columns_as_they_are(place: Workplace) -> None:
    assert await answer(place, Columns(COLUMNS, OPTIONAL_COLUMNS, ()), "space", "escape") is None


async def test_the_columns_that_go_first_are_named(place: Workplace) -> None:
    shown = Columns([("email", "E-mail"), ("cell", "Cell")], (), first_to_go(STAFF_TABLE))
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(
            pilot,
            lambda: (
                "Where room is short, e-mail and cell stand" in " ".join(screen_text(pilot).replace("│", "").split())
            ),
        )


@pytest.mark.parametrize(("size", "room"), [((120, 40), 16), ((80, 24), 10)])
async def test_the_filter_is_as_high_as_its_list_unless_that_is_higher_than_the_screen(
    place: Workplace, size: tuple[int, int], room: int
) -> None:
    shown = StaffFilterMenu(StaffFilter(), [OfficeView(number, f"Office {number}") for number in range(3)])
    app = Stage(place, shown)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "Show these" in screen_text(pilot))
        assert shown.query_one(PickList).size.height == room
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: shown.query_one(PickList).size.height == 16)


def sort_menu(present: SortColumn, descending: bool) -> Sort[SortColumn]:
    """The menu of the client table."""
    columns = [(column, key, COLUMN_WORDS[column.value]) for column, key in SORT_KEYS.items()]
    return Sort(columns, present, descending)


async def test_a_letter_sorts_by_its_column(place: Workplace) -> None:
    assert await answer(place, sort_menu(SortColumn.NAME, False), "r") is SortColumn.RENEWAL


async def test_enter_in_the_sort_menu_takes_the_present_column(place: Workplace) -> None:
    assert await answer(place, sort_menu(SortColumn.RATE, True), "enter") is SortColumn.RATE


async def test_the_filter_keeps_one_of_each_group(place: Workplace) -> None:
    present = ClientFilter(subscribed=None, access=Access.ACTIVE)
    keys = ["down", "space", "down", "down", "down", "enter"]
    assert await answer(place, ClientFilterMenu(present), *keys) == ClientFilter(True, Access.NO_ACCOUNT)


async def test_a_in_the_filter_shows_all(place: Workplace) -> None:
    assert await answer(place, ClientFilterMenu(ClientFilter(True, Access.ACTIVE)), "a") == ClientFilter()


async def test_enter_sends_a_mail_that_may_go(place: Workplace) -> None:
    assert await answer(place, SendMail("Send?", ["It goes."], "Send"), "enter") is True


async def test_a_mail_that_is_too_soon_waits_with_its_button(place: Workplace) -> None:
    dialog = SendMail("Send?", ["It goes."], "Send", wait=200)
    app = Stage(place, dialog)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "may go in" in screen_text(pilot))
        await pilot.press("y")
        assert app.answer is NOTHING
        dialog.query_one(Countdown).post_message(Countdown.Over())
        dialog.query_one(Countdown).stop()
        await until(pilot, lambda: not dialog.query_one("#send", Button).disabled)
        await pilot.press("enter")
        assert app.answer is True


@pytest.mark.parametrize(
    "dialog",
    [
        AskReason(HOSTILE, HOSTILE, HOSTILE),
        Notice(HOSTILE, [HOSTILE]),
        EmailChange(EmailChangeEffects(HOSTILE, HOSTILE, True, 1, 1, 1)),
        ShowAddress(ADDRESS, HOSTILE),
        SendMail(HOSTILE, [HOSTILE], HOSTILE),
        Details(HOSTILE, [(HOSTILE, HOSTILE)]),
    ],
    ids=lambda dialog: type(dialog).__name__,
)
async def test_hostile_text_is_shown_as_text(place: Workplace, dialog: Screen[Any]) -> None:
    app = Stage(place, dialog)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        assert is_harmless(pilot)
