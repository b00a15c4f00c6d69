"""The first steps: each is stored when it is finished, and nothing else opens before the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.identity import Identity, SecurityAnswer, Session
from models.staff import StaffMember
from models.states import MailPurpose
from services.accounts.owed import Owed
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.errors import Invalid, Refused, SignedOut
from services.person_key import PersonKey
from tests import making
from tests.acting import USER, everything
from tests.making import HERE, PASSWORD, MadeAgency

CODE = "RAY-919"
OWN = Secret("walnut river eleven sky")
ANSWERS = (
    Answered("first_pet", Secret("Rex")),
    Answered("first_car", Secret("Beetle")),
    Answered("first_school", Secret("Hillside")),
)


@pytest.fixture
def newcomer(desk: Desk, ctx: Context, ray: MadeAgency, clock: ManualClock, person: PersonKey) -> Identity:
    """An account, activated, without security questions; the five minutes since the welcome mail are over."""
    desk.accounts.create_and_welcome(ray.admin, person)
    identity = making.account_behind(ctx, person)
    desk.recovery.choose_password(making.sent_secrets(ctx, identity).link, "", PASSWORD, HERE)
    clock.advance(minutes=5)
    return making.account_behind(ctx, person)


def sign_in(desk: Desk, password: Secret = PASSWORD) -> Actor:
    return desk.sign_in.sign_in(CODE, USER, password, HERE)


def with_temporary(desk: Desk, ray: MadeAgency, person: PersonKey) -> tuple[Actor, Secret]:
    """The person, signed in with a temporary password."""
    desk.temporary.send(ray.admin, person)
    identity = making.account_behind(desk.ctx, person)
    password = making.temporary_in(desk.ctx, making.mails(desk.ctx, identity, MailPurpose.TEMPORARY)[-1])
    return sign_in(desk, password), password


def the_four(desk: Desk, actor: Actor) -> list[Callable[[], object]]:
    """The steps in their order."""
    steps = desk.onboarding
    return [
        lambda: steps.accept_terms(actor),
        lambda: steps.choose_password(actor, OWN),
        lambda: steps.confirm_contact(actor, ""),
        lambda: steps.set_questions(actor, ANSWERS),
    ]


def test_after_an_activation_only_the_questions_are_owed(desk: Desk, newcomer: Identity) -> None:
    actor = sign_in(desk)
    assert actor.limited
    assert desk.onboarding.owed(actor) == Owed(questions=True)
    desk.onboarding.set_questions(actor, ANSWERS)
    opened = desk.onboarding.finish(actor)
    assert not opened.limited
    assert desk.own.home(opened).user_name == USER
    assert not sign_in(desk).limited


def test_with_a_temporary_password_all_four_are_owed_and_fall_away_one_by_one(
    desk: Desk, ray: MadeAgency, person: PersonKey, newcomer: Identity
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    steps = desk.onboarding
    assert steps.owed(actor) == Owed(True, True, True, True)
    steps.accept_terms(actor)
    assert steps.owed(actor) == Owed(False, True, True, True)
    steps.choose_password(actor, OWN)
    assert steps.owed(actor) == Owed(False, False, True, True)
    steps.confirm_contact(actor, "519 555 0168")
    assert steps.owed(actor) == Owed(False, False, False, True)
    steps.set_questions(actor, ANSWERS)
    assert not steps.owed(actor)
    assert desk.own.home(steps.finish(actor)).user_name == USER
    assert not sign_in(desk, OWN).limited


@pytest.mark.parametrize("done", [0, 1, 2, 3, 4])
def test_whoever_stops_anywhere_goes_on_at_the_right_step(
    desk: Desk, ray: MadeAgency, person: PersonKey, newcomer: Identity, clock: ManualClock, done: int
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    steps = desk.onboarding
    for step in the_four(desk, actor)[:done]:
        step()
    clock.advance(minutes=5)
    # The temporary password is used up; until another one is chosen, only a fresh one leads on.
    actor = with_temporary(desk, ray, person)[0] if done < 2 else sign_in(desk, OWN)
    left = [number >= done for number in range(4)]
    assert steps.owed(actor) == Owed(*left)
    assert actor.limited == any(left)


def test_a_reset_takes_the_password_off_the_list_and_nothing_else(
    desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey, newcomer: Identity, clock: ManualClock
) -> None:
    with_temporary(desk, ray, person)
    clock.advance(minutes=5)
    desk.recovery.ask_reset(USER, USER, HERE)
    chosen = desk.recovery.choose_password(making.sent_secrets(ctx, newcomer).link, "", OWN, HERE)
    assert chosen.questions
    assert desk.onboarding.owed(sign_in(desk, OWN)) == Owed(True, False, True, True)


def test_nothing_else_opens_before_the_last_step(
    desk: Desk, ray: MadeAgency, person: PersonKey, newcomer: Identity
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    for step in (desk.own.home, desk.onboarding.finish):
        with pytest.raises(Refused):
            step(actor)
    with pytest.raises(Refused, match="First finish"):
        desk.own.change_password(actor, PASSWORD, OWN)


@pytest.mark.parametrize("spelling", [str, str.lower, lambda text: text.replace("-", "")])
def test_the_temporary_password_cannot_become_the_new_one(
    desk: Desk, ray: MadeAgency, person: PersonKey, newcomer: Identity, spelling: Callable[[str], str]
) -> None:
    actor, password = with_temporary(desk, ray, person)
    with pytest.raises(Invalid) as refused:
        desk.onboarding.choose_password(actor, Secret(spelling(password.reveal())))
    assert refused.value.problems == {
        "password": "This is the temporary password, which works once. Choose one of your own."
    }


@pytest.mark.parametrize(
    ("new", "sentence"),
    [(PASSWORD, "that you have now"), (Secret("short"), "too short"), (Secret(""), "Choose a password")],
)
def test_the_new_password_keeps_the_rules(
    desk: Desk, ray: MadeAgency, person: PersonKey, newcomer: Identity, new: Secret, sentence: str
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    with pytest.raises(Invalid, match=sentence):
        desk.onboarding.choose_password(actor, new)


def test_a_password_is_chosen_only_in_the_place_of_a_temporary_one(desk: Desk, newcomer: Identity) -> None:
    actor = sign_in(desk)
    with pytest.raises(Refused, match="chosen already"):
        desk.onboarding.choose_password(actor, OWN)
    assert sign_in(desk, PASSWORD)


def test_the_new_password_ends_other_sessions_and_is_told_by_mail(
    desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey, newcomer: Identity
) -> None:
    other = sign_in(desk)
    actor, _ = with_temporary(desk, ray, person)
    desk.onboarding.choose_password(actor, OWN)
    with pytest.raises(SignedOut, match="password was changed"):
        desk.own.home(other)
    assert len(making.mails(ctx, newcomer, MailPurpose.PASSWORD_CHANGED)) == 1


def test_of_two_windows_exactly_one_chooses_the_password(
    desk: Desk, ray: MadeAgency, person: PersonKey, newcomer: Identity, at_once: Callable[..., list[Any]]
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    chosen = (OWN, Secret("eleven green lanterns north"))
    outcomes = at_once(*(lambda new=new: desk.onboarding.choose_password(actor, new) for new in chosen))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]


@pytest.mark.parametrize("done", [0, 1, 2, 3, 4])
def test_deactivation_in_the_middle_is_told_at_the_next_step(
    desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey, newcomer: Identity, done: int
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    todo = [*the_four(desk, actor), lambda: desk.onboarding.finish(actor)]
    for step in todo[:done]:
        step()
    desk.accounts.deactivate(ray.admin, person, "left")
    before = everything(ctx)
    for step in (*todo[done:], lambda: desk.onboarding.begin(actor)):
        with pytest.raises(SignedOut, match="deactivated"):
            step()
    assert everything(ctx) == before


def test_the_answers_rest_as_hashes_and_only_the_last_three_count(desk: Desk, ctx: Context, newcomer: Identity) -> None:
    actor = sign_in(desk)
    desk.onboarding.set_questions(actor, ANSWERS)
    desk.onboarding.set_questions(actor, (*ANSWERS[:2], Answered("first_book", Secret("Treasure Island"))))
    with ctx.read():
        rows = {row.question: row.verifier for row in SecurityAnswer.select()}
    assert set(rows) == {"first_pet", "first_car", "first_book"}
    assert all(verifier.startswith("dk1$") for verifier in rows.values())
    kept = str([entry.__data__ for entry in making.entries(ctx)]) + str(rows)
    assert not [word for word in ("rex", "beetle", "treasure") if word in kept.lower()]


def test_answers_that_do_not_hold_store_nothing(desk: Desk, ctx: Context, newcomer: Identity) -> None:
    actor = sign_in(desk)
    with pytest.raises(Invalid) as refused:
        desk.onboarding.set_questions(actor, (ANSWERS[0], Answered("first_car", Secret("R E X")), ANSWERS[2]))
    assert list(refused.value.problems) == ["answer2"]
    with ctx.read():
        assert SecurityAnswer.select().count() == 0
    assert desk.onboarding.owed(actor).questions


def test_the_cell_number_is_checked_and_shown_as_people_write_it(
    desk: Desk, ray: MadeAgency, person: PersonKey, newcomer: Identity
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    with pytest.raises(Invalid) as refused:
        desk.onboarding.confirm_contact(actor, "12")
    assert list(refused.value.problems) == ["cell"]
    desk.onboarding.confirm_contact(actor, "519 555 0168")
    assert desk.onboarding.begin(actor).cell == "(519) 555-0168"


def test_the_list_of_office_staff_follows_the_cell_number(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    desk.onboarding.confirm_contact(ann, "519 555 0168")
    with ctx.read():
        member = StaffMember.get(StaffMember.identity == ann.identity_id)
    assert (member.cell, member.version, member.changed_by) == ("+15195550168", 2, "Ann Agent")
    assert "5195550168" in member.search


def test_every_step_stands_in_the_audit(
    desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey, newcomer: Identity
) -> None:
    actor, _ = with_temporary(desk, ray, person)
    steps = desk.onboarding
    steps.accept_terms(actor)
    steps.accept_terms(actor)
    steps.choose_password(actor, OWN)
    steps.confirm_contact(actor, "")
    steps.set_questions(actor, ANSWERS)
    told = [entry.action for entry in making.entries(ctx) if entry.actor_id == newcomer.id]
    assert told == ["signed_in", "terms_accepted", "password_chosen", "contact_confirmed", "questions_set"]
    words = [entry.words for entry in desk.people.history(ray.admin, person)]
    assert "answered the security questions" in words
    assert "signed in with a temporary password" in words
    assert "sent a temporary password" in words
    assert "replaced the temporary password" in words


def test_what_is_lifted_is_this_session_alone(desk: Desk, ctx: Context, newcomer: Identity) -> None:
    other, actor = sign_in(desk), sign_in(desk)
    desk.onboarding.set_questions(actor, ANSWERS)
    desk.onboarding.finish(actor)
    with ctx.read():
        assert Session.get_by_id(other.session_id).limited
    assert not desk.onboarding.finish(other).limited
