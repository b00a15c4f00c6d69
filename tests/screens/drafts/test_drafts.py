"""What is typed into a form is kept while one types, and offered at the next sign-in until it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from models.agency import Office
from models.client import Client
from models.staff import StaffMember
from models.states import Role
from models.unfinished import Draft
from screens.clients.edit import ClientEdit
from screens.creation.access_picks import AccessPicks
from screens.creation.account import ManageAccount
from screens.creation.wizard import CreateIdentity
from screens.dialogs.confirm import Confirm
from screens.dialogs.conflict import ConflictChoice
from screens.dialogs.unfinished import Unfinished
from screens.drafts import keeper
from screens.help_queue.asking import GetHelp
from screens.settings.agency_rules import AgencyRulesScreen
from screens.widgets.field import Field
from screens.widgets.one_of import OneOf
from screens.workplace import Sitting, Workplace
from services import person_key
from services.clients.values import ClientFields
from services.desk import Desk
from services.drafts import DraftForm, DraftKey, Typed, WaitingDraft
from services.person_key import PersonKey
from services.text import fold
from tests import making
from tests.screens.desk_stage import SMALL, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.services.creating import make_colleague
from tests.settling import screen_text, shows, until, until_screen
from tui.app import DeskApp


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    return DeskStage(place, desk)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed is kept without a pause."""
    monkeypatch.setattr(keeper, "KEEP_AFTER", 0.0)


def kept(stage: DeskStage) -> list[WaitingDraft]:
    return list(stage.desk.drafts.waiting(stage.ray.admin))


def stored(stage: DeskStage) -> dict[str, Any]:
    """What is kept of the only draft."""
    [draft] = kept(stage)
    return dict(stage.desk.drafts.take(stage.ray.admin, draft.id).fields)


def keep(stage: DeskStage, form: DraftForm, person: PersonKey | None, typed: Typed) -> None:
    stage.desk.drafts.keep(stage.ray.admin, DraftKey(form, person), typed)


def client_draft(stage: DeskStage, number: int, **fields: str) -> None:
    """A draft of the form of a client, as it stands now."""
    record = stage.desk.clients.get(stage.ray.admin, number)
    read = {"first_name": record.fields.first_name, "last_name": record.fields.last_name}
    keep(stage, DraftForm.CLIENT, person_key.client(number), Typed(f"Edit {record.name}", fields, read, record.version))


async def offered(pilot: Pilot[Any], stage: DeskStage) -> Unfinished:
    await stage.ready(pilot)
    stage.main.offer_drafts()
    dialog: Unfinished = await until_screen(pilot, Unfinished)
    await until(pilot, lambda: dialog.focused is not None)
    return dialog


async def gone_on(pilot: Pilot[Any], stage: DeskStage, kind: type[Any]) -> Any:
    await offered(pilot, stage)
    await pilot.press("enter")
    return await until_screen(pilot, kind)


def field(form: Any, name: str) -> Field:
    found: Field = form.query_one(f"#{name}", Field)
    return found


async def test_what_is_typed_is_kept_soon_and_goes_with_what_is_typed_back(stage: DeskStage, at_once: None) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("e")
        form = await until_screen(pilot, ClientEdit)
        await pilot.press("x")
        await until(pilot, lambda: kept(stage))
        [draft] = kept(stage)
        assert (draft.title, draft.key.form) == ("Edit Brent Thomas", DraftForm.CLIENT)
        assert stored(stage)["first_name"] == "Brentx"
        await pilot.press("backspace")
        await until(pilot, lambda: not kept(stage))
        assert field(form, "first_name").value == "Brent"


@pytest.mark.parametrize("keys", [("f2",), ("escape", "y")], ids=["saved", "left without saving"])
async def test_no_draft_is_left_of_what_is_done_with(stage: DeskStage, at_once: None, keys: tuple[str, ...]) -> None:
    stage.add("Brent Thomas")
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("e")
        await until_screen(pilot, ClientEdit)
        await pilot.press("x")
        await until(pilot, lambda: kept(stage))
        if keys[0] == "escape":
            await pilot.press("escape")
            await until_screen(pilot, Confirm)
            await pilot.press("n")
            await until_screen(pilot, ClientEdit)
            assert kept(stage), "who keeps editing keeps the draft"
            await pilot.press("escape")
            await until_screen(pilot, Confirm)
            await pilot.press("y")
        else:
            await pilot.press("f2")
        await stage.ready(pilot, 1)
        assert kept(stage) == []


async def test_a_draft_is_gone_on_with_as_it_was_typed_and_saved(stage: DeskStage) -> None:
    [brent] = stage.add("Brent Thomas")
    client_draft(stage, brent, last_name="Thomasson", phone="123")
    async with stage.app.run_test(size=SMALL) as pilot:
        dialog = await offered(pilot, stage)
        assert "Edit Brent Thomas" in screen_text(pilot)
        assert "did not save it" in screen_text(pilot)
        assert dialog is pilot.app.screen
        await pilot.press("enter")
        form = await until_screen(pilot, ClientEdit)
        await until(pilot, lambda: form.edited)
        await shows(pilot, "● edited")
        assert [field(form, name).value for name in ("first_name", "last_name", "phone")] == [
            "Brent",
            "Thomasson",
            "123",
        ]
        field(form, "phone").value = ""
        await pilot.press("f2")
        await stage.ready(pilot, 1)
    assert stage.desk.clients.get(stage.ray.admin, brent).name == "Brent Thomasson"
    assert kept(stage) == []


async def test_whoever_changed_the_record_meanwhile_is_met_as_a_conflict(stage: DeskStage) -> None:
    [brent] = stage.add("Brent Thomas")
    client_draft(stage, brent, last_name="Thomasson")
    stage.desk.clients.save(
        stage.ray.admin, brent, 1, ClientFields("Brendan", "Thomas", "brent.thomas@example.com", subscribed=True)
    )
    async with stage.app.run_test(size=SMALL) as pilot:
        form = await gone_on(pilot, stage, ClientEdit)
        await until(pilot, lambda: form.edited)
        await pilot.press("f2")
        await until_screen(pilot, ConflictChoice)
        await shows(pilot, "Brendan", "Thomasson")


async def test_several_drafts_are_a_list_from_which_one_is_thrown_away_after_a_question(stage: DeskStage) -> None:
    [brent, gone] = stage.add("Brent Thomas", "Gail Gone")
    client_draft(stage, brent, last_name="Thomasson")
    client_draft(stage, gone, last_name="Went")
    keep(stage, DraftForm.STAFF, None, Typed(HOSTILE, {"first_name": HOSTILE}))
    with stage.desk.ctx.unit():
        Client.delete().where(Client.id == gone).execute()
    async with stage.app.run_test(size=SMALL) as pilot:
        await offered(pilot, stage)
        assert is_harmless(pilot)
        await pilot.press("down")
        await shows(pilot, "throw the draft away")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Unfinished)
        await pilot.press("x")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: len(kept(stage)) == 2)
        await until_screen(pilot, Unfinished)
        await pilot.press("escape")
        await stage.ready(pilot)
        await pilot.press("c")
        await until_screen(pilot, Unfinished)
    assert len(kept(stage)) == 2


async def test_one_that_was_put_off_is_offered_when_its_form_is_opened(stage: DeskStage) -> None:
    [brent] = stage.add("Brent Thomas")
    client_draft(stage, brent, last_name="Thomasson")
    async with stage.app.run_test(size=SMALL) as pilot:
        await offered(pilot, stage)
        await pilot.press("escape")
        await stage.ready(pilot)
        await pilot.press("e")
        await until_screen(pilot, Confirm)
        await shows(pilot, "Go on with what you typed?")
        await pilot.press("y")
        form = await until_screen(pilot, ClientEdit)
        await until(pilot, lambda: field(form, "last_name").value == "Thomasson")


async def test_the_wizard_of_an_account_begins_with_what_was_typed_and_picked(stage: DeskStage, at_once: None) -> None:
    with stage.desk.ctx.unit():
        office = Office.create(agency=stage.ray.agency, name="Ottawa", name_key=fold("Ottawa"))
    member = make_colleague(stage.desk, stage.ray.agency)
    person = person_key.staff(int(member.id))
    fields: dict[str, Any] = {
        "user_name": "f.jones@example.com",
        "email": "f.jones@example.com",
        "role": "supervisor",
        "offices": f"{office.id} 4711",
        "migrate": False,
    }
    keep(stage, DraftForm.IDENTITY, person, Typed("Account for Frank", fields, version=int(member.version)))
    async with stage.app.run_test(size=SMALL) as pilot:
        wizard = await gone_on(pilot, stage, CreateIdentity)
        assert field(wizard, "email").value == "f.jones@example.com"
        await pilot.press("f2")
        await shows(pilot, "Access  Step 2 of")
        picks = wizard.query_one(AccessPicks)
        assert (picks.role, picks.offices) == (Role.SUPERVISOR, (int(office.id),))
        picks.pick("role:auditor")
        await until(
            pilot, lambda: stage.desk.drafts.take(stage.ray.admin, kept(stage)[0].id).fields["role"] == "auditor"
        )
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await stage.ready(pilot)
    assert kept(stage) == []


async def test_an_account_is_shown_with_what_was_picked(stage: DeskStage) -> None:
    ann = making.make_staff(stage.desk, stage.ray.agency, "ann@example.com")
    with stage.desk.ctx.read():
        person = person_key.staff(int(StaffMember.get(StaffMember.identity == ann.identity_id).id))
    account = stage.desk.account_access.view(stage.ray.admin, person)
    keep(
        stage,
        DraftForm.ACCOUNT,
        person,
        Typed("The account", {"role": "auditor", "offices": ""}, version=account.version),
    )
    async with stage.app.run_test(size=SMALL) as pilot:
        screen = await gone_on(pilot, stage, ManageAccount)
        await until(pilot, lambda: [picks.role for picks in screen.query(AccessPicks)] == [Role.AUDITOR])
        await shows(pilot, "● edited")


async def test_the_rules_are_shown_as_they_were_chosen(stage: DeskStage) -> None:
    keep(
        stage,
        DraftForm.RULES,
        None,
        Typed("Rules", {"profile": "strict", "minimum": "18", "second_person": "no"}, version=1),
    )
    async with stage.app.run_test(size=SMALL) as pilot:
        screen = await gone_on(pilot, stage, AgencyRulesScreen)
        await until(pilot, lambda: screen.query("#minimum") and field(screen, "minimum").value == "18")
        await until(pilot, lambda: screen.query_one("#profile", OneOf).value == "strict")
        assert screen.query_one("#second_person", OneOf).value == "no"
        assert screen.changed


async def test_a_client_goes_on_with_a_request_for_help(place: Workplace, desk: Desk, at_once: None) -> None:
    ray = making.make_agency(desk)
    place.sitting = Sitting()
    screen = GetHelp(place, ray.admin)
    desk.drafts.keep(ray.admin, DraftKey(DraftForm.HELP), Typed("Get help", {"topic": "My phone is lost", "usual": ""}))
    [draft] = desk.drafts.waiting(ray.admin)
    place.sitting.waiting = {draft.key: draft}
    place.sitting.going_on = draft.key
    app = Stage(place, screen)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: screen.query("#topic") and field(screen, "topic").value == "My phone is lost")
        assert screen.query_one(OneOf).value == ""
        await pilot.press("f2")
        await until(pilot, lambda: app.answer is not None and not desk.drafts.waiting(ray.admin))


def test_whatever_ends_the_program_keeps_what_stands_in_a_form(place: Workplace, desk: Desk) -> None:
    ray = making.make_agency(desk)
    app = DeskApp(place)
    key = DraftKey(DraftForm.CLIENT)
    place.sitting.unkept[key] = Typed("New client", {"first_name": "Zoe"})
    app.keep_drafts()
    assert place.sitting.unkept, "nobody is signed in, so it is nobody's"
    app.actor = ray.admin
    app.end_session()
    assert not place.sitting.unkept
    with desk.ctx.read():
        assert Draft.select().count() == 1
