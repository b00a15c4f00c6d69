"""Changing the rules of the agency: who may, within which limits, and what is told before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.agency import Agency
from models.audit import AuditEntry
from models.states import AuditResult, Role
from services.agency_policy import LIMITS, PROFILES, AgencyPolicy, FactorRule
from services.agency_rules import adjusted, choices, number
from services.context import Context
from services.conventions import Writing
from services.credentials.passwords import Secret
from services.credentials.policy import Profile
from services.desk import Desk
from services.errors import Conflict, Forbidden, Invalid, SignedOut
from services.rules import Problem
from tests import making
from tests.making import PASSWORD, MadeAgency

STANDARD, STRICT = PROFILES[Profile.STANDARD], PROFILES[Profile.STRICT]


@pytest.fixture
def standard(ctx: Context, ray: MadeAgency) -> MadeAgency:
    """The agency with the rules of the profile and nothing adjusted."""
    with ctx.unit():
        Agency.update(adjustments="{}").execute()
    return ray


def test_a_change_holds_at_once_and_is_written_down_old_and_new(desk: Desk, ctx: Context, standard: MadeAgency) -> None:
    seen = desk.rules.view(standard.admin)
    wanted = replace(seen.policy, minimum=14, factor=FactorRule.STAFF)
    after = desk.rules.change(standard.admin, seen.version, wanted)
    assert after.policy == desk.rules.view(standard.admin).policy == wanted
    assert desk.agencies.policy(standard.agency.id).minimum == 14
    entry = making.entries(ctx, "rules_changed")[-1]
    assert json.loads(entry.details) == {
        "old_minimum": 12,
        "new_minimum": 14,
        "old_factor": "rights",
        "new_factor": "staff",
    }


def test_only_what_differs_from_the_profile_is_kept(desk: Desk, ctx: Context, standard: MadeAgency) -> None:
    desk.rules.change(standard.admin, 1, replace(STRICT, idle_minutes=5))
    with ctx.read():
        agency = Agency.get_by_id(standard.agency.id)
    assert (agency.profile, json.loads(agency.adjustments), agency.version) == ("strict", {"idle_minutes": 5}, 2)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_but_administrators_sees_or_changes_them(
    desk: Desk, ctx: Context, standard: MadeAgency, role: Role
) -> None:
    actor = making.make_staff(desk, standard.agency, "ann@example.com", role=role)
    for act in (
        lambda: desk.rules.view(actor),
        lambda: desk.rules.review(actor, STRICT),
        lambda: desk.rules.change(actor, 1, STRICT),
    ):
        with pytest.raises(Forbidden):
            act()
    assert desk.rules.view(standard.admin).policy == STANDARD
    assert making.entries(ctx, "rules_changed")[-1].result is AuditResult.REFUSED


def test_of_two_changes_the_second_is_shown_the_first(desk: Desk, standard: MadeAgency) -> None:
    bea = making.make_staff(desk, standard.agency, "bea@example.com", role=Role.ADMINISTRATOR, first="Bea", last="Boss")
    desk.rules.change(bea, 1, replace(STANDARD, minimum=13))
    with pytest.raises(Conflict) as conflict:
        desk.rules.change(standard.admin, 1, replace(STANDARD, minimum=20))
    assert conflict.value.changed_by == "Bea Boss"
    assert conflict.value.theirs == desk.rules.view(standard.admin)
    assert desk.rules.view(standard.admin).policy.minimum == 13


def test_of_two_changes_at_once_exactly_one_wins(
    desk: Desk, standard: MadeAgency, at_once: Callable[..., list[Any]]
) -> None:
    outcomes = at_once(
        lambda: desk.rules.change(standard.admin, 1, replace(STANDARD, minimum=13)),
        lambda: desk.rules.change(standard.admin, 1, replace(STANDARD, minimum=14)),
    )
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1


def test_a_change_of_nothing_writes_nothing(desk: Desk, ctx: Context, standard: MadeAgency) -> None:
    assert desk.rules.change(standard.admin, 1, STANDARD).version == 1
    assert making.entries(ctx, "rules_changed") == []
    assert desk.rules.review(standard.admin, STANDARD) == ()


OUTSIDE: dict[str, tuple[AgencyPolicy, str]] = {
    "shorter than any standard allows": (replace(STANDARD, minimum=7, minimum_with_factor=7), "minimum"),
    "longer than the field": (replace(STANDARD, minimum=65), "minimum"),
    "longer beside a second factor": (replace(STANDARD, minimum_with_factor=13), "minimum_with_factor"),
    "no mail at all": (replace(STANDARD, reset_mails=0), "reset_mails"),
    "three mails": (replace(STANDARD, reset_mails=3), "reset_mails"),
    "a desk that never locks": (replace(STANDARD, idle_minutes=0), "idle_minutes"),
    "an hour and more": (replace(STANDARD, idle_minutes=61), "idle_minutes"),
    "nobody has a second factor": (replace(STANDARD, factor=FactorRule.NOBODY), "factor"),
    "strict with short passwords": (replace(STRICT, minimum=14), "minimum"),
    "strict with short ones beside a factor": (replace(STRICT, minimum_with_factor=9), "minimum_with_factor"),
    "strict and idle for long": (replace(STRICT, idle_minutes=11), "idle_minutes"),
    "strict for some alone": (replace(STRICT, factor=FactorRule.RIGHTS), "factor"),
    "strict with questions": (replace(STRICT, questions=True), "questions"),
}


@pytest.mark.parametrize(("wanted", "field"), OUTSIDE.values(), ids=OUTSIDE)
def test_what_lies_beneath_the_profile_is_refused_at_its_field(
    desk: Desk, standard: MadeAgency, wanted: AgencyPolicy, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.rules.change(standard.admin, 1, wanted)
    assert field in refused.value.problems
    assert desk.rules.view(standard.admin).policy == STANDARD


def test_strict_may_be_made_stricter(desk: Desk, standard: MadeAgency) -> None:
    wanted = replace(STRICT, minimum=20, idle_minutes=2, factor=FactorRule.EVERYBODY, reset_mails=2)
    assert desk.rules.change(standard.admin, 1, wanted).policy == wanted


def test_nobody_may_stay_where_it_stands_but_not_come_back(desk: Desk, ray: MadeAgency) -> None:
    seen = desk.rules.view(ray.admin)
    assert seen.policy.factor is FactorRule.NOBODY
    after = desk.rules.change(ray.admin, seen.version, replace(seen.policy, minimum=13))
    after = desk.rules.change(ray.admin, after.version, replace(after.policy, factor=FactorRule.RIGHTS))
    assert FactorRule.NOBODY not in choices(Profile.STANDARD, after.policy)
    with pytest.raises(Invalid):
        desk.rules.change(ray.admin, after.version, replace(after.policy, factor=FactorRule.NOBODY))


def test_what_follows_is_told_before(desk: Desk, standard: MadeAgency) -> None:
    making.make_staff(desk, standard.agency, "ann@example.com")
    told = " ".join(desk.rules.review(standard.admin, STRICT))
    for words in (
        "lives 24 hours",
        "A password alone needs 15 signs; shorter ones go at the next sign-in.",
        "A second factor is asked of: all office staff.",
        "2 people without one set it up at the next sign-in.",
        "Nobody is asked security questions any more",
        "sends one mail",
        "locks after 10 minutes instead of 15",
        "wait for the yes of a colleague",
        "the caller is verified",
    ):
        assert words in told


def test_every_rule_that_can_change_has_words(desk: Desk, standard: MadeAgency) -> None:
    changed = {
        "profile": Profile.STRICT,
        "minimum": 20,
        "minimum_with_factor": 9,
        "factor": FactorRule.EVERYBODY,
        "questions": False,
        "reset_mails": 1,
        "idle_minutes": 3,
        "second_person": True,
        "verify_callers": True,
        "staff_portal": True,
        "writing": Writing.FRENCH,
    }
    assert set(changed) == set(AgencyPolicy.__dataclass_fields__)
    for name, value in changed.items():
        wanted = replace(STRICT if name == "profile" else STANDARD, **{name: value})
        assert desk.rules.review(standard.admin, wanted), name


def test_a_longer_minimum_is_asked_of_the_next_password(desk: Desk, standard: MadeAgency) -> None:
    desk.rules.change(standard.admin, 1, replace(STANDARD, minimum=30))
    with pytest.raises(Invalid, match="Use 30 signs"):
        desk.own.change_password(standard.admin, PASSWORD, Secret("walnut river eleven sky"))


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("text", ["", "x", "-8", "1e1", "8.5", "999", "\uff11\uff12", "0", "9" * 5000])
def test_numbers_are_read_plainly(name: str, text: str) -> None:
    with pytest.raises(Problem, match="Write a number"):
        number(name)(text)


def test_another_profile_brings_its_own_numbers() -> None:
    mine = replace(STANDARD, minimum=20)
    assert adjusted(mine, {"profile": "strict"}) == STRICT
    french = replace(mine, writing=Writing.FRENCH)
    assert adjusted(french, {"profile": "strict"}) == replace(STRICT, writing=Writing.FRENCH)
    assert adjusted(mine, {"writing": "fr-CA"}) == french
    assert adjusted(mine, {"profile": "standard", "questions": "no"}) == replace(mine, questions=False)


@pytest.mark.parametrize(
    ("name", "text"),
    [("profile", "loose"), ("factor", "some"), ("writing", "de-DE"), ("questions", "maybe"), ("minimum", "many")],
)
def test_unknown_words_are_told_at_their_field(name: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        adjusted(STANDARD, {name: text})
    assert list(refused.value.problems) == [name]


def test_a_session_that_ended_changes_nothing(desk: Desk, standard: MadeAgency) -> None:
    desk.sign_in.sign_out(standard.admin)
    with pytest.raises(SignedOut):
        desk.rules.change(standard.admin, 1, STRICT)


def test_the_rules_of_another_agency_are_untouched(desk: Desk, ctx: Context, standard: MadeAgency) -> None:
    other = making.make_agency(desk, "OTHER-1", "boss@other.example.com")
    desk.rules.change(standard.admin, 1, STRICT)
    assert desk.rules.view(other.admin).policy.profile is Profile.STANDARD
    with ctx.read():
        assert AuditEntry.select().where(AuditEntry.agency_id == other.agency.id).count() == 0
