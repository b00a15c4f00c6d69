"""A caller is verified on the way to what needs it, colleagues are asked, and every cause has its key."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from models.identity import Identity
from models.states import Access, ApprovalState, CheckMethod, IdentityState, Role
from screens.clients.edit import ClientEdit
from screens.desk import DeskMain
from screens.dialogs.ask_line import AskReason
from screens.dialogs.email_change import EmailChange
from screens.dialogs.problem import Problem
from screens.dialogs.why import Why
from screens.verification.asking import AskAnswers, AskCode
from screens.verification.methods import VerifyCaller
from screens.verification.requests import Decide, Requests
from screens.widgets.countdown import Countdown
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import person_key
from services.accounts.cause_kinds import CauseKind
from services.approvals.values import Dangerous, Request
from services.clients.values import Cause, ClientFields, ClientRecord, PersonAction, PersonPanel
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.verification.values import CallerOffers, CodeStanding, Level, MethodOffer, Standing, Verdict
from tests import making
from tests.enrolling import enrol
from tests.recovering import answer
from tests.screens.desk_stage import SMALL, DeskStage
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen

NEW = "new.anna@example.com"


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    return DeskStage(place, desk)


@pytest.fixture
def anna(stage: DeskStage) -> Identity:
    """A client with an active account."""
    [number] = stage.add("Anna Adams")
    return making.give_account(stage.desk, stage.ray.admin, stage.client(number))


def words_of(pilot: Pilot[Any]) -> str:
    """What stands on the screen, as if no line were broken."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def say(pilot: Pilot[Any], dialog: AskAnswers, *words: str) -> None:
    """Fill in what the caller says, and check."""
    for field, text in zip(dialog.query(Field), words, strict=True):
        field.value = text
    await pilot.press("f2")


async def test_another_address_verifies_the_caller_on_the_way_and_loses_nothing_that_was_typed(
    stage: DeskStage, anna: Identity, clock: ManualClock
) -> None:
    answer(stage.desk.ctx, anna)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("e")
        form = await until_screen(pilot, ClientEdit)
        form.query_one("#email", Field).value = NEW
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        await pilot.press("enter")
        # Left: the form stands as it was.
        await until_screen(pilot, VerifyCaller)
        await pilot.press("escape")
        await until_screen(pilot, Problem)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is form and not form.saving)
        assert form.query_one("#email", Field).value == NEW
        await pilot.press("f2")
        await until_screen(pilot, EmailChange)
        await pilot.press("enter")
        await until_screen(pilot, VerifyCaller)
        await pilot.press("q")
        dialog = await until_screen(pilot, AskAnswers)
        await say(pilot, dialog, "Oak Street", "Hillside", "Rex")
        await until(pilot, lambda: "Not all of these answers are right." in words_of(pilot))
        assert {field.value for field in dialog.query(Field)} == {""}
        clock.advance(seconds=2)
        await until(pilot, lambda: not dialog.query_one(Countdown).running)
        await say(pilot, dialog, "Elm Street", "Hillside", "Rex")
        await until(pilot, lambda: "The e-mail address has been changed to new.anna@example.com." in words_of(pilot))
    with stage.desk.ctx.read():
        assert Identity.get_by_id(anna.id).email == NEW


async def test_a_second_factor_is_cleared_after_a_colleague_agreed(
    stage: DeskStage, anna: Identity, clock: ManualClock
) -> None:
    enrol(stage.desk.ctx, anna.id)
    with stage.desk.ctx.unit():
        told = json.loads(stage.ray.agency.adjustments) | {"second_person": True}
        stage.ray.agency.adjustments = json.dumps(told)
        stage.ray.agency.save()
    ann = making.make_staff(stage.desk, stage.ray.agency, "ann@raystaging.example.com", role=Role.SUPERVISOR)
    async with stage.app.run_test(size=SMALL) as pilot:
        await stage.ready(pilot, 1)
        await pilot.press("x")
        await until_screen(pilot, VerifyCaller)
        await pilot.press("o")
        await until_screen(pilot, AskReason)
        await pilot.press(*"passport", "enter")
        await until(pilot, lambda: "is the second factor of Anna Adams cleared?" in words_of(pilot))
        await pilot.press(*"stolen", "enter")
        await until(pilot, lambda: "Clear the second factor of Anna Adams?" in words_of(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "A colleague must agree" in words_of(pilot))
        await pilot.press("enter")
        await stage.ready(pilot)
        [asked] = stage.desk.approvals.requests(ann)
        stage.desk.approvals.grant(ann, asked.id)
        stage.main.look()
        await until(pilot, lambda: "A colleague agreed to what you asked: key g carries it out." in words_of(pilot))
        await pilot.press("g")
        await until_screen(pilot, Requests)
        await pilot.press("enter")
        await until(pilot, lambda: "is the second factor of Anna Adams cleared?" in words_of(pilot))
        await pilot.press(*"stolen", "enter")
        await until(pilot, lambda: "Clear the second factor of Anna Adams?" in words_of(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "The second factor of Anna Adams has been cleared." in stage.app.told)
    assert making.entries(stage.desk.ctx, "factor_cleared")[-1].result == "done"


async def test_an_auditor_is_told_why_nothing_changes_and_sees_the_rest(place: Workplace, desk: Desk) -> None:
    ray = making.make_agency(desk)
    making.make_client(desk, ray.agency)
    auditor = making.make_staff(desk, ray.agency, "audit@raystaging.example.com", role=Role.AUDITOR)
    main = DeskMain(place, auditor)
    app = Stage(place, main)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is main and main.clients.table.count == 1)
        for key in ("n", "e", "w", "r", "v", "x", "d", "b"):
            await until(pilot, lambda: app.screen is main and not main.clients.busy)
            await pilot.press(key)
            await until_screen(pilot, Problem)
            assert "Auditors look at everything" in words_of(pilot), key
            await pilot.press("enter")
        await until(pilot, lambda: app.screen is main and not main.clients.busy)
        await pilot.press("y")
        await until(pilot, lambda: "no account yet" in words_of(pilot))


def panel(clock: ManualClock, name: str = "Brent") -> PersonPanel:
    """Somebody who waits, whose app is lost, and of whom questions are asked."""
    return PersonPanel(
        person=person_key.client(1),
        record=ClientRecord(1, 1, ClientFields(name, "Thomas", "brent@example.com"), "", clock.now(), "Sue Wright"),
        access=Access.ACTIVE,
        causes=(
            Cause(
                CauseKind.WAITING,
                f"must wait after 6 failed tries {name}",
                PersonAction.RESET,
                clock.now() + timedelta(seconds=38),
            ),
            Cause(CauseKind.WRONG_CODES, "2 wrong codes", PersonAction.CLEAR_FACTOR),
            Cause(CauseKind.QUESTIONS_OWED, "the next sign-in asks for security questions", blocks=False),
        ),
        caller=Standing(Level.CHANGE_EMAIL, clock.now() + timedelta(minutes=10), f"word of a supervisor: {name}"),
        identity_state=IdentityState.ACTIVE,
        mortgages=(),
        trail=(),
        events=(),
        reset_allowed_at=None,
    )


def why(clock: ManualClock, name: str = "Brent") -> Why:
    async def again() -> PersonPanel:
        return panel(clock, name)

    return Why(panel(clock, name), again, clock)


@pytest.mark.parametrize(
    ("key", "answered"),
    [
        ("enter", PersonAction.RESET),
        ("x", PersonAction.CLEAR_FACTOR),
        ("e", NOTHING),
        ("escape", None),
    ],
)
async def test_each_cause_has_the_key_that_mends_it_and_other_keys_do_nothing(
    place: Workplace, clock: ManualClock, key: str, answered: object
) -> None:
    shown = why(clock)
    app = Stage(place, shown)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Over in 0:3" in screen_text(pilot))
        text = words_of(pilot)
        assert "Why can't Brent Thomas get in?" in text
        assert "r sends a reset" in text
        assert "x clears the second factor" in text
        assert "enough for changing the e-mail address" in text
        await pilot.press(key)
        await pilot.pause()
        assert app.answer is answered


def request(now: datetime) -> Request:
    return Request(
        id=1,
        what=Dangerous.CLEAR_FACTOR,
        person=person_key.client(1),
        name=HOSTILE,
        reason=HOSTILE,
        verified=HOSTILE,
        state=ApprovalState.WAITING,
        mine=False,
        asked_by=HOSTILE,
        asked_at=now,
        expires_at=now,
    )


async def test_hostile_names_and_reasons_stay_text(place: Workplace, clock: ManualClock) -> None:
    now = clock.now()
    offers = CallerOffers(
        HOSTILE, HOSTILE, panel(clock, HOSTILE).caller, (MethodOffer(CheckMethod.CODE, Level.RESEND),)
    )

    async def check(_: Secret) -> Verdict:
        raise AssertionError

    async def look() -> CodeStanding:
        return CodeStanding(HOSTILE, None, 3, HOSTILE)

    dialogs = [
        why(clock, HOSTILE),
        VerifyCaller(offers, Level.CLEAR_FACTOR, clock),
        AskCode(HOSTILE, check, clock, address=HOSTILE, look=look),
        Requests([request(now)], now),
        Decide(request(now), now),
    ]
    app = Stage(place, dialogs[0])
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.screen is dialogs[0])
        assert is_harmless(pilot)
        for dialog in dialogs[1:]:
            app.push_screen(dialog)
            await until(pilot, lambda dialog=dialog: app.screen is dialog)
            await pilot.pause()
            assert is_harmless(pilot)


async def test_the_dialog_of_the_code_follows_its_mail_and_counts_down(place: Workplace, clock: ManualClock) -> None:
    seen = [
        CodeStanding("queued", None, 3),
        CodeStanding("sent 10:42", clock.now() + timedelta(minutes=5), 3),
    ]

    async def look() -> CodeStanding:
        return seen.pop(0) if len(seen) > 1 else seen[0]

    async def check(typed: Secret) -> Verdict:
        right = typed.reveal() == "123456"
        return Verdict(right, Standing(), "" if right else "2 tries are left.")

    shown = AskCode("Brent Thomas", check, clock, address="brent@example.com", look=look)
    app = Stage(place, shown)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Mail to brent@example.com: queued" in screen_text(pilot))
        await until(pilot, lambda: "Mail to brent@example.com: sent 10:42" in screen_text(pilot))
        await until(pilot, lambda: "The code ends in 5:00" in screen_text(pilot))
        await pilot.press(*"654321", "enter")
        await until(pilot, lambda: "2 tries are left." in screen_text(pilot))
        assert shown.query_one(Input).value == ""
        await pilot.press(*"12", "enter")
        await until(pilot, lambda: "A code has six digits." in screen_text(pilot))
        shown.query_one(Field).value = "123456"
        await pilot.press("f2")
        await until(pilot, lambda: app.answer is not NOTHING)
    assert isinstance(app.answer, Verdict)
    assert app.answer.right
