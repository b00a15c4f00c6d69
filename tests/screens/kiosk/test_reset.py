"""A forgotten password, at the screen of a kiosk: keys alone lead from the address to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.client import Client
from models.identity import Identity
from models.states import IdentityState, KioskStep
from screens.kiosk import flow
from screens.kiosk.activate import KioskActivate
from screens.kiosk.arrival import KioskFirstSteps
from screens.kiosk.done import KioskDone
from screens.kiosk.frame import KioskNotice
from screens.kiosk.reset import KioskReset
from screens.kiosk.wizard import KioskWizard
from screens.kiosk.workplace import KioskPlace
from services import person_key
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Unavailable
from tests import making
from tests.enrolling import enrol
from tests.kiosking import Person, newest_code, view_of
from tests.making import MadeAgency
from tests.recovering import NEW, NOWHERE, USER, answer
from tests.screens.stage import NOTHING, Stage
from tests.services.signing_in import CODE
from tests.settling import screen_text, shows, type_in, until, until_screen

SMALLEST = (60, 20)


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    """An agency with its administrator."""
    return making.make_agency(desk)


@pytest.fixture
def brent(desk: Desk, made: MadeAgency) -> Client:
    return making.make_client(desk, made.agency)


@pytest.fixture
def active(desk: Desk, made: MadeAgency, brent: Client, clock: ManualClock) -> Identity:
    """Brent's account."""
    found = making.give_account(desk, made.admin, brent)
    clock.advance(minutes=6)
    return found


def lobby(desk: Desk, made: MadeAgency) -> KioskPlace:
    """A kiosk at which somebody has made a choice."""
    person = Person(desk, made.agency)
    place = KioskPlace(desk, view_of(desk, person.origin))
    place.visit = person.visit
    return place


def posted(desk: Desk) -> Desk:
    """The same desk with a mail server."""
    return Desk(making.with_mail_server(desk.ctx))


@asynccontextmanager
async def at(
    place: KioskPlace, kind: type[KioskWizard[Any, Any]] = KioskReset, size: tuple[int, int] = SMALLEST
) -> AsyncIterator[Pilot[Any]]:
    """A task at the kiosk."""
    app = Stage(place, kind(place))  # type: ignore[arg-type]  # all tasks are given the place alone
    async with app.run_test(size=size) as pilot:
        await until_screen(pilot, kind)
        yield pilot
    place.close()


async def ask(pilot: Pilot[Any], email: str = USER) -> None:
    """Both addresses."""
    await shows(pilot, "What is your e-mail address?", "Step 1 of 4")
    await type_in(pilot, email)
    await shows(pilot, "Type the address once more")
    await type_in(pilot, email)
    await shows(pilot, "Type the code from your mail")


@pytest.mark.slow
async def test_from_the_address_to_a_new_password(desk: Desk, made: MadeAgency, active: Identity) -> None:
    with_mail = posted(desk)
    given = answer(desk.ctx, active)
    app = enrol(desk.ctx, active.id)
    async with at(lobby(with_mail, made)) as pilot:
        await ask(pilot)
        await shows(pilot, "b••••@mortgageclient.example.com")
        await type_in(pilot, newest_code(desk.ctx, active).reveal())
        for number, answered in enumerate(given, 4):
            await shows(pilot, f"Step {number} of 8", "Your answer")
            await type_in(pilot, answered.answer.reveal())
        await shows(pilot, "Choose a new password")
        await type_in(pilot, NEW.reveal())
        await type_in(pilot, NEW.reveal())
        await shows(pilot, "Type the code of your app", "Finish")
        await type_in(pilot, app.recovery[0])
        await until_screen(pilot, KioskDone)
        await shows(pilot, "✓ Your new password is set", USER, "goes home by itself in 0:10")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.answer is not NOTHING)
    assert desk.sign_in.sign_in(CODE, USER, NEW, NOWHERE).identity_id == active.id


async def test_a_wrong_code_says_so_and_counts_down_and_back_loses_nothing(
    desk: Desk, made: MadeAgency, active: Identity, clock: ManualClock
) -> None:
    async with at(lobby(posted(desk), made)) as pilot:
        await ask(pilot)
        await type_in(pilot, "ZZZZ-7777")
        await shows(pilot, "✗ This code is not right", "Next try in 0:01")
        await pilot.press("escape")
        await shows(pilot, "Type the address once more", USER)
        await pilot.press("escape")
        await shows(pilot, "What is your e-mail address?", USER)
        await pilot.press("escape")
        question = await until_screen(pilot, KioskNotice)
        await shows(pilot, "Start again?")
        await pilot.press("right", "enter")
        await until(pilot, lambda: pilot.app.screen is not question)
        await pilot.press("escape")
        await until_screen(pilot, KioskNotice)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.answer is None)


@pytest.mark.slow
async def test_an_agent_lets_the_person_pass_and_the_kiosk_goes_on_by_itself(
    desk: Desk, made: MadeAgency, active: Identity, brent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "LOOK_EVERY", 0.02)
    making.verified(desk, made.admin, person_key.client(brent.id))
    enrol(desk.ctx, active.id)
    place = lobby(desk, made)
    assert place.visit is not None
    async with at(place) as pilot:
        await ask(pilot)
        await shows(pilot, "This desk cannot send mail", "Get help")
        desk.releases.release(made.admin, place.visit, KioskStep.CODE)
        await shows(pilot, "Choose a new password", "An agent has let you pass")
        await type_in(pilot, NEW.reveal())
        await type_in(pilot, NEW.reveal())
        await shows(pilot, "Type the code of your app")
        await until(pilot, lambda: desk.releases.offer(made.admin, place.visit or 0).step is KioskStep.SECOND_FACTOR)
        desk.releases.release(made.admin, place.visit, KioskStep.SECOND_FACTOR)
        await until_screen(pilot, KioskDone)
    assert desk.sign_in.sign_in(CODE, USER, NEW, NOWHERE).awaits is not None


@pytest.mark.slow
async def test_with_two_mails_the_temporary_password_is_typed_right_there(
    desk: Desk, clock: ManualClock, made: MadeAgency
) -> None:
    strict = making.make_agency(desk, "TWO-2", "kim@two.example.com", reset_mails=2)
    client = making.make_client(desk, strict.agency, "pat@example.com", first="Pat")
    pat = making.give_account(desk, strict.admin, client)
    answer(desk.ctx, pat)
    clock.advance(minutes=6)
    with_mail = posted(desk)
    async with at(lobby(with_mail, strict)) as pilot:
        await ask(pilot, pat.email)
        await type_in(pilot, newest_code(desk.ctx, pat).reveal())
        await shows(pilot, "A temporary password by mail", "works once, within an hour")
        await pilot.press("enter")
        for given in ("Elm Street", "Hillside", "Rex"):
            await shows(pilot, "Your answer")
            await type_in(pilot, given)
        await shows(pilot, "✓ A temporary password is on its way", "p••••@example.com", "Type it here now ◂")
        await pilot.press("enter")
        await shows(pilot, "Type the temporary password")
        mail = making.mails(desk.ctx, pat)[-1]
        await type_in(pilot, making.temporary_in(desk.ctx, mail).reveal())
        await until_screen(pilot, KioskFirstSteps)
        await shows(pilot, "share it with nobody")
        await pilot.press("space", "tab", "tab", "enter")
        await shows(pilot, "Choose a password of your own")


@pytest.mark.slow
async def test_an_activation_leads_through_the_first_steps_to_the_end(
    desk: Desk, made: MadeAgency, brent: Client
) -> None:
    pending = making.give_account(desk, made.admin, brent, password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, pending, secured=False)
    async with at(lobby(desk, made), KioskActivate, (80, 24)) as pilot:
        await shows(pilot, "What is your e-mail address?")
        await type_in(pilot, USER)
        await shows(pilot, "Type the code from your mail")
        await type_in(pilot, making.sent_secrets(desk.ctx, pending).code)
        await shows(pilot, "Choose a password")
        await type_in(pilot, NEW.reveal())
        await type_in(pilot, NEW.reveal())
        await until_screen(pilot, KioskFirstSteps)
        for number, given in enumerate(("Elm Street", "Hillside", "Rex"), 1):
            await shows(pilot, f"Choose security question {number} of 3")
            await pilot.press("enter")
            await type_in(pilot, given)
        await until_screen(pilot, KioskDone)
        await shows(pilot, "✓ Your account is set up", USER)
    assert making.identity_of(desk.ctx, brent).state is IdentityState.ACTIVE
    assert not desk.sign_in.sign_in(CODE, USER, NEW, NOWHERE).limited


async def test_a_desk_that_does_not_answer_loses_nothing(
    desk: Desk, made: MadeAgency, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail = posted(desk)
    service = with_mail.kiosk_resets
    whole = service.ask

    def away(*_: object) -> None:
        raise Unavailable("The database does not answer.")

    async with at(lobby(with_mail, made)) as pilot:
        monkeypatch.setattr(service, "ask", away)
        await type_in(pilot, USER)
        await shows(pilot, "once more")
        await type_in(pilot, USER)
        await shows(pilot, "does not reach the desk right now", "what you typed is still here")
        monkeypatch.setattr(service, "ask", whole)
        await pilot.press("enter")
        await shows(pilot, "Type the address once more", USER)
        await pilot.press("enter")
        await shows(pilot, "Type the code from your mail")


@pytest.mark.slow
async def test_a_password_that_is_refused_stays_on_its_step(desk: Desk, made: MadeAgency, active: Identity) -> None:
    async with at(lobby(posted(desk), made), size=(80, 24)) as pilot:
        await ask(pilot)
        await type_in(pilot, newest_code(desk.ctx, active).reveal())
        await shows(pilot, "Choose a new password")
        for _ in range(2):
            await type_in(pilot, making.PASSWORD.reveal())
        await shows(pilot, "the password that you have now")
        assert "•" in screen_text(pilot)


def test_before_its_steps_are_there_no_key_does_anything(desk: Desk, made: MadeAgency) -> None:
    # A key that came at once ended the program: it looked for fields that were not there yet.
    task = KioskReset(lobby(desk, made))
    assert [task.check_action(action, ()) for action in ("next", "back", "start_again", "get_help")] == [None] * 4
