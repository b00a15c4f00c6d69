"""The Office staff tab: what it shows, what its keys do, and the form of a colleague."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from models.agency import Office
from models.staff import StaffMember
from models.states import MailPurpose, Role
from screens.clients.actions import ClientActions
from screens.desk import DeskMain
from screens.dialogs.confirm import Confirm
from screens.dialogs.conflict import ConflictChoice
from screens.dialogs.email_change import EmailChange
from screens.dialogs.filter_menu import StaffFilterMenu
from screens.dialogs.person import Person
from screens.dialogs.problem import Problem
from screens.dialogs.send_mail import SendMail
from screens.dialogs.sort import Sort
from screens.history import History
from screens.staff.edit import StaffEdit
from screens.staff.staff import StaffTab
from screens.widgets.field import Field
from screens.widgets.one_of import OneOf
from screens.workplace import Workplace
from services import person_key
from services.desk import Desk
from services.staff.values import StaffFields
from services.text import fold
from tests import making
from tests.screens.desk_stage import SMALL, WIDE, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.settling import screen_text, until, until_screen

FRANK = StaffFields("Frank", "Jones", "frank@example.com", "(519) 555-0132", "San Diego")


class StaffStage(DeskStage):
    """The desk with some office staff."""

    def __init__(self, place: Workplace, desk: Desk) -> None:
        super().__init__(place, desk)
        with desk.ctx.unit():
            for name in ("Petrolia", "San Diego"):
                Office.create(agency=self.ray.agency, name=name, name_key=fold(name))
        self.frank = self.hire(FRANK)

    @property
    def staff(self) -> StaffTab:
        """The tab."""
        return self.main.staff

    def hire(self, fields: StaffFields) -> int:
        """Somebody more."""
        return self.desk.staff.add(self.ray.admin, fields).id

    def fields(self, staff_id: int) -> StaffFields:
        """What is stored."""
        return self.desk.staff.view(self.ray.admin, staff_id).fields

    @property
    def under_cursor(self) -> str:
        """The name in the row under the cursor."""
        row = self.staff.table.cursor_row
        return "" if row is None else row.cells[1]

    async def open(self, pilot: Pilot[Any], count: int = 2) -> None:
        """Go to the tab; the cursor stands on Frank, who is the first by name."""
        await self.ready(pilot)
        await pilot.press("2")
        await until(pilot, lambda: self.staff.table.count == count and self.staff.table.has_focus, "the staff")
        await pilot.pause()

    async def back(self, pilot: Pilot[Any]) -> None:
        """Wait until the last task is done."""
        await until(pilot, lambda: self.app.screen is self.main and not self.staff.busy, "the tab")


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> Iterator[StaffStage]:
    """The desk, not yet running."""
    yield StaffStage(place, desk)


def line(form: StaffEdit, name: str) -> Field:
    """A typed line of the form."""
    return form.query_one(f"#{name}", Field)


def pick(form: StaffEdit, name: str) -> OneOf:
    """A chosen line of the form."""
    return form.query_one(f"#{name}", OneOf)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_the_table_shows_everybody_with_office_role_and_access(stage: StaffStage, size: tuple[int, int]) -> None:
    async with stage.app.run_test(size=size) as pilot:
        await stage.open(pilot)
        text = screen_text(pilot)
        for words in ("Office", "Role", "Status", "San Diego", "Frank Jones", "○ no account", "Sue Wright"):
            assert words in text, words
        assert "▌2 Office staff 2▐" in text


async def test_beside_the_table_stands_the_person_with_the_cause(stage: StaffStage) -> None:
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.open(pilot)
        await until(pilot, lambda: "no account yet" in screen_text(pilot))
        text = screen_text(pilot)
        assert "San Diego · agent" in text
        assert "creates the account" in text
        assert "added the staff" in text


async def test_words_and_filters_narrow_the_table(stage: StaffStage) -> None:
    stage.hire(replace(FRANK, first_name="Ida", email="", office="Petrolia", active=False))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot, 3)
        await pilot.press("slash", *"jones")
        await until(pilot, lambda: stage.staff.table.count == 2)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: stage.staff.table.count == 3)
        await pilot.press("f")
        await until_screen(pilot, StaffFilterMenu)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: stage.staff.table.count == 1)
        assert "Show inactive" in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: stage.staff.table.count == 3)


@pytest.mark.slow
async def test_sorting_by_a_letter_turns_the_table(stage: StaffStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("s")
        await until_screen(pilot, Sort)
        await pilot.press("n")
        await until(pilot, lambda: stage.staff.table.sort == ("name", True))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "kind"),
    [("e", StaffEdit), ("h", History), ("w", SendMail), ("enter", ClientActions), ("n", StaffEdit), ("p", Person)],
)
async def test_each_key_opens_its_task(stage: StaffStage, key: str, kind: type) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press(key)
        await until_screen(pilot, kind)


async def test_the_menu_offers_the_account_and_the_temporary_password(stage: StaffStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("enter")
        await until_screen(pilot, ClientActions)
        text = screen_text(pilot)
        assert "i  Manage user account (identity)" in text
        assert "t  Send a temporary password" in text


@pytest.mark.slow
@pytest.mark.parametrize(("key", "words"), [("i", "Manage user account"), ("b", "Create")])
async def test_the_account_is_managed_for_one_and_for_many(stage: StaffStage, key: str, words: str) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press(key)
        await until(pilot, lambda: stage.app.screen is not stage.main and words in screen_text(pilot))
        assert "Frank Jones" in screen_text(pilot)


async def test_all_who_match_are_marked_at_once_and_unmarked_again(stage: StaffStage) -> None:
    ida = stage.hire(replace(FRANK, first_name="Ida", email="", active=False))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot, 3)
        await pilot.press("slash", *"jones")
        await until(pilot, lambda: stage.staff.table.count == 2)
        await pilot.press("enter", "m")
        assert stage.staff.table.marked == {stage.frank, ida}
        assert "2 people are marked." in stage.app.told
        await pilot.press("m")
        assert stage.staff.table.marked == set()


async def test_marked_rows_go_to_the_creation_for_many(stage: StaffStage) -> None:
    ida = stage.hire(replace(FRANK, first_name="Ida", email="ida@example.com"))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot, 3)
        await pilot.press("space", "b")
        await until(pilot, lambda: stage.app.screen is not stage.main and "Frank Jones" in screen_text(pilot))
        assert "Ida Jones" not in screen_text(pilot)
    assert stage.desk.people.panel(stage.ray.admin, person_key.staff(ida)).identity_state is None


async def test_for_many_without_anybody_left_says_so(stage: StaffStage) -> None:
    stage.desk.accounts.create_and_welcome(stage.ray.admin, person_key.staff(stage.frank))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("b")
        await until_screen(pilot, Problem)
        assert "have an account already" in screen_text(pilot)


async def test_a_temporary_password_is_sent_after_a_question(stage: StaffStage) -> None:
    stage.desk.accounts.create_and_welcome(stage.ray.admin, person_key.staff(stage.frank))
    stage.desk.ctx.clock.advance(minutes=6)  # type: ignore[attr-defined] # the clock of tests has it
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("t")
        await until_screen(pilot, SendMail)
        assert "It goes to frank@example.com" in screen_text(pilot)
        await pilot.click("#send")
        await stage.back(pilot)
        await until(pilot, lambda: any("temporary password" in words for words in stage.app.told))
    trail = stage.desk.people.panel(stage.ray.admin, person_key.staff(stage.frank)).trail
    assert trail[0].purpose is MailPurpose.TEMPORARY


async def test_the_edit_form_saves_typed_and_chosen_fields(stage: StaffStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("e")
        form = await until_screen(pilot, StaffEdit)
        line(form, "cell").value = "519 555 0199"
        line(form, "note").value = "on leave"
        pick(form, "role").focus()
        await pilot.press("right")
        pick(form, "office").focus()
        await pilot.press("left")
        await pilot.press("f2")
        await stage.back(pilot)
    after = stage.fields(stage.frank)
    assert (after.cell, after.note, after.role, after.office) == ("+15195550199", "on leave", "supervisor", "Petrolia")


async def test_somebody_new_stands_under_the_cursor(stage: StaffStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("n")
        form = await until_screen(pilot, StaffEdit)
        line(form, "first_name").value = "Zoe"
        line(form, "last_name").value = "Able"
        await pilot.press("f2")
        await stage.back(pilot)
        await until(pilot, lambda: stage.under_cursor == "Zoe Able")


async def test_another_address_tells_what_follows_first(stage: StaffStage) -> None:
    stage.desk.accounts.create_and_welcome(stage.ray.admin, person_key.staff(stage.frank))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("e")
        form = await until_screen(pilot, StaffEdit)
        line(form, "email").value = "frank.jones@example.com"
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        assert "The user name becomes frank.jones@example.com" in screen_text(pilot)


@pytest.mark.slow
async def test_what_was_typed_is_lost_only_after_a_question(stage: StaffStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("e")
        form = await until_screen(pilot, StaffEdit)
        pick(form, "active").focus()
        await pilot.press("space", "escape")
        await until_screen(pilot, Confirm)
        assert "Status: Inactive" in screen_text(pilot)


async def test_two_who_edit_the_same_person_both_see_it(stage: StaffStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("e")
        form = await until_screen(pilot, StaffEdit)
        line(form, "note").value = "mine"
        stage.desk.staff.change(stage.ray.admin, stage.frank, 1, replace(FRANK, note="theirs"))
        await pilot.press("f2")
        await until_screen(pilot, ConflictChoice)
        await pilot.press("f2")
        await stage.back(pilot)
    assert stage.fields(stage.frank).note == "mine"


async def test_what_the_service_refuses_stands_beside_the_choice(stage: StaffStage) -> None:
    stage.desk.accounts.create_and_welcome(stage.ray.admin, person_key.staff(stage.frank))
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("e")
        form = await until_screen(pilot, StaffEdit)
        pick(form, "active").value = False
        await pilot.press("f2")
        await until(pilot, lambda: "Deactivate the account first" in screen_text(pilot))
        assert form.focused is pick(form, "active").choice


async def test_an_agent_is_told_why_an_administrator_is_not_theirs_to_change(place: Workplace, desk: Desk) -> None:
    stage = StaffStage(place, desk)
    ann = making.make_staff(desk, stage.ray.agency, "ann@example.com", role=Role.SUPERVISOR, first="Zed")
    stage.main = DeskMain(place, ann)
    stage.app = type(stage.app)(place, stage.main)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot, 3)
        await pilot.press("down")
        await until(pilot, lambda: stage.under_cursor == "Sue Wright")
        await pilot.press("d")
        await until_screen(pilot, Problem)
        assert "only an administrator" in screen_text(pilot)


@pytest.mark.slow
async def test_hostile_names_stay_text(stage: StaffStage) -> None:
    with stage.desk.ctx.unit():
        StaffMember.update(first_name=HOSTILE[:90], note=HOSTILE).where(StaffMember.id == stage.frank).execute()
        Office.update(name=HOSTILE[:90]).where(Office.name == "San Diego").execute()
    async with stage.app.run_test(size=WIDE) as pilot:
        await stage.open(pilot)
        await pilot.press("e")
        form = await until_screen(pilot, StaffEdit)
        await pilot.pause()
        assert is_harmless(pilot)
        assert form.query_one("#save", Button)


@pytest.mark.slow
@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_every_line_of_the_form_can_be_reached(stage: StaffStage, size: tuple[int, int]) -> None:
    async with stage.app.run_test(size=size) as pilot:
        await stage.open(pilot)
        await pilot.press("e")
        form = await until_screen(pilot, StaffEdit)
        seen = []
        for _ in range(8):
            await pilot.pause()
            focused = form.focused
            assert focused is not None
            assert form.region.contains_region(focused.region)
            seen.append(focused)
            await pilot.press("tab")
        assert len(set(seen)) == 8


@pytest.mark.slow
async def test_the_view_is_kept_for_the_next_time(stage: StaffStage) -> None:
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.open(pilot)
        await pilot.press("s")
        await until_screen(pilot, Sort)
        await pilot.press("o")
        admin = stage.ray.admin
        await until(pilot, lambda: (stage.desk.preferences.get(admin, "staff") or {}).get("sort") == "office")
