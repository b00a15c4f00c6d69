"""A caller is verified in one way or another, for ten minutes, by one agent; what they say is shown to nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity
from models.states import AuditResult, CheckMethod, MailPurpose, Role, TokenPurpose
from services import person_key
from services.actor import Actor
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Forbidden, Invalid, Refused, TooSoon
from services.person_key import PersonKey
from services.staff.values import StaffQuery
from services.verification.values import Level, Standing
from tests import making
from tests.enrolling import enrol
from tests.making import MadeAgency
from tests.recovering import answer, wrong
from tests.services.officing import again
from tests.services.verification.calling import agent, newest_code, other_than, with_mail


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> Actor:
    return agent(desk, ray)


@pytest.fixture
def caller(active: Identity, brent: Client) -> PersonKey:
    """Brent, who calls."""
    return person_key.client(brent.id)


def standing(desk: Desk, who: Actor, caller: PersonKey) -> Standing:
    return desk.verification.offers(who, caller).standing


def allowed(desk: Desk, who: Actor, caller: PersonKey) -> dict[CheckMethod, bool]:
    return {offer.method: offer.allowed for offer in desk.verification.offers(who, caller).methods}


def test_right_answers_hold_for_ten_minutes(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    right = answer(desk.ctx, active)
    assert standing(desk, ann, caller) == Standing()
    assert [question.words for question in desk.verification.questions_for(ann, caller)] == [
        "In which street did you live as a child?",
        "What was the name of your first school?",
        "What was the name of your first pet?",
    ]
    verdict = desk.verification.check_answers(ann, caller, right)
    assert verdict.right
    until = clock.now() + timedelta(minutes=10)
    assert verdict.standing == Standing(Level.CHANGE_EMAIL, until, "security questions")
    clock.advance(minutes=9, seconds=59)
    assert standing(desk, ann, caller).level is Level.CHANGE_EMAIL
    clock.advance(seconds=1)
    assert standing(desk, ann, caller) == Standing()


@pytest.mark.parametrize("number", [0, 2])
def test_one_wrong_answer_makes_all_wrong_and_tells_nobody_which(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity, number: int
) -> None:
    verdict = desk.verification.check_answers(ann, caller, wrong(answer(desk.ctx, active), number))
    assert (verdict.right, verdict.wait, verdict.standing) == (False, 1, Standing())
    assert verdict.sentence.startswith("Not all of these answers are right.")


def test_answers_left_out_are_wrong(desk: Desk, ann: Actor, caller: PersonKey, active: Identity) -> None:
    right = answer(desk.ctx, active)
    assert not desk.verification.check_answers(ann, caller, right[:2]).right


def test_wrong_answers_to_several_agents_are_counted_together(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    right = answer(desk.ctx, active)
    desk.verification.check_answers(ann, caller, wrong(right, 0))
    bob = agent(desk, ray, "bob")
    with pytest.raises(TooSoon):
        desk.verification.check_answers(bob, caller, right)
    offer = desk.verification.offers(bob, caller).methods[0]
    assert (offer.method, offer.allowed_at) == (CheckMethod.QUESTIONS, clock.now() + timedelta(seconds=1))
    clock.advance(seconds=1)
    assert desk.verification.check_answers(bob, caller, wrong(right, 0)).wait == 2


def test_it_holds_for_this_session_and_this_person_alone(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    desk.verification.check_answers(ann, caller, answer(desk.ctx, active))
    other = making.make_client(desk, ray.agency, "cindy@example.com", first="Cindy")
    making.give_account(desk, ray.admin, other)
    assert standing(desk, ann, person_key.client(other.id)) == Standing()
    assert standing(desk, again(desk, ann), caller) == Standing()
    assert standing(desk, agent(desk, ray, "bob"), caller) == Standing()


def test_the_code_of_the_app_opens_everything_and_counts_once(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    app = enrol(desk.ctx, active.id)
    code = app.code(clock.now())
    assert desk.verification.check_factor(ann, caller, code).standing.level is Level.CLEAR_FACTOR
    assert not desk.verification.check_factor(ann, caller, code).right


def test_a_recovery_code_is_not_asked_for_on_the_telephone(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity
) -> None:
    app = enrol(desk.ctx, active.id)
    assert not desk.verification.check_factor(ann, caller, Secret(app.recovery[0])).right


def test_the_mailed_code_counts_for_the_session_that_sent_it(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey, active: Identity
) -> None:
    desk = with_mail(desk)
    sent = desk.verification.send_code(ann, caller)
    assert (sent.words, sent.until, sent.tries_left) == ("queued", None, 3)
    code = newest_code(desk.ctx, active)
    assert len(code.reveal()) == 6
    with pytest.raises(Refused, match="No code was sent in this session"):
        desk.verification.check_code(agent(desk, ray, "bob"), caller, code)
    verdict = desk.verification.check_code(ann, caller, code)
    assert (verdict.right, verdict.standing.level, verdict.standing.how) == (True, Level.CHANGE_EMAIL, "mailed code")
    with pytest.raises(Refused, match="has been used"):
        desk.verification.check_code(ann, caller, code)


def test_three_wrong_tries_end_the_mailed_code(desk: Desk, ann: Actor, caller: PersonKey, active: Identity) -> None:
    desk = with_mail(desk)
    desk.verification.send_code(ann, caller)
    code = newest_code(desk.ctx, active)
    told = [desk.verification.check_code(ann, caller, other_than(code)).sentence for _ in range(3)]
    assert [words.rpartition("mail. ")[2] for words in told[:2]] == ["2 tries are left.", "1 try is left."]
    assert "typed wrongly three times" in told[2]
    with pytest.raises(Refused, match="typed wrongly three times"):
        desk.verification.check_code(ann, caller, code)
    assert standing(desk, ann, caller) == Standing()


def test_the_five_minutes_begin_when_the_server_took_the_mail(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    desk = with_mail(desk)
    desk.verification.send_code(ann, caller)
    clock.advance(minutes=20)
    making.server_took(desk.ctx, making.mails(desk.ctx, active, MailPurpose.CALLER_CODE)[-1])
    there = desk.verification.code_standing(ann, caller)
    assert there.until == clock.now() + timedelta(minutes=5)
    clock.advance(minutes=5)
    with pytest.raises(Refused, match="five minutes of this code are over"):
        desk.verification.check_code(ann, caller, newest_code(desk.ctx, active))


def test_another_code_takes_the_place_of_the_first_and_six_a_day_are_enough(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    desk = with_mail(desk)
    bob = agent(desk, ray, "bob")
    desk.verification.send_code(ann, caller)
    first = newest_code(desk.ctx, active)
    with pytest.raises(TooSoon, match="Wait 1:00"):
        desk.verification.send_code(bob, caller)
    clock.advance(minutes=1)
    desk.verification.send_code(bob, caller)
    with pytest.raises(Refused, match="newer code"):
        desk.verification.check_code(ann, caller, first)
    for _ in range(4):
        clock.advance(minutes=1)
        desk.verification.send_code(bob, caller)
    clock.advance(minutes=1)
    with pytest.raises(TooSoon, match="6 codes were mailed"):
        desk.verification.send_code(bob, caller)


def test_an_address_that_was_just_changed_proves_nothing_for_a_day(
    desk: Desk, ann: Actor, brent: Client, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    desk = with_mail(desk)
    desk.verification.check_answers(ann, caller, answer(desk.ctx, active))
    record = desk.clients.get(ann, brent.id)
    desk.clients.save(ann, brent.id, record.version, replace(record.fields, email="thief@example.org"))
    clock.advance(minutes=2)
    with pytest.raises(Refused, match="changed within the last day"):
        desk.verification.send_code(ann, caller)
    clock.advance(hours=24)
    desk.verification.send_code(again(desk, ann), caller)


def test_half_a_code_is_no_try(desk: Desk, ann: Actor, caller: PersonKey, active: Identity) -> None:
    desk = with_mail(desk)
    desk.verification.send_code(ann, caller)
    with pytest.raises(Invalid):
        desk.verification.check_code(ann, caller, Secret("123"))
    assert desk.verification.code_standing(ann, caller).tries_left == 3


def test_a_code_for_a_call_opens_nothing_else(desk: Desk, ann: Actor, caller: PersonKey, active: Identity) -> None:
    desk = with_mail(desk)
    desk.verification.send_code(ann, caller)
    with pytest.raises(Refused):
        desk.recovery.open(newest_code(desk.ctx, active).reveal(), active.email, making.HERE)


def test_of_two_who_type_the_code_at_once_one_uses_it(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity, at_once: Callable[..., list[Any]]
) -> None:
    desk = with_mail(desk)
    desk.verification.send_code(ann, caller)
    code = newest_code(desk.ctx, active)
    both = at_once(*[lambda: desk.verification.check_code(ann, caller, code)] * 2)
    assert sum(isinstance(one, Refused) for one in both) == 1


def test_questions_and_a_mailed_code_together_open_everything(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity, clock: ManualClock
) -> None:
    desk = with_mail(desk)
    desk.verification.check_answers(ann, caller, answer(desk.ctx, active))
    clock.advance(minutes=4)
    gives = {offer.method: offer.gives for offer in desk.verification.offers(ann, caller).methods}
    assert (gives[CheckMethod.QUESTIONS], gives[CheckMethod.CODE]) == (Level.CHANGE_EMAIL, Level.CLEAR_FACTOR)
    desk.verification.send_code(ann, caller)
    verdict = desk.verification.check_code(ann, caller, newest_code(desk.ctx, active))
    # As long as both hold.
    until = clock.now() + timedelta(minutes=6)
    assert verdict.standing == Standing(Level.CLEAR_FACTOR, until, "security questions and mailed code")
    clock.advance(minutes=6)
    assert standing(desk, ann, caller).level is Level.CHANGE_EMAIL


def test_a_supervisor_vouches_with_a_reason_and_an_agent_does_not(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey
) -> None:
    sup = agent(desk, ray, "sup", Role.SUPERVISOR)
    with pytest.raises(Invalid):
        desk.verification.override(sup, caller, "  ")
    given = desk.verification.override(sup, caller, "showed a passport")
    assert (given.level, given.how) == (Level.CLEAR_FACTOR, "word of a supervisor: showed a passport")
    with pytest.raises(Forbidden, match="Only a supervisor"):
        desk.verification.override(ann, caller, "I know the voice")
    assert [entry.result for entry in making.entries(desk.ctx, "caller_verified")] == [
        AuditResult.DONE,
        AuditResult.REFUSED,
    ]


def test_nobody_vouches_for_themselves(desk: Desk, ray: MadeAgency) -> None:
    sup = agent(desk, ray, "sup", Role.SUPERVISOR)
    row = desk.staff.rows(ray.admin, _everybody()).first(10)
    own = next(person_key.staff(line.key) for line in row if "Sup" in line.cells[1])
    with pytest.raises(Refused, match="nobody vouches for themselves"):
        desk.verification.override(sup, own, "it is me")


def test_an_agent_verifies_no_administrator(desk: Desk, ray: MadeAgency, ann: Actor) -> None:
    row = desk.staff.rows(ray.admin, _everybody()).first(10)
    sue = next(person_key.staff(line.key) for line in row if "Sue" in line.cells[1])
    with pytest.raises(Refused, match="only an administrator may do it"):
        desk.verification.offers(ann, sue)


def test_what_is_not_possible_says_why(desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey) -> None:
    offers = desk.verification.offers(ann, caller)
    assert {offer.method: offer.reason for offer in offers.methods} == {
        CheckMethod.QUESTIONS: "This person has not answered any security questions yet. Verify in another way.",
        CheckMethod.CODE: "No mail server is configured, so no code reaches anybody. Verify in another way.",
        CheckMethod.SECOND_FACTOR: "This person has no authenticator app set up. Verify in another way.",
        CheckMethod.OVERRIDE: "Only a supervisor or an administrator vouches for a caller. Ask one.",
    }
    for act in (
        lambda: desk.verification.questions_for(ann, caller),
        lambda: desk.verification.check_answers(ann, caller, ()),
        lambda: desk.verification.check_factor(ann, caller, Secret("123456")),
        lambda: desk.verification.send_code(ann, caller),
    ):
        with pytest.raises(Refused, match="Verify in another way"):
            act()
    assert all(
        allowed(with_mail(desk), ray.admin, caller)[method] for method in (CheckMethod.CODE, CheckMethod.OVERRIDE)
    )


def test_an_agency_without_questions_asks_none(
    desk: Desk, ray: MadeAgency, ann: Actor, caller: PersonKey, active: Identity
) -> None:
    answer(desk.ctx, active)
    with desk.ctx.unit():
        ray.agency.adjustments = '{"questions": false}'
        ray.agency.save()
    assert not allowed(desk, ann, caller)[CheckMethod.QUESTIONS]


def test_somebody_without_an_account_cannot_be_verified(desk: Desk, ann: Actor, brent: Client) -> None:
    with pytest.raises(Refused, match="no account yet"):
        desk.verification.offers(ann, person_key.client(brent.id))


def test_the_command_line_answers_no_telephone(desk: Desk, ray: MadeAgency, caller: PersonKey) -> None:
    root = replace(ray.admin, session_id=None, identity_id=None)
    assert not any(allowed(desk, root, caller).values())


def test_what_was_said_is_written_down_nowhere(desk: Desk, ann: Actor, caller: PersonKey, active: Identity) -> None:
    desk = with_mail(desk)
    right = answer(desk.ctx, active)
    desk.verification.check_answers(ann, caller, right)
    desk.verification.send_code(ann, caller)
    code = newest_code(desk.ctx, active)
    desk.verification.check_code(ann, caller, code)
    said = [answered.answer.reveal() for answered in right] + [code.reveal()]
    for entry in making.entries(desk.ctx):
        assert not [words for words in said if words in f"{entry.details}{entry.reason}{entry.subject}"]
    assert making.tokens_of(desk.ctx, active, TokenPurpose.CALLER)[-1].code_hash != code.reveal()


def test_a_colleague_does_not_read_the_code_in_the_mail_tab(
    desk: Desk, ann: Actor, caller: PersonKey, active: Identity
) -> None:
    posted = with_mail(desk)
    posted.verification.send_code(ann, caller)
    [mail] = making.mails(desk.ctx, active, MailPurpose.CALLER_CODE)
    # Nor where all mail stays in the desk.
    for looked in (posted, desk):
        view = looked.mail.view(ann, mail.id)
        assert newest_code(desk.ctx, active).reveal() not in f"{view.text}{view.html}"
        assert not view.secrets_shown


def _everybody() -> StaffQuery:
    return StaffQuery()
