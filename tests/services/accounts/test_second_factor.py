"""A person's own second factor: set up, replaced, turned off, and its recovery codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyotp
import pytest

from models.identity import Identity, Session
from models.security import SecondFactor
from models.states import FactorState, Role
from services.accounts.owed import Owed
from services.accounts.second_factor import Enrolment
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.credentials import factor, sealing
from services.credentials.passwords import Secret
from services.credentials.sealing import SealBroken
from services.desk import Desk
from services.errors import Invalid, Refused, TooSoon
from services.mail.notices import Notice
from tests import making
from tests.enrolling import App, enrol
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.entry.telling import told
from tests.services.signing_in import CODE, USER, WRONG_PASSWORD

NO_CODE = Secret("")


@pytest.fixture
def brent_in(desk: Desk, active: Identity) -> Actor:
    """Brent, signed in."""
    return desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)


@pytest.fixture
def app(ctx: Context, brent_in: Actor) -> App:
    """Brent's app, set up after signing in."""
    assert brent_in.identity_id is not None
    return enrol(ctx, brent_in.identity_id)


def app_of(enrolment: Enrolment) -> App:
    return App(enrolment.key.reveal().replace(" ", ""))


def set_rules(ctx: Context, ray: MadeAgency, **rules: object) -> None:
    with ctx.unit():
        ray.agency.adjustments = json.dumps({"reset_mails": 1} | rules)
        ray.agency.save(only=["adjustments"])


def test_a_key_counts_after_one_right_code_and_other_sessions_end(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, brent_in: Actor
) -> None:
    elsewhere = desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    begun = desk.second_factor.begin(brent_in, PASSWORD)
    assert not desk.second_factor.status(brent_in).enrolled
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE).awaits is None
    codes = desk.second_factor.confirm(brent_in, app_of(begun).code(clock.now()))
    desk.second_factor.keep_codes(brent_in)
    status = desk.second_factor.status(brent_in)
    assert (status.enrolled, status.since, status.codes_left, status.required) == (True, clock.now(), 10, False)
    assert len(set(codes)) == 10
    with ctx.read():
        assert Session.get_by_id(elsewhere.session_id).ended_because == "two-step sign-in was changed"
    assert told(ctx, active, Notice.SECOND_FACTOR_ON) == [{}]
    assert [entry.actor_name for entry in making.entries(ctx, "factor_on")] == ["Brent Thomas"]


def test_what_is_shown_is_what_is_stored_and_nothing_of_it_rests_in_the_clear(
    desk: Desk, ctx: Context, active: Identity, brent_in: Actor
) -> None:
    begun = desk.second_factor.begin(brent_in, PASSWORD)
    key = begun.key.reveal().replace(" ", "")
    assert pyotp.parse_uri(begun.uri.reveal()).secret == key
    assert pyotp.parse_uri(begun.short_uri.reveal()).secret == key
    assert key not in repr(begun)
    with ctx.read():
        row = SecondFactor.get()
    assert key not in str(row.__data__)
    assert sealing.unseal(ctx.keys, row.sealed, factor.owner(active.id)) == key


def test_the_code_that_confirmed_it_does_not_sign_in_as_well(desk: Desk, clock: ManualClock, brent_in: Actor) -> None:
    app = app_of(desk.second_factor.begin(brent_in, PASSWORD))
    desk.second_factor.confirm(brent_in, app.code(clock.now()))
    actor = desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    with pytest.raises(Refused, match="used already"):
        desk.sign_in.prove(actor, app.code(clock.now()))


def test_a_wrong_first_code_changes_nothing_and_the_right_one_still_does(
    desk: Desk, clock: ManualClock, brent_in: Actor
) -> None:
    app = app_of(desk.second_factor.begin(brent_in, PASSWORD))
    for typed in (app.wrong(clock.now()), Secret(""), Secret("9" * 10_000)):
        with pytest.raises(Invalid, match="set the clock of your phone"):
            desk.second_factor.confirm(brent_in, typed)
    assert desk.second_factor.confirm(brent_in, app.code(clock.now()))


def test_ten_minutes_are_enough_to_set_it_up(desk: Desk, clock: ManualClock, brent_in: Actor) -> None:
    app = app_of(desk.second_factor.begin(brent_in, PASSWORD))
    clock.advance(minutes=10)
    with pytest.raises(Refused, match="Begin again"):
        desk.second_factor.confirm(brent_in, app.code(clock.now()))
    assert desk.second_factor.confirm(brent_in, app_of(desk.second_factor.begin(brent_in, PASSWORD)).code(clock.now()))


def test_of_two_who_confirm_at_once_exactly_one_gets_recovery_codes(
    desk: Desk, clock: ManualClock, brent_in: Actor, at_once: Callable[..., list[Any]]
) -> None:
    code = app_of(desk.second_factor.begin(brent_in, PASSWORD)).code(clock.now())
    outcomes = at_once(*[lambda: desk.second_factor.confirm(brent_in, code)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "tuple"]


def test_setting_it_up_needs_the_present_password_and_counts_wrong_ones_like_a_sign_in(
    desk: Desk, ctx: Context, brent_in: Actor
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.second_factor.begin(brent_in, WRONG_PASSWORD)
    assert list(refused.value.problems) == ["password"]
    with pytest.raises(TooSoon):
        desk.second_factor.begin(brent_in, PASSWORD)
    assert desk.sign_in.wait(CODE, USER, HERE) == 1
    assert {entry.result.value for entry in making.entries(ctx, "factor_on")} == {"failed", "refused"}


def test_replacing_the_app_needs_a_code_of_the_present_one_which_counts_until_the_new_one_does(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, brent_in: Actor, app: App
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.second_factor.begin(brent_in, PASSWORD, app.wrong(clock.now()))
    assert list(refused.value.problems) == ["code"]
    begun = desk.second_factor.begin(brent_in, PASSWORD, app.code(clock.now()))
    assert begun.replaces
    desk.sign_in.prove(desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE), app.code(clock.now(), 1))
    clock.advance(minutes=1)
    new = app_of(begun)
    desk.second_factor.confirm(brent_in, new.code(clock.now()))
    actor = desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    for typed in (app.code(clock.now()), Secret(app.recovery[0])):
        with pytest.raises(Refused):
            desk.sign_in.prove(actor, typed)
    assert desk.sign_in.prove(actor, new.code(clock.now(), 1)).awaits is None
    with ctx.read():
        assert [row.state for row in SecondFactor.select()] == [FactorState.ACTIVE]


def test_whoever_lost_the_phone_replaces_the_app_with_a_recovery_code(desk: Desk, brent_in: Actor, app: App) -> None:
    assert desk.second_factor.begin(brent_in, PASSWORD, Secret(app.recovery[0])).replaces


def test_new_recovery_codes_take_a_code_and_end_the_older_ones(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, brent_in: Actor, app: App
) -> None:
    with pytest.raises(Invalid):
        desk.second_factor.new_recovery_codes(brent_in, NO_CODE)
    fresh = desk.second_factor.new_recovery_codes(brent_in, app.code(clock.now()))
    assert desk.second_factor.status(brent_in).codes_left == 10
    assert told(ctx, active, Notice.RECOVERY_CODES) == [{}]
    with ctx.unit():
        assert factor.take(ctx, active, Secret(app.recovery[0])) is None
        assert factor.take(ctx, active, Secret(fresh[0])) is factor.Taken.RECOVERY
    assert desk.second_factor.status(brent_in).codes_left == 9


def test_turning_it_off_takes_password_and_code_and_tells_the_owner(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, brent_in: Actor, app: App
) -> None:
    with pytest.raises(Invalid):
        desk.second_factor.remove(brent_in, PASSWORD, app.wrong(clock.now()))
    desk.second_factor.remove(brent_in, PASSWORD, app.code(clock.now()))
    status = desk.second_factor.status(brent_in)
    assert (status.enrolled, status.codes_left, status.codes_made_at) == (False, 0, None)
    assert told(ctx, active, Notice.SECOND_FACTOR_OFF) == [{}]
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE).awaits is None
    with pytest.raises(Refused, match="No authenticator app"):
        desk.second_factor.remove(brent_in, PASSWORD, NO_CODE)


def test_it_stays_where_the_agency_requires_it(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent_in: Actor, app: App
) -> None:
    set_rules(ctx, ray, factor="everybody")
    assert desk.second_factor.status(brent_in).required
    with pytest.raises(Refused, match="You can replace the app instead"):
        desk.second_factor.remove(brent_in, PASSWORD, app.code(clock.now()))
    assert making.entries(ctx, "factor_off")[0].result.value == "refused"


def test_it_stays_while_the_password_is_too_short_to_stand_alone(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent_in: Actor, app: App
) -> None:
    set_rules(ctx, ray, factor="nobody", minimum=30)
    with pytest.raises(Refused, match="30 signs or more, and yours is shorter"):
        desk.second_factor.remove(brent_in, PASSWORD, app.code(clock.now()))
    assert desk.second_factor.status(brent_in).enrolled


@pytest.mark.parametrize("lost", ["moved", "damaged"])
def test_a_pending_key_that_cannot_be_read_is_told(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent_in: Actor, lost: str
) -> None:
    app = app_of(desk.second_factor.begin(brent_in, PASSWORD))
    sealed = sealing.seal(ctx.keys, app.key, factor.owner(4711)) if lost == "moved" else "es1$x$"
    with ctx.unit():
        SecondFactor.update(sealed=sealed).execute()
    with pytest.raises(SealBroken, match="Ask the administrator"):
        desk.second_factor.confirm(brent_in, app.code(clock.now()))


def test_somebody_without_an_account_of_their_own_has_none(desk: Desk, ray: MadeAgency) -> None:
    with pytest.raises(Refused, match="no account of your own"):
        desk.second_factor.status(replace(ray.admin, session_id=None, identity_id=None))


class TestTheFirstSteps:
    """Where the agency requires it, nothing opens before it is set up and the recovery codes are kept."""

    @pytest.fixture
    def newcomer(self, desk: Desk, ctx: Context, ray: MadeAgency, active: Identity) -> Actor:
        set_rules(ctx, ray, factor="everybody")
        return desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)

    def test_it_is_owed_until_the_codes_are_kept(self, desk: Desk, clock: ManualClock, newcomer: Actor) -> None:
        assert newcomer.limited
        assert desk.onboarding.owed(newcomer) == Owed(second_factor=True)
        app = app_of(desk.second_factor.begin(newcomer, NO_CODE))
        desk.second_factor.confirm(newcomer, app.code(clock.now()))
        assert desk.onboarding.owed(newcomer) == Owed(recovery_codes=True)
        with pytest.raises(Refused, match="Some steps are still open"):
            desk.onboarding.finish(newcomer)
        desk.second_factor.keep_codes(newcomer)
        assert not desk.onboarding.finish(newcomer).limited

    def test_whoever_left_before_keeping_the_codes_gets_new_ones_at_the_next_sign_in(
        self, desk: Desk, clock: ManualClock, newcomer: Actor
    ) -> None:
        app = app_of(desk.second_factor.begin(newcomer, NO_CODE))
        lost = desk.second_factor.confirm(newcomer, app.code(clock.now()))
        clock.advance(minutes=1)
        again = desk.sign_in.prove(desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE), app.code(clock.now()))
        assert desk.onboarding.owed(again) == Owed(recovery_codes=True)
        fresh = desk.second_factor.new_recovery_codes(again, NO_CODE)
        assert not set(fresh) & set(lost)
        desk.second_factor.keep_codes(again)
        assert not desk.onboarding.finish(again).limited

    def test_a_limited_session_replaces_and_removes_nothing(
        self, desk: Desk, clock: ManualClock, newcomer: Actor
    ) -> None:
        app = app_of(desk.second_factor.begin(newcomer, NO_CODE))
        desk.second_factor.confirm(newcomer, app.code(clock.now()))
        with pytest.raises(Refused, match="First finish"):
            desk.second_factor.begin(newcomer, NO_CODE)
        with pytest.raises(Refused, match="First finish"):
            desk.second_factor.remove(newcomer, PASSWORD, app.code(clock.now(), 1))

    def test_a_limited_session_that_owes_no_codes_makes_none(self, desk: Desk, newcomer: Actor) -> None:
        with pytest.raises(Refused, match="First finish"):
            desk.second_factor.new_recovery_codes(newcomer, NO_CODE)

    def test_the_shorter_password_is_enough_for_whoever_is_about_to_set_it_up(
        self, desk: Desk, ctx: Context, ray: MadeAgency, active: Identity
    ) -> None:
        set_rules(ctx, ray, factor="everybody", minimum=30)
        assert desk.onboarding.owed(desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)) == Owed(second_factor=True)


@pytest.mark.parametrize(
    ("rule", "owing"),
    [
        ("nobody", set()),
        ("rights", {Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR}),
        ("staff", set(Role) - {Role.CLIENT}),
    ],
)
def test_who_must_have_one_is_the_agency_s_choice(
    desk: Desk, ctx: Context, ray: MadeAgency, rule: str, owing: set[Role]
) -> None:
    set_rules(ctx, ray, factor=rule)
    for role in set(Role) - {Role.CLIENT}:
        email = f"{role.value}@raystaging.example.com"
        making.make_staff(desk, ray.agency, email, role=role)
        actor = desk.sign_in.sign_in(CODE, email, PASSWORD, HERE)
        assert desk.onboarding.owed(actor).second_factor is (role in owing)


def test_the_founder_is_asked_at_the_second_sign_in(desk: Desk, ctx: Context) -> None:
    founded = desk.agencies.found(making.new_agency(), HERE)
    user = "sue@raystaging.example.com"
    first = desk.sign_in.sign_in(CODE, user, PASSWORD, HERE)
    assert (founded is not None, first.limited) == (True, False)
    second = desk.sign_in.sign_in(CODE, user, PASSWORD, HERE)
    assert desk.onboarding.owed(second) == Owed(second_factor=True, questions=True)
