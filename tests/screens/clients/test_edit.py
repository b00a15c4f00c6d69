"""The edit form: what it checks, what it tells before and after saving, and that nothing typed is lost unasked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from models.client import Client
from screens.clients.edit import ClientEdit
from screens.dialogs.confirm import Confirm
from screens.dialogs.conflict import ConflictChoice
from screens.dialogs.email_change import EmailChange
from screens.dialogs.problem import Problem
from screens.widgets.field import Field
from screens.widgets.tick import Tick
from screens.workplace import Workplace
from services import person_key
from services.clients.values import ClientFields, ClientRecord, Saved
from services.desk import Desk
from services.errors import Unavailable
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen

NEW = "brent@new.example.com"


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency with its administrator."""
    return making.make_agency(desk)


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> Client:
    """A client of that agency."""
    return making.make_client(desk, ray.agency, phone="+15195550143")


@pytest.fixture
def form(place: Workplace, desk: Desk, ray: MadeAgency, brent: Client) -> ClientEdit:
    """The form with that client in it."""
    return ClientEdit(place, ray.admin, desk.clients.get(ray.admin, brent.id))


@pytest.fixture
def stage(place: Workplace, form: ClientEdit) -> Stage:
    """The program with the form on the screen."""
    return Stage(place, form)


def stored(desk: Desk, ray: MadeAgency, brent: Client) -> ClientRecord:
    """The client as the desk now has it."""
    return desk.clients.get(ray.admin, brent.id)


def field(form: ClientEdit, name: str) -> Field:
    """A field of the form."""
    return form.query_one(f"#{name}", Field)


async def shown(pilot: Pilot[Any], form: ClientEdit) -> None:
    """Wait for the form, with its first field ready for typing."""
    await until(pilot, lambda: pilot.app.screen is form and form.focused is not None)


async def test_f2_saves_what_was_typed_and_nothing_else(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    before = stored(desk, ray, brent)
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        field(form, "phone").value = "519 555 0188"
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    after = stored(desk, ray, brent)
    assert after.fields == replace(before.fields, phone="+15195550188")
    assert stage.answer == Saved(after, email_changed=False)


async def test_the_title_says_when_something_is_unsaved(stage: Stage, form: ClientEdit) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        assert "edited" not in screen_text(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "● edited" in screen_text(pilot))
        await pilot.press("backspace")
        await until(pilot, lambda: "edited" not in screen_text(pilot))
        form.query_one(Tick).ticked = False
        await until(pilot, lambda: "● edited" in screen_text(pilot))


async def test_escape_with_nothing_typed_leaves_at_once(stage: Stage, form: ClientEdit) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        await pilot.press("escape")
        await until(pilot, lambda: stage.answer is None)


async def test_escape_asks_before_it_loses_what_was_typed(stage: Stage, form: ClientEdit) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        await pilot.press("x", "escape")
        await until_screen(pilot, Confirm)
        assert "First name: Brentx" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is form)
        assert field(form, "first_name").value == "Brentx"
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: stage.answer is None)


async def test_what_does_not_hold_is_told_beside_its_field_and_nothing_is_saved(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    before = stored(desk, ray, brent)
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        for name, value in {"email": "brent@", "phone": "99", "date_of_birth": "1972-13-01"}.items():
            field(form, name).value = value
        await pilot.press("f2")
        await until(pilot, lambda: field(form, "date_of_birth").problem)
        assert field(form, "email").problem
        assert field(form, "phone").problem
        assert field(form, "email").input.has_focus
        assert stage.answer is NOTHING
    assert stored(desk, ray, brent) == before


async def test_an_address_of_somebody_else_is_told_beside_the_field(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency
) -> None:
    making.make_client(desk, ray.agency, "cindy@example.com", first="Cindy", last="Baxter")
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        field(form, "email").value = "Cindy@Example.com"
        await pilot.press("f2")
        await until(pilot, lambda: "already belongs to Cindy Baxter" in field(form, "email").problem)
        assert pilot.app.screen is form


async def test_another_address_is_saved_only_after_its_consequences_were_told(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    making.give_account(desk, ray.admin, brent)
    making.verified(desk, ray.admin, person_key.client(brent.id))
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        field(form, "email").value = NEW
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        assert f"The user name becomes {NEW}." in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form and not form.saving)
        assert stored(desk, ray, brent).fields.email != NEW
        assert field(form, "email").value == NEW
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        await pilot.press("enter")
        await until(pilot, lambda: stage.answer is not NOTHING)
    assert stage.answer.email_changed
    assert stored(desk, ray, brent).fields.email == NEW


async def test_only_another_case_of_the_address_needs_no_question(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        field(form, "email").value = stored(desk, ray, brent).fields.email.replace("brent", "Brent")
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    assert not stage.answer.email_changed


def change(desk: Desk, ray: MadeAgency, brent: Client, **fields: Any) -> None:
    """What somebody else does in the meantime."""
    other = making.make_staff(
        desk, ray.agency, f"ann{len(making.entries(desk.ctx))}@example.com", first="Ann", last="Lee"
    )
    record = desk.clients.get(other, brent.id)
    desk.clients.save(other, brent.id, record.version, replace(record.fields, **fields))


async def test_two_editors_of_one_client_lose_nothing_unseen(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        change(desk, ray, brent, last_name="Thomson", phone="+15195550199")
        field(form, "phone").value = "(519) 555-0144"
        await pilot.press("f2")
        await until_screen(pilot, ConflictChoice)
        assert "Ann Lee" in screen_text(pilot)
        assert stored(desk, ray, brent).fields.phone == "+15195550199"
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    after = stored(desk, ray, brent).fields
    assert (after.last_name, after.phone) == ("Thomson", "+15195550144")


async def test_going_back_from_a_conflict_keeps_what_was_typed_and_asks_again(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        change(desk, ray, brent, last_name="Thomson")
        field(form, "phone").value = "(519) 555-0144"
        await pilot.press("f2")
        await until_screen(pilot, ConflictChoice)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form and not form.saving)
        assert field(form, "phone").value == "(519) 555-0144"
        await pilot.press("f2")
        await until_screen(pilot, ConflictChoice)


async def test_a_second_conflict_while_choosing_is_shown_too(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        change(desk, ray, brent, last_name="Thomson")
        field(form, "phone").value = "(519) 555-0144"
        await pilot.press("f2")
        first = await until_screen(pilot, ConflictChoice)
        change(desk, ray, brent, first_name="Brenton")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConflictChoice) and pilot.app.screen is not first)
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    after = stored(desk, ray, brent).fields
    assert (after.first_name, after.last_name, after.phone) == ("Brenton", "Thomson", "+15195550144")


async def test_two_who_type_the_same_have_no_conflict_to_decide(
    stage: Stage, form: ClientEdit, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        change(desk, ray, brent, phone="+15195550144")
        field(form, "phone").value = "(519) 555-0144"
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    assert stored(desk, ray, brent).fields.phone == "+15195550144"


async def test_nothing_typed_is_lost_when_the_database_cannot_serve(
    stage: Stage, form: ClientEdit, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Unavailable("The disk of the database is full. Nothing was changed; make room, then try again.")

    monkeypatch.setattr(desk.clients, "save", refuse)
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        field(form, "phone").value = "(519) 555-0144"
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        assert "The disk of the database is full." in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form and not form.saving)
        assert field(form, "phone").value == "(519) 555-0144"


async def test_a_second_f2_while_saving_saves_once(
    stage: Stage, form: ClientEdit, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[object] = []
    save = desk.clients.save
    monkeypatch.setattr(desk.clients, "save", lambda *args: (saved.append(args), save(*args))[-1])
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        field(form, "phone").value = "(519) 555-0144"
        form.action_save()
        form.action_save()
        await until(pilot, lambda: stage.answer is not NOTHING)
        await until(pilot, lambda: not form.saving)
    assert len(saved) == 1


async def test_the_form_for_a_new_client_adds_one(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    form = ClientEdit(place, ray.admin, None)
    stage = Stage(place, form)
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        assert "New client" in screen_text(pilot)
        for name, value in {"first_name": "Cindy", "last_name": "Baxter", "email": "cindy@example.com"}.items():
            field(form, name).value = value
        await pilot.press("f2")
        await until(pilot, lambda: stage.answer is not NOTHING)
    added = desk.clients.find_by_email(ray.admin, "cindy@example.com")
    assert added is not None
    assert added.fields == ClientFields("Cindy", "Baxter", "cindy@example.com", "", "", True)


async def test_a_new_client_must_have_names_and_an_address(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    form = ClientEdit(place, ray.admin, None)
    stage = Stage(place, form)
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        await pilot.press("f2")
        await until(pilot, lambda: field(form, "email").problem)
        assert field(form, "first_name").problem
        assert field(form, "last_name").problem
        assert not field(form, "phone").problem
    assert desk.clients.count(ray.admin) == 0


async def test_it_begins_in_the_field_that_is_asked_for_and_says_why(
    place: Workplace, desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    form = ClientEdit(place, ray.admin, stored(desk, ray, brent), focus="email", note="Then the mail goes.")
    stage = Stage(place, form)
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        assert field(form, "email").input.has_focus
        assert "Then the mail goes." in screen_text(pilot)


async def test_enter_and_the_arrows_go_from_field_to_field(stage: Stage, form: ClientEdit) -> None:
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        await pilot.press("enter")
        assert field(form, "last_name").input.has_focus
        await pilot.press("down")
        assert field(form, "email").input.has_focus
        await pilot.press("up")
        assert field(form, "last_name").input.has_focus


def is_seen(form: ClientEdit, widget: Widget) -> bool:
    """Whether all of it is on the screen."""
    return form.region.contains_region(widget.region) and widget.size.width > 20


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 18)])
async def test_every_field_can_be_reached_at_every_size(stage: Stage, form: ClientEdit, size: tuple[int, int]) -> None:
    async with stage.run_test(size=size) as pilot:
        await shown(pilot, form)
        for place_in_form in form.query(Field):
            place_in_form.focus()
            await until(pilot, partial(is_seen, form, place_in_form.input))
        form.query_one(Tick).focus()
        await until(pilot, partial(is_seen, form, form.query_one(Tick)))


async def test_hostile_names_stay_text(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    client = making.make_client(desk, ray.agency, first=HOSTILE[:60], last="x", changed_by=HOSTILE)
    form = ClientEdit(place, ray.admin, desk.clients.get(ray.admin, client.id))
    stage = Stage(place, form)
    async with stage.run_test(size=(80, 24)) as pilot:
        await shown(pilot, form)
        assert is_harmless(pilot)
