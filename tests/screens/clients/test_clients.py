"""The Clients tab: find anybody while typing, keep the person under the cursor, and do what the keys say."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from models.client import Client
from models.states import Access, IdentityState, MailPurpose, MailState
from screens.clients.actions import ClientActions
from screens.clients.edit import ClientEdit
from screens.clients.reset import ClientReset
from screens.dialogs.ask_line import AskReason
from screens.dialogs.columns import Columns
from screens.dialogs.confirm import Confirm
from screens.dialogs.email_change import EmailChange
from screens.dialogs.filter_menu import ClientFilterMenu
from screens.dialogs.notice import Notice
from screens.dialogs.person import Person
from screens.dialogs.problem import Problem
from screens.dialogs.send_mail import SendMail
from screens.dialogs.show_address import ShowAddress
from screens.dialogs.sort import Sort
from screens.history import History
from screens.widgets.field import Field
from screens.widgets.search_line import FilterButton, SearchInput
from screens.workplace import Workplace
from services import person_key
from services.clients.rows import ClientRows
from services.clients.values import SortColumn
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Unavailable
from services.rows import TableRow
from tests import making
from tests.screens.desk_stage import SMALL, WIDE, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    """The desk of an agency without clients."""
    return DeskStage(place, desk)


def client(stage: DeskStage, client_id: int) -> Client:
    """The row as it stands in the database."""
    with stage.desk.ctx.read():
        return Client.get_by_id(client_id)


# The table


async def test_all_seven_columns_stand_in_80_cells(stage: DeskStage) -> None:
    stage.add("Brittany Brown")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "Subscr." in screen_text(pilot))
        header = screen_text(pilot).splitlines()[4]
        assert header.split() == ["Name", "▲", "Anniv", "Renewal", "Rate", "Born", "Subscr.", "Access"]
        await until(pilot, lambda: "Brittany Brown" in screen_text(pilot))
        await until(pilot, lambda: "○ no account" in screen_text(pilot))


async def test_an_empty_list_says_what_to_do_next(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await until(pilot, lambda: "No clients yet." in screen_text(pilot))
        await until(pilot, lambda: "trakdesk import clients FILE" in screen_text(pilot))


async def test_a_key_without_a_client_explains_itself(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        for key in ("e", "r", "w", "d", "a", "h", "p"):
            await pilot.press(key)
        assert stage.app.told == ["No client is selected."] * 7


async def test_typing_filters_and_escape_takes_it_back(stage: DeskStage) -> None:
    stage.add("Brent Thomas", "Brittany Brown", "Chris Webber")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 3)
        await pilot.press("slash", "b", "r")
        await stage.ready(pilot, 2)
        await until(pilot, lambda: "2 of 3" in screen_text(pilot))
        await pilot.press("escape")
        await stage.ready(pilot, 3)
        assert isinstance(stage.main.focused, SearchInput)
        await pilot.press("escape")
        assert stage.main.focused is stage.clients.table


async def test_enter_in_the_search_goes_to_the_list_and_escape_there_clears_it(stage: DeskStage) -> None:
    stage.add("Brent Thomas", "Chris Webber")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("slash", "c", "h", "r")
        await stage.ready(pilot, 1)
        await pilot.press("enter")
        assert stage.main.focused is stage.clients.table
        assert stage.clients.search.words == "chr"
        await pilot.press("escape")
        await stage.ready(pilot, 2)


async def test_while_one_types_the_footer_names_the_keys_that_work_there(stage: DeskStage) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("slash")
        await until(pilot, lambda: "Enter To the list  Esc Clear" in screen_text(pilot))
        assert screen_text(pilot).splitlines()[-1].split("  ") == [" Enter To the list", "Esc Clear", "F1 Help"]


async def test_nobody_found_says_how_to_go_on(stage: DeskStage) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("slash", "x", "x")
        await stage.ready(pilot, 0)
        await until(pilot, lambda: "Nobody matches." in screen_text(pilot))
        await until(pilot, lambda: "Esc clears the search." in screen_text(pilot))
        await until(pilot, lambda: "0 of 1" in screen_text(pilot))


async def test_the_last_words_win_however_fast_they_are_typed(stage: DeskStage) -> None:
    stage.add("Brent Thomas", "Chris Webber", "Cindy Baxter")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 3)
        search = stage.clients.search.query_one(SearchInput)
        for words in ("b", "br", "c", "chris"):
            search.value = words
        await stage.ready(pilot, 1)
        await until(pilot, lambda: stage.shown == "Chris Webber")


async def test_a_slow_answer_to_older_words_is_never_shown(stage: DeskStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.add("Brent Thomas", "Chris Webber")
    asked, goes_on, answered = Event(), Event(), Event()
    first = ClientRows.first

    def slowly(rows: ClientRows, count: int) -> list[TableRow]:
        if rows._query.words == "b":
            asked.set()
            goes_on.wait(20)
            answered.set()
        return first(rows, count)

    monkeypatch.setattr(ClientRows, "first", slowly)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        search = stage.clients.search.query_one(SearchInput)
        search.value = "b"
        await until(pilot, asked.is_set)
        search.value = "chris"
        await until(pilot, lambda: stage.shown == "Chris Webber")
        goes_on.set()
        await until(pilot, answered.is_set)
        await pilot.pause()
        assert stage.shown == "Chris Webber"
        assert "Brent Thomas" not in screen_text(pilot)


async def test_a_letter_without_a_meaning_does_nothing(stage: DeskStage) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "? Help" in screen_text(pilot))
        before = screen_text(pilot)
        await pilot.press("z", "j")
        await pilot.pause()
        assert screen_text(pilot) == before


async def test_the_cursor_stays_with_its_person_through_order_and_filter(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas", "Chris Webber")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 3)
        await pilot.press("down")
        assert stage.shown == "Brent Thomas"
        await pilot.press("s")
        await until_screen(pilot, Sort)
        await pilot.press("n")
        await stage.ready(pilot, 3)
        await until(pilot, lambda: "Name ▼" in screen_text(pilot) and stage.shown == "Brent Thomas")
        await pilot.press("slash", "b")
        await stage.ready(pilot, 1)
        await pilot.press("escape", "escape")
        await stage.ready(pilot, 3)
        assert stage.shown == "Brent Thomas"


async def test_a_click_on_a_header_sorts_and_again_turns_round(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.click(stage.clients.table, offset=(70, 0))
        await until(pilot, lambda: stage.clients.table.sort == (SortColumn.ACCESS, False))
        await pilot.click(stage.clients.table, offset=(70, 0))
        await until(pilot, lambda: stage.clients.table.sort == (SortColumn.ACCESS, True))


async def test_a_filter_stands_in_the_line_until_it_is_taken_back(stage: DeskStage) -> None:
    stage.add("Anna Adams", subscribed=False)
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("f")
        await until_screen(pilot, ClientFilterMenu)
        await pilot.press("down", "down", "enter")
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "Show disabled ▾" in screen_text(pilot))
        assert stage.shown == "Anna Adams"
        await pilot.press("escape")
        await stage.ready(pilot, 2)
        await until(pilot, lambda: "Show all ▾" in screen_text(pilot))


async def test_the_filter_can_be_asked_for_with_the_mouse(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 0)
        await pilot.click(FilterButton)
        await until_screen(pilot, ClientFilterMenu)


@pytest.mark.slow
async def test_order_filters_and_columns_are_kept_for_the_next_time(
    stage: DeskStage, place: Workplace, desk: Desk
) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("s")
        await until_screen(pilot, Sort)
        await pilot.press("b")
        await stage.ready(pilot)
        await pilot.press("f")
        await until_screen(pilot, ClientFilterMenu)
        await pilot.press("down", "enter")
        await stage.ready(pilot)
        await pilot.press("k")
        await until_screen(pilot, Columns)
        await pilot.press("space", "enter")
        await stage.ready(pilot)
        kept = {"sort": "birthday", "descending": False, "subscribed": True, "access": None}
        hidden = ["anniversary", "email", "phone"]
        await until(pilot, lambda: desk.preferences.get(stage.ray.admin, "clients") == kept | {"hidden": hidden})
    again = type(stage.main)(place, stage.ray.admin)
    second = type(stage.app)(place, again)
    async with second.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: second.screen is again and again.clients.table.count is not None)
        assert again.clients.table.sort == (SortColumn.BIRTHDAY, False)
        assert again.clients.table.hidden == frozenset(hidden)
        await until(pilot, lambda: "Show enabled ▾" in screen_text(pilot))
        assert "Anniv" not in screen_text(pilot)


async def test_optional_columns_show_where_there_is_room(stage: DeskStage) -> None:
    stage.add("Anna Adams", phone="+15195550143")
    async with stage.app.run_test(size=(160, 30)) as pilot:
        await stage.ready(pilot, 1)
        assert "(519) 555-0143" not in screen_text(pilot).splitlines()[5][:120]
        await pilot.press("k")
        await until_screen(pilot, Columns)
        await pilot.press("end", "space", "enter")
        await stage.ready(pilot, 1)
        await until(pilot, lambda: "(519) 555-0143" in screen_text(pilot).splitlines()[5][:120])


async def test_a_list_that_cannot_be_read_is_told_once_and_tried_again(
    stage: DeskStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add("Anna Adams")
    rows = type(stage.desk.clients.rows(stage.ray.admin, stage.clients_query()))

    def refuse(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        with monkeypatch.context() as broken:
            broken.setattr(rows, "first", refuse)
            await pilot.press("slash", "x")
            await until_screen(pilot, Problem)
            await pilot.press("enter")
            await until(pilot, lambda: stage.app.screen is stage.main)
            stage.main.look()
            await pilot.pause()
            assert stage.app.screen is stage.main
        stage.main.look()
        await stage.ready(pilot, 0)


# The person


async def test_from_120_columns_the_person_stands_beside_the_table_and_follows_the_cursor(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 2)
        await until(pilot, lambda: "anna.adams@example.com" in screen_text(pilot))
        await pilot.press("down")
        await until(pilot, lambda: "brent.thomas@example.com" in screen_text(pilot))
        assert "creates the account" in " ".join(screen_text(pilot).split())


async def test_the_panel_comes_and_goes_with_the_width(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        assert "anna.adams@example.com" not in screen_text(pilot)
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "anna.adams@example.com" in screen_text(pilot))
        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: "anna.adams@example.com" not in screen_text(pilot))


async def test_a_click_on_the_panel_leaves_the_keys_with_the_table(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 2)
        await pilot.click(stage.clients.panel)
        await pilot.click("TitleBar")
        await pilot.press("down")
        assert stage.shown == "Brent Thomas"


async def test_in_a_narrow_terminal_p_shows_the_person_and_their_keys_work_there(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("p")
        await until_screen(pilot, Person)
        await until(pilot, lambda: "anna.adams@example.com" in screen_text(pilot))
        await pilot.press("e")
        await until_screen(pilot, ClientEdit)


@pytest.mark.slow
async def test_the_mail_trail_shows_a_reset_as_soon_as_it_is_sent(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await pilot.press("enter")
        await stage.ready(pilot)
        await until(pilot, lambda: "reset: queued" in screen_text(pilot))


# What is done with a row


async def test_enter_and_a_second_click_open_the_actions(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("enter")
        await until_screen(pilot, ClientActions)
        await pilot.press("escape")
        await stage.ready(pilot)
        await pilot.click(stage.clients.table, offset=(5, 2))
        assert stage.shown == "Brent Thomas"
        assert stage.app.screen is stage.main
        await pilot.click(stage.clients.table, offset=(5, 2))
        await until_screen(pilot, ClientActions)
        await until(pilot, lambda: "Brent Thomas" in screen_text(pilot))


@pytest.mark.parametrize(
    ("key", "kind"),
    [("e", ClientEdit), ("h", History), ("w", SendMail), ("r", SendMail), ("n", ClientEdit)],
)
async def test_each_key_does_what_the_footer_and_the_help_say(stage: DeskStage, key: str, kind: type) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press(key)
        await until_screen(pilot, kind)


@pytest.mark.slow
async def test_the_menu_leads_to_the_same_tasks(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("enter")
        await until_screen(pilot, ClientActions)
        await pilot.press("h")
        await until_screen(pilot, History)
        await pilot.press("escape")
        await stage.ready(pilot)


async def test_n_adds_a_client_and_goes_there_whatever_was_searched_for(stage: DeskStage) -> None:
    stage.add("Anna Adams", "Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 2)
        await pilot.press("slash", "b")
        await stage.ready(pilot, 1)
        await pilot.press("enter", "n")
        form = await until_screen(pilot, ClientEdit)
        for name, value in {"first_name": "Cindy", "last_name": "Baxter", "email": "cindy@example.com"}.items():
            form.query_one(f"#{name}", Field).value = value
        await pilot.press("f2")
        await stage.ready(pilot, 3)
        await until(pilot, lambda: stage.shown == "Cindy Baxter")
        assert stage.clients.search.words == ""
        assert stage.app.told == ["Cindy Baxter has been added."]
        await until(pilot, lambda: "Clients 3" in screen_text(pilot))


async def test_a_saved_edit_shows_in_the_row(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("e")
        form = await until_screen(pilot, ClientEdit)
        form.query_one("#first_name", Field).value = "Hanna"
        await pilot.press("f2")
        await stage.ready(pilot)
        await until(pilot, lambda: stage.shown == "Hanna Adams")
        assert stage.app.told == ["Hanna Adams has been saved."]


async def test_a_changed_address_is_said_plainly(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("e")
        form = await until_screen(pilot, ClientEdit)
        form.query_one("#email", Field).value = "hanna@example.com"
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        await pilot.press("enter")
        await until_screen(pilot, Notice)
        await until(pilot, lambda: "The e-mail address has been changed to" in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)


@pytest.mark.slow
async def test_w_creates_the_account_and_then_sends_its_mail_again(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await until(pilot, lambda: "Create an account for Anna Adams?" in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)
        assert client(stage, anna).access == Access.PENDING
        await until(pilot, lambda: "◐ not activated" in screen_text(pilot))
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await until(pilot, lambda: "may go in" in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)
        clock.advance(minutes=6)
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await pilot.press("enter")
        await stage.ready(pilot)
    mails = making.mails(stage.desk.ctx, making.identity_of(stage.desk.ctx, client(stage, anna)))
    assert [mail.state for mail in mails] == [MailState.SUPERSEDED, MailState.QUEUED]


async def test_two_keys_send_a_reset(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await until(pilot, lambda: "A reset mail goes to anna.adams@example.com." in screen_text(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)
        assert stage.app.told == ["A reset mail for Anna Adams is on its way to anna.adams@example.com."]
    assert len(making.mails(stage.desk.ctx, identity, MailPurpose.RESET)) == 1


async def test_a_second_reset_too_soon_counts_down(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    clock.advance(minutes=6)
    making.send_reset(stage.desk, stage.ray.admin, client(stage, anna))
    clock.advance(minutes=1)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await until(pilot, lambda: "may go in" in screen_text(pilot))
        await pilot.press("enter")
        assert isinstance(stage.app.screen, ClientReset)
        await pilot.press("escape")
        await stage.ready(pilot)
    assert len(making.mails(stage.desk.ctx, identity, MailPurpose.RESET)) == 1


@pytest.mark.slow
async def test_somebody_else_who_was_faster_turns_the_reset_into_a_countdown(
    stage: DeskStage, clock: ManualClock
) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        first = await until_screen(pilot, ClientReset)
        making.send_reset(stage.desk, stage.ray.admin, client(stage, anna))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(stage.app.screen, ClientReset) and stage.app.screen is not first)
        await until(pilot, lambda: "may go in" in screen_text(pilot))


@pytest.mark.slow
async def test_a_wrong_address_is_corrected_first_and_the_reset_goes_to_the_new_one(
    stage: DeskStage, clock: ManualClock
) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    making.verified(stage.desk, stage.ray.admin, person_key.client(anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await pilot.press("w")
        form = await until_screen(pilot, ClientEdit)
        email = form.query_one("#email", Field)
        await until(pilot, lambda: email.input.has_focus)
        email.value = "hanna@example.com"
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        await pilot.press("enter")
        await until_screen(pilot, Notice)
        text = " ".join(screen_text(pilot).replace("│", " ").split())
        assert "The e-mail address has been changed to hanna@example.com." in text
        assert "A reset mail for Anna Adams is on its way to hanna@example.com." in text
        await pilot.press("enter")
        await stage.ready(pilot)
    [reset] = making.mails(stage.desk.ctx, identity, MailPurpose.RESET)
    assert reset.to_address == "hanna@example.com"


@pytest.mark.slow
async def test_a_correction_that_is_left_sends_nothing(stage: DeskStage, clock: ManualClock) -> None:
    [anna] = stage.add("Anna Adams")
    identity = making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    clock.advance(minutes=6)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, ClientReset)
        await pilot.press("w")
        await until_screen(pilot, ClientEdit)
        await pilot.press("escape")
        await stage.ready(pilot)
    assert making.mails(stage.desk.ctx, identity, MailPurpose.RESET) == []


async def test_for_somebody_without_an_account_a_reset_offers_to_create_one(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("r")
        await until_screen(pilot, SendMail)
        await until(pilot, lambda: "Create an account for Anna Adams?" in screen_text(pilot))


async def test_deactivating_asks_why_and_asks_to_be_sure(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        await until_screen(pilot, AskReason)
        await pilot.press("enter")
        assert isinstance(stage.app.screen, AskReason)
        await pilot.press("l", "e", "f", "t", "enter")
        await until_screen(pilot, Confirm)
        await pilot.press("enter")
        await stage.ready(pilot)
        assert client(stage, anna).access == Access.ACTIVE
        await pilot.press("d")
        await until_screen(pilot, AskReason)
        await pilot.press("l", "e", "f", "t", "enter")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await stage.ready(pilot)
        await until(pilot, lambda: "deactivated" in screen_text(pilot))
    identity = making.identity_of(stage.desk.ctx, client(stage, anna))
    assert (identity.state, identity.state_reason) == (IdentityState.DEACTIVATED, "left")


@pytest.mark.slow
async def test_reactivating_asks_the_same(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    stage.desk.accounts.deactivate(stage.ray.admin, person_key.client(anna), "left")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        await until_screen(pilot, AskReason)
        await until(pilot, lambda: "Why is Anna Adams reactivated?" in screen_text(pilot))
        await pilot.press("b", "a", "c", "k", "enter")
        await until_screen(pilot, Confirm)
        await pilot.press("enter")
        await stage.ready(pilot)
    assert making.identity_of(stage.desk.ctx, client(stage, anna)).state is IdentityState.ACTIVE


@pytest.mark.slow
async def test_a_reason_that_the_service_refuses_can_be_mended(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        asking = await until_screen(pilot, AskReason)
        asking.query_one(Field).value = "x" * 500
        await pilot.press("enter")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        again = await until_screen(pilot, AskReason)
        assert again.query_one(Field).value == "x" * 500
        assert again.query_one(Field).problem


async def test_a_shows_the_address_of_the_reset_page(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    making.give_account(stage.desk, stage.ray.admin, client(stage, anna))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("a")
        await until_screen(pilot, ShowAddress)
        assert stage.desk.accounts.reset_page_address(stage.ray.admin) in screen_text(pilot)


async def test_what_is_refused_gives_the_reason(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("d")
        await until_screen(pilot, Problem)
        await until(pilot, lambda: "There is no account" in screen_text(pilot))


async def test_a_client_who_is_gone_is_said_to_be_gone(stage: DeskStage) -> None:
    [anna] = stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        with stage.desk.ctx.unit():
            Client.delete().where(Client.id == anna).execute()
        await pilot.press("e")
        await until_screen(pilot, Problem)
        await pilot.press("enter")
        await stage.ready(pilot, 0)


async def test_a_change_that_takes_its_time_is_seen_to_be_under_way(
    stage: DeskStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add("Anna Adams")
    goes_on = Event()
    create = stage.desk.accounts.create_and_welcome

    def slowly(*args: Any) -> None:
        goes_on.wait(20)
        create(*args)

    monkeypatch.setattr(stage.desk.accounts, "create_and_welcome", slowly)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("w")
        await until_screen(pilot, SendMail)
        await pilot.press("enter")
        await until(pilot, lambda: "saving …" in screen_text(pilot))
        await pilot.press("down", "e", "r")
        assert stage.app.screen is stage.main
        goes_on.set()
        await stage.ready(pilot)
        await until(pilot, lambda: "saving …" not in screen_text(pilot))
        assert stage.app.told


async def test_a_key_pressed_twice_does_the_task_once(stage: DeskStage) -> None:
    stage.add("Anna Adams")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        stage.clients.action_task("welcome")
        stage.clients.action_task("welcome")
        await until_screen(pilot, SendMail)
        await pilot.press("escape")
        await stage.ready(pilot)
        await pilot.pause()
        assert stage.app.screen is stage.main


@pytest.mark.slow
@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize("keys", [["escape"], ["enter"], ["p"], ["e"], ["h"], ["w"]], ids=lambda keys: keys[0])
async def test_a_hostile_name_stays_text_wherever_it_is_shown(
    stage: DeskStage, size: tuple[int, int], keys: list[str]
) -> None:
    stage.add(f"{HOSTILE[:60].replace(' ', '')} Bob")
    async with stage.app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await stage.ready(pilot, 1)
        before = stage.app.screen
        await pilot.press(*keys)
        if keys != ["escape"] and not (keys == ["p"] and size == WIDE):
            await until(pilot, lambda: stage.app.screen is not before)
        await pilot.pause()
        await until(pilot, lambda: "[/x]" in screen_text(pilot))
        assert stage.app.is_running
        if size == WIDE:
            assert is_harmless(pilot)
