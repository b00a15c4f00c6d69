"""Asking for a reset without signing in: the same answer for everybody, and a mail for whom it helps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity, OneTimeToken, Throttle
from models.outbox import OutboxMessage
from models.states import IdentityState, MailPurpose, MailState, TokenPurpose, TokenState
from services.clock import ManualClock
from services.context import Context
from services.credentials.presented import ENDED
from services.desk import Desk
from services.errors import Invalid, Refused
from services.recovery import TokenAnswer
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.recovering import STRANGER, USER, ask, asked, put


def test_somebody_active_gets_a_reset_mail(desk: Desk, ctx: Context, active: Identity) -> None:
    ask(desk)
    mail = making.mails(ctx, active)[-1]
    assert (mail.purpose, mail.to_address, mail.state) == (MailPurpose.RESET, USER, MailState.QUEUED)
    assert making.tokens_of(ctx, active, TokenPurpose.RESET)[-1].state is TokenState.LIVE


def test_somebody_not_yet_activated_gets_the_welcome_mail_again(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    clock.advance(minutes=5)
    ask(desk)
    first, second = making.mails(ctx, identity)
    assert (first.purpose, second.purpose) == (MailPurpose.WELCOME, MailPurpose.WELCOME)
    assert (first.state, second.state) == (MailState.SUPERSEDED, MailState.QUEUED)


def test_somebody_deactivated_is_told_so_by_mail_and_gets_no_link(desk: Desk, ctx: Context, active: Identity) -> None:
    put(ctx, active, IdentityState.DEACTIVATED)
    ask(desk)
    assert making.mails(ctx, active)[-1].purpose is MailPurpose.DEACTIVATED
    assert making.tokens_of(ctx, active, TokenPurpose.RESET) == []


def test_a_stranger_gets_nothing_and_leaves_nothing_but_an_entry(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    ask(desk, STRANGER)
    with ctx.read():
        assert (OutboxMessage.select().count(), OneTimeToken.select().count()) == (0, 0)
        assert Identity.select().count() == 1
    entry = making.entries(ctx, "reset_asked")[-1]
    assert (entry.subject, entry.identity_id) == (STRANGER, None)


def test_a_desk_without_an_agency_answers_like_any_other(desk: Desk) -> None:
    ask(desk, STRANGER)


@pytest.mark.parametrize("case", ["active", "pending", "deactivated", "stranger"])
def test_all_answers_and_their_throttles_are_alike(
    desk: Desk, ctx: Context, active: Identity, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case in ("pending", "deactivated"):
        put(ctx, active, IdentityState(case))
    written: list[str] = []
    execute: Callable[..., Any] = ctx.database.execute_sql

    def spied(sql: str, *rest: Any) -> Any:
        if "throttle" in sql and not sql.startswith("SELECT"):
            written.append(sql.split()[0])
        return execute(sql, *rest)

    monkeypatch.setattr(ctx.database, "execute_sql", spied)
    email = STRANGER if case == "stranger" else "b.other@example.com"
    with ctx.unit():
        Identity.update(email=email, email_key=email).where(Identity.id == active.id).execute()
    if case == "stranger":
        email = "nobody.at.all@example.com"
    written.clear()
    for _ in range(3):
        assert desk.recovery.ask_reset(email, email, HERE) is None  # type: ignore[func-returns-value]
    assert written == ["INSERT", "UPDATE", "INSERT", "UPDATE", "UPDATE", "UPDATE"]


@pytest.mark.parametrize("mails", [1, 2])
def test_everybody_costs_as_many_statements_and_commits_as_a_stranger(
    desk: Desk,
    ctx: Context,
    clock: ManualClock,
    ray: MadeAgency,
    active: Identity,
    monkeypatch: pytest.MonkeyPatch,
    mails: int,
) -> None:
    with ctx.unit():
        ray.agency.adjustments = json.dumps({"reset_mails": mails})
        ray.agency.save()
    # Whoever is counted for the first time costs a row more, known or not.
    ask(desk, STRANGER, HERE)
    ask(desk, USER, HERE)
    counted: Counter[str] = Counter()
    execute: Callable[..., Any] = ctx.database.execute_sql
    monkeypatch.setattr(ctx.database, "execute_sql", lambda *sql: counted.update(["sql"]) or execute(*sql))
    for name in ("begin", "commit", "rollback", "savepoint"):
        does = getattr(ctx.database, name)
        monkeypatch.setattr(
            ctx.database, name, lambda *args, name=name, does=does: counted.update([name]) or does(*args)
        )

    def cost(email: str) -> Counter[str]:
        counted.clear()
        ask(desk, email, HERE)
        return Counter(counted)

    for sent in (True, True, False):
        costs = {}
        for who in ("stranger", *IdentityState):
            with ctx.unit():
                # A slot that is free, or one that is not.
                next_at = clock.now() + timedelta(seconds=0 if sent else 60)
                Throttle.update(next_at=next_at, count=0).execute()
            put(ctx, active, IdentityState.ACTIVE if who == "stranger" else IdentityState(who))
            costs[who] = cost(STRANGER if who == "stranger" else USER)
        assert set(map(str, costs.values())) == {str(costs["stranger"])}, costs
        assert costs["stranger"]["commit"] == 1
        assert (costs["stranger"]["savepoint"] > 0) is sent


def test_one_mail_in_five_minutes_silently(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    ask(desk)
    clock.advance(minutes=4, seconds=59)
    ask(desk)
    assert len(making.mails(ctx, active, MailPurpose.RESET)) == 1
    clock.advance(seconds=1)
    ask(desk)
    assert len(making.mails(ctx, active, MailPurpose.RESET)) == 2


def test_six_mails_a_day_silently(desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client) -> None:
    identity = making.give_account(desk, ray.admin, brent)
    clock.advance(days=1)
    for _ in range(8):
        ask(desk)
        clock.advance(minutes=10)
    assert len(making.mails(ctx, identity, MailPurpose.RESET)) == 6
    clock.advance(days=1)
    ask(desk)
    assert len(making.mails(ctx, identity, MailPurpose.RESET)) == 7


def test_the_caps_count_one_address_however_it_is_written(desk: Desk, ctx: Context, active: Identity) -> None:
    ask(desk)
    ask(desk, USER.upper())
    assert len(making.mails(ctx, active, MailPurpose.RESET)) == 1


def test_a_place_that_asks_for_everybody_is_slowed_silently(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    for number in range(21):
        ask(desk, f"guess{number}@example.com", HERE)
    ask(desk, USER, HERE)
    assert making.mails(ctx, active, MailPurpose.RESET) == []
    clock.advance(seconds=1)
    ask(desk, USER, HERE)
    assert len(making.mails(ctx, active, MailPurpose.RESET)) == 1


def test_the_newest_mail_wins_and_the_older_one_is_taken_back(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    ask(desk)
    clock.advance(minutes=5)
    ask(desk)
    older, newer = making.mails(ctx, active, MailPurpose.RESET)
    assert (older.state, newer.state) == (MailState.SUPERSEDED, MailState.QUEUED)
    first, second = making.tokens_of(ctx, active, TokenPurpose.RESET)
    assert (first.state, second.state) == (TokenState.SUPERSEDED, TokenState.LIVE)
    opened = desk.recovery.open(making.secrets_of(ctx, first).link, "", HERE)
    assert (opened.state, opened.why_not) == (
        TokenAnswer.SUPERSEDED,
        ENDED[TokenAnswer.SUPERSEDED],
    )


def test_a_mail_that_has_left_stays_sent_when_a_newer_one_follows(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    ask(desk)
    making.server_took(ctx, making.mails(ctx, active)[-1])
    clock.advance(minutes=5)
    ask(desk)
    assert making.mails(ctx, active, MailPurpose.RESET)[0].state is MailState.SENT


def test_an_address_in_two_agencies_gets_one_mail_from_each(desk: Desk, ctx: Context, active: Identity) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    making.make_staff(desk, other.agency, USER)
    ask(desk)
    with ctx.read():
        mails = OutboxMessage.select().where(OutboxMessage.purpose == MailPurpose.RESET)
        assert {mail.agency_id for mail in mails} == {active.agency_id, other.agency.id}


def test_asking_leaves_the_old_password_and_the_sessions(desk: Desk, active: Identity) -> None:
    actor = desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)
    ask(desk)
    assert desk.own.home(actor)
    assert desk.sign_in.sign_in("RAY-919", USER, PASSWORD, HERE)


@pytest.mark.parametrize(
    ("email", "confirm", "field"),
    [
        ("nobody", "nobody", "email"),
        ("", "", "email"),
        (f"{USER}\nBcc: eve@example.com", USER, "email"),
        ("a\0b@example.com", "a\0b@example.com", "email"),
        ("\ud800@example.com", "\ud800@example.com", "email"),
        ("x" * 10_000 + "@example.com", USER, "email"),
        (USER, "brent@other.example.com", "confirm"),
        (USER, "", "confirm"),
        (USER, "\0", "confirm"),
    ],
)
def test_addresses_that_do_not_hold_or_differ_are_told(
    desk: Desk, ray: MadeAgency, email: str, confirm: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.recovery.ask_reset(email, confirm, HERE)
    assert list(refused.value.problems) == [field]


def test_the_confirmation_may_differ_in_case(desk: Desk, ctx: Context, active: Identity) -> None:
    desk.recovery.ask_reset(USER, USER.upper(), HERE)
    assert making.mails(ctx, active)[-1].purpose is MailPurpose.RESET


def test_asking_is_written_down_whether_a_mail_went_or_not(
    desk: Desk, ctx: Context, brent: Client, active: Identity
) -> None:
    ask(desk)
    ask(desk)
    first, second = making.entries(ctx, "reset_asked")
    assert (first.client_id, first.identity_id) == (brent.id, active.id)
    assert ('"mail": true' in first.details, '"mail": true' in second.details) == (True, False)


def test_a_fault_leaves_nothing_half_done(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, told = making.throttles(ctx), len(making.entries(ctx))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    monkeypatch.setattr(OneTimeToken, "create", broken)
    with pytest.raises(RuntimeError):
        ask(desk)
    assert making.mails(ctx, active, MailPurpose.RESET) == []
    assert (making.throttles(ctx), len(making.entries(ctx))) == (counted, told)


def test_an_ended_link_brings_a_new_mail(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    making.server_took(ctx, making.mails(ctx, active)[-1])
    clock.advance(hours=2)
    desk.recovery.ask_fresh(secrets.link, "", HERE)
    fresh = making.sent_secrets(ctx, active)
    assert fresh.token != secrets.token
    assert desk.recovery.open(fresh.link, "", HERE).state is TokenAnswer.LIVE


def test_it_is_capped_silently_like_any_other(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    clock.advance(minutes=5)
    ask(desk)
    desk.recovery.ask_fresh(secrets.link, "", HERE)
    assert len(making.mails(ctx, active, MailPurpose.RESET)) == 2


def test_one_that_lives_is_left_alone(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    clock.advance(minutes=5)
    desk.recovery.ask_fresh(secrets.link, "", HERE)
    assert len(making.mails(ctx, active, MailPurpose.RESET)) == 1


def test_it_goes_to_the_address_that_the_account_has_now(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    with ctx.unit():
        Identity.update(email="new@example.com", email_key="new@example.com").where(Identity.id == active.id).execute()
        OneTimeToken.update(state=TokenState.REVOKED, ended_at=clock.now()).execute()
    desk.recovery.ask_fresh(secrets.link, "", HERE)
    assert making.mails(ctx, active)[-1].to_address == "new@example.com"


def test_a_wrong_code_brings_nothing(desk: Desk, ctx: Context, active: Identity) -> None:
    with pytest.raises(Refused):
        desk.recovery.ask_fresh("ZZZZ-ZZZZ", USER, HERE)
    assert making.mails(ctx, active, MailPurpose.RESET) == []
