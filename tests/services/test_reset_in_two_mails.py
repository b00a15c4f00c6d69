"""Forgot password in two mails: each step is needed, each proof counts once, and nothing is used up in vain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.client import Client
from models.identity import Credential, Identity, OneTimeToken, Session
from models.outbox import OutboxMessage
from models.states import AuditResult, CredentialKind, IdentityState, MailPurpose, MailState, TokenPurpose, TokenState
from services import person_key, recovery
from services.clock import ManualClock
from services.context import Context
from services.credentials import answers, factor
from services.credentials.passwords import Passwords, Secret
from services.credentials.presented import ENDED
from services.desk import Desk
from services.errors import Invalid, Refused, SignedOut, TooSoon
from services.recovery import ResetConfirmed, TokenAnswer
from services.reset_hurdles import Hurdle, HurdleFailed, Hurdles
from services.sign_in import WrongCredentials
from tests import making
from tests.enrolling import enrol
from tests.making import HERE, PASSWORD, MadeAgency
from tests.recovering import NEW, NOWHERE, USER, answer, ask, asked, put, wrong

CODE = "RAY-919"
NO_CODE = Secret("")


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """There is a mail server."""
    return making.with_mail_server(ctx)


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency that confirms a reset by a first mail."""
    return making.make_agency(desk, reset_mails=2)


@pytest.fixture
def one_mail(ctx: Context, ray: MadeAgency) -> None:
    """The same agency with one mail."""
    with ctx.unit():
        ray.agency.adjustments = ray.agency.adjustments.replace('"reset_mails": 2', '"reset_mails": 1')
        ray.agency.save()


def confirm(desk: Desk, link: str, *given: Any, code: Secret = NO_CODE) -> ResetConfirmed:
    """Confirm with answers and perhaps a code."""
    return desk.recovery.confirm_reset(link, "", given, code, NOWHERE)


def temporary_mails(ctx: Context, identity: Identity) -> list[OutboxMessage]:
    return making.mails(ctx, identity, MailPurpose.TEMPORARY)


def test_the_first_mail_asks_to_confirm_and_opens_no_choice_of_a_password(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    link = asked(desk, ctx, active).link
    assert making.mails(ctx, active)[-1].purpose is MailPurpose.CONFIRM_RESET
    assert desk.recovery.open(link, "", HERE).purpose is TokenPurpose.CONFIRM_RESET
    with pytest.raises(Refused, match="for something else"):
        desk.recovery.choose_password(link, "", NEW, HERE)
    assert desk.recovery.open(link, "", HERE).state is TokenAnswer.LIVE


def test_without_a_mail_server_one_mail_does_it_because_nobody_reads_out_a_temporary_password(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    alone = Desk(replace(ctx, settings=replace(ctx.settings, mail=replace(ctx.settings.mail, host=""))))
    ask(alone)
    assert making.mails(ctx, active)[-1].purpose is MailPurpose.RESET


def test_somebody_pending_gets_the_welcome_mail_and_somebody_deactivated_is_told_so(
    desk: Desk, ctx: Context, active: Identity, clock: ManualClock
) -> None:
    for state, mail in (
        (IdentityState.PENDING, MailPurpose.WELCOME),
        (IdentityState.DEACTIVATED, MailPurpose.DEACTIVATED),
    ):
        put(ctx, active, state)
        ask(desk)
        assert making.mails(ctx, active)[-1].purpose is mail
        clock.advance(minutes=5)


def test_the_second_mail_brings_a_temporary_password_that_leads_to_the_first_steps(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    assert confirm(desk, asked(desk, ctx, active).link) == ResetConfirmed(CODE, USER, "Ray Staging")
    [mail] = temporary_mails(ctx, active)
    assert (mail.state, mail.to_address) == (MailState.QUEUED, USER)
    assert making.tokens_of(ctx, active, TokenPurpose.CONFIRM_RESET)[-1].state is TokenState.USED
    actor = desk.sign_in.sign_in(CODE, USER, making.temporary_in(ctx, mail), HERE)
    assert actor.limited
    assert desk.onboarding.owed(actor).password


def test_its_hour_begins_when_the_server_took_it(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    confirm(desk, asked(desk, ctx, active).link)
    [mail] = temporary_mails(ctx, active)
    clock.advance(hours=3)
    making.server_took(ctx, mail)
    clock.advance(hours=1)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in(CODE, USER, making.temporary_in(ctx, mail), HERE)


def test_the_present_password_stays_until_the_temporary_one_was_used(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    confirm(desk, asked(desk, ctx, active).link)
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)


def test_sessions_end_waits_are_forgotten_and_nobody_is_signed_in(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    actor = desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    for _ in range(7):
        with pytest.raises(WrongCredentials):
            desk.sign_in.sign_in(CODE, USER, NEW, NOWHERE)
        clock.advance(minutes=1)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in(CODE, USER, NEW, NOWHERE)
    confirm(desk, asked(desk, ctx, active).link)
    assert desk.sign_in.wait(CODE, USER, NOWHERE) == 0
    with pytest.raises(SignedOut, match="the password was reset"):
        desk.own.home(actor)
    with ctx.read():
        open_ones = (Session.identity == active.id) & Session.ended_at.is_null()
        assert not Session.select().where(open_ones).exists()


def test_what_is_asked_besides_is_told_to_whoever_holds_a_live_link_only(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    link = asked(desk, ctx, active).link
    assert desk.recovery.open(link, "", HERE).hurdles == Hurdles()
    answer(ctx, active)
    enrol(ctx, active.id)
    hurdles = desk.recovery.open(link, "", HERE).hurdles
    assert hurdles == Hurdles(("first_street", "first_school", "first_pet"), second_factor=True)
    with ctx.unit():
        OneTimeToken.update(state=TokenState.REVOKED, ended_at=ctx.clock.now()).execute()
    assert desk.recovery.open(link, "", HERE).hurdles == Hurdles()


def test_right_answers_and_a_right_code_are_needed_together(desk: Desk, ctx: Context, active: Identity) -> None:
    given = answer(ctx, active)
    app = enrol(ctx, active.id)
    link = asked(desk, ctx, active).link
    for answers_given, code, missed in (
        ((), app.code(ctx.clock.now()), Hurdle.QUESTIONS),
        (given, NO_CODE, Hurdle.SECOND_FACTOR),
    ):
        with pytest.raises(HurdleFailed) as failed:
            confirm(desk, link, *answers_given, code=code)
        assert failed.value.hurdle is missed
        ctx.clock.advance(seconds=1)  # type: ignore[attr-defined]  # the clock of the tests
    assert temporary_mails(ctx, active) == []
    assert confirm(desk, link, *given, code=app.code(ctx.clock.now()))
    assert len(temporary_mails(ctx, active)) == 1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_whichever_answer_is_wrong_the_sentence_is_the_same_and_the_link_lives(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, number: int
) -> None:
    given = answer(ctx, active)
    link = asked(desk, ctx, active).link
    with pytest.raises(HurdleFailed) as failed:
        confirm(desk, link, *wrong(given, number))
    assert (failed.value.sentence, failed.value.wait) == (answers.WRONG, 1)
    with pytest.raises(TooSoon):
        confirm(desk, link, *given)
    clock.advance(seconds=1)
    assert confirm(desk, link, *given)


def test_each_wrong_try_waits_longer_and_a_right_one_ends_that(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    given = answer(ctx, active)
    link = asked(desk, ctx, active).link
    waits = []
    for _ in range(4):
        with pytest.raises(HurdleFailed) as failed:
            confirm(desk, link, *wrong(given, 1))
        waits.append(failed.value.wait)
        clock.advance(seconds=waits[-1])
    assert waits == [1, 2, 4, 8]
    desk.recovery.check_answers(link, "", given, HERE)
    with pytest.raises(HurdleFailed) as failed:
        confirm(desk, link, *wrong(given, 1))
    assert failed.value.wait == 1


def test_answers_that_were_checked_are_asked_for_again_at_the_end(desk: Desk, ctx: Context, active: Identity) -> None:
    given = answer(ctx, active)
    link = asked(desk, ctx, active).link
    desk.recovery.check_answers(link, "", given, HERE)
    with pytest.raises(HurdleFailed):
        confirm(desk, link)


def test_an_agency_without_questions_asks_none(desk: Desk, ctx: Context, ray: MadeAgency, active: Identity) -> None:
    answer(ctx, active)
    with ctx.unit():
        ray.agency.adjustments = '{"questions": false}'
        ray.agency.save()
    link = asked(desk, ctx, active).link
    assert desk.recovery.open(link, "", HERE).hurdles == Hurdles()
    assert confirm(desk, link)


def test_a_code_of_the_app_counts_once(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    app = enrol(ctx, active.id)
    code = app.code(ctx.clock.now())
    confirm(desk, asked(desk, ctx, active).link, code=code)
    clock.advance(minutes=5)
    link = asked(desk, ctx, active).link
    for again in (code, Secret("000000"), Secret("x" * 100_000), NO_CODE):
        with pytest.raises(HurdleFailed) as failed:
            confirm(desk, link, code=again)
        assert failed.value.sentence == factor.WRONG_CODE
        clock.advance(seconds=failed.value.wait)
    assert confirm(desk, link, code=app.code(ctx.clock.now()))


def test_a_recovery_code_does_it_once_and_the_owner_is_told(desk: Desk, ctx: Context, active: Identity) -> None:
    code = Secret(enrol(ctx, active.id).recovery[0])
    confirm(desk, asked(desk, ctx, active).link, code=code)
    notice = making.mails(ctx, active, MailPurpose.NOTICE)[-1]
    assert '"left": "9"' in notice.details
    assert '"second_factor": "recovery"' in making.entries(ctx, "reset_confirmed")[-1].details


def test_a_wrong_code_uses_up_neither_link_nor_the_right_answers(
    desk: Desk, ctx: Context, active: Identity, clock: ManualClock
) -> None:
    given = answer(ctx, active)
    app = enrol(ctx, active.id)
    link = asked(desk, ctx, active).link
    with pytest.raises(HurdleFailed):
        confirm(desk, link, *given, code=Secret("000000"))
    assert making.tokens_of(ctx, active, TokenPurpose.CONFIRM_RESET)[-1].state is TokenState.LIVE
    assert confirm(desk, link, *given, code=app.code(ctx.clock.now()))


@pytest.mark.usefixtures("one_mail")
def test_with_one_mail_the_same_is_asked_before_a_password_is_set(
    desk: Desk, ctx: Context, active: Identity, clock: ManualClock
) -> None:
    given = answer(ctx, active)
    app = enrol(ctx, active.id)
    link = asked(desk, ctx, active).link
    opened = desk.recovery.open(link, "", HERE)
    assert (opened.purpose, len(opened.hurdles.questions)) == (TokenPurpose.RESET, 3)
    assert opened.hurdles.second_factor
    for tried in ({}, {"answers": given}, {"code": app.code(ctx.clock.now())}):
        with pytest.raises(HurdleFailed):
            desk.recovery.choose_password(link, "", NEW, HERE, **tried)
        clock.advance(seconds=2)
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in(CODE, USER, NEW, HERE)
    desk.recovery.choose_password(link, "", NEW, HERE, answers=given, code=app.code(ctx.clock.now()))
    assert making.mails(ctx, active)[-1].purpose is MailPurpose.PASSWORD_CHANGED


@pytest.mark.usefixtures("one_mail")
def test_whoever_lacks_the_second_factor_does_not_learn_the_present_password(
    desk: Desk, ctx: Context, active: Identity
) -> None:
    app = enrol(ctx, active.id)
    link = asked(desk, ctx, active).link
    with pytest.raises(HurdleFailed):
        desk.recovery.choose_password(link, "", PASSWORD, HERE)
    code = app.code(ctx.clock.now())
    with pytest.raises(Invalid, match="password that you have now"):
        desk.recovery.choose_password(link, "", PASSWORD, HERE, code=code)
    assert desk.recovery.choose_password(link, "", NEW, HERE, code=code), "the code was not used up by it"


def test_a_reset_that_staff_sent_asks_for_nothing_besides(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    answer(ctx, active)
    enrol(ctx, active.id)
    link = making.send_reset(desk, ray.admin, brent).link
    assert desk.recovery.open(link, "", HERE).hurdles == Hurdles()
    assert desk.recovery.choose_password(link, "", NEW, HERE)


def test_a_reset_link_confirms_nothing(desk: Desk, ctx: Context, ray: MadeAgency, brent: Client) -> None:
    making.give_account(desk, ray.admin, brent)
    ctx.clock.advance(minutes=5)  # type: ignore[attr-defined]  # the clock of the tests
    with pytest.raises(Refused, match="for something else"):
        confirm(desk, making.send_reset(desk, ray.admin, brent).link)


def test_what_was_confirmed_once_says_so(desk: Desk, ctx: Context, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    confirm(desk, secrets.link)
    with pytest.raises(Refused) as refused:
        desk.recovery.confirm_reset(secrets.code, USER, (), NO_CODE, HERE)
    assert refused.value.sentence == ENDED[TokenAnswer.USED]
    assert making.entries(ctx, "reset_confirmed")[-1].result is AuditResult.REFUSED


def test_of_two_with_the_same_link_at_once_exactly_one_wins(
    desk: Desk, ctx: Context, active: Identity, at_once: Callable[..., list[Any]]
) -> None:
    link = asked(desk, ctx, active).link
    outcomes = at_once(*[lambda: confirm(desk, link)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused"] * 3 + ["ResetConfirmed"]
    assert len(temporary_mails(ctx, active)) == 1


def test_both_mails_of_a_reset_count_once(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    clock.advance(days=1)
    for _ in range(6):
        confirm(desk, asked(desk, ctx, active).link)
        clock.advance(minutes=5)
    ask(desk)
    assert len(making.mails(ctx, active, MailPurpose.CONFIRM_RESET)) == 6
    assert len(temporary_mails(ctx, active)) == 6


def test_a_factor_that_comes_between_two_looks_is_not_passed_over(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = asked(desk, ctx, active).link
    monkeypatch.setattr(recovery, "check_questions", lambda *_: enrol(ctx, active.id))
    with pytest.raises(Refused, match="changed in the meantime"):
        confirm(desk, link)
    assert temporary_mails(ctx, active) == []


def test_a_link_of_an_account_that_was_deactivated_confirms_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    link = asked(desk, ctx, active).link
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "left the agency")
    with pytest.raises(Refused) as refused:
        confirm(desk, link)
    assert refused.value.sentence == ENDED[TokenAnswer.REVOKED]


def test_wrong_answers_are_written_down_without_what_was_said(
    desk: Desk, ctx: Context, brent: Client, active: Identity
) -> None:
    given = answer(ctx, active)
    link = asked(desk, ctx, active).link
    with pytest.raises(HurdleFailed):
        confirm(desk, link, *wrong(given, 0))
    entry = making.entries(ctx, "reset_confirmed")[-1]
    assert (entry.result, entry.client_id, entry.agency_id) == (AuditResult.REFUSED, brent.id, active.agency_id)
    assert entry.reason == answers.WRONG
    assert "Something else" not in str(vars(entry))


def test_no_transaction_is_open_while_answers_are_hashed(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = answer(ctx, active)
    link = asked(desk, ctx, active).link
    depths: list[tuple[int, bool]] = []
    verify = Passwords.verify

    def spied(*args: Any) -> Any:
        depths.append((ctx.database.transaction_depth(), ctx.database.is_closed()))
        return verify(*args)

    monkeypatch.setattr(Passwords, "verify", spied)
    confirm(desk, link, *given)
    assert depths == [(0, True)] * 3


@pytest.mark.parametrize("broken", ["temporary_credential.issue", "audit.record"])
def test_a_fault_leaves_link_sessions_and_code_as_they_were(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    app = enrol(ctx, active.id)
    link = asked(desk, ctx, active).link
    code = app.code(ctx.clock.now())

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    with monkeypatch.context() as fault:
        fault.setattr(f"services.{broken}", fails)
        with pytest.raises(RuntimeError):
            confirm(desk, link, code=code)
    assert temporary_mails(ctx, active) == []
    with ctx.read():
        assert not Credential.select().where(Credential.kind == CredentialKind.TEMPORARY).exists()
    assert confirm(desk, link, code=code)


def test_the_hurdles_of_somebody_else_open_nothing(desk: Desk, ctx: Context, ray: MadeAgency, active: Identity) -> None:
    answer(ctx, active)
    cindy = making.make_client(desk, ray.agency, "cindy@example.com", first="Cindy", last="Baxter")
    other = making.give_account(desk, ray.admin, cindy)
    theirs = wrong(answer(ctx, other), 0)
    with pytest.raises(HurdleFailed):
        confirm(desk, asked(desk, ctx, active).link, *theirs)
