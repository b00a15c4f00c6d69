"""Every kind of caller can be helped, and the usual mistakes cost what they should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.client import Client
from models.states import AuditResult, CheckMethod, Role
from services import person_key
from services.actor import Actor
from services.audit import Action
from services.auditing.checking import check
from services.desk import Desk
from services.errors import Refused
from services.practice.queue import EASY, MOST, Practice
from services.practice.values import FULL, Difficulty, Ending, Fact, Kind, Marks
from services.verification.standing import NotVerified
from services.verification.values import Level
from tests import making
from tests.making import MadeAgency
from tests.services.practice.training import OneCall, do, perfect, sandbox, trainee, verify

Ring = Callable[..., Practice]


@pytest.fixture
def stage(desk: Desk) -> tuple[Desk, MadeAgency]:
    return sandbox(desk)


@pytest.fixture
def training(stage: tuple[Desk, MadeAgency]) -> Desk:
    return stage[0]


@pytest.fixture
def agent(stage: tuple[Desk, MadeAgency]) -> Actor:
    return trainee(*stage)


@pytest.fixture
def ring(training: Desk) -> Ring:
    """Lets a caller of a kind ring who was asked for the date of birth already."""

    def call(kind: Kind, seed: int = 1) -> Practice:
        practice = OneCall(training, kind, seed)
        practice.prepare()
        practice.ring()
        practice.ask(Fact.BORN)
        return practice

    return call


@pytest.mark.parametrize("kind", Kind)
def test_a_perfect_play_of_every_kind_gives_100(training: Desk, agent: Actor, kind: Kind) -> None:
    practice = OneCall(training, kind)
    practice.prepare()
    outcome = perfect(training, agent, practice)
    assert (outcome.better, outcome.score) == ((), 100)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_no_queue_is_unsolvable_and_the_trail_stays_whole(training: Desk, agent: Actor, seed: int) -> None:
    practice = Practice(training, callers=len(Kind), seed=seed)
    practice.prepare()
    scores = {outcome.case.kind: outcome.score for outcome in (perfect(training, agent, practice) for _ in Kind)}
    assert scores == dict.fromkeys(Kind, 100)
    assert practice.finished
    assert check(training.ctx, ()).whole


def test_the_same_seed_brings_the_same_class_and_another_one_another(training: Desk) -> None:
    def told(seed: int) -> list[tuple[Kind, str, str, object]]:
        practice = Practice(training, callers=2, seed=seed)
        with pytest.raises(RuntimeError), training.ctx.unit():
            practice.prepare()
            cases = [practice.ring() for _ in range(2)]
            # What was prepared is undone, as a new sandbox would be.
            raise RuntimeError
        return [(case.kind, case.name, case.caller.opening, sorted(case.caller.says.items())) for case in cases]

    assert told(7) == told(7)
    assert told(7) != told(8)


def test_easy_and_hard_queues_have_kinds_of_their_own(training: Desk) -> None:
    easy = Practice(training, callers=len(EASY), difficulty=Difficulty.EASY)
    hard = Practice(training, callers=len(Kind) - len(EASY), difficulty=Difficulty.HARD)
    assert set(easy.kinds) == set(EASY)
    assert set(hard.kinds) == set(Kind) - set(EASY)


def test_a_queue_has_a_caller_at_least_and_not_too_many(training: Desk) -> None:
    for callers in (0, MOST + 1):
        with pytest.raises(Refused, match="1 to 30 callers"):
            Practice(training, callers=callers)


def test_more_callers_than_people_are_refused_in_words(training: Desk) -> None:
    with pytest.raises(Refused, match="not enough clients"):
        Practice(training, callers=MOST).prepare()


def test_nobody_rings_after_the_last_and_a_call_ends_once(training: Desk, ring: Ring) -> None:
    practice = ring(Kind.WRONG_COMPANY)
    practice.end(Ending.TOLD)
    with pytest.raises(Refused, match="has ended"):
        practice.end(Ending.TOLD)
    with pytest.raises(Refused, match="Nobody else"):
        practice.ring()


def test_helping_the_namesake_costs_person_and_action(training: Desk, agent: Actor, ring: Ring) -> None:
    practice = ring(Kind.NAMESAKES)
    name = practice.case.name.split()[0]
    with training.ctx.read():
        rows = Client.select().where(Client.first_name == name)
        twin = next(row for row in rows if row.id != practice.case.person.id)
    do(training, agent, Action.RESET_SENT, person_key.client(twin.id))
    outcome = practice.end(Ending.SOLVED)
    assert outcome.marks == Marks(person=0, verified=25, action=0, needless=0)
    assert outcome.better[0].startswith("Wrong person: you sent a reset for")


def test_the_namesakes_differ_in_what_can_be_asked(training: Desk, ring: Ring) -> None:
    for seed in (1, 2):
        practice = ring(Kind.NAMESAKES, seed)
        with training.ctx.read():
            mine = Client.get_by_id(practice.case.person.id)
            others = Client.select().where((Client.name_key == mine.name_key) & (Client.id != mine.id))
            twin = others.get()
        assert mine.date_of_birth != twin.date_of_birth
        assert practice.ask(Fact.EMAIL) == f"{mine.email}."
        assert str(mine.date_of_birth.year) in practice.ask(Fact.BORN)
        practice.end(Ending.TOLD)


def test_a_needless_reset_for_somebody_who_only_has_to_wait(training: Desk, agent: Actor, ring: Ring) -> None:
    practice = ring(Kind.WAITING)
    panel = training.people.panel(agent, practice.case.person)
    assert "must wait after 7 failed tries" in panel.causes[0].words
    do(training, agent, Action.RESET_SENT, practice.case.person)
    outcome = practice.end(Ending.SOLVED)
    assert outcome.marks == replace(FULL, action=0, needless=10)
    assert "Needless: you sent a reset." in outcome.better


def test_a_second_account_instead_of_a_migration_leaves_the_old_door_open(
    training: Desk, agent: Actor, ring: Ring
) -> None:
    practice = ring(Kind.OLD_ACCOUNT)
    plan = training.creation.preview(agent, practice.case.person).plan
    assert plan.migrate
    training.creation.create(agent, replace(plan, migrate=False))
    outcome = practice.end(Ending.SOLVED)
    assert outcome.marks == replace(FULL, action=15)
    assert outcome.better[0] == "Still to be done: migrate the account of the old system with it (key i)."


def test_sending_before_the_address_is_corrected_bounces_again(training: Desk, agent: Actor, ring: Ring) -> None:
    practice = ring(Kind.WRONG_EMAIL)
    panel = training.people.panel(agent, practice.case.person)
    assert "No such user" in panel.causes[0].words
    do(training, agent, Action.WELCOME_RESENT, practice.case.person)
    outcome = practice.end(Ending.SOLVED)
    assert outcome.marks.action == 15
    assert outcome.better[0].startswith("Still to be done: correct the e-mail address to client")


def test_reactivating_what_was_closed_for_a_reason_takes_the_points_for_the_action(
    training: Desk, agent: Actor, ring: Ring
) -> None:
    practice = ring(Kind.DEACTIVATED)
    do(training, agent, Action.ACCOUNT_REACTIVATED, practice.case.person)
    outcome = practice.end(Ending.SOLVED)
    assert outcome.marks == replace(FULL, action=0, needless=10)
    assert "closed for a reason" in outcome.better[0]


@pytest.mark.parametrize("seed", [1, 3])
def test_an_impostor_fails_every_test_and_gets_nothing_from_an_agent(
    training: Desk, agent: Actor, ring: Ring, seed: int
) -> None:
    practice = ring(Kind.IMPOSTOR, seed)
    verify(training, agent, practice, Level.CHANGE_EMAIL)
    training.verification.send_code(agent, practice.case.person)
    assert not any(sign.isdigit() for sign in practice.ask(Fact.CODE) + practice.ask(Fact.APP))
    with pytest.raises(NotVerified):
        do(training, agent, Action.CLIENT_CHANGED, practice.case.person, "q@quickmail.example")
    outcome = practice.end(Ending.REFUSED)
    assert outcome.score == 100
    assert [one.passed for one in outcome.call.checks] == [False]


def test_a_supervisor_who_vouches_for_an_impostor_gives_the_account_away(
    stage: tuple[Desk, MadeAgency], ring: Ring
) -> None:
    desk, ray = stage
    sue = making.make_staff(desk, ray.agency, "boss@raystaging.example.com", role=Role.SUPERVISOR)
    practice = ring(Kind.IMPOSTOR)
    desk.verification.override(sue, practice.case.person, "sounds honest")
    do(desk, sue, Action.CLIENT_CHANGED, practice.case.person, "q@quickmail.example")
    outcome = practice.end(Ending.SOLVED)
    assert outcome.marks == Marks(person=25, verified=0, action=0, needless=10)
    assert outcome.call.checks[0].method is CheckMethod.OVERRIDE
    assert "not the owner" in outcome.better[0]


def test_what_happened_before_the_call_and_what_others_do_elsewhere_does_not_count(
    training: Desk, agent: Actor, ring: Ring
) -> None:
    person = ring(Kind.FORGOTTEN).case.person
    practice = OneCall(training, Kind.LOST_WELCOME, seed=5)
    practice.prepare()
    do(training, agent, Action.RESET_SENT, person)
    outcome = perfect(training, agent, practice)
    assert (outcome.score, len(outcome.call.changes)) == (100, 1)
    assert all(entry.result is AuditResult.DONE for entry in making.entries(training.ctx, "reset_sent"))


def test_a_code_is_read_out_once_its_mail_has_come_and_never_that_of_somebody_else(
    training: Desk, agent: Actor, ring: Ring
) -> None:
    practice = ring(Kind.FORGOTTEN)
    assert practice.ask(Fact.CODE) == "There is no mail with digits here."
    training.verification.send_code(agent, practice.case.person)
    assert practice.ask(Fact.CODE).startswith("Nothing has come yet")
    other = ring(Kind.LOST_PHONE, seed=9)
    assert other.ask(Fact.CODE) == "There is no mail with digits here."
