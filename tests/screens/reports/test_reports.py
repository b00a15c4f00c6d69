"""Reports from the desk: the list with what each comes to, one of them, and from its rows to the people."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from textual.pilot import Pilot

from models.client import NO_DAY, Client
from models.states import Role
from screens.clients.actions import ClientActions
from screens.desk import DeskMain
from screens.dialogs.ask_line import AskPath
from screens.dialogs.problem import Problem
from screens.reports.all_reports import ReportList
from screens.reports.ask_days import AskDays
from screens.reports.report import ReportView
from screens.workplace import Workplace
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Unavailable
from services.reports.catalogue import REPORTS
from services.reports.reading import Reading
from services.reports.values import Report, asked_of
from tests import making
from tests.screens.desk_stage import SMALL, WIDE, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.reports.test_accounts import fail
from tests.services.reports.test_renewals import owe
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    """The desk of an agency with two renewals and one account that waits to be opened."""
    made = DeskStage(place, desk)
    owe(desk, made.ray, "Ann", -3)
    owe(desk, made.ray, "Bob", 40)
    return made


async def opened(stage: DeskStage, pilot: Pilot[object], down: int) -> ReportView:
    """One of the reports, by its place in the list."""
    await stage.ready(pilot)
    await pilot.press("f7")
    await until_screen(pilot, ReportList)
    await until(pilot, lambda: "2 mortgages are due" in screen_text(pilot))
    await pilot.press(*["down"] * down, "enter")
    await until_screen(pilot, ReportView)
    view = stage.app.screen
    assert isinstance(view, ReportView)
    await until(pilot, lambda: view.table.count is not None)
    return view


async def test_the_list_tells_what_each_comes_to_and_enter_leads_to_the_person_in_two_keys(stage: DeskStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        view = await opened(stage, pilot, 3)
        await until(pilot, lambda: "2 mortgages are due within 90 days, 1 of them overdue." in screen_text(pilot))
        assert [view.table.cursor_key, view.table.count] == [1, 2]
        await pilot.press("enter")
        await until_screen(pilot, ClientActions)
        assert "Ann Thomas" in screen_text(pilot)
        await pilot.press("escape", "escape")
        await until_screen(pilot, ReportList)
        await until(pilot, lambda: "1 action" not in screen_text(pilot) and "is counted" not in screen_text(pilot))
        assert "✓ Locked out or waiting now" in screen_text(pilot)
        assert "▲ Renewals due" in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: stage.app.screen is stage.main)


async def test_another_number_of_days_shows_other_rows_and_a_wrong_one_is_refused_in_its_field(
    stage: DeskStage,
) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        view = await opened(stage, pilot, 3)
        await pilot.press("d")
        await until_screen(pilot, AskDays)
        # Typing takes the place of the number that stands there.
        await pilot.press(*"9999", "enter")
        await until(pilot, lambda: "Choose a number from 0 to 3,650." in screen_text(pilot))
        await pilot.press(*["backspace"] * 4, *"10", "enter")
        await until(pilot, lambda: view.table.count == 1)
        await until(pilot, lambda: "1 mortgage is due within 10 days" in screen_text(pilot))


async def test_a_report_without_rows_has_no_keys_that_need_one(stage: DeskStage, desk: Desk) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        view = await opened(stage, pilot, 3)
        await until(pilot, lambda: "Enter Actions" in screen_text(pilot) and "p Person" in screen_text(pilot))
        await pilot.press("d", *"0", "enter")
        await until(pilot, lambda: view.table.count == 1)
        with desk.ctx.unit():
            Client.update(renewal_key=NO_DAY).execute()
        await pilot.press("f5")
        await until(pilot, lambda: view.table.count == 0)
        await until(pilot, lambda: "Enter Actions" not in screen_text(pilot) and "p Person" not in screen_text(pilot))


async def test_what_is_shown_is_written_into_a_file(stage: DeskStage, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    async with stage.app.run_test(size=SMALL) as pilot:
        await opened(stage, pilot, 3)
        await pilot.press("x")
        await until_screen(pilot, AskPath)
        stage.app.screen.query_one("#path").value = str(target)  # type: ignore[attr-defined]  # it is a field
        await pilot.press("enter")
        await until(pilot, target.exists)
        await until(pilot, lambda: isinstance(stage.app.screen, ReportView))
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row["days_left"] for row in csv.DictReader(file)] == ["-3", "40"]


async def test_a_wait_runs_out_before_ones_eyes_beside_the_person_and_hostile_names_are_harmless(
    stage: DeskStage, clock: ManualClock
) -> None:
    client = making.make_client(stage.desk, stage.ray.agency, "evil@example.com", first=HOSTILE[:100])
    making.give_account(stage.desk, stage.ray.admin, client)
    fail(stage.desk, client.email)
    async with stage.app.run_test(size=WIDE) as pilot:
        view = await opened(stage, pilot, 0)
        await until(pilot, lambda: "waits: failed sign-ins" in screen_text(pilot))
        await until(pilot, lambda: view.panel.person is not None)
        await until(pilot, lambda: "Enter r" in screen_text(pilot))
        assert is_harmless(pilot)
        clock.advance(seconds=5)
        view.table.freshen()
        await until(pilot, lambda: "no longer in the list" in screen_text(pilot))
        await pilot.press("f5")
        await until(pilot, lambda: "✓ Nobody is locked out" in screen_text(pilot))


async def test_an_agent_hears_why_a_report_is_closed_and_a_database_that_fails_is_told(
    place: Workplace, stage: DeskStage, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = making.make_staff(desk, stage.ray.agency, "ann@example.com")
    stage.main = DeskMain(place, ann)
    stage.app = Stage(place, stage.main)
    assert ann.role is Role.AGENT

    def broken(self: Reading, *_: object) -> None:
        raise Unavailable("The database does not answer.")

    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot)
        await pilot.press("f7")
        await until_screen(pilot, ReportList)
        await until(pilot, lambda: "✗ Actions of the staff" in screen_text(pilot))
        await pilot.press("end", "enter")
        await until_screen(pilot, Problem)
        assert "for supervisors" in screen_text(pilot)
        await pilot.press("escape")
        await until_screen(pilot, ReportList)
        monkeypatch.setattr(Reading, "looking", broken)
        await pilot.press("f5")
        await until(pilot, lambda: screen_text(pilot).count("The database does not answer.") == 4)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_good_news_stands_whole_in_the_list_at_80_columns(report: Report) -> None:
    assert len(asked_of(report).none) <= 74
