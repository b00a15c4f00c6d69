"""Opening a link or a code: found in whatever was pasted or typed, never used up by it, and dead in its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity, OneTimeToken
from models.states import AuditResult, TokenPurpose, TokenState
from models.tables import ALL_TABLES
from services.clock import ManualClock
from services.context import Context
from services.credentials import tokens
from services.credentials.presented import ENDED, WRONG_CODE, WRONG_LINK
from services.desk import Desk
from services.errors import Invalid, Refused, TooSoon
from services.recovery import TokenAnswer
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.recovering import NEW, STRANGER, USER, ask, asked


def test_a_link_shows_whose_it_is_however_often_it_is_opened(desk: Desk, ctx: Context, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    for _ in range(10):
        opened = desk.recovery.open(secrets.link, "", HERE)
        assert (opened.state, opened.why_not, opened.ended_at) == (TokenAnswer.LIVE, "", None)
    assert (opened.purpose, opened.name, opened.user_name) == (
        TokenPurpose.RESET,
        "Brent Thomas",
        USER,
    )
    assert (opened.agency_name, opened.company_code) == ("Ray Staging", "RAY-919")
    assert opened.policy.minimum == 12
    assert any("12" in line for line in opened.policy_words)
    assert opened.about.last_name == "Thomas"
    assert making.tokens_of(ctx, active)[-1].state is TokenState.LIVE


@pytest.mark.parametrize("shape", ["{token}", "  {token}\n", "{link}", "<{link}>", "Open {link} now", "{broken}"])
def test_a_link_is_found_in_whatever_was_pasted(desk: Desk, ctx: Context, active: Identity, shape: str) -> None:
    secrets = asked(desk, ctx, active)
    half = len(secrets.link) - 12
    broken = f"{secrets.link[:30]}\r\n{secrets.link[30:half]}\n {secrets.link[half:]}\n"
    pasted = shape.format(token=secrets.token, link=secrets.link, broken=broken)
    assert desk.recovery.open(pasted, "", HERE).user_name == USER


@pytest.mark.parametrize("spelled", ["{0}", " {0} ", "{1}", "{2}", "{3}"])
def test_a_code_is_taken_in_any_case_and_with_look_alikes(
    desk: Desk, ctx: Context, active: Identity, spelled: str
) -> None:
    code = asked(desk, ctx, active).code
    look_alike = code.replace("0", "O").replace("1", "l").replace("V", "u")
    typed = spelled.format(code, code.replace("-", "").lower(), look_alike, " ".join(code))
    assert desk.recovery.open(typed, USER.upper(), HERE).state is TokenAnswer.LIVE


def test_a_code_with_every_look_alike_is_read_as_it_was_meant(
    desk: Desk, ctx: Context, active: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.credentials.codes.typed_code", lambda *_: "01V01V01")
    ask(desk)
    assert desk.recovery.open("oIu-OLU-ol", USER, HERE).state is TokenAnswer.LIVE


def test_a_code_without_an_address_asks_for_it(desk: Desk, ray: MadeAgency) -> None:
    with pytest.raises(Invalid) as refused:
        desk.recovery.open("ABCD-EFGH", " ", HERE)
    assert list(refused.value.problems) == ["email"]


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("ZZZZ-ZZZZ", USER),
        ("ZZZZ-ZZZZ", STRANGER),
        ("no code at all", USER),
        ("", USER),
        ("A" * 10_000, USER),
        ("ABCD\0EFG", USER),
        ("\ud800\udfff", USER),
        ("ZZZZ-ZZZZ", "a\0b@example.com"),
        ("ZZZZ-ZZZZ", "no address"),
        ("ZZZZ-ZZZZ", "\ud800"),
    ],
)
def test_every_wrong_code_gets_one_answer_and_is_counted(
    desk: Desk, ctx: Context, active: Identity, typed: str, email: str
) -> None:
    ask(desk)
    before = len(making.throttles(ctx))
    with pytest.raises(Refused) as refused:
        desk.recovery.open(typed, email, HERE)
    assert refused.value.sentence == WRONG_CODE
    assert len(making.throttles(ctx)) == before + 1
    with pytest.raises(TooSoon):
        desk.recovery.open(typed, email, HERE)
    assert making.entries(ctx, "token_wrong")[0].result is AuditResult.FAILED


@pytest.mark.parametrize("email", [USER, STRANGER])
def test_wrong_codes_wait_longer_each_time(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, email: str
) -> None:
    ask(desk)
    waits = []
    for _ in range(8):
        with pytest.raises(Refused):
            desk.recovery.open("ZZZZ-ZZZZ", email, HERE)
        with pytest.raises(TooSoon) as refused:
            desk.recovery.open("ZZZZ-ZZZZ", email, HERE)
        waits.append(refused.value.wait)
        clock.advance(seconds=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_after_five_wrong_codes_the_right_one_is_refused_but_the_link_works(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    for _ in range(5):
        with pytest.raises(Refused):
            desk.recovery.open("ZZZZ-ZZZZ", USER, HERE)
        clock.advance(minutes=1)
    with pytest.raises(Refused) as refused:
        desk.recovery.open(secrets.code, USER, HERE)
    assert refused.value.sentence == WRONG_CODE
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE
    assert desk.recovery.choose_password(secrets.token, "", NEW, HERE)


def test_after_four_wrong_codes_the_right_one_still_works(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    for _ in range(4):
        with pytest.raises(Refused):
            desk.recovery.open("ZZZZ-ZZZZ", USER, HERE)
        clock.advance(minutes=1)
    assert desk.recovery.open(secrets.code, USER, HERE).state is TokenAnswer.LIVE


def test_a_code_of_somebody_else_is_a_wrong_one(desk: Desk, ctx: Context, ray: MadeAgency, active: Identity) -> None:
    cindy = making.make_client(desk, ray.agency, "cindy@example.com", first="Cindy", last="Baxter")
    other = making.give_account(desk, ray.admin, cindy, password=None)
    with pytest.raises(Refused, match="does not belong"):
        desk.recovery.open(making.sent_secrets(ctx, other).code, USER, HERE)


def test_wrong_codes_of_two_at_once_are_heard_one_by_one(
    desk: Desk, ctx: Context, active: Identity, at_once: Callable[..., list[Any]]
) -> None:
    ask(desk)
    outcomes = at_once(*[lambda: desk.recovery.open("ZZZZ-ZZZZ", USER, HERE)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused"] + ["TooSoon"] * 3
    assert making.tokens_of(ctx, active)[-1].wrong_tries == 1


@pytest.mark.parametrize("pasted", ["a" * 26, "https://portal.example/#reset=" + "b" * 26])
def test_a_link_that_is_not_known_says_so(desk: Desk, ray: MadeAgency, pasted: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.recovery.open(pasted, USER, HERE)
    assert refused.value.sentence == WRONG_LINK


@pytest.mark.parametrize("email", ["", USER, STRANGER])
@pytest.mark.parametrize(
    "pasted", ["#activate=nonsense", "#foo=bar", "https://portal.example/", "#", "#activate=" + "1" * 26]
)
def test_a_damaged_link_is_no_code_whoevers_the_address_is(
    desk: Desk, ctx: Context, active: Identity, pasted: str, email: str
) -> None:
    ask(desk)
    before = len(making.throttles(ctx))
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            desk.recovery.open(pasted, email, HERE)
        assert refused.value.sentence == WRONG_LINK
    assert len(making.throttles(ctx)) == before
    assert making.tokens_of(ctx, active)[-1].wrong_tries == 0
    assert making.entries(ctx, "token_wrong")[0].result is AuditResult.FAILED


def test_each_end_of_a_link_says_which_it_is(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    for state in (TokenState.USED, TokenState.SUPERSEDED, TokenState.REVOKED):
        with ctx.unit():
            OneTimeToken.update(state=state, ended_at=clock.now()).where(
                OneTimeToken.link_hash == making.tokens_of(ctx, active)[-1].link_hash
            ).execute()
        opened = desk.recovery.open(secrets.link, "", HERE)
        assert (opened.state.value, opened.ended_at) == (state.value, clock.now())
        assert opened.why_not.endswith("fresh one.")
        assert desk.recovery.open(secrets.code, USER, HERE).state is opened.state


def test_an_ended_link_tells_no_more_than_its_mail_did(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    with ctx.unit():
        Identity.update(name="Bea New", email="new@example.com", email_key="new@example.com").where(
            Identity.id == active.id
        ).execute()
        OneTimeToken.update(state=TokenState.REVOKED, ended_at=ctx.clock.now()).execute()
    opened = desk.recovery.open(secrets.link, "", HERE)
    assert (opened.name, opened.user_name) == ("Brent Thomas", USER)
    assert "new@example.com" not in repr(opened)
    assert "Bea" not in repr(opened)


def test_opening_is_written_down(desk: Desk, ctx: Context, brent: Client, active: Identity) -> None:
    desk.recovery.open(asked(desk, ctx, active).link, "", HERE)
    entry = making.entries(ctx, "token_opened")[-1]
    assert (entry.client_id, entry.identity_id, entry.place) == (brent.id, active.id, HERE.place)


def test_no_secret_stands_in_the_database(desk: Desk, ctx: Context, active: Identity) -> None:
    secrets = asked(desk, ctx, active)
    desk.recovery.open(secrets.link, "", HERE)
    desk.recovery.open(secrets.code, USER, HERE)
    with ctx.read():
        stored = str([list(table.select().tuples()) for table in ALL_TABLES])
    for secret in (secrets.token, secrets.code, secrets.code.replace("-", ""), PASSWORD.reveal()):
        assert secret not in stored


def test_a_link_works_before_the_server_took_its_mail(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    clock.advance(hours=20)
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE
    assert desk.recovery.open(secrets.code, USER, HERE).state is TokenAnswer.LIVE


def test_the_hour_starts_when_the_server_took_the_mail(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity
) -> None:
    secrets = asked(desk, ctx, active)
    clock.advance(minutes=30)
    making.server_took(ctx, making.mails(ctx, active)[-1])
    ends_at = clock.now()
    clock.advance(minutes=59, seconds=59)
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE
    clock.advance(seconds=1)
    opened = desk.recovery.open(secrets.link, "", HERE)
    assert opened.state is TokenAnswer.EXPIRED
    assert opened.ended_at is not None
    assert (opened.ended_at - ends_at).total_seconds() == 3600
    with pytest.raises(Refused) as refused:
        desk.recovery.choose_password(secrets.link, "", NEW, HERE)
    assert refused.value.sentence == ENDED[TokenAnswer.EXPIRED]


def test_the_code_of_a_welcome_mail_ends_after_an_hour_but_its_link_after_three_days(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    secrets = making.sent_secrets(ctx, identity)
    making.server_took(ctx, making.mails(ctx, identity)[-1])
    clock.advance(minutes=61)
    assert desk.recovery.open(secrets.code, USER, HERE).state is TokenAnswer.EXPIRED
    clock.advance(hours=70)
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.LIVE
    clock.advance(hours=1)
    assert desk.recovery.open(secrets.link, "", HERE).state is TokenAnswer.EXPIRED


def test_a_strict_agency_gives_a_code_ten_minutes(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, active: Identity
) -> None:
    with ctx.unit():
        ray.agency.profile = "strict"
        ray.agency.save()
    secrets = asked(desk, ctx, active)
    making.server_took(ctx, making.mails(ctx, active)[-1])
    clock.advance(minutes=10)
    assert desk.recovery.open(secrets.code, USER, HERE).state is TokenAnswer.EXPIRED
    opened = desk.recovery.open(secrets.link, "", HERE)
    assert (opened.state, opened.policy.minimum) == (TokenAnswer.LIVE, 15)


@pytest.mark.parametrize("purpose", [TokenPurpose.SIGN_IN, TokenPurpose.CALLER])
def test_what_works_only_where_it_was_asked_for_opens_nothing_here_and_is_not_used_up_by_wrong_codes(
    desk: Desk, ctx: Context, active: Identity, purpose: TokenPurpose
) -> None:
    with ctx.unit():
        token = tokens.issue(ctx, active, purpose, by="test")
    secrets = making.secrets_of(ctx, token)
    for typed in (secrets.code, secrets.link):
        with pytest.raises(Refused):
            desk.recovery.open(typed, USER, HERE)
    assert making.tokens_of(ctx, active, purpose)[-1].wrong_tries == 0
