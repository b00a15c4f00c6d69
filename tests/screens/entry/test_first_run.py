"""The first screen of a new desk: one's own agency or sample data, and no account that nobody made."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from models.agency import Agency
from models.identity import Identity
from models.states import Role
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.entry.first_run import FirstRun
from screens.entry.founding import SAMPLE, OwnAgency, SampleAgency
from screens.widgets.field import Field
from screens.wizard.wizard import Wizard
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.importing.report import Progress
from services.clients.values import ClientQuery
from services.credentials.passwords import Secret
from services.errors import Unavailable
from services.remembered import Remembered, recall
from tests.making import make_agency
from tests.screens.hostile import is_harmless
from tests.screens.stage import NOTHING, Staged, staged
from tests.settling import screen_text, until, until_screen

GOOD = "copper kettle morning"
MARKUP = "[/x][@click=app.quit]Bob[/]"

AGENCY = {"name": "Harbour Homes", "code": "HARBOUR-7"}
CONTACT = {"address": "12 Harbour Road", "town": "Sarnia ON", "phone": "519 555 0143", "email": "office@example.ca"}
ADMINISTRATOR = {"admin_first": "Sue", "admin_last": "Wright", "admin_email": "sue@example.ca"}
PASSWORD = {"password": GOOD, "confirm": GOOD}


def first_run(place: Workplace) -> Staged[FirstRun]:
    """The choice on a screen."""
    return staged(place, FirstRun(place))


async def fill_in(pilot: Pilot[Any], wizard: Wizard[Any, Any], values: dict[str, str], then: str) -> None:
    """Put something into the fields of the step, go on, and wait for the next one."""
    for name, text in values.items():
        wizard.query_one(f"#{name}", Field).value = text
    await pilot.pause()
    await pilot.press("f2")
    await until(pilot, lambda: then in screen_text(pilot), then)


async def finish(pilot: Pilot[Any], wizard: Wizard[Any, Any]) -> None:
    """Choose the password in the last step."""
    for name, text in PASSWORD.items():
        wizard.query_one(f"#{name}", Field).value = text
    await pilot.pause()
    await pilot.press("f2")


async def to_review(pilot: Pilot[Any], **changed: str) -> OwnAgency:
    """One's own agency up to the last step."""
    await pilot.press("1")
    wizard = await until_screen(pilot, OwnAgency)
    assert isinstance(wizard, OwnAgency)
    await fill_in(pilot, wizard, AGENCY | changed, "Step 2 of 5")
    await fill_in(pilot, wizard, CONTACT, "Step 3 of 5")
    await fill_in(pilot, wizard, ADMINISTRATOR, "Step 4 of 5")
    await fill_in(pilot, wizard, PASSWORD, "Step 5 of 5")
    return wizard


async def test_ones_own_agency_is_founded_and_its_administrator_signed_in(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, _):
        await to_review(pilot)
        text = screen_text(pilot)
        for words in ("Harbour Homes", "HARBOUR-7", "Sue Wright", "sue@example.ca", "Nothing is sent by mail."):
            assert words in text
        assert GOOD not in text
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.answer, Actor))
        assert app.answer.role is Role.ADMINISTRATOR
    view = place.desk.agencies.view(app.answer.agency_id)
    assert (view.name, view.code) == ("Harbour Homes", "HARBOUR-7")
    assert (view.address, view.phone, view.email) == (
        "12 Harbour Road\nSarnia ON",
        "(519) 555-0143",
        "office@example.ca",
    )
    assert place.desk.sign_in.sign_in("HARBOUR-7", "sue@example.ca", Secret(GOOD), place.origin)


@pytest.mark.slow
async def test_the_founder_finds_the_sign_in_form_filled_in_next_time(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, _):
        await to_review(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Actor))
    assert recall(place.desk.ctx.settings.remembered_path) == Remembered("HARBOUR-7", "sue@example.ca")


@pytest.mark.slow
async def test_the_contact_block_may_stay_empty(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, _):
        await pilot.press("1")
        wizard = await until_screen(pilot, OwnAgency)
        await fill_in(pilot, wizard, AGENCY, "Step 2 of 5")
        await fill_in(pilot, wizard, {}, "Step 3 of 5")
        await fill_in(pilot, wizard, ADMINISTRATOR, "Step 4 of 5")
        await fill_in(pilot, wizard, PASSWORD, "Step 5 of 5")
        assert "Contact           none" in screen_text(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Actor))


async def test_nothing_exists_before_the_last_step(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, screen):
        await to_review(pilot)
        assert not place.desk.is_founded()
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: app.screen is screen)
        assert not place.desk.is_founded()
    with place.desk.ctx.read():
        assert not Identity.select().exists()


@pytest.mark.slow
async def test_the_password_must_not_be_made_of_what_the_steps_before_said(place: Workplace) -> None:
    async with first_run(place) as (pilot, _, _screen):
        await pilot.press("1")
        wizard = await until_screen(pilot, OwnAgency)
        await fill_in(pilot, wizard, AGENCY, "Step 2 of 5")
        await fill_in(pilot, wizard, {}, "Step 3 of 5")
        await fill_in(pilot, wizard, ADMINISTRATOR, "Step 4 of 5")
        own = {"password": "harbourhomes1234", "confirm": "harbourhomes1234"}
        await fill_in(pilot, wizard, own, "✗ Not your name")
        await until(pilot, lambda: wizard.query_one("#password", Field).problem)
        assert "Step 4 of 5" in screen_text(pilot)


@pytest.mark.slow
async def test_a_desk_that_was_set_up_meanwhile_is_told(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, _):
        await to_review(pilot)
        make_agency(place.desk)
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        assert "This desk belongs to Ray Staging" in screen_text(pilot)
        assert app.answer is NOTHING


@pytest.mark.slow
async def test_markup_in_names_is_mere_text_and_is_kept_as_it_is(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, _):
        await to_review(pilot, name=MARKUP)
        assert is_harmless(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Actor))
    with place.desk.ctx.read():
        assert Agency.get().name == MARKUP


async def test_sign_that_acts_on_a_terminal_is_refused_beside_its_field(place: Workplace) -> None:
    async with first_run(place) as (pilot, _, _screen):
        await pilot.press("1")
        wizard = await until_screen(pilot, OwnAgency)
        await fill_in(pilot, wizard, AGENCY | {"name": "Ray\x1b]0;gone\x07"}, "ESCAPE")
        assert "Step 1 of 5" in screen_text(pilot)


async def test_sample_data_asks_only_who_signs_in_and_fills_the_list(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, _):
        await pilot.press("down", "enter")
        wizard = await until_screen(pilot, SampleAgency)
        assert SAMPLE.code in screen_text(pilot)
        await fill_in(pilot, wizard, ADMINISTRATOR, "Step 2 of 2")
        await finish(pilot, wizard)
        await until(pilot, lambda: isinstance(app.answer, Actor))
    assert place.desk.agencies.view(app.answer.agency_id).name == "Ray Staging"
    assert place.desk.clients.count(app.answer) == 1_204
    assert place.desk.clients.rows(app.answer, ClientQuery())


async def test_the_upload_shows_how_far_it_is(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()

    def run(_actor: Actor, _path: Path, *, on_progress: Callable[[Progress], None]) -> None:
        on_progress(Progress(bytes_done=30, bytes_total=40, rows=1))
        goes_on.wait(10)

    monkeypatch.setattr(place.desk.imports, "run", run)
    async with first_run(place) as (pilot, app, _):
        await pilot.press("2")
        wizard = await until_screen(pilot, SampleAgency)
        await fill_in(pilot, wizard, ADMINISTRATOR, "Step 2 of 2")
        await finish(pilot, wizard)
        await until(pilot, lambda: "75%" in screen_text(pilot))
        assert "Taking in the sample clients …" in screen_text(pilot)
        goes_on.set()
        await until(pilot, lambda: isinstance(app.answer, Actor))


@pytest.mark.slow
async def test_an_upload_that_fails_is_told_and_the_agency_stands(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Unavailable("The disk of the database is full. Nothing was changed; make room, then try again.")

    monkeypatch.setattr(place.desk.imports, "run", fail)
    async with first_run(place) as (pilot, app, _):
        await pilot.press("2")
        wizard = await until_screen(pilot, SampleAgency)
        await fill_in(pilot, wizard, ADMINISTRATOR, "Step 2 of 2")
        await finish(pilot, wizard)
        await until_screen(pilot, Problem)
        assert "The disk of the database is full." in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.answer, Actor))


async def test_the_mouse_chooses_too(place: Workplace) -> None:
    async with first_run(place) as (pilot, _, _screen):
        await pilot.click("#sample")
        await until_screen(pilot, SampleAgency)


async def test_two_quick_keys_open_one_wizard(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, screen):
        screen.action_own()
        screen.action_sample()
        await until_screen(pilot, OwnAgency)
        await pilot.pause()
        assert len(app.screen_stack) == 3


async def test_leaving_asks_and_sets_nothing_up(place: Workplace) -> None:
    async with first_run(place) as (pilot, app, screen):
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)
        assert not place.desk.is_founded()


async def test_it_fits_on_80x24(place: Workplace) -> None:
    async with first_run(place) as (_, _app, screen):
        assert screen.query_one(".card-room").max_scroll_y == 0
