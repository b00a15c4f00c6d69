"""Choosing a password with a link or a code: it works once, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.client import Client
from models.identity import Credential, Identity, OneTimeToken, Session
from models.outbox import OutboxMessage
from models.states import Access, AuditResult, IdentityState, MailPurpose, MailState, TokenPurpose, TokenState
from services import person_key
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Passwords, Secret
from services.credentials.presented import ENDED
from services.desk import Desk
from services.errors import Invalid, Refused, SignedOut
from services.recovery import PasswordChosen, TokenAnswer
from services.sign_in import WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.recovering import NEW, NOWHERE, USER, ask, asked, put


def test_a_reset_replaces_the_password(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    chosen = desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    assert chosen == PasswordChosen("RAY-919", USER, "Ray Staging", TokenPurpose.RESET)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
    clock.advance(seconds=1)
    assert desk.sign_in.sign_in("RAY-919", USER, NEW, HERE)
    assert making.tokens_of(ctx, active)[-1].state is TokenState.USED


def test_a_code_does_the_same(desk: Desk, ctx: Context, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    desk.recovery.open(secrets.code, USER, HERE)
    desk.recovery.choose_password(secrets.code, USER, NEW, HERE)
    assert desk.sign_in.sign_in("RAY-919", USER, NEW, HERE)


def test_an_activation_makes_the_account_active(desk: Desk, ctx: Context, ray: MadeAgency, brent: Client) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    chosen = desk.recovery.choose_password(making.sent_secrets(ctx, identity).link, "", NEW, HERE)
    assert chosen.purpose is TokenPurpose.ACTIVATE
    now = making.identity_of(ctx, brent)
    assert (now.state, now.activated_at) == (IdentityState.ACTIVE, ctx.clock.now())
    assert making.reread(ctx, brent).access == Access.ACTIVE
    assert desk.sign_in.sign_in("RAY-919", USER, NEW, HERE)


def test_nobody_is_signed_in_by_it(desk: Desk, ctx: Context, active: Identity) -> None:
    desk.recovery.choose_password(asked(desk, ctx, active).link, "", NEW, HERE)
    with ctx.read():
        assert Session.select().where(Session.identity == active.id).count() == 0


def test_it_ends_the_sessions_and_sends_a_notice(desk: Desk, ctx: Context, active: Identity) -> None:
    actor = desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
    desk.recovery.choose_password(asked(desk, ctx, active).link, "", NEW, HERE)
    with pytest.raises(SignedOut, match="the password was reset"):
        desk.own.home(actor)
    assert making.mails(ctx, active)[-1].purpose is MailPurpose.PASSWORD_CHANGED


def test_it_forgives_the_wait_at_the_sign_in(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    for _ in range(8):
        with pytest.raises(WrongCredentials):
            desk.sign_in.sign_in("RAY-919", USER, NEW, NOWHERE)
        clock.advance(minutes=1)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in("RAY-919", USER, NEW, NOWHERE)
    desk.recovery.choose_password(asked(desk, ctx, active).link, "", NEW, HERE)
    assert desk.sign_in.wait("RAY-919", USER, NOWHERE) == 0
    assert desk.sign_in.sign_in("RAY-919", USER, NEW, NOWHERE)


def test_a_used_link_says_so(desk: Desk, ctx: Context, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    for held, email in ((secrets.link, ""), (secrets.code, USER)):
        with pytest.raises(Refused) as refused:
            desk.recovery.choose_password(held, email, Secret("a third one of words"), HERE)
        assert refused.value.sentence == ENDED[TokenAnswer.USED]
    assert making.entries(ctx, "password_chosen")[-1].result is AuditResult.REFUSED


@pytest.mark.parametrize("pending", [True, False])
def test_of_two_with_the_same_link_at_once_exactly_one_wins(
    desk: Desk,
    ctx: Context,
    clock: ManualClock,
    ray: MadeAgency,
    brent: Client,
    at_once: Callable[..., list[Any]],
    pending: bool,
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None if pending else PASSWORD)
    if not pending:
        clock.advance(minutes=5)
        ask(desk)
    link = making.sent_secrets(ctx, identity).link
    passwords = [Secret(f"walnut river number {number}") for number in range(4)]
    outcomes = at_once(
        *(lambda secret=secret: desk.recovery.choose_password(link, "", secret, HERE) for secret in passwords)
    )
    won = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, PasswordChosen)]
    assert len(won) == 1, outcomes
    lost = {outcome.sentence for outcome in outcomes if isinstance(outcome, Refused)}
    assert lost == {ENDED[TokenAnswer.USED]}
    assert desk.sign_in.sign_in("RAY-919", USER, passwords[won[0]], HERE)
    with ctx.read():
        assert Credential.select().where(Credential.identity == identity.id).count() == 1


def test_the_password_in_use_is_refused_and_the_link_stays_live(desk: Desk, ctx: Context, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    with pytest.raises(Invalid) as refused:
        desk.recovery.choose_password(secrets.link, "", PASSWORD, HERE)
    assert "password that you have now" in refused.value.problems["password"]
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE


@pytest.mark.parametrize(
    "password", ["", "short", "Brent Thomas 1", "RAY-919 RAY-919", "x" * 129, "x" * 10_000, "walnut river\0sky"]
)
def test_the_policy_refuses_before_any_work_and_the_link_stays_live(
    desk: Desk, ctx: Context, active: Identity, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = asked(desk, ctx, active)

    def none(*_: object) -> None:
        raise AssertionError("no hash is needed for this")

    monkeypatch.setattr(Passwords, "verify", none)
    monkeypatch.setattr(Passwords, "hash", none)
    with pytest.raises(Invalid) as refused:
        desk.recovery.choose_password(secrets.link, "", Secret(password), HERE)
    assert list(refused.value.problems) == ["password"]
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE


def test_no_transaction_is_open_while_it_is_hashed(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = asked(desk, ctx, active)
    depths: list[tuple[int, bool]] = []

    def seen(work: Callable[..., Any]) -> Callable[..., Any]:
        def spied(*args: Any) -> Any:
            depths.append((ctx.database.transaction_depth(), ctx.database.is_closed()))
            return work(*args)

        return spied

    monkeypatch.setattr(Passwords, "hash", seen(Passwords.hash))
    monkeypatch.setattr(Passwords, "verify", seen(Passwords.verify))
    desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    assert depths == [(0, True), (0, True)]


def test_the_other_links_of_the_person_die(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    first = making.sent_secrets(ctx, identity)
    clock.advance(minutes=5)
    ask(desk)
    desk.recovery.choose_password(making.sent_secrets(ctx, identity).link, "", NEW, HERE)
    with pytest.raises(Refused):
        desk.recovery.choose_password(first.link, "", Secret("a third one of words"), HERE)
    with ctx.read():
        assert OneTimeToken.select().where(OneTimeToken.state == TokenState.LIVE).count() == 0


def test_a_mail_that_still_waits_is_taken_back_when_its_code_was_used(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    desk.recovery.choose_password(asked(desk, ctx, active).code, USER, NEW, HERE)
    assert making.mails(ctx, active, MailPurpose.RESET)[-1].state is MailState.SUPERSEDED


def test_a_link_of_an_account_that_was_deactivated_opens_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left the agency")
    with pytest.raises(Refused) as refused:
        desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    assert refused.value.sentence == ENDED[TokenAnswer.REVOKED]


def test_a_live_link_does_not_open_an_account_in_another_state(desk: Desk, ctx: Context, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    put(ctx, active, IdentityState.DEACTIVATED)
    with pytest.raises(Refused):
        desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    with ctx.read():
        assert Identity.get_by_id(active.id).state is IdentityState.DEACTIVATED
    assert making.tokens_of(ctx, active)[-1].state is TokenState.LIVE


def test_a_bounced_mail_is_forgotten_once_the_person_is_in(
    desk: Desk, ctx: Context, clock: ManualClock, brent: Client, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    assert making.reread(ctx, brent).access == Access.ACTIVE


def test_choosing_is_written_down(desk: Desk, ctx: Context, brent: Client, active: Identity) -> None:
    desk.recovery.choose_password(asked(desk, ctx, active).link, "", NEW, HERE)
    entry = making.entries(ctx, "password_chosen")[-1]
    assert (entry.client_id, entry.identity_id, entry.result) == (brent.id, active.id, AuditResult.DONE)


@pytest.mark.parametrize("broken_table", [OutboxMessage, Credential])
def test_a_fault_leaves_password_link_and_sessions_as_they_were(
    desk: Desk,
    ctx: Context,
    active: Identity,
    monkeypatch: pytest.MonkeyPatch,
    broken_table: type[OutboxMessage] | type[Credential],
) -> None:
    actor = desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
    secrets = asked(desk, ctx, active)
    told = len(making.entries(ctx))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    with monkeypatch.context() as fault:
        fault.setattr(broken_table, "create" if broken_table is OutboxMessage else "update", broken)
        with pytest.raises(RuntimeError):
            desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    assert len(making.entries(ctx)) == told
    assert desk.own.home(actor)
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE
    assert desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
