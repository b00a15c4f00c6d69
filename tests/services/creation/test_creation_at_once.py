"""Two who create at the same moment: one account, one mail, and the other one hears why."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.identity import Identity
from models.staff import StaffMember
from models.states import RunRowState
from services import person_key
from services.actor import Actor
from services.context import Context
from services.creation import making as creation_making
from services.creation.values import CreationResult
from services.desk import Desk
from services.errors import DeskError, Invalid, Refused
from services.person_key import PersonKey
from services.staff.values import StaffFields
from tests import making
from tests.acting import USER
from tests.making import MadeAgency
from tests.services.creating import make_colleague

Prepare = Callable[[Desk, Actor, PersonKey], Callable[[], object]]


def by_wizard(desk: Desk, actor: Actor, person: PersonKey) -> Callable[[], object]:
    """The last yes of somebody who has looked at everything."""
    plan = desk.creation.preview(actor, person).plan
    return lambda: desk.creation.create(actor, plan)


def by_key(desk: Desk, actor: Actor, person: PersonKey) -> Callable[[], object]:
    return lambda: desk.accounts.create_and_welcome(actor, person)


def in_a_list(desk: Desk, actor: Actor, person: PersonKey) -> Callable[[], object]:
    """A run of one person; what it refuses is raised, as the others do."""
    run = desk.bulk.start(actor, desk.bulk.preflight(actor, [person]))

    def work() -> None:
        desk.bulk.work(actor, run)
        (row,) = desk.bulk.rows(actor, run)
        if row.state is RunRowState.REFUSED:
            raise Refused(row.reason)

    return work


WAYS = {"wizard": by_wizard, "key": by_key, "list": in_a_list}


@pytest.mark.parametrize("ways", ["wizard wizard", "wizard key", "wizard list", "key key", "key list"])
def test_of_two_agents_one_creates_and_the_other_hears_that_it_is_done(
    desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey, at_once: Callable[..., list[Any]], ways: str
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    acts = [WAYS[way](desk, who, person) for way, who in zip(ways.split(), (ray.admin, ann), strict=True)]
    outcomes = at_once(*acts)
    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, BaseException))
    assert isinstance(refusal, Refused), refusal
    assert "created this account already" in refusal.sentence or "There is an account already" in refusal.sentence
    assert len(making.mails(ctx, making.account_behind(ctx, person))) == 1
    with ctx.read():
        assert Identity.select().where(Identity.email == USER).count() == 1


def test_of_a_client_and_a_colleague_with_one_address_one_gets_it_as_user_name(
    desk: Desk, ctx: Context, ray: MadeAgency, at_once: Callable[..., list[Any]]
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    people = (
        person_key.client(making.make_client(desk, ray.agency, USER).id),
        person_key.staff(make_colleague(desk, ray.agency, USER.upper()).id),
    )
    outcomes = at_once(*(by_wizard(desk, who, one) for who, one in zip((ray.admin, ann), people, strict=True)))
    (created,) = (outcome for outcome in outcomes if isinstance(outcome, CreationResult))
    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, DeskError))
    assert isinstance(refusal, Invalid)
    assert "user name of" in refusal.problems["email"]
    loser = people[outcomes.index(refusal)]
    assert desk.creation.preview(ray.admin, loser).candidate.account is None
    with ctx.read():
        holders = list(Identity.select().where(Identity.email_key == USER))
    assert [holder.id for holder in holders] == [created.identity_id]
    assert len(making.mails(ctx, holders[0])) == 1


def test_of_an_address_corrected_in_the_wizard_and_entered_in_the_list_one_is_taken(
    desk: Desk, ctx: Context, ray: MadeAgency, at_once: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    plan = desk.creation.preview(ray.admin, person_key.staff(make_colleague(desk, ray.agency).id)).plan
    plan = replace(plan, email=USER, user_name=USER)
    looked, entered = threading.Event(), threading.Event()
    check = creation_making.check

    def check_slowly(*looked_at: Any) -> Any:
        found = check(*looked_at)
        looked.set()
        entered.wait(0.5)
        return found

    def enter() -> None:
        looked.wait(20)
        desk.staff.add(ann, StaffFields("Ida", "Green", USER))
        entered.set()

    monkeypatch.setattr(creation_making, "check", check_slowly)
    created, refusal = at_once(lambda: desk.creation.create(ray.admin, plan), enter)
    assert isinstance(created, CreationResult), created
    assert isinstance(refusal, Invalid), refusal
    with ctx.read():
        assert StaffMember.select().where(StaffMember.email_key == USER).count() == 1


def test_of_two_colleagues_entered_with_one_address_one_is_taken(
    desk: Desk, ray: MadeAgency, at_once: Callable[..., list[Any]]
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    fields = StaffFields("Frank", "Jones")
    outcomes = at_once(
        *(
            lambda who=who, email=email: desk.staff.add(who, replace(fields, email=email))
            for who, email in ((ray.admin, USER), (ann, USER.title()))
        )
    )
    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, Exception))
    assert isinstance(refusal, Invalid), refusal
    assert list(refusal.problems) == ["email"]
