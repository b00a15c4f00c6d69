"""The own account: what a signed-in person sees and the change of the password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.states import AuditResult, IdentityState, MailPurpose, Role, Surface
from services.accounts.identities import store_verifier, verifier_of
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Passwords, Secret
from services.desk import Desk
from services.errors import Invalid, Refused, SignedOut, TooSoon
from services.recovery import TokenAnswer
from services.sign_in import WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency

USER = "brent@mortgageclient.example.com"
NEW = Secret("walnut river eleven sky")


def sign_in(desk: Desk, password: Secret = PASSWORD) -> Actor:
    return desk.sign_in.sign_in("RAY-919", USER, password, HERE)


def test_the_home_names_the_person_the_agency_and_the_policy(desk: Desk, active: Identity) -> None:
    home = desk.own.home(sign_in(desk))
    assert (home.name, home.user_name, home.role) == ("Brent Thomas", USER, Role.CLIENT)
    assert (home.agency.name, home.agency.code) == ("Ray Staging", "RAY-919")
    assert home.agency.phone == "(519) 555-0143"
    assert home.policy.minimum == 12
    assert home.policy_words
    assert home.about.email == USER


def test_the_home_tells_when_the_session_before_began(desk: Desk, clock: ManualClock, active: Identity) -> None:
    first = sign_in(desk)
    began = clock.now()
    assert desk.own.home(first).last_sign_in is None
    clock.advance(hours=3)
    assert desk.own.home(sign_in(desk)).last_sign_in == began


def test_staff_have_a_home_too(desk: Desk, ray: MadeAgency) -> None:
    assert desk.own.home(ray.admin).role is Role.ADMINISTRATOR


def test_the_command_line_has_no_home_and_no_password(desk: Desk, ray: MadeAgency) -> None:
    root = Actor(ray.agency.id, None, None, "root", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
    with pytest.raises(Refused, match="no account of your own"):
        desk.own.home(root)
    with pytest.raises(Refused, match="no account of your own"):
        desk.own.change_password(root, PASSWORD, NEW)


@pytest.mark.parametrize("hours", [12, 13])
def test_a_session_that_is_over_sees_and_changes_nothing(
    desk: Desk, clock: ManualClock, active: Identity, hours: int
) -> None:
    actor = sign_in(desk)
    clock.advance(hours=hours)
    with pytest.raises(SignedOut):
        desk.own.home(actor)
    with pytest.raises(SignedOut):
        desk.own.change_password(actor, PASSWORD, NEW)
    assert sign_in(desk)


def test_the_new_password_signs_in_and_the_old_one_does_not(desk: Desk, clock: ManualClock, active: Identity) -> None:
    desk.own.change_password(sign_in(desk), PASSWORD, NEW)
    with pytest.raises(WrongCredentials):
        sign_in(desk)
    clock.advance(seconds=1)
    assert sign_in(desk, NEW)


def test_the_other_sessions_end_and_this_one_stays(desk: Desk, active: Identity) -> None:
    other, this = sign_in(desk), sign_in(desk)
    desk.own.change_password(this, PASSWORD, NEW)
    assert desk.own.home(this)
    with pytest.raises(SignedOut, match="the password was changed"):
        desk.own.home(other)


def test_a_notice_is_sent_and_the_change_written_down(
    desk: Desk, ctx: Context, brent: Client, active: Identity
) -> None:
    desk.own.change_password(sign_in(desk), PASSWORD, NEW)
    assert making.mails(ctx, active)[-1].purpose is MailPurpose.PASSWORD_CHANGED
    entry = making.entries(ctx, "password_changed")[-1]
    assert (entry.client_id, entry.actor_id, entry.result) == (brent.id, active.id, AuditResult.DONE)


def test_an_open_reset_link_dies_with_the_change(desk: Desk, ctx: Context, active: Identity) -> None:
    desk.recovery.ask_reset(USER, USER, HERE)
    link = making.sent_secrets(ctx, active).link
    desk.own.change_password(sign_in(desk), PASSWORD, NEW)
    assert desk.recovery.open(link, "", HERE).state is TokenAnswer.REVOKED


def test_a_wrong_present_password_is_told_at_its_field_and_written_down(
    desk: Desk, ctx: Context, brent: Client, active: Identity
) -> None:
    actor = sign_in(desk)
    with pytest.raises(Invalid) as refused:
        desk.own.change_password(actor, NEW, Secret("a third one of words"))
    assert list(refused.value.problems) == ["current"]
    entry = making.entries(ctx, "password_changed")[-1]
    assert (entry.client_id, entry.result, entry.reason) == (brent.id, AuditResult.FAILED, "wrong password")


def test_wrong_present_passwords_are_counted_with_the_sign_ins(
    desk: Desk, clock: ManualClock, active: Identity
) -> None:
    actor = sign_in(desk)
    waits = []
    for _ in range(8):
        with pytest.raises(Invalid):
            desk.own.change_password(actor, Secret("wrong"), NEW)
        with pytest.raises(TooSoon) as refused:
            desk.own.change_password(actor, PASSWORD, NEW)
        waits.append(refused.value.wait)
        assert desk.sign_in.wait("RAY-919", USER, HERE) == waits[-1]
        clock.advance(seconds=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    desk.own.change_password(actor, PASSWORD, NEW)
    assert desk.sign_in.wait("RAY-919", USER, HERE) == 0


@pytest.mark.parametrize("new", ["", "short", "Brent Thomas 99", "x" * 10_000, "walnut\0river sky"])
def test_a_new_password_that_the_policy_refuses_is_told_and_counts_nothing(
    desk: Desk, ctx: Context, active: Identity, new: str
) -> None:
    actor = sign_in(desk)
    before = making.throttles(ctx)
    with pytest.raises(Invalid) as refused:
        desk.own.change_password(actor, PASSWORD, Secret(new))
    assert list(refused.value.problems) == ["new"]
    assert making.throttles(ctx) == before


def test_the_password_in_use_is_refused_as_the_new_one(desk: Desk, active: Identity) -> None:
    actor = sign_in(desk)
    with pytest.raises(Invalid) as refused:
        desk.own.change_password(actor, PASSWORD, PASSWORD)
    assert list(refused.value.problems) == ["new"]
    desk.own.change_password(actor, PASSWORD, NEW)


@pytest.mark.parametrize("current", ["", "x" * 10_000, "plum\0orbit", "plum orbit candle seven\n", "\ud800"])
def test_odd_present_passwords_are_simply_wrong(desk: Desk, active: Identity, current: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.own.change_password(sign_in(desk), Secret(current), NEW)
    assert list(refused.value.problems) == ["current"]


def test_a_password_reset_while_the_new_one_is_worked_out_stays(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.recovery.ask_reset(USER, USER, HERE)
    link = making.sent_secrets(ctx, active).link
    actor = sign_in(desk)
    hash_ = Passwords.hash
    reset = Secret("the one from the reset")

    def slow(self: Passwords, secret: Secret) -> str:
        if secret == NEW:
            desk.recovery.choose_password(link, "", reset, HERE)
        return hash_(self, secret)

    monkeypatch.setattr(Passwords, "hash", slow)
    with pytest.raises(SignedOut):
        desk.own.change_password(actor, PASSWORD, NEW)
    assert sign_in(desk, reset)


def test_a_password_changed_in_the_same_session_while_the_new_one_is_worked_out_stays(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = sign_in(desk)
    hash_ = Passwords.hash
    other = Secret("the one that was faster")

    def slow(self: Passwords, secret: Secret) -> str:
        with ctx.unit():
            store_verifier(ctx, active.id, hash_(self, other))
        return hash_(self, secret)

    monkeypatch.setattr(Passwords, "hash", slow)
    with pytest.raises(Refused, match="changed elsewhere"):
        desk.own.change_password(actor, PASSWORD, NEW)
    with ctx.read():
        stored = verifier_of(active.id)
    assert Passwords(ctx.keys, 4).verify(other, stored).ok


def test_of_two_changes_at_once_exactly_one_wins(
    desk: Desk, clock: ManualClock, active: Identity, at_once: Callable[..., list[Any]]
) -> None:
    first, second = sign_in(desk), sign_in(desk)
    other = Secret("a third one of words")
    outcomes = at_once(
        lambda: desk.own.change_password(first, PASSWORD, NEW),
        lambda: desk.own.change_password(second, PASSWORD, other),
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    # Where the other looked at the password only after the change, that was a wrong try, and the next one waits.
    clock.advance(seconds=2)
    assert sign_in(desk, NEW if outcomes[0] is None else other)


def test_somebody_deactivated_changes_nothing(desk: Desk, ctx: Context, active: Identity) -> None:
    actor = sign_in(desk)
    with ctx.unit():
        Identity.update(state=IdentityState.DEACTIVATED).where(Identity.id == active.id).execute()
    with pytest.raises(SignedOut, match="no longer active"):
        desk.own.change_password(actor, PASSWORD, NEW)


def test_a_fault_leaves_password_and_sessions_as_they_were(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, this = sign_in(desk), sign_in(desk)
    desk.recovery.ask_reset(USER, USER, HERE)
    told = len(making.entries(ctx))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    with monkeypatch.context() as fault:
        fault.setattr(OutboxMessage, "create", broken)
        with pytest.raises(RuntimeError):
            desk.own.change_password(this, PASSWORD, NEW)
    assert len(making.entries(ctx)) == told
    assert desk.own.home(other)
    with ctx.read():
        assert OneTimeToken.select().where(OneTimeToken.state == "live").count() == 1
    clock.advance(seconds=1)
    desk.own.change_password(this, PASSWORD, NEW)


BASE = "vexing plum tractors hum a quiet tune "
LONG = {
    "71 bytes": (BASE * 2)[:71],
    "72 bytes": (BASE * 2)[:72],
    "73 bytes": (BASE * 2)[:73],
    "200 bytes of 100 signs": ("w\u00e4\u00df\u00e9" * 29)[:115],
    "the most signs": (BASE * 4)[:128],
    "four bytes a sign": "\U0001f600\U0001f680\U0001f3e0\U0001f511" * 12,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_passwords_count_to_their_last_sign_from_settings_to_sign_in(
    desk: Desk, clock: ManualClock, active: Identity, text: str
) -> None:
    desk.own.change_password(sign_in(desk), PASSWORD, Secret(text))
    with pytest.raises(WrongCredentials):
        sign_in(desk, Secret(text[:-1]))
    clock.advance(seconds=1)
    with pytest.raises(WrongCredentials):
        sign_in(desk, Secret(text + "x"))
    clock.advance(seconds=2)
    assert sign_in(desk, Secret(text))


def test_an_accent_opens_however_the_keyboard_composes_it(desk: Desk, active: Identity) -> None:
    actor = sign_in(desk)
    desk.own.change_password(actor, PASSWORD, Secret("caf\u00e9 au lait noir"))
    assert sign_in(desk, Secret("cafe\u0301 au lait noir"))
    with pytest.raises(Invalid, match="that you have now"):
        desk.own.change_password(actor, Secret("cafe\u0301 au lait noir"), Secret("cafe\u0301 au lait noir"))


@pytest.mark.parametrize("stored", ["", "dk1$1$", "$2b$12$" + "." * 53, "dk1$1$$2b$04$" + "z" * 53, "dk9$1$x"])
def test_a_malformed_stored_form_is_no_password_and_no_crash(
    desk: Desk, ctx: Context, active: Identity, stored: str
) -> None:
    actor = sign_in(desk)
    with ctx.unit():
        store_verifier(ctx, active.id, stored)
    with pytest.raises(Invalid) as refused:
        desk.own.change_password(actor, PASSWORD, NEW)
    assert list(refused.value.problems) == ["current"]
    with pytest.raises((WrongCredentials, TooSoon)):
        sign_in(desk)
