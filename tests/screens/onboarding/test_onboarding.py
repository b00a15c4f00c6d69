"""The first steps after signing in: in order, each stored when it is left, and none to be skipped."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from models.identity import Identity, SecurityAnswer
from models.states import MailPurpose
from screens.client_home import ClientHome
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.entry.sign_in import SignIn
from screens.onboarding.onboarding import FirstSteps
from screens.onboarding.questions import QuestionStep
from screens.widgets.field import Field
from screens.widgets.menu import Menu
from screens.widgets.tick import Tick
from screens.workplace import Workplace
from services import person_key
from services.accounts.owed import Owed, owed_by
from services.actor import Actor
from services.credentials.passwords import Secret
from services.credentials.questions import QUESTIONS, Answered
from tests.making import (
    PASSWORD,
    MadeAgency,
    entries,
    give_account,
    identity_of,
    mails,
    make_agency,
    make_client,
    secure,
    temporary_in,
)
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Staged, staged
from tests.settling import screen_text, until, until_screen
from tui.app import DeskApp

CODE = "RAY-919"
USER = "brent@mortgageclient.example.com"
OWN = "walnut river eleven sky"


@pytest.fixture
def ray(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@pytest.fixture
def brent(place: Workplace, ray: MadeAgency, clock: Any) -> Identity:
    """A client with an account and a password, but without security questions."""
    client = make_client(place.desk, ray.agency)
    give_account(place.desk, ray.admin, client)
    identity = identity_of(place.desk.ctx, client)
    with place.desk.ctx.unit():
        secure(place.desk.ctx, identity, secured=False)
    clock.advance(minutes=5)
    return identity


@pytest.fixture
def temporary(place: Workplace, ray: MadeAgency, brent: Identity) -> Secret:
    """The temporary password that was mailed to Brent."""
    place.desk.temporary.send(ray.admin, person_key.client(1))
    return temporary_in(place.desk.ctx, mails(place.desk.ctx, brent, MailPurpose.TEMPORARY)[-1])


def steps(place: Workplace, password: Secret, size: tuple[int, int] = (80, 24)) -> Staged[FirstSteps]:
    """The wizard for Brent, who has signed in with this password."""
    actor = place.desk.sign_in.sign_in(CODE, USER, password, place.origin)
    return staged(place, FirstSteps(place, actor, place.desk.onboarding.begin(actor)), size)


async def at(pilot: Pilot[Any], words: str) -> None:
    """Wait until these words stand on the screen and nothing is being done."""
    await until(pilot, lambda: words in shown(pilot) and not getattr(pilot.app.screen, "busy", ""), words)


def shown(pilot: Pilot[Any]) -> str:
    """The screen's words, whatever lines they are broken into; of the wizard without its list of steps."""
    lines = screen_text(pilot).splitlines()
    if isinstance(pilot.app.screen, FirstSteps):
        lines = [line.partition("│")[2] for line in lines]
    return " ".join(" ".join(lines).replace("│", " ").split())


def owed(place: Workplace, brent: Identity) -> Owed:
    """What Brent would owe at the next sign-in."""
    with place.desk.ctx.read():
        return owed_by(Identity.get_by_id(brent.id))


async def accept(pilot: Pilot[Any], screen: FirstSteps) -> None:
    """Tick the box and go on."""
    await at(pilot, "Step 1 of 7")
    await until(pilot, lambda: screen.query_one(Tick).has_focus)
    await pilot.press("space", "f2")


async def choose(pilot: Pilot[Any], screen: FirstSteps, password: str) -> None:
    """Type a password twice and go on."""
    await at(pilot, "Step 2 of 7")
    await until(pilot, lambda: list(screen.query("#password")))
    for name in ("#password", "#confirm"):
        screen.query_one(name, Field).value = password
    await pilot.pause()
    await pilot.press("f2")


async def to_contact(pilot: Pilot[Any], screen: FirstSteps) -> None:
    """Go through the first two steps."""
    await accept(pilot, screen)
    await choose(pilot, screen, OWN)
    await at(pilot, "Step 3 of 7")


async def answer(pilot: Pilot[Any], screen: FirstSteps, number: int, text: str) -> None:
    """Take the question under the cursor, and answer it."""
    await at(pilot, f"Question {number} Step")
    await until(pilot, lambda: isinstance(screen.focused, Menu))
    await pilot.press("enter")
    field = screen.query_one(f"#answer{number}", Field)
    await until(pilot, lambda: field.input.has_focus)
    field.value = text
    await pilot.pause()
    await pilot.press("enter")


async def answer_all(pilot: Pilot[Any], screen: FirstSteps) -> None:
    """Go through the questions."""
    for number, text in enumerate(("Rex", "Beetle", "Hillside"), 1):
        await answer(pilot, screen, number, text)


@pytest.mark.slow
async def test_from_a_temporary_password_to_the_end(place: Workplace, brent: Identity, temporary: Secret) -> None:
    async with steps(place, temporary) as (pilot, app, screen):
        await to_contact(pilot, screen)
        screen.query_one("#cell", Field).value = "519 555 0168"
        await pilot.press("f2")
        await answer_all(pilot, screen)
        await at(pilot, "Your account is set up.")
        assert f"Company code {CODE} User name {USER} Sign in at https://portal.example" in shown(pilot)
        assert app.answer is NOTHING
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Actor))
        assert not app.answer.limited
    assert not owed(place, brent)
    assert not place.desk.sign_in.sign_in(CODE, USER, Secret(OWN), place.origin).limited


async def test_after_an_activation_there_are_only_the_questions(place: Workplace, brent: Identity) -> None:
    async with steps(place, PASSWORD) as (pilot, app, screen):
        await at(pilot, "Question 1 Step 1 of 4")
        await answer_all(pilot, screen)
        await at(pilot, "Step 4 of 4")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.answer, Actor))
    with place.desk.ctx.read():
        assert [row.question for row in SecurityAnswer.select().order_by(SecurityAnswer.id)] == list(QUESTIONS)[:3]


async def test_the_box_must_be_ticked(place: Workplace, brent: Identity, temporary: Secret) -> None:
    async with steps(place, temporary) as (pilot, _, screen):
        await at(pilot, "Do not share its password, links or codes with anyone")
        await pilot.press("f2")
        await at(pilot, "Tick the box to accept this.")
        assert "Step 1 of 7" in shown(pilot)
        await accept(pilot, screen)
        await at(pilot, "Step 2 of 7")
    assert owed(place, brent) == Owed(False, True, True, True)


async def test_the_temporary_password_is_refused_beside_the_field(
    place: Workplace, brent: Identity, temporary: Secret
) -> None:
    async with steps(place, temporary) as (pilot, _, screen):
        await accept(pilot, screen)
        await choose(pilot, screen, temporary.reveal())
        await at(pilot, "This is the temporary password, which works once.")
        assert "Step 2 of 7" in shown(pilot)


@pytest.mark.slow
async def test_back_after_the_password_asks_for_it_no_more(
    place: Workplace, brent: Identity, temporary: Secret
) -> None:
    async with steps(place, temporary) as (pilot, _, screen):
        await to_contact(pilot, screen)
        assert screen.draft.password is None
        await pilot.press("f3")
        await at(pilot, "Your password has been set. There is nothing left to do in this step.")
        await pilot.press("f2")
        await at(pilot, "Step 3 of 7")


@pytest.mark.slow
async def test_back_without_a_change_stores_nothing_again_and_a_change_is_stored(
    place: Workplace, brent: Identity, temporary: Secret
) -> None:
    async with steps(place, temporary) as (pilot, _, screen):
        await to_contact(pilot, screen)
        await pilot.press("f2")
        await answer_all(pilot, screen)
        await at(pilot, "Step 7 of 7")
        for number in (6, 5, 4, 3):
            await pilot.press("f3")
            await at(pilot, f"Step {number} of 7")
        for number in (4, 5, 6, 7):
            await pilot.press("f2")
            await at(pilot, f"Step {number} of 7")
        assert [len(entries(place.desk.ctx, name)) for name in ("contact_confirmed", "questions_set")] == [1, 1]
        await pilot.press("f3")
        await at(pilot, "Step 6 of 7")
        screen.query_one("#answer3", Field).value = "Greenfield"
        await pilot.pause()
        await pilot.press("f2")
        await at(pilot, "Step 7 of 7")
        assert len(entries(place.desk.ctx, "questions_set")) == 2


async def test_a_question_that_is_taken_is_not_offered_again(place: Workplace, brent: Identity) -> None:
    async with steps(place, PASSWORD) as (pilot, _, screen):
        await answer(pilot, screen, 1, "Elm Street 5")
        await at(pilot, "Question 2 Step")
        assert next(iter(QUESTIONS.values())) not in shown(pilot)
        await pilot.press("f3")
        await at(pilot, "Question 1 Step")
        assert next(iter(QUESTIONS.values())) in shown(pilot)
        assert screen.query_one("#answer1", Field).value == "Elm Street 5"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ("R E X", "You gave this answer to another question already."),
        ("al", "This answer is too short."),
        ("First School", "made of words of its question"),
        ("", "Write the answer."),
    ],
)
async def test_an_answer_that_does_not_hold_is_refused_at_once(
    place: Workplace, brent: Identity, second: str, sentence: str
) -> None:
    async with steps(place, PASSWORD) as (pilot, _, screen):
        await answer(pilot, screen, 1, "Rex")
        await answer(pilot, screen, 2, second)
        await at(pilot, sentence)
        assert "Question 2 Step" in shown(pilot)


async def test_keys_that_arrive_in_a_heap_reach_the_answer(place: Workplace, brent: Identity) -> None:
    async with steps(place, PASSWORD) as (pilot, app, screen):
        await until(pilot, lambda: isinstance(screen.focused, Menu))
        for key in ("down", "enter", "R", "e", "x"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: screen.query_one("#answer1", Field).value == "Rex")


async def test_a_click_on_a_question_leads_to_its_answer(place: Workplace, brent: Identity) -> None:
    async with steps(place, PASSWORD) as (pilot, _, screen):
        await until(pilot, lambda: isinstance(screen.focused, Menu))
        await pilot.click(screen.query_one("#step-4 Menu"), offset=(4, 2))
        await until(pilot, lambda: screen.query_one("#answer1", Field).input.has_focus)
        screen.query_one("#answer1", Field).value = "Miss Honey"
        await pilot.press("f2")
        await at(pilot, "Question 2 Step")
        assert screen.draft.answers[0].question == list(QUESTIONS)[2]


async def test_answers_are_masked_until_one_asks_to_see_them(place: Workplace, brent: Identity) -> None:
    async with steps(place, PASSWORD) as (pilot, _, screen):
        field = screen.query_one("#answer1", Field)
        field.value = "Secret Rex"
        await pilot.pause()
        assert "Secret Rex" not in shown(pilot)
        screen.query_one("#step-4", QuestionStep).query_one(Tick).action_tick()
        await until(pilot, lambda: "Secret Rex" in shown(pilot))


async def test_leaving_says_what_it_means_and_signs_out(place: Workplace, brent: Identity, temporary: Secret) -> None:
    async with steps(place, temporary) as (pilot, app, screen):
        await accept(pilot, screen)
        await at(pilot, "Step 2 of 7")
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        assert "Until then nothing else opens." in shown(pilot)
        assert "Your temporary password is used up." in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)
    assert owed(place, brent) == Owed(False, True, True, True)


async def test_somebody_who_stopped_goes_on_at_the_right_step(
    place: Workplace, brent: Identity, temporary: Secret
) -> None:
    async with steps(place, temporary) as (pilot, _, screen):
        await to_contact(pilot, screen)
    async with steps(place, Secret(OWN)) as (pilot, _, _screen):
        await at(pilot, "Contact Step 1 of 5")


@pytest.mark.slow
async def test_deactivation_meanwhile_is_told_at_the_next_step(
    place: Workplace, ray: MadeAgency, brent: Identity, temporary: Secret
) -> None:
    async with steps(place, temporary) as (pilot, app, screen):
        await accept(pilot, screen)
        await at(pilot, "Step 2 of 7")
        place.desk.accounts.deactivate(ray.admin, person_key.client(1), "left")
        await choose(pilot, screen, OWN)
        await until_screen(pilot, Problem)
        assert "the account was deactivated" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


@pytest.mark.slow
async def test_everything_fits_on_80x24(place: Workplace, brent: Identity, temporary: Secret) -> None:
    async with steps(place, temporary) as (pilot, _, screen):
        step = screen.query_one("#step-0")
        await pilot.press("f2")
        await at(pilot, "Tick the box")
        assert step.max_scroll_y == 0
        await accept(pilot, screen)
        await at(pilot, "Step 2 of 7")
        await until(pilot, lambda: list(screen.query("#password")))
        await pilot.pause()
        assert screen.query_one("#step-1").max_scroll_y == 0
        await choose(pilot, screen, OWN)
        await at(pilot, "Step 3 of 7")
        assert screen.query_one("#step-3").max_scroll_y == 0
        await pilot.press("f2")
        await at(pilot, "Question 1 Step")
        assert screen.query_one("#step-4").max_scroll_y == 0


async def test_a_hostile_name_is_mere_text(place: Workplace, brent: Identity, temporary: Secret) -> None:
    with place.desk.ctx.unit():
        Identity.update(name=HOSTILE).where(Identity.id == brent.id).execute()
    async with steps(place, temporary, (120, 40)) as (pilot, _, _screen):
        await at(pilot, "Step 1 of 7")
        assert is_harmless(pilot)


async def test_the_program_puts_the_steps_between_sign_in_and_home(place: Workplace, brent: Identity) -> None:
    app = DeskApp(place)
    async with app.run_test(size=(80, 24)) as pilot:
        form = await until_screen(pilot, SignIn)
        for field, text in zip(form.query(Field), (CODE, USER, PASSWORD.reveal()), strict=True):
            field.value = text
        await pilot.press("f2")
        screen = await until_screen(pilot, FirstSteps)
        await until(pilot, lambda: screen.focused is not None)
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        form = await until_screen(pilot, SignIn)
        actor = place.desk.sign_in.sign_in(CODE, USER, PASSWORD, place.origin)
        answers = zip(QUESTIONS, ("Rex Street", "Hillside", "Beetle"), strict=False)
        place.desk.onboarding.set_questions(actor, [Answered(key, Secret(text)) for key, text in answers])
        place.desk.sign_in.sign_out(actor)
        await until(pilot, lambda: form.focused is not None)
        form.query_one("#password", Field).value = PASSWORD.reveal()
        await pilot.press("f2")
        await until_screen(pilot, ClientHome)
