"""One's own security questions: other answers only with the present password, and the owner hears of it."""

from __future__ import annotations

import json

import pytest

from models.agency import Agency
from models.identity import Identity, SecurityAnswer
from models.states import AuditResult, MailPurpose, Role, Surface
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.context import Context
from services.credentials import answers
from services.credentials.passwords import Passwords, Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.errors import Invalid, Refused, TooSoon
from services.mail.notices import Notice
from tests import making
from tests.making import PASSWORD, MadeAgency

FIRST = (
    Answered("first_pet", Secret("Bello")),
    Answered("first_car", Secret("Yellow Beetle")),
    Answered("first_street", Secret("Elm Street")),
)
OTHER = (
    Answered("first_pet", Secret("Whiskers")),
    Answered("first_job", Secret("Sarnia")),
    Answered("first_book", Secret("Moby Dick")),
)


def right(ctx: Context, actor: Actor, given: tuple[Answered, ...]) -> bool:
    return answers.check(ctx, Passwords(ctx.keys, 4), actor.identity_id or 0, given)


def notices(ctx: Context, actor: Actor) -> list[str]:
    with ctx.read():
        identity = Identity.get_by_id(actor.identity_id)
    return [json.loads(mail.details)["notice"] for mail in making.mails(ctx, identity, MailPurpose.NOTICE)]


def test_with_the_password_they_become_others(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    desk.own_questions.change(ray.admin, PASSWORD, FIRST)
    desk.own_questions.change(ray.admin, PASSWORD, OTHER)
    assert desk.own_questions.asked(ray.admin) == ("first_pet", "first_job", "first_book")
    assert right(ctx, ray.admin, OTHER)
    assert not right(ctx, ray.admin, FIRST)


def test_the_owner_hears_of_a_change_but_not_of_the_first_answers(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    desk.own_questions.change(ray.admin, PASSWORD, FIRST)
    assert notices(ctx, ray.admin) == []
    desk.own_questions.change(ray.admin, PASSWORD, OTHER)
    assert notices(ctx, ray.admin) == [Notice.QUESTIONS]
    assert [entry.result for entry in making.entries(ctx, "questions_changed")] == [AuditResult.DONE] * 2


def test_a_wrong_password_changes_nothing_waits_and_is_written_down(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency
) -> None:
    desk.own_questions.change(ray.admin, PASSWORD, FIRST)
    with pytest.raises(Invalid) as refused:
        desk.own_questions.change(ray.admin, Secret("wrong"), OTHER)
    assert list(refused.value.problems) == ["current"]
    with pytest.raises(TooSoon):
        desk.own_questions.change(ray.admin, PASSWORD, OTHER)
    assert making.entries(ctx, "questions_changed")[-2].reason == "wrong password"
    assert right(ctx, ray.admin, FIRST)
    clock.advance(seconds=1)
    desk.own_questions.change(ray.admin, PASSWORD, OTHER)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ((), "answer1"),
        (FIRST[:2], "answer3"),
        ((FIRST[0], FIRST[0], FIRST[2]), "answer2"),
        ((*FIRST[:2], Answered("first_street", Secret("BELLO"))), "answer3"),
        ((*FIRST[:2], Answered("shoe_size", Secret("forty two"))), "answer3"),
        ((*FIRST[:2], Answered("first_street", Secret("x\0yz"))), "answer3"),
    ],
)
def test_answers_that_do_not_hold_are_told_and_cost_no_try(
    desk: Desk, ctx: Context, ray: MadeAgency, given: tuple[Answered, ...], field: str
) -> None:
    before = making.throttles(ctx)
    with pytest.raises(Invalid) as refused:
        desk.own_questions.change(ray.admin, PASSWORD, given)
    assert field in refused.value.problems
    assert making.throttles(ctx) == before


def test_an_agency_that_asks_none_takes_none(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    with ctx.unit():
        Agency.update(profile="strict").execute()
    with pytest.raises(Refused, match="asks no security questions"):
        desk.own_questions.change(ray.admin, PASSWORD, FIRST)
    with pytest.raises(Refused, match="asks no security questions"):
        desk.own_questions.asked(ray.admin)


def test_other_answers_forget_the_wrong_tries_at_the_earlier_ones(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    desk.own_questions.change(ray.admin, PASSWORD, FIRST)
    with ctx.unit():
        answers.claim(ctx, ray.admin.identity_id or 0)
    desk.own_questions.change(ray.admin, PASSWORD, OTHER)
    with ctx.read():
        assert answers.waiting(ctx, ray.admin.identity_id or 0) == 0


def test_no_answer_rests_in_clear(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    desk.own_questions.change(ray.admin, PASSWORD, FIRST)
    with ctx.read():
        kept = [row.verifier for row in SecurityAnswer.select()]
    assert len(kept) == 3
    assert all(verifier.startswith("dk1$") for verifier in kept)


def test_the_command_line_has_none(desk: Desk, ray: MadeAgency) -> None:
    root = Actor(ray.agency.id, None, None, "root", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
    with pytest.raises(Refused, match="no account of your own"):
        desk.own_questions.change(root, PASSWORD, FIRST)
