"""After the right password, the second factor: nothing opens before it, and it cannot be tried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity, Session
from models.security import SecondFactor
from models.states import Awaited, IdentityState, MailPurpose
from services import person_key, sessions, temporary_credential
from services.accounts.owed import Owed
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.sealing import SealBroken
from services.desk import Desk
from services.entry.proving import WrongCode
from services.errors import Refused, SignedOut, TooSoon
from services.mail.notices import Notice
from tests import making
from tests.enrolling import App, enrol
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.entry.telling import told
from tests.services.signing_in import CODE, NOWHERE, USER, WRONG_PASSWORD, fails


@pytest.fixture
def app(ctx: Context, active: Identity) -> App:
    """Brent's app."""
    return enrol(ctx, active.id)


def half(desk: Desk, password: Secret = PASSWORD) -> Actor:
    """Brent, who has typed the password."""
    return desk.sign_in.sign_in(CODE, USER, password, HERE)


def wrong(desk: Desk, actor: Actor, app: App, clock: ManualClock) -> WrongCode:
    with pytest.raises(WrongCode) as refused:
        desk.sign_in.prove(actor, app.wrong(clock.now()))
    return refused.value


def test_password_and_code_open_a_session_and_the_history_says_how(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    actor = half(desk)
    assert actor.awaits is Awaited.SECOND_FACTOR
    assert making.entries(ctx, "signed_in") == []
    opened = desk.sign_in.prove(actor, app.code(clock.now()))
    assert (opened.awaits, opened.limited, opened.session_id) == (None, False, actor.session_id)
    assert desk.own.home(opened).user_name == USER
    assert making.entries(ctx, "signed_in")[0].details == '{"second_factor": "app"}'


def test_before_the_code_every_call_is_refused_and_the_session_counts_nowhere(
    desk: Desk, ctx: Context, active: Identity, app: App
) -> None:
    actor = half(desk)
    for act in (desk.own.home, desk.onboarding.begin, desk.second_factor.status, desk.onboarding.finish):
        with pytest.raises(Refused, match="not signed in yet"):
            act(actor)
    with ctx.read():
        assert sessions.count_open(ctx, active.id) == 0
    with ctx.unit():
        assert sessions.end_sessions(ctx, active.id, "something") == 0
    with pytest.raises(SignedOut, match="something"):
        desk.sign_in.prove(actor, Secret(""))


def test_a_session_that_says_it_awaits_nothing_is_looked_up_all_the_same(
    desk: Desk, active: Identity, app: App
) -> None:
    with pytest.raises(Refused, match="not signed in yet"):
        desk.own.home(replace(half(desk), awaits=None, limited=False))


def test_ten_minutes_are_enough_for_a_code(desk: Desk, clock: ManualClock, active: Identity, app: App) -> None:
    late = half(desk)
    clock.advance(minutes=9, seconds=59)
    desk.sign_in.prove(half(desk), app.code(clock.now()))
    clock.advance(seconds=1)
    with pytest.raises(SignedOut, match="ten minutes for the code are over"):
        desk.sign_in.prove(late, app.code(clock.now()))


def test_a_session_lasts_twelve_hours_from_the_code(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    actor = half(desk)
    clock.advance(minutes=5)
    opened = desk.sign_in.prove(actor, app.code(clock.now()))
    with ctx.read():
        row = Session.get_by_id(opened.session_id)
    assert (row.expires_at - clock.now(), row.created_at) == (sessions.ABSOLUTE_LIFETIME, clock.now())


def test_whoever_goes_back_has_signed_in_and_out_of_nothing(
    desk: Desk, ctx: Context, active: Identity, app: App
) -> None:
    actor = half(desk)
    desk.sign_in.sign_out(actor)
    assert making.entries(ctx, "signed_out") == []
    with pytest.raises(SignedOut):
        desk.sign_in.prove(actor, Secret("000000"))


def test_the_same_code_does_not_open_a_second_session(
    desk: Desk, clock: ManualClock, active: Identity, app: App
) -> None:
    code = app.code(clock.now())
    desk.sign_in.prove(half(desk), code)
    with pytest.raises(WrongCode, match="used already"):
        desk.sign_in.prove(half(desk), code)


def test_of_two_sign_ins_with_the_same_code_at_once_exactly_one_succeeds(
    desk: Desk, clock: ManualClock, active: Identity, app: App, at_once: Callable[..., list[Any]]
) -> None:
    code, one, two = app.code(clock.now()), half(desk), half(desk)
    outcomes = at_once(lambda: desk.sign_in.prove(one, code), lambda: desk.sign_in.prove(two, code))
    assert sum(isinstance(outcome, Actor) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, (WrongCode, TooSoon)) for outcome in outcomes) == 1


def test_wrong_codes_make_each_try_wait_and_typing_the_password_again_changes_nothing_about_that(
    desk: Desk, clock: ManualClock, active: Identity, app: App
) -> None:
    waits = []
    for _ in range(5):
        actor = half(desk)
        waits.append(wrong(desk, actor, app, clock).wait)
        assert desk.sign_in.code_wait(actor) == waits[-1]
        clock.advance(seconds=waits[-1])
    assert waits == [0, 0, 1, 2, 4]
    wrong(desk, half(desk), app, clock)
    with pytest.raises(TooSoon, match="Wait 8 seconds"):
        desk.sign_in.prove(half(desk), app.code(clock.now()))
    clock.advance(seconds=8)
    assert desk.sign_in.prove(half(desk), app.code(clock.now())).awaits is None
    assert wrong(desk, half(desk), app, clock).wait == 0


def test_the_right_password_alone_forgives_no_failure(
    desk: Desk, clock: ManualClock, active: Identity, app: App
) -> None:
    for wait in (1, 2, 4):
        fails(desk, CODE, USER, WRONG_PASSWORD)
        clock.advance(seconds=wait)
    half(desk)
    assert fails(desk, CODE, USER, WRONG_PASSWORD).wait == 8
    clock.advance(seconds=8)
    desk.sign_in.prove(half(desk), app.code(clock.now()))
    assert fails(desk, CODE, USER, WRONG_PASSWORD).wait == 1


def test_after_the_third_wrong_code_the_owner_hears_of_it_once_until_the_next_sign_in(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    for _ in range(2):
        wrong(desk, half(desk), app, clock)
    assert told(ctx, active, Notice.WRONG_CODES) == []
    for _ in range(3):
        clock.advance(seconds=wrong(desk, half(desk), app, clock).wait)
    assert told(ctx, active, Notice.WRONG_CODES) == [{"place": HERE.place, "failures": "3"}]
    desk.sign_in.prove(half(desk), app.code(clock.now()))
    for _ in range(3):
        clock.advance(seconds=wrong(desk, half(desk), app, clock).wait)
    assert len(told(ctx, active, Notice.WRONG_CODES)) == 2


def test_wrong_codes_stand_in_the_history_without_the_code(
    desk: Desk, ctx: Context, clock: ManualClock, brent: Client, active: Identity, app: App
) -> None:
    actor = half(desk)
    wrong(desk, actor, app, clock)
    entry = making.entries(ctx, "sign_in_code_wrong")[0]
    assert (entry.client_id, entry.identity_id, entry.actor_id, entry.place) == (brent.id, active.id, None, HERE.place)
    assert app.wrong(clock.now()).reveal() not in str(entry.__data__)


def test_a_recovery_code_opens_a_session_and_the_owner_hears_how_many_are_left(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    opened = desk.sign_in.prove(half(desk), Secret(app.recovery[3].lower()))
    assert opened.awaits is None
    assert told(ctx, active, Notice.RECOVERY_USED) == [{"left": "9"}]
    assert making.entries(ctx, "signed_in")[0].details == '{"second_factor": "recovery"}'


def test_a_key_that_cannot_be_read_is_told_and_nothing_opens(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    with ctx.unit():
        SecondFactor.update(sealed="es1$gone$AAAA").execute()
    actor = half(desk)
    with pytest.raises(SealBroken):
        desk.sign_in.prove(actor, app.code(clock.now()))
    assert desk.sign_in.prove(actor, Secret(app.recovery[0])).awaits is None


def test_an_account_deactivated_meanwhile_does_not_open(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, app: App
) -> None:
    actor = half(desk)
    with ctx.unit():
        Identity.update(state=IdentityState.DEACTIVATED).where(Identity.id == active.id).execute()
    with pytest.raises(SignedOut, match="not active"):
        desk.sign_in.prove(actor, app.code(clock.now()))


def test_a_temporary_password_takes_the_second_factor_too_and_is_used_up_only_then(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client, active: Identity, app: App
) -> None:
    desk.temporary.send(ray.admin, person_key.client(brent.id))
    temporary = making.temporary_in(ctx, making.mails(ctx, active, MailPurpose.TEMPORARY)[-1])
    half(desk, temporary)
    actor, other = half(desk, temporary), half(desk, temporary)
    assert actor.awaits is Awaited.SECOND_FACTOR
    opened = desk.sign_in.prove(actor, app.code(clock.now()))
    assert (opened.limited, desk.onboarding.owed(opened).password) == (True, True)
    with ctx.read():
        kept = temporary_credential.kept_for(active.id)
    assert kept is not None
    assert kept.state is temporary_credential.TemporaryState.USED
    fails(desk, CODE, USER, temporary)
    with pytest.raises(SignedOut, match="temporary password has been used"):
        desk.sign_in.prove(other, app.code(clock.now(), 1))


def test_a_password_that_the_rules_have_outgrown_is_replaced_after_signing_in(
    desk: Desk, ctx: Context, ray: MadeAgency, active: Identity
) -> None:
    assert not desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE).limited
    with ctx.unit():
        ray.agency.adjustments = '{"factor": "nobody", "minimum": 30}'
        ray.agency.save(only=["adjustments"])
    actor = desk.sign_in.sign_in(CODE, USER, PASSWORD, NOWHERE)
    assert actor.limited
    assert desk.onboarding.owed(actor) == Owed(password=True)
    assert not desk.onboarding.begin(actor).temporary
    desk.onboarding.choose_password(actor, Secret("a much longer sentence than before"))
    assert not desk.onboarding.finish(actor).limited


def test_beside_a_second_factor_a_shorter_password_will_do(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, active: Identity, app: App
) -> None:
    with ctx.unit():
        ray.agency.adjustments = '{"factor": "nobody", "minimum": 30}'
        ray.agency.save(only=["adjustments"])
    assert not desk.sign_in.prove(half(desk), app.code(clock.now())).limited
    with ctx.unit():
        SecondFactor.delete().execute()
    assert desk.onboarding.owed(half(desk)) == Owed(password=True)


def test_a_wrong_password_tells_nobody_whether_there_is_a_second_factor(
    desk: Desk, clock: ManualClock, active: Identity, app: App, work: list[bytes]
) -> None:
    refusals = []
    for user in (USER, "nobody@example.com"):
        work.clear()
        refused = fails(desk, CODE, user, WRONG_PASSWORD)
        refusals.append((refused.sentence, refused.wait, len(work)))
    assert refusals[0] == refusals[1]
