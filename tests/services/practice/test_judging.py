"""What a call is worth: each mistake costs its own points, and is told in a sentence of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.states import CheckMethod
from services import person_key
from services.audit import Action
from services.practice.judging import judge
from services.practice.values import (
    FULL,
    Call,
    Caller,
    Case,
    Change,
    Check,
    Ending,
    Expected,
    Fact,
    Kind,
    Marks,
    Step,
    queue_score,
)
from services.verification.values import Level

RANG = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
BRENT, OTHER = person_key.client(1), person_key.client(2)
NEW = "new@example.ca"
CORRECT = Step(frozenset({Action.CLIENT_CHANGED}), "correct the address", email=NEW)
SEND = Step(frozenset({Action.RESET_SENT, Action.TEMPORARY_SENT}), "send a reset")


def case(*steps: Step, **expected: object) -> Case:
    right = Expected(steps, frozenset({Ending.SOLVED if steps else Ending.TOLD}), "That is why.")
    return Case(Kind.FORGOTTEN, BRENT, "Brent Thomas", Caller("Hello.", {}), replace(right, **expected))  # type: ignore[arg-type]


def change(action: Action, after: int = 60, person: person_key.PersonKey = BRENT, **facts: object) -> Change:
    name = "Brent Thomas" if person == BRENT else "Brent Thomson"
    return Change(action, RANG + timedelta(seconds=after), person, name, **facts)  # type: ignore[arg-type]


def check(method: CheckMethod, after: int = 30, passed: bool = True) -> Check:
    return Check(method, RANG + timedelta(seconds=after), BRENT, passed)


def call(*changes: Change, ending: Ending = Ending.SOLVED, **facts: object) -> Call:
    told = {"asked": {Fact.BORN: RANG + timedelta(seconds=10)}, **facts}
    return Call(ending, changes, **told)  # type: ignore[arg-type]


def test_a_call_without_a_mistake_has_all_points_and_no_advice() -> None:
    outcome = judge(case(SEND), call(change(Action.TEMPORARY_SENT)))
    assert (outcome.marks, outcome.score, outcome.better) == (FULL, 100, ())


def test_somebody_else_s_account_costs_the_person_and_the_action() -> None:
    outcome = judge(case(SEND), call(change(Action.RESET_SENT, person=OTHER)))
    assert outcome.marks == Marks(person=0, verified=25, action=0, needless=0)
    assert "you sent a reset for Brent Thomson, but Brent Thomas was calling" in outcome.better[0]


def test_a_name_alone_is_not_enough_to_act_upon() -> None:
    outcome = judge(case(SEND), call(change(Action.RESET_SENT), asked={Fact.NAME: RANG}))
    assert outcome.marks == replace(FULL, verified=0)
    assert "A name is not enough" in outcome.better[0]


def test_what_is_asked_after_the_act_comes_too_late() -> None:
    late = {Fact.BORN: RANG + timedelta(seconds=90)}
    assert judge(case(SEND), call(change(Action.RESET_SENT), asked=late)).marks.verified == 0


def test_a_verified_caller_need_not_be_asked_anything_else() -> None:
    told = call(change(Action.RESET_SENT), asked={}, checks=(check(CheckMethod.QUESTIONS),))
    assert judge(case(SEND), told).score == 100


@pytest.mark.parametrize(
    ("methods", "points"),
    [
        ((), 0),
        ((CheckMethod.QUESTIONS,), 0),
        ((CheckMethod.QUESTIONS, CheckMethod.CODE), 25),
        ((CheckMethod.SECOND_FACTOR,), 25),
        ((CheckMethod.OVERRIDE,), 12),
    ],
)
def test_a_caller_is_verified_as_surely_as_the_action_needs(methods: tuple[CheckMethod, ...], points: int) -> None:
    clear = Step(frozenset({Action.FACTOR_CLEARED}), "clear it")
    told = call(change(Action.FACTOR_CLEARED), checks=tuple(map(check, methods)))
    assert judge(case(clear, verified=Level.CLEAR_FACTOR), told).marks.verified == points


def test_a_check_that_failed_or_came_later_shows_nothing() -> None:
    wanted = case(CORRECT, verified=Level.CHANGE_EMAIL)
    done = change(Action.CLIENT_CHANGED, email=NEW)
    for shown in (check(CheckMethod.QUESTIONS, passed=False), check(CheckMethod.QUESTIONS, after=90)):
        outcome = judge(wanted, call(done, checks=(shown,), email=NEW))
        assert (outcome.marks.verified, "had to be verified before" in outcome.better[0]) == (0, True)


def test_half_of_the_way_is_half_of_the_points_with_the_rest_named() -> None:
    outcome = judge(case(CORRECT, SEND), call(change(Action.CLIENT_CHANGED, email=NEW), email=NEW))
    assert outcome.marks == replace(FULL, action=15)
    assert outcome.better == ("Still to be done: send a reset.", "That is why.")


def test_the_mail_must_come_after_the_corrected_address() -> None:
    sent, corrected = change(Action.RESET_SENT, 60), change(Action.CLIENT_CHANGED, 70, email=NEW)
    outcome = judge(case(CORRECT, SEND), call(sent, corrected, email=NEW))
    assert outcome.marks == replace(FULL, action=15, needless=10)
    assert "Needless: you sent a reset." in outcome.better


def test_another_address_than_the_caller_s_is_not_the_right_one() -> None:
    wrong = change(Action.CLIENT_CHANGED, email="nwe@example.ca")
    outcome = judge(case(CORRECT), call(wrong, email="nwe@example.ca"))
    assert (outcome.marks.action, outcome.better[0]) == (0, "Still to be done: correct the address.")


def test_an_address_that_was_mended_later_counts_but_the_slip_was_needless() -> None:
    slip, mended = (change(Action.CLIENT_CHANGED, at, email=email) for at, email in ((60, "x@y.ca"), (80, NEW.upper())))
    outcome = judge(case(CORRECT), call(slip, mended, email=NEW))
    assert (outcome.marks, outcome.better) == (
        replace(FULL, needless=10),
        ("Needless: you changed the e-mail address to x@y.ca.",),
    )


def test_an_address_that_was_changed_back_is_not_corrected() -> None:
    right, back = (change(Action.CLIENT_CHANGED, at, email=email) for at, email in ((60, NEW), (80, "old@example.ca")))
    assert judge(case(CORRECT), call(right, back, email="old@example.ca")).marks.action == 0


def test_other_fields_changed_by_the_way_are_needless() -> None:
    outcome = judge(case(CORRECT), call(change(Action.CLIENT_CHANGED, email=NEW, also=("phone number",)), email=NEW))
    assert (outcome.marks.needless, outcome.better) == (10, ("Needless: you changed phone number too.",))


def test_three_needless_things_cost_no_more_than_there_is() -> None:
    done = [change(Action.RESET_SENT, at) for at in (60, 70, 80, 90)]
    assert judge(case(SEND), call(*done)).marks == replace(FULL, needless=0)


def test_doing_nothing_earns_nothing_where_something_was_needed() -> None:
    outcome = judge(case(SEND), call(asked={}))
    assert outcome.score == 0
    assert "Nothing was done for Brent Thomas" in outcome.better[0]


def test_where_nothing_is_wrong_with_the_account_telling_is_all() -> None:
    assert judge(case(), call(ending=Ending.TOLD)).score == 100
    outcome = judge(case(), call(change(Action.RESET_SENT), ending=Ending.TOLD))
    assert outcome.marks == replace(FULL, action=0, needless=10)
    assert outcome.better == ("That is why.", "Needless: you sent a reset.")


def test_the_wrong_ending_costs_ten_points_and_is_named() -> None:
    outcome = judge(case(), call(ending=Ending.SOLVED))
    assert outcome.marks == replace(FULL, action=20)
    assert outcome.better[0] == 'The call ended as "solved"; right was "told what to do".'


def test_whoever_refuses_an_owner_or_sends_a_stranger_off_content_has_not_acted_rightly() -> None:
    assert judge(case(), call(ending=Ending.REFUSED)).marks == replace(FULL, action=0)
    failed = check(CheckMethod.QUESTIONS, passed=False)
    assert judge(impostor(), call(ending=Ending.TOLD, checks=(failed,))).marks == replace(FULL, action=0)


def impostor() -> Case:
    forbidden = {Action.CLIENT_CHANGED: "You acted for a stranger."}
    return case(suspect=True, endings=frozenset({Ending.REFUSED}), forbidden=forbidden)


def test_an_impostor_who_was_put_to_the_test_and_refused_gives_all_points() -> None:
    failed = check(CheckMethod.QUESTIONS, passed=False)
    assert judge(impostor(), call(ending=Ending.REFUSED, checks=(failed,))).score == 100


def test_refusing_an_impostor_unheard_would_have_refused_the_owner_too() -> None:
    assert judge(impostor(), call(ending=Ending.REFUSED)).marks == replace(FULL, verified=0)
    asked = judge(impostor(), call(ending=Ending.REFUSED, asked={Fact.FIRST: RANG}))
    assert asked.marks == replace(FULL, verified=12)
    assert "the owner would have passed" in asked.better[0]


def test_acting_for_an_impostor_upon_one_s_own_word_leaves_little() -> None:
    done = change(Action.CLIENT_CHANGED, email="q@quickmail.example")
    outcome = judge(impostor(), call(done, checks=(check(CheckMethod.OVERRIDE),), email="q@quickmail.example"))
    assert outcome.marks == Marks(person=25, verified=0, action=0, needless=10)
    assert "You vouched for somebody who is not the owner" in outcome.better[0]
    assert outcome.better[1] == "You acted for a stranger."


def test_a_queue_is_worth_the_mean_of_its_calls() -> None:
    good, bad = judge(case(SEND), call(change(Action.RESET_SENT))), judge(case(SEND), call(asked={}))
    assert (queue_score(()), queue_score((good, bad, bad))) == (0, 33)
