"""The desk of the helpdesk staff: its parts, what is always in sight, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from models.identity import Session
from screens.desk import DeskMain
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.help import Help
from screens.mail.mail import MailTable
from screens.persons.tab import PersonTable
from screens.settings.security import SecuritySettings
from screens.widgets.key_line import KeyLine
from screens.workplace import Sitting, Workplace
from services import person_key
from services.clock import ManualClock
from services.desk import Desk
from services.errors import SignedOut, Unavailable
from services.settings import MailSettings
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen

SMALL = (80, 24)
BANNER = "No mail server is configured: mail stays in the built-in mailbox (Mail tab)."


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency with its administrator."""
    return making.make_agency(desk)


@pytest.fixture
def main(place: Workplace, ray: MadeAgency) -> DeskMain:
    """The desk, as the administrator sees it."""
    return DeskMain(place, ray.admin)


@pytest.fixture
def stage(place: Workplace, main: DeskMain) -> Stage:
    """The program with that desk on the screen."""
    return Stage(place, main)


async def settled(pilot: Pilot[Any], main: DeskMain) -> None:
    """Wait for the table, its count, and the numbers of the parts."""
    await until(pilot, lambda: pilot.app.screen is main and main.clients.table.count is not None, "the table")
    await until(pilot, lambda: "Mail 0" in screen_text(pilot) or main.tabs.query_one("#tab-mail").count, "the parts")


async def test_the_first_lines_say_where_one_is_who_one_is_and_how_much_there_is(
    stage: Stage, main: DeskMain, desk: Desk, ray: MadeAgency
) -> None:
    making.make_client(desk, ray.agency)
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        await until(pilot, lambda: "Clients 1" in screen_text(pilot) and "staff 1" in screen_text(pilot))
        title, parts = screen_text(pilot).splitlines()[:2]
        assert "Ray Staging · RAY-919" in title
        assert "Sue Wright · administrator" in title
        assert "▌1 Clients 1▐" in parts
        assert "2 Office staff 1" in parts
        assert "4 Mail 0" in parts


async def test_in_a_wide_window_help_requests_have_their_whole_name(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "3 Help requests 0  4 Mail" in screen_text(pilot))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "3 Help 0  4 Mail" in screen_text(pilot))


async def test_without_a_mail_server_a_banner_says_so(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: BANNER in screen_text(pilot))


async def test_with_a_mail_server_there_is_no_banner(desk: Desk, ray: MadeAgency) -> None:
    settings = replace(desk.ctx.settings, mail=MailSettings(host="mail.example.com"))
    place = Workplace(Desk(replace(desk.ctx, settings=settings)), making.HERE)
    main = DeskMain(place, ray.admin)
    stage = Stage(place, main)
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        assert not main.banner.display
    place.close()


async def test_numbers_and_clicks_go_from_part_to_part(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        await pilot.press("2")
        await until(pilot, lambda: main.focused is main.staff.table)
        assert "▌2 Office staff" in screen_text(pilot)
        await pilot.press("4")
        await until(pilot, lambda: isinstance(main.focused, MailTable))
        assert "▌4 Mail" in screen_text(pilot)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(main.focused, PersonTable))
        await pilot.click("#tab-mail")
        await until(pilot, lambda: isinstance(main.focused, MailTable))


async def test_digits_typed_into_the_search_are_searched_for(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        await pilot.press("slash", "2", "q", "1")
        assert main.clients.search.words == "2q1"
        assert main.parts.current == "clients"


async def test_signing_out_asks_first(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        await pilot.press("q")
        await until_screen(pilot, Confirm)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is main)
        assert stage.answer is NOTHING
        await pilot.press("q")
        await until_screen(pilot, Confirm)
        await pilot.press("enter")
        await until(pilot, lambda: stage.answer is None)


async def test_f9_leads_to_the_settings(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        await pilot.press("f9")
        await until_screen(pilot, SecuritySettings)


async def test_the_number_of_mails_follows_what_others_do(
    stage: Stage, main: DeskMain, desk: Desk, ray: MadeAgency
) -> None:
    client = making.make_client(desk, ray.agency)
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
        main.look()
        await until(pilot, lambda: "4 Mail 1" in screen_text(pilot))


async def test_a_look_that_finds_nothing_new_draws_nothing(
    stage: Stage, main: DeskMain, desk: Desk, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.give_account(desk, ray.admin, making.make_client(desk, ray.agency))
    async with stage.run_test(size=(120, 40)) as pilot:
        await settled(pilot, main)
        await until(pilot, lambda: main.clients.panel.person is not None)
        await pilot.pause()
        drawn: list[object] = []
        display = stage._display  # there is no public place through which all drawing goes
        monkeypatch.setattr(stage, "_display", lambda *args: (drawn.append(args), display(*args))[-1])
        asked = main.look()
        await until(pilot, lambda: asked.is_finished and not main.workers._workers - {stage_worker(stage)})
        await pilot.pause()
        assert drawn == []


def stage_worker(stage: Stage) -> Any:
    """The worker that waits for the answer of the screen."""
    return next(worker for worker in stage.workers if worker.name == "run_desk")


async def test_a_database_that_cannot_serve_is_told_in_the_banner_until_it_can(
    stage: Stage, main: DeskMain, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        with monkeypatch.context() as broken:
            broken.setattr(desk.mail, "waiting", refuse)
            main.look()
            await until(pilot, lambda: "The database does not answer." in screen_text(pilot))
            assert pilot.app.screen is main
        main.look()
        await until(pilot, lambda: BANNER in screen_text(pilot))


async def test_a_session_that_ended_is_told_once_and_closes_the_desk(
    stage: Stage, main: DeskMain, place: Workplace, desk: Desk, ray: MadeAgency, clock: ManualClock
) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        with desk.ctx.unit():
            Session.update(ended_at=clock.now(), ended_because="the account was deactivated").execute()
        main.look()
        await until_screen(pilot, Problem)
        assert "the account was deactivated" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: stage.answer is None)
        await pilot.pause()
        assert len(stage.screen_stack) == 1


async def test_two_calls_that_find_the_session_ended_at_once_tell_it_once(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        ended = SignedOut("Your session has ended.")
        for _ in range(2):
            main.run_worker(main.tell(ended), exit_on_error=False)
        await until_screen(pilot, Problem)
        await pilot.pause()
        assert [type(screen) for screen in stage.screen_stack[1:]] == [DeskMain, Problem]
        await pilot.press("enter")
        await until(pilot, lambda: stage.answer is None)
        assert not isinstance(stage.screen, Problem)


async def test_a_late_answer_about_the_last_session_is_not_about_this_one(
    stage: Stage, main: DeskMain, place: Workplace, ray: MadeAgency
) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        place.sitting = Sitting()
        mine = DeskMain(place, ray.admin)
        await stage.push_screen(mine)
        await main.tell(SignedOut("The session before has ended."))
        assert not place.sitting.over
        assert stage.screen is mine


async def test_help_lists_the_keys_of_the_desk(stage: Stage, main: DeskMain) -> None:
    async with stage.run_test(size=(100, 70)) as pilot:
        await settled(pilot, main)
        await pilot.press("question_mark")
        await until_screen(pilot, Help)
        text = screen_text(pilot)
        for words in ("Send a reset", "Show the reset page's address", "Sign out; asks first", "Show or hide columns"):
            assert words in text


@pytest.mark.parametrize("tab", ["1", "2", "3", "4"])
async def test_no_key_of_the_footer_is_cut_at_80x24(stage: Stage, main: DeskMain, tab: str) -> None:
    async with stage.run_test(size=SMALL) as pilot:
        await settled(pilot, main)
        await pilot.press(tab)
        await pilot.pause()
        keys = main.query_one(KeyLine)
        assert 4 <= len(keys.shown) <= 8
        assert not keys.hidden


async def test_a_hostile_name_of_the_agency_or_its_staff_stays_text(
    place: Workplace, desk: Desk, ray: MadeAgency
) -> None:
    with desk.ctx.unit():
        ray.agency.name = HOSTILE[:90]
        ray.agency.save()
    main = DeskMain(place, replace(ray.admin, name="x" + HOSTILE))
    stage = Stage(place, main)
    async with stage.run_test(size=(120, 40)) as pilot:
        await settled(pilot, main)
        await until(pilot, lambda: "[/x]" in screen_text(pilot))
        assert is_harmless(pilot)
