"""The account of somebody who has one: shown, changed after a question, and left without losing anything unasked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.identity import Membership
from models.staff import StaffMember
from models.states import IdentityState, Role
from screens.creation.access_picks import AccessPicks
from screens.creation.account import ManageAccount
from screens.creation.manage_identity import ManageIdentity
from screens.dialogs.confirm import Confirm
from screens.dialogs.discard import Discard
from screens.dialogs.problem import Problem
from screens.workplace import Workplace
from services import person_key
from services.accounts.values import AccessChange
from services.actor import Actor
from services.desk import Desk
from services.person_key import PersonKey
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.services.creating import account_of, make_colleague, make_identity, make_office
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def frank(desk: Desk, ray: MadeAgency) -> StaffMember:
    # By name they come in another order than by number.
    make_office(desk, ray.agency, "Toronto")
    make_office(desk, ray.agency, "San Diego")
    member = make_colleague(desk, ray.agency)
    make_identity(desk, member, IdentityState.DEACTIVATED)
    return member


@asynccontextmanager
async def managing(
    place: Workplace, actor: Actor, person: PersonKey, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage]]:
    app = Stage(place, ManageIdentity(place, actor, person))
    async with app.run_test(size=size) as pilot:
        screen = await until_screen(pilot, ManageAccount)
        await until(pilot, lambda: screen.focused is not None)
        yield pilot, app


async def at(pilot: Pilot[Any], words: str) -> None:
    await until(pilot, lambda: words in screen_text(pilot), words)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_offices_and_role_are_changed_after_a_question_that_says_what_follows(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember, size: tuple[int, int]
) -> None:
    async with managing(place, ray.admin, person_key.staff(frank.id), size) as (pilot, app):
        await at(pilot, "■ deactivated")
        for words in ("RAY-919", "never", "● agent", "[ ] Toronto", "With none ticked"):
            assert words in screen_text(pilot)
        await pilot.press("home", "down", "space", "end", "space")
        await at(pilot, "● edited")
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        await at(pilot, "sees 1 office instead of the whole agency")
        await at(pilot, "from agent to supervisor")
        before = account_of(desk.ctx, frank)
        assert before is not None
        assert before.role is Role.AGENT
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)
        assert app.told == ["The account of Frank Jones has been saved."]
    account = account_of(desk.ctx, frank)
    assert account is not None
    assert account.role is Role.SUPERVISOR
    with desk.ctx.read():
        assert [row.office.name for row in Membership.select()] == ["Toronto"]


async def test_esc_asks_only_before_a_change_is_lost(place: Workplace, ray: MadeAgency, frank: StaffMember) -> None:
    async with managing(place, ray.admin, person_key.staff(frank.id)) as (pilot, app):
        await pilot.press("end", "space", "escape")
        await until_screen(pilot, Discard)
        await pilot.press("n")
        await until_screen(pilot, ManageAccount)
        assert "[x] Toronto" in screen_text(pilot)
        await pilot.press("space", "escape")
        await until(pilot, lambda: app.answer is None)


async def test_who_was_slower_is_shown_how_it_is_now(
    place: Workplace, desk: Desk, ray: MadeAgency, frank: StaffMember
) -> None:
    boss = making.make_staff(desk, ray.agency, "boss@example.com", role=Role.ADMINISTRATOR, first="Bea", last="Boss")
    key = person_key.staff(frank.id)
    async with managing(place, ray.admin, key) as (pilot, app):
        view = desk.account_access.view(boss, key)
        both = tuple(office.id for office in view.offices)
        desk.account_access.change(boss, key, AccessChange(view.version, Role.AUDITOR, both))
        await pilot.press("end", "space", "f2")
        await until_screen(pilot, Problem)
        await at(pilot, "Bea Boss changed this account")
        await pilot.press("enter")
        screen = await until_screen(pilot, ManageAccount)
        await at(pilot, "● auditor")
        for words in ("[x] San Diego", "[x] Toronto"):
            assert words in screen_text(pilot)
        assert "● edited" not in screen_text(pilot)
        await until(pilot, lambda: isinstance(screen.focused, AccessPicks))
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)
        assert app.told == ["Nothing was changed."]


async def test_ones_own_account_is_only_shown(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    with desk.ctx.read():
        sue = person_key.staff(StaffMember.get().id)
    async with managing(place, ray.admin, sue) as (pilot, app):
        await at(pilot, "This is your own account")
        await at(pilot, "send a reset")
        assert "F2" not in screen_text(pilot)
        await pilot.press("f2", "escape")
        await until(pilot, lambda: app.answer is not NOTHING)


async def test_a_hostile_name_is_mere_text(place: Workplace, desk: Desk, ray: MadeAgency) -> None:
    make_office(desk, ray.agency, HOSTILE[:60])
    person = make_colleague(desk, ray.agency, first=HOSTILE[:100])
    make_identity(desk, person)
    async with managing(place, ray.admin, person_key.staff(person.id), (120, 40)) as (pilot, _):
        await at(pilot, "not activated")
        await pilot.press("end", "space", "f2")
        await until_screen(pilot, Confirm)
        assert is_harmless(pilot)
