"""Manage user account (identity): nothing happens before the last yes, and everything is shown before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.identity import Identity
from models.staff import StaffMember
from models.states import IdentityState, Role
from screens.creation import done as identity_done
from screens.creation.access_picks import AccessPicks
from screens.creation.done import IdentityDone
from screens.creation.manage_identity import ManageIdentity
from screens.creation.wizard import CreateIdentity
from screens.dialogs.confirm import Confirm
from screens.dialogs.discard import Discard
from screens.dialogs.problem import Problem
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import person_key
from services.actor import Actor
from services.desk import Desk
from tests import making
from tests.acting import everything
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.services.creating import FRANK, account_of, by_access_key, make_colleague, make_office, make_old_account
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def frank(desk: Desk, ray: MadeAgency) -> StaffMember:
    office = make_office(desk, ray.agency)
    make_office(desk, ray.agency, "Ray Staging")
    make_old_account(desk, office)
    return make_colleague(desk, ray.agency, office=office)


@asynccontextmanager
async def managing(
    place: Workplace, actor: Actor, person: StaffMember, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage]]:
    app = Stage(place, ManageIdentity(place, actor, person_key.staff(person.id)))
    async with app.run_test(size=size) as pilot:
        yield pilot, app


async def at(pilot: Pilot[Any], words: str) -> None:
    await until(pilot, lambda: words in screen_text(pilot), words)


async def on_step(pilot: Pilot[Any], words: str) -> None:
    await at(pilot, words)
    await until(pilot, lambda: isinstance(pilot.app.screen, CreateIdentity) and not pilot.app.screen.busy)


ONWARD = (
    (("f4", "f2"), "Access  Step 2 of 4"),
    (("f2",), "Old account  Step 3 of 4"),
    (("f2",), "Review  Step 4 of 4"),
)
"""From each step to the next: the keys, and what stands there then."""


async def to_review(pilot: Pilot[Any]) -> None:
    await until_screen(pilot, CreateIdentity)
    await on_step(pilot, "Person  Step 1 of 4")
    for keys, words in ONWARD:
        await pilot.press(*keys)
        await on_step(pilot, words)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_leads_from_the_person_to_the_mail(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember, size: tuple[int, int]
) -> None:
    async with managing(place, ray.admin, frank, size) as (pilot, app):
        await to_review(pilot)
        for words in ("San Diego", "agent", "RAY-919", "fjones"):
            assert words in screen_text(pilot)
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        assert account_of(desk.ctx, frank) is None
        await pilot.press("y")
        await until_screen(pilot, IdentityDone)
        await at(pilot, "○ queued")
        assert "fjones (San Diego)" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is not NOTHING)
    identity = account_of(desk.ctx, frank)
    assert identity is not None
    assert (identity.email, identity.role) == (FRANK, Role.AGENT)


async def test_another_user_name_is_refused_with_the_reason_and_one_key_mends_it(
    place: Workplace, ray: MadeAgency, frank: StaffMember
) -> None:
    async with managing(place, ray.admin, frank) as (pilot, _):
        wizard = await until_screen(pilot, CreateIdentity)
        await at(pilot, "Step 1 of 4")
        assert wizard.query_one("#user_name", Field).value == "fjones"
        await pilot.press("f2")
        await until(pilot, lambda: wizard.query_one("#user_name", Field).problem)
        assert "must be the same" in wizard.query_one("#user_name", Field).problem
        await pilot.press("f4", "f2")
        await on_step(pilot, "Access  Step 2 of 4")
        assert wizard.draft.plan.user_name == FRANK


@pytest.mark.slow
@pytest.mark.parametrize("killed_at", [1, 2, 3, 4, 5])
async def test_a_wizard_that_dies_at_any_step_before_the_last_yes_leaves_nothing_behind(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember, killed_at: int
) -> None:
    before = everything(desk.ctx)
    async with managing(place, ray.admin, frank) as (pilot, app):
        await until_screen(pilot, CreateIdentity)
        await on_step(pilot, "Person  Step 1 of 4")
        for keys, words in ONWARD[: killed_at - 1]:
            await pilot.press(*keys)
            await on_step(pilot, words)
        if killed_at > len(ONWARD) + 1:
            await pilot.press("f2")
            await until_screen(pilot, Confirm)
        app.exit()
    assert everything(desk.ctx) == before


@pytest.mark.slow
async def test_no_to_are_you_sure_stays_at_the_review(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember
) -> None:
    async with managing(place, ray.admin, frank) as (pilot, _):
        await to_review(pilot)
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("n")
        await until_screen(pilot, CreateIdentity)
        await on_step(pilot, "Review  Step 4 of 4")
    assert account_of(desk.ctx, frank) is None


@pytest.mark.slow
async def test_the_mail_can_be_read_before_it_is_written(place: Workplace, ray: MadeAgency, frank: StaffMember) -> None:
    async with managing(place, ray.admin, frank) as (pilot, _):
        await to_review(pilot)
        await pilot.press("end")
        await at(pilot, "automatic message")


async def test_back_keeps_what_was_picked(place: Workplace, ray: MadeAgency, frank: StaffMember) -> None:
    async with managing(place, ray.admin, frank) as (pilot, _):
        wizard = await until_screen(pilot, CreateIdentity)
        await on_step(pilot, "Step 1 of 4")
        await pilot.press("f4", "f2")
        await on_step(pilot, "Access  Step 2 of 4")
        await until(pilot, lambda: isinstance(wizard.focused, AccessPicks))
        await pilot.press("home", "down", "space", "f3")
        await on_step(pilot, "Person  Step 1 of 4")
        await pilot.press("f2")
        await on_step(pilot, "Access  Step 2 of 4")
        assert "● supervisor" in screen_text(pilot)
        assert wizard.draft.plan.role is Role.SUPERVISOR


async def test_esc_asks_before_what_was_typed_goes(place: Workplace, ray: MadeAgency, frank: StaffMember) -> None:
    async with managing(place, ray.admin, frank) as (pilot, app):
        await until_screen(pilot, CreateIdentity)
        await on_step(pilot, "Step 1 of 4")
        await pilot.press("f4", "escape")
        await until_screen(pilot, Discard)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is not NOTHING)
        assert app.answer is None


async def test_an_address_of_somebody_else_is_told_beside_its_field(
    place: Workplace, ray: MadeAgency, frank: StaffMember
) -> None:
    async with managing(place, ray.admin, frank) as (pilot, _):
        wizard = await until_screen(pilot, CreateIdentity)
        await on_step(pilot, "Step 1 of 4")
        wizard.query_one("#email", Field).value = "sue@raystaging.example.com"
        await pilot.press("f4", "f2")
        await until(pilot, lambda: "user name of Sue Wright" in wizard.query_one("#email", Field).problem)


async def test_somebody_inactive_is_refused_at_once(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    gone = make_colleague(desk, ray.agency, active=False)
    async with managing(place, ray.admin, gone) as (pilot, app):
        await until_screen(pilot, Problem)
        await at(pilot, "Set it to active first")
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


@pytest.mark.slow
async def test_who_was_slower_hears_who_did_it(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    async with managing(place, ray.admin, frank) as (pilot, _):
        await to_review(pilot)
        desk.creation.create(ann, desk.creation.preview(ann, person_key.staff(frank.id)).plan)
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until_screen(pilot, Problem)
        await at(pilot, "Ann Agent created this account")


async def test_leaving_asks_nothing_while_nothing_was_changed(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    async with managing(place, ray.admin, make_colleague(desk, ray.agency)) as (pilot, app):
        await on_step(pilot, "Person  Step 1 of 3")
        await pilot.press("f2")
        await on_step(pilot, "Access  Step 2 of 3")
        await pilot.press("escape")
        await until(pilot, lambda: app.answer is not NOTHING)


async def test_the_key_that_mends_is_offered_only_while_the_two_differ(
    place: Workplace, ray: MadeAgency, frank: StaffMember
) -> None:
    async with managing(place, ray.admin, frank) as (pilot, _):
        await on_step(pilot, "Person  Step 1 of 4")
        await at(pilot, "Make them the same")
        await pilot.press("f4")
        await until(pilot, lambda: "Make them the same" not in screen_text(pilot))
        await pilot.press("x")
        await at(pilot, "Make them the same")


async def test_ones_own_account_ends_the_session_and_still_shows_its_mail(
    place: Workplace, desk: Desk, ray: MadeAgency
) -> None:
    office = make_office(desk, ray.agency)
    actor = by_access_key(desk, make_old_account(desk, office))
    me = make_colleague(desk, ray.agency, office=office, role=Role.ADMINISTRATOR)
    async with managing(place, actor, me) as (pilot, app):
        await to_review(pilot)
        await at(pilot, "your own account")
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until_screen(pilot, IdentityDone)
        await at(pilot, "○ queued")
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is not NOTHING)


async def test_a_hostile_name_is_mere_text(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    with desk.ctx.unit():
        StaffMember.update(first_name=HOSTILE[:100], last_name="x").execute()
        Identity.update(name="x").execute()
    person = make_colleague(desk, ray.agency, first=HOSTILE[:100])
    async with managing(place, ray.admin, person, (120, 40)) as (pilot, _):
        await until_screen(pilot, CreateIdentity)
        await at(pilot, "Step 1 of 3")
        assert is_harmless(pilot)
        await pilot.press("f2")
        await on_step(pilot, "Access  Step 2 of 3")
        await pilot.press("f2")
        await on_step(pilot, "Review  Step 3 of 3")
        assert is_harmless(pilot)


async def test_somebody_deactivated_meanwhile_hears_it_at_the_next_step_and_nothing_is_made(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    async with managing(place, ann, frank) as (pilot, app):
        await until_screen(pilot, CreateIdentity)
        await on_step(pilot, "Step 1 of 4")
        with desk.ctx.unit():
            Identity.update(state=IdentityState.DEACTIVATED).where(Identity.id == ann.identity_id).execute()
        await pilot.press("f4", "f2")
        await until_screen(pilot, Problem)
        await at(pilot, "no longer active")
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is not NOTHING)
        assert app.answer is None
    assert account_of(desk.ctx, frank) is None


async def test_the_mail_is_followed_while_one_looks(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity_done, "LOOK_EVERY", 0.02)
    result = desk.creation.create(ray.admin, desk.creation.preview(ray.admin, person_key.staff(frank.id)).plan)
    app = Stage(place, IdentityDone(place, ray.admin, result, "RAY-919"))
    async with app.run_test() as pilot:
        await at(pilot, "○ queued")
        with desk.ctx.read():
            identity = Identity.get_by_id(result.identity_id)
        making.server_took(desk.ctx, making.mails(desk.ctx, identity)[0])
        await at(pilot, "● kept in the Mail tab")


async def test_a_client_gets_an_account_in_three_steps(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    brent = making.make_client(desk, ray.agency)
    app = Stage(place, ManageIdentity(place, ray.admin, person_key.client(brent.id)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_screen(pilot, CreateIdentity)
        await on_step(pilot, "Person  Step 1 of 3")
        await pilot.press("f2")
        await on_step(pilot, "Access  Step 2 of 3")
        await pilot.press("enter")
        await on_step(pilot, "Review  Step 3 of 3")
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until_screen(pilot, IdentityDone)
    assert making.identity_of(desk.ctx, brent).role is Role.CLIENT
