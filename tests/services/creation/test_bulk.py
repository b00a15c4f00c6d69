"""Many accounts at once: every problem first, then row by row, and nobody twice."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.identity import BulkRow, BulkRun, Identity, LegacyUser
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import LegacyState, MailPurpose, Role, RunRowState, RunState
from services import person_key
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.creation.bulk_run import LEASE, Lease
from services.creation.values import RunView
from services.desk import Desk
from services.errors import NotFound, Refused, SignedOut
from services.person_key import PersonKey
from tests import making
from tests.making import MadeAgency
from tests.services.creating import (
    FRANK,
    account_of,
    by_access_key,
    make_colleague,
    make_colleagues,
    make_office,
    make_old_account,
    stored,
)


def keys(people: list[StaffMember]) -> list[PersonKey]:
    return [person_key.staff(person.id) for person in people]


def begin(desk: Desk, actor: Actor, people: list[StaffMember]) -> int:
    return desk.bulk.start(actor, desk.bulk.preflight(actor, keys(people)))


def welcomes(ctx: Context) -> list[str]:
    with ctx.read():
        return sorted(row.to_address for row in OutboxMessage.select() if row.purpose is MailPurpose.WELCOME)


def problems(desk: Desk, actor: Actor, *people: StaffMember) -> list[str]:
    return [" ".join(row.problems) for row in desk.bulk.preflight(actor, keys(list(people))).rows]


def test_the_preflight_finds_every_problem_and_stores_nothing(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    office = make_office(desk, ray.agency)
    fine = make_colleague(desk, ray.agency)
    no_email = make_colleague(desk, ray.agency, "", first="Desiree", last="Wallace")
    inactive = make_colleague(desk, ray.agency, "gone@example.com", active=False)
    twin = make_colleague(desk, ray.agency, "twin@example.com")
    making.make_client(desk, ray.agency, "twin@example.com", first="B", last="Twin")
    brent = making.give_account(desk, ray.admin, making.make_client(desk, ray.agency), password=None)
    taken = make_colleague(desk, ray.agency, brent.email)
    boss = make_colleague(desk, ray.agency, "boss@example.com", role=Role.SUPERVISOR)
    clash = make_colleague(desk, ray.agency, "clash@example.com")
    with ctx.read():
        sue = Identity.get()
        has_one = StaffMember.get(StaffMember.identity == sue)
    make_old_account(desk, office, "clash", "clash@example.com", identity=sue)
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    before = stored(ctx)
    told = problems(desk, ann, fine, no_email, inactive, twin, taken, boss, clash, has_one)
    assert told[0] == ""
    for words, told_of in zip(
        (
            "Add an e-mail address",
            "inactive",
            "B Twin has the same address",
            "user name of Brent Thomas",
            "Only an administrator",
            "migrated to somebody else",
            "There is an active account already",
        ),
        told[1:],
        strict=True,
    ):
        assert words in told_of
    assert stored(ctx) == before


def test_an_old_user_name_is_told_and_keeps_nobody_back(desk: Desk, ray: MadeAgency) -> None:
    office = make_office(desk, ray.agency)
    frank = make_colleague(desk, ray.agency)
    make_old_account(desk, office)
    (row,) = desk.bulk.preflight(ray.admin, keys([frank])).rows
    assert row.problems == ()
    assert "fjones (San Diego) is not the e-mail address" in row.notes[0]


def test_a_client_with_the_same_address_keeps_a_colleague_back(desk: Desk, ray: MadeAgency) -> None:
    frank = make_colleague(desk, ray.agency)
    making.make_client(desk, ray.agency, FRANK)
    assert "Brent Thomas has the same address" in problems(desk, ray.admin, frank)[0]


def test_somebody_named_twice_is_looked_at_once(desk: Desk, ray: MadeAgency) -> None:
    frank = make_colleague(desk, ray.agency)
    assert len(desk.bulk.preflight(ray.admin, keys([frank, frank])).rows) == 1


def test_people_of_another_agency_are_not_there(desk: Desk, ray: MadeAgency) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    frank = make_colleague(desk, ray.agency)
    (row,) = desk.bulk.preflight(other.admin, keys([frank])).rows
    assert "Frank" not in row.name
    assert "not in the list" in row.problems[0]


def test_it_creates_who_is_ready_and_keeps_the_reasons_of_the_rest(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    office = make_office(desk, ray.agency)
    people = make_colleagues(desk, ray.agency, 3)
    frank = make_colleague(desk, ray.agency, office=office)
    old = make_old_account(desk, office)
    nobody = make_colleague(desk, ray.agency, "", first="Desiree", last="Wallace")
    run = begin(desk, ray.admin, [*people, frank, nobody])
    seen: list[RunView] = []
    done = desk.bulk.work(ray.admin, run, on_progress=seen.append)
    assert (done.state, done.created, done.refused, done.waiting) == (RunState.DONE, 4, 1, 0)
    assert [view.created for view in seen] == [1, 2, 3, 4]
    assert welcomes(ctx) == [*(f"colleague{number}@example.com" for number in range(3)), FRANK]
    last = desk.bulk.rows(ray.admin, run)[-1]
    assert (last.name, last.state) == ("Desiree Wallace", RunRowState.REFUSED)
    assert "Add an e-mail address" in last.reason
    with ctx.read():
        assert LegacyUser.get_by_id(old.id).state is LegacyState.MIGRATED
    ended = json.loads(making.entries(ctx, "bulk_ended")[0].details)
    assert ended == {"run": run, "created": 4, "refused": 1}


def test_what_became_impossible_since_the_preflight_is_a_reason_and_no_halt(
    desk: Desk, ctx: Context, ray: MadeAgency
) -> None:
    people = make_colleagues(desk, ray.agency, 4)
    run = begin(desk, ray.admin, people)
    with ctx.unit():
        StaffMember.update(active=False).where(StaffMember.id == people[0].id).execute()
        StaffMember.delete().where(StaffMember.id == people[1].id).execute()
    desk.creation.create(ray.admin, desk.creation.preview(ray.admin, person_key.staff(people[2].id)).plan)
    done = desk.bulk.work(ray.admin, run)
    assert (done.created, done.refused) == (1, 3)
    reasons = [row.reason for row in desk.bulk.rows(ray.admin, run)]
    for words, reason in zip(("inactive", "not in the list", "Sue Wright created this account"), reasons, strict=False):
        assert words in reason
    assert len(welcomes(ctx)) == 2


def test_it_stops_when_told_and_goes_on_later(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    run = begin(desk, ray.admin, make_colleagues(desk, ray.agency, 5))
    seen: list[RunView] = []
    paused = desk.bulk.work(ray.admin, run, on_progress=seen.append, stop=lambda: len(seen) == 2)
    assert (paused.state, paused.created, paused.waiting) == (RunState.PAUSED, 2, 3)
    assert desk.bulk.open_run(ray.admin) == paused
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    done = desk.bulk.work(ann, run)
    assert (done.state, done.created) == (RunState.DONE, 5)
    assert desk.bulk.open_run(ray.admin) is None
    assert len(welcomes(ctx)) == len(set(welcomes(ctx))) == 5


def test_giving_up_leaves_what_is_created(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    run = begin(desk, ray.admin, make_colleagues(desk, ray.agency, 3))
    seen: list[RunView] = []
    desk.bulk.work(ray.admin, run, on_progress=seen.append, stop=lambda: len(seen) == 1)
    ended = desk.bulk.give_up(ray.admin, run)
    assert (ended.state, ended.created, ended.refused) == (RunState.DONE, 1, 2)
    assert "Sue Wright stopped" in desk.bulk.rows(ray.admin, run)[-1].reason
    assert len(welcomes(ctx)) == 1


def test_only_one_run_at_a_time(desk: Desk, ray: MadeAgency) -> None:
    first, second = make_colleagues(desk, ray.agency, 2)
    begin(desk, ray.admin, [first])
    with pytest.raises(Refused, match="Sue Wright began"):
        begin(desk, ray.admin, [second])


def test_a_run_of_nobody_does_not_begin(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    with pytest.raises(Refused, match="None of these"):
        begin(desk, ray.admin, [make_colleague(desk, ray.agency, "")])
    with ctx.read():
        assert not BulkRun.select().exists()


def test_of_two_workers_at_once_one_works(
    desk: Desk, ctx: Context, ray: MadeAgency, at_once: Callable[..., list[Any]]
) -> None:
    people = make_colleagues(desk, ray.agency, 20)
    run = begin(desk, ray.admin, people)
    outcomes = at_once(*([lambda: desk.bulk.work(ray.admin, run)] * 3))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "Refused", "RunView"], outcomes
    assert len(welcomes(ctx)) == len(set(welcomes(ctx))) == 20


def test_a_lease_keeps_others_away_until_its_holder_is_taken_for_dead(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency
) -> None:
    run = begin(desk, ray.admin, make_colleagues(desk, ray.agency, 2))
    dead = Lease(ctx, ray.admin, run)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    for act in (desk.bulk.work, desk.bulk.give_up):
        with pytest.raises(Refused, match="Another program"):
            act(ray.admin, run)
    clock.advance(seconds=1)
    assert desk.bulk.work(ray.admin, run).created == 2
    with pytest.raises(Refused, match="Another program has gone on"), dead.turn():
        raise AssertionError("the lease is lost")


def test_a_session_that_ends_stops_the_run_where_it_is(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    run = begin(desk, ann, make_colleagues(desk, ray.agency, 3))

    def sign_out(view: RunView) -> None:
        if view.created == 2:
            desk.sign_in.sign_out(ann)

    with pytest.raises(SignedOut):
        desk.bulk.work(ann, run, on_progress=sign_out)
    paused = desk.bulk.open_run(ray.admin)
    assert paused is not None
    assert (paused.state, paused.created, paused.waiting) == (RunState.PAUSED, 2, 1)
    assert desk.bulk.work(ray.admin, run).created == 3


def test_ones_own_account_comes_last_since_it_ends_the_session(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    office = make_office(desk, ray.agency)
    me = make_colleague(desk, ray.agency, office=office, role=Role.ADMINISTRATOR)
    others = make_colleagues(desk, ray.agency, 3)
    actor = by_access_key(desk, make_old_account(desk, office))
    run = begin(desk, actor, [me, *others])
    done = desk.bulk.work(actor, run)
    assert (done.state, done.created) == (RunState.DONE, 4)
    assert desk.bulk.rows(actor, run)[-1].name == "Frank Jones"
    with pytest.raises(SignedOut):
        desk.bulk.open_run(actor)


def test_the_report_holds_everybody_for_its_owner_only(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    people = [*make_colleagues(desk, ray.agency, 2), make_colleague(desk, ray.agency, "", first="=1+1", last="Wallace")]
    run = begin(desk, ray.admin, people)
    desk.bulk.work(ray.admin, run)
    path = tmp_path / "report.csv"
    desk.bulk.report(ray.admin, run, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Name", "E-mail", "Result", "Reason", "When"]
    assert [row[2] for row in rows[1:]] == ["created", "created", "not created"]
    assert not rows[3][0].startswith("=")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_run_of_another_agency_is_not_there(desk: Desk, ctx: Context, ray: MadeAgency, tmp_path: Path) -> None:
    run = begin(desk, ray.admin, make_colleagues(desk, ray.agency, 1))
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    assert desk.bulk.open_run(other.admin) is None
    for act in (
        lambda: desk.bulk.work(other.admin, run),
        lambda: desk.bulk.give_up(other.admin, run),
        lambda: desk.bulk.rows(other.admin, run),
        lambda: desk.bulk.view(other.admin, run),
        lambda: desk.bulk.report(other.admin, run, tmp_path / "report.csv"),
    ):
        with pytest.raises(NotFound):
            act()
    with ctx.read():
        assert {row.state for row in BulkRow.select()} == {RunRowState.WAITING}


def test_clients_and_auditors_may_not(desk: Desk, ray: MadeAgency) -> None:
    people = make_colleagues(desk, ray.agency, 1)
    run = begin(desk, ray.admin, people)
    auditor = making.make_staff(desk, ray.agency, "audit@raystaging.example.com", role=Role.AUDITOR)
    for act in (
        lambda: desk.bulk.preflight(auditor, keys(people)),
        lambda: desk.bulk.open_run(auditor),
        lambda: desk.bulk.work(auditor, run),
    ):
        with pytest.raises(Refused, match="helpdesk staff"):
            act()


@pytest.mark.slow
def test_a_thousand_in_one_go(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    people = make_colleagues(desk, ray.agency, 1_000)
    run = begin(desk, ray.admin, people)
    assert desk.bulk.work(ray.admin, run).created == 1_000
    assert len(set(welcomes(ctx))) == 1_000
    assert account_of(ctx, people[-1]) is not None
