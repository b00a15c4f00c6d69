"""Signing in by an SSH key: the first step and nothing more, one answer to every key that opens nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from models.identity import Credential, Identity, Session
from models.ssh_key import SshKey
from models.staff import StaffMember
from models.states import AuditResult, Awaited, IdentityState, MailPurpose, Role
from services import person_key
from services.accounts.identities import sign_in_key
from services.accounts.owed import Owed
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.entry import arrival
from services.entry.by_key import WrongKey
from services.entry.proving import WrongCode
from services.errors import Locked, TooSoon
from services.mail.notices import Notice
from services.person_key import PersonKey
from services.throttle import SOURCE_GRACE
from tests import making
from tests.enrolling import enrol
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.entry.telling import told
from tests.services.signing_in import WRONG_PASSWORD, fails
from tests.services.ssh_keys.keying import a_key, print_of

ANN = "ann@raystaging.example.com"
KEY = a_key()
PRINT = print_of(KEY)


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> PersonKey:
    """A colleague whose key is bound."""
    making.make_staff(desk, ray.agency, ANN)
    with desk.ctx.read():
        key = person_key.staff(StaffMember.get(StaffMember.email == ANN).id)
    making.verified(desk, ray.admin, key)
    desk.ssh_keys.bind(ray.admin, key, KEY)
    return key


@pytest.fixture
def account(ctx: Context, ann: PersonKey) -> Identity:
    """Her account."""
    return making.account_behind(ctx, ann)


def test_the_key_stands_for_company_code_user_name_and_password(
    desk: Desk, ctx: Context, account: Identity, clock: ManualClock
) -> None:
    clock.advance(minutes=1)
    actor = desk.sign_in.by_key(PRINT, HERE)
    assert (actor.identity_id, actor.role, actor.limited, actor.awaits) == (account.id, Role.AGENT, False, None)
    assert desk.own.home(actor).user_name == ANN
    [entry] = making.entries(ctx, "signed_in")
    assert (entry.place, entry.actor_id, json.loads(entry.details)) == (HERE.place, account.id, {"ssh_key": PRINT})
    with ctx.read():
        assert SshKey.get().used_at == clock.now()
        assert Session.get_by_id(actor.session_id).ssh_key == PRINT
    assert "signed in with an SSH key" in {event.words for event in desk.own_security.events(actor)}


def test_a_second_factor_is_never_skipped(desk: Desk, ctx: Context, account: Identity, clock: ManualClock) -> None:
    app = enrol(ctx, account.id)
    actor = desk.sign_in.by_key(PRINT, HERE)
    assert actor.awaits is Awaited.SECOND_FACTOR
    assert making.entries(ctx, "signed_in") == []
    opened = desk.sign_in.prove(actor, app.code(clock.now()))
    assert (opened.awaits, opened.limited) == (None, False)
    details = json.loads(making.entries(ctx, "signed_in")[0].details)
    assert details == {"second_factor": "app", "ssh_key": PRINT}
    words = {event.words for event in desk.own_security.events(opened)}
    assert words >= {"came with an SSH key and was asked for a code", "signed in with an SSH key and a code of the app"}


def test_wrong_codes_behind_a_key_tell_its_owner_that_somebody_has_it(
    desk: Desk, ctx: Context, account: Identity, clock: ManualClock
) -> None:
    app = enrol(ctx, account.id)
    for _ in range(3):
        with pytest.raises(WrongCode) as refused:
            desk.sign_in.prove(desk.sign_in.by_key(PRINT, HERE), app.wrong(clock.now()))
        clock.advance(seconds=refused.value.wait)
    assert told(ctx, account, Notice.WRONG_CODES) == []
    facts = {"place": HERE.place, "failures": "3", "key": PRINT}
    assert told(ctx, account, Notice.WRONG_CODES_AFTER_KEY) == [facts]


def test_where_the_rules_demand_a_second_factor_it_is_set_up_first(
    desk: Desk, ctx: Context, ray: MadeAgency, account: Identity
) -> None:
    with ctx.unit():
        ray.agency.adjustments = '{"factor": "staff"}'
        ray.agency.save(only=["adjustments"])
    actor = desk.sign_in.by_key(PRINT, HERE)
    assert actor.limited
    assert desk.onboarding.owed(actor) == Owed(second_factor=True)


def try_passwords(desk: Desk, code: str, clock: ManualClock, times: int) -> None:
    for _ in range(times):
        clock.advance(seconds=fails(desk, code, ANN, WRONG_PASSWORD).wait)


def test_whoever_has_the_key_does_not_wait_for_somebody_who_tries_passwords_and_hears_of_them(
    desk: Desk, ctx: Context, ray: MadeAgency, account: Identity, clock: ManualClock
) -> None:
    try_passwords(desk, ray.agency.code, clock, 6)
    fails(desk, ray.agency.code, ANN, WRONG_PASSWORD)
    assert desk.sign_in.wait(ray.agency.code, ANN, HERE)
    desk.sign_in.by_key(PRINT, HERE)
    assert told(ctx, account, Notice.AFTER_FAILURES) == [{"place": HERE.place, "failures": "7"}]
    assert not desk.sign_in.wait(ray.agency.code, ANN, HERE)


def test_after_very_many_wrong_passwords_the_key_takes_a_mailed_code_too(
    desk: Desk, ctx: Context, ray: MadeAgency, account: Identity, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    monkeypatch.setattr(arrival, "MAILED_CODE_FROM", 3)
    try_passwords(desk, ray.agency.code, clock, 2)
    assert desk.sign_in.by_key(PRINT, HERE).awaits is None
    try_passwords(desk, ray.agency.code, clock, 3)
    with ctx.read():
        key = sign_in_key(ctx, ray.agency.code, ANN)
    before = making.throttles(ctx)[key]
    assert desk.sign_in.by_key(PRINT, HERE).awaits is Awaited.MAILED_CODE
    assert len(making.mails(ctx, account, MailPurpose.SIGN_IN_CODE)) == 1
    assert making.throttles(ctx)[key] == before


def revoke(desk: Desk, ray: MadeAgency, ann: PersonKey) -> None:
    desk.ssh_keys.revoke(ray.admin, PRINT)


def deactivate(desk: Desk, ray: MadeAgency, ann: PersonKey) -> None:
    desk.accounts.deactivate(ray.admin, ann, "left")


def make_pending(desk: Desk, ray: MadeAgency, ann: PersonKey) -> None:
    with desk.ctx.unit():
        Identity.update(state=IdentityState.PENDING).where(Identity.email == ANN).execute()


def outgrow(desk: Desk, ray: MadeAgency, ann: PersonKey) -> None:
    with desk.ctx.unit():
        Credential.update(expires_at=desk.ctx.clock.now()).execute()


def take_temporary(desk: Desk, ray: MadeAgency, ann: PersonKey) -> None:
    desk.temporary.send(ray.admin, ann)
    account = making.account_behind(desk.ctx, ann)
    temporary = making.temporary_in(desk.ctx, making.mails(desk.ctx, account, MailPurpose.TEMPORARY)[-1])
    desk.sign_in.sign_in(ray.agency.code, ANN, temporary, HERE)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (revoke, "bound to no account"),
        (deactivate, "deactivated"),
        (make_pending, "not activated"),
        (outgrow, "must be chosen first"),
        (take_temporary, "must be chosen first"),
    ],
)
def test_whatever_the_reason_a_key_that_opens_nothing_gets_one_answer_and_the_audit_has_the_reason(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, change: Callable[..., None], cause: str
) -> None:
    with pytest.raises(WrongKey) as stranger:
        desk.sign_in.by_key(print_of(a_key()), HERE)
    change(desk, ray, ann)
    with ctx.read():
        before = Session.select().count()
    with pytest.raises(WrongKey) as refused:
        desk.sign_in.by_key(PRINT, HERE)
    assert refused.value.sentence == stranger.value.sentence
    entry = making.entries(ctx, "ssh_key_refused")[-1]
    assert (entry.result, entry.place, cause in entry.reason) == (AuditResult.FAILED, HERE.place, True)
    assert json.loads(entry.details) == {"ssh_key": PRINT}
    with ctx.read():
        assert Session.select().count() == before


def test_a_temporary_password_that_nobody_has_used_does_not_stand_in_the_way(
    desk: Desk, ray: MadeAgency, ann: PersonKey
) -> None:
    desk.temporary.send(ray.admin, ann)
    assert not desk.sign_in.by_key(PRINT, HERE).limited


def test_a_place_from_which_very_many_keys_fail_waits_and_another_does_not(
    desk: Desk, ctx: Context, ann: PersonKey, clock: ManualClock
) -> None:
    for _ in range(SOURCE_GRACE):
        with pytest.raises(WrongKey):
            desk.sign_in.by_key(print_of(a_key()), HERE)
    desk.sign_in.by_key(PRINT, HERE)
    for _ in range(2):
        with pytest.raises((WrongKey, TooSoon)):
            desk.sign_in.by_key(print_of(a_key()), HERE)
    with pytest.raises(TooSoon, match="Wait 1 second"):
        desk.sign_in.by_key(PRINT, HERE)
    assert making.entries(ctx, "sign_in_delayed")[-1].place == HERE.place
    desk.sign_in.by_key(PRINT, Origin(HERE.surface, "203.0.113.8"))
    clock.advance(seconds=1)
    desk.sign_in.by_key(PRINT, HERE)


def test_the_lock_asks_for_the_password_whatever_opened_the_session(desk: Desk, ann: PersonKey) -> None:
    actor = desk.sign_in.by_key(PRINT, HERE)
    desk.own_sessions.lock(actor, idle=True)
    with pytest.raises(Locked):
        desk.own.home(actor)
    desk.own_sessions.unlock(actor, PASSWORD)
    desk.own.home(actor)


def test_of_a_sign_in_and_a_revocation_at_once_none_leaves_a_session_behind(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, at_once: Callable[..., list[Any]]
) -> None:
    outcomes = at_once(lambda: desk.sign_in.by_key(PRINT, HERE), lambda: desk.ssh_keys.revoke(ray.admin, PRINT))
    assert isinstance(outcomes[0], (Actor, WrongKey)), outcomes
    with ctx.read():
        assert not Session.select().where((Session.ssh_key == PRINT) & Session.ended_at.is_null()).exists()
