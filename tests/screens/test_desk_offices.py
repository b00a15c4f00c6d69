"""The office in the title line: it says what is looked at, and changes it everywhere at once."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from models.identity import Membership
from screens.desk import DeskMain
from screens.dialogs.office_menu import OfficeMenu
from screens.help import Help
from screens.workplace import Workplace
from services import person_key
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.creating import make_colleague, make_office
from tests.services.officing import Lookers, make_lookers
from tests.settling import screen_text, until, until_screen

SMALL = (80, 24)


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency and its administrator."""
    return making.make_agency(desk)


@pytest.fixture
def lookers(desk: Desk, ray: MadeAgency) -> Lookers:
    """Three offices, each with a client who got a mail, and a colleague."""
    lookers = make_lookers(desk, ray)
    for name, office in zip(("Otto", "Tora", "Wanda"), lookers.offices, strict=True):
        client = making.make_client(desk, ray.agency, f"{name}@example.com", first=name, last="Brown", office=office)
        desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
        make_colleague(desk, ray.agency, f"{name}@office.example.com", first=name, last="Staff", office=office)
    return lookers


def stage_of(place: Workplace, actor: Any) -> tuple[Stage, DeskMain]:
    """The program with somebody's desk on the screen."""
    main = DeskMain(place, actor)
    return Stage(place, main), main


def title(pilot: Pilot[Any]) -> str:
    """The first line of the screen."""
    return screen_text(pilot).splitlines()[0]


async def ready(pilot: Pilot[Any], main: DeskMain, clients: int) -> None:
    """Wait until the desk is on top and shows so many clients."""
    await until(pilot, lambda: pilot.app.screen is main and main.clients.table.count == clients, f"{clients} clients")


@pytest.mark.slow
async def test_a_member_of_two_offices_switches_and_everything_follows(place: Workplace, lookers: Lookers) -> None:
    stage, main = stage_of(place, lookers.of_two.actor)
    async with stage.run_test(size=SMALL) as pilot:
        await ready(pilot, main, 2)
        await until(pilot, lambda: "· All my offices ▾" in title(pilot) and "4 Mail 2" in screen_text(pilot))
        await pilot.press("2")
        await until(pilot, lambda: main.staff.table.count == 5)
        await pilot.press("4")
        await until(pilot, lambda: main.mail.table.count == 2)
        await pilot.press("1", "slash", *"brown")
        await until(pilot, lambda: main.clients.search.words == "brown")
        await pilot.press("enter", "down", "space")
        await until(pilot, lambda: main.clients.table.marked)

        await pilot.press("ctrl+o")
        await until_screen(pilot, OfficeMenu)
        assert [line in screen_text(pilot) for line in ("All my offices", "Ottawa", "Toronto", "Windsor")] == [
            True, True, True, False
        ]  # fmt: skip
        await pilot.press("down", "enter")
        await ready(pilot, main, 1)
        await until(pilot, lambda: "· Ottawa ▾" in title(pilot) and "4 Mail 1" in screen_text(pilot))
        await until(pilot, lambda: "Clients 1" in screen_text(pilot) and "Office staff 1" in screen_text(pilot))
        assert main.clients.search.words == "brown"
        row = main.clients.table.cursor_row
        assert row is not None
        assert row.cells[0] == "Otto Brown"
        assert not main.clients.table.marked
        assert main.staff.table.count == 1
        assert main.mail.table.count == 1

        await pilot.click("Whereabouts")
        await until_screen(pilot, OfficeMenu)
        await pilot.press("up", "enter")
        await ready(pilot, main, 2)
        await until(pilot, lambda: "· All my offices ▾" in title(pilot))


async def test_with_one_office_it_is_named_and_nothing_is_asked(place: Workplace, lookers: Lookers) -> None:
    stage, main = stage_of(place, lookers.of_one.actor)
    async with stage.run_test(size=SMALL) as pilot:
        await ready(pilot, main, 1)
        await until(pilot, lambda: "· Ottawa " in title(pilot))
        assert "▾" not in title(pilot)
        await pilot.press("ctrl+o")
        await pilot.click("Whereabouts")
        await pilot.pause()
        assert pilot.app.screen is main
        assert "desk.office" not in {active.binding.id for active in main.active_bindings.values()}


async def test_an_office_taken_away_meanwhile_is_left_by_itself(place: Workplace, desk: Desk, lookers: Lookers) -> None:
    stage, main = stage_of(place, lookers.of_two_at_one.actor)
    async with stage.run_test(size=SMALL) as pilot:
        await ready(pilot, main, 1)
        await until(pilot, lambda: "· Toronto ▾" in title(pilot))
        with desk.ctx.unit():
            Membership.delete().where(Membership.office == lookers.offices[1]).execute()
        main.look()
        await until(pilot, lambda: "· Ottawa " in title(pilot))
        await until(pilot, lambda: "Otto Brown" in screen_text(pilot))


@pytest.mark.parametrize("size", [SMALL, (120, 40)])
async def test_long_and_hostile_names_are_cut_and_stay_text(
    place: Workplace, desk: Desk, ray: MadeAgency, size: tuple[int, int]
) -> None:
    with desk.ctx.unit():
        ray.agency.name = HOSTILE[:90]
        ray.agency.save()
    offices = [make_office(desk, ray.agency, f"{sign}{HOSTILE}"[:100]) for sign in "ab"]
    desk.offices.switch(ray.admin, int(offices[0].id))
    stage, main = stage_of(place, ray.admin)
    async with stage.run_test(size=size) as pilot:
        await ready(pilot, main, 0)
        await until(pilot, lambda: "▾" in title(pilot) and "a[/x]" in title(pilot))
        assert "[/x]" in title(pilot).split("·")[0]
        assert "Sue Wright · administrator" in title(pilot)
        await pilot.press("ctrl+o")
        await until_screen(pilot, OfficeMenu)
        assert is_harmless(pilot)


async def test_help_and_palette_know_the_key(place: Workplace, lookers: Lookers) -> None:
    stage, main = stage_of(place, lookers.of_two.actor)
    async with stage.run_test(size=(100, 70)) as pilot:
        await ready(pilot, main, 2)
        await until(pilot, lambda: "▾" in title(pilot))
        assert "Switch office" in {command.title for command in stage.get_system_commands(main)}
        await pilot.press("question_mark")
        await until_screen(pilot, Help)
        assert "Look at another of your offices" in screen_text(pilot)
