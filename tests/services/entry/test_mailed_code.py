"""From a hundred failures in a row on, the password opens nothing before a mailed code is typed as well."""

from __future__ import annotations

import pytest

from models.client import Client
from models.identity import Identity, OneTimeToken, Throttle
from models.states import Awaited, MailPurpose, TokenPurpose
from services import person_key
from services.accounts.identities import sign_in_key
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.credentials import codes
from services.credentials.passwords import Secret
from services.desk import Desk
from services.entry import mailed_code
from services.entry.arrival import MAILED_CODE_FROM
from services.entry.proving import WrongCode
from services.errors import DeskError, Refused, SignedOut, TooSoon
from services.mail.notices import Notice
from tests import making
from tests.enrolling import enrol
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.entry.telling import told
from tests.services.signing_in import CODE, USER

NOT_IT = Secret("0000-0000")


@pytest.fixture
def hundred(ctx: Context, clock: ManualClock, active: Identity) -> None:
    with ctx.unit():
        now = clock.now()
        Throttle.create(key=sign_in_key(ctx, CODE, USER), count=MAILED_CODE_FROM, window_from=now, next_at=now)


def half(desk: Desk) -> Actor:
    return desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)


def mailed(ctx: Context, identity: Identity) -> Secret:
    """The code in the newest mail for signing in."""
    mail = making.mails(ctx, identity, MailPurpose.SIGN_IN_CODE)[-1]
    return Secret(codes.show_code(codes.typed_code(ctx.keys.mail, mail.uuid, TokenPurpose.SIGN_IN.value)))


def mails(ctx: Context, identity: Identity) -> int:
    return len(making.mails(ctx, identity, MailPurpose.SIGN_IN_CODE))


def test_ninety_nine_failures_need_no_code(desk: Desk, ctx: Context, clock: ManualClock, active: Identity) -> None:
    with ctx.unit():
        now = clock.now()
        Throttle.create(key=sign_in_key(ctx, CODE, USER), count=MAILED_CODE_FROM - 1, window_from=now, next_at=now)
    assert half(desk).awaits is None
    assert mails(ctx, active) == 0


def test_password_and_mailed_code_open_a_session_and_forgive_everything(
    desk: Desk, ctx: Context, active: Identity, hundred: None
) -> None:
    actor = half(desk)
    assert actor.awaits is Awaited.MAILED_CODE
    with pytest.raises(Refused, match="not signed in yet"):
        desk.own.home(actor)
    opened = desk.sign_in.prove_mailed(actor, mailed(ctx, active))
    assert desk.own.home(opened).user_name == USER
    assert making.entries(ctx, "signed_in")[0].details == '{"mailed_code": true}'
    assert told(ctx, active, Notice.AFTER_FAILURES) == [{"place": HERE.place, "failures": "100"}]
    assert half(desk).awaits is None


def test_a_wrong_password_sends_no_mail(desk: Desk, ctx: Context, active: Identity, hundred: None) -> None:
    with pytest.raises(DeskError):
        desk.sign_in.sign_in(CODE, USER, Secret("not the right one"), HERE)
    assert mails(ctx, active) == 0


def test_the_code_never_stands_in_for_the_second_factor(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, hundred: None
) -> None:
    app = enrol(ctx, active.id)
    actor = half(desk)
    with pytest.raises(SignedOut):
        desk.sign_in.prove(actor, app.code(clock.now()))
    further = desk.sign_in.prove_mailed(actor, mailed(ctx, active))
    assert further.awaits is Awaited.SECOND_FACTOR
    with pytest.raises(Refused, match="not signed in yet"):
        desk.own.home(further)
    opened = desk.sign_in.prove(further, app.code(clock.now()))
    assert opened.awaits is None
    assert making.entries(ctx, "signed_in")[0].details == '{"mailed_code": true, "second_factor": "app"}'


def test_a_temporary_password_has_proved_the_mailbox_already(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, hundred: None
) -> None:
    desk.temporary.send(ray.admin, person_key.client(brent.id))
    temporary = making.temporary_in(ctx, making.mails(ctx, active, MailPurpose.TEMPORARY)[-1])
    assert desk.sign_in.sign_in(CODE, USER, temporary, HERE).awaits is None


def test_a_code_works_once(desk: Desk, ctx: Context, active: Identity, hundred: None) -> None:
    one, two = half(desk), half(desk)
    code = mailed(ctx, active)
    desk.sign_in.prove_mailed(one, code)
    with pytest.raises(WrongCode):
        desk.sign_in.prove_mailed(two, code)


def test_typing_the_password_again_leaves_the_code_that_is_under_way_alone(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, hundred: None
) -> None:
    half(desk)
    clock.advance(minutes=5)
    actor = half(desk)
    assert mails(ctx, active) == 1
    assert desk.sign_in.prove_mailed(actor, mailed(ctx, active))


def test_another_code_goes_once_a_minute_and_six_times_a_day_and_nobody_is_told_which(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, hundred: None
) -> None:
    sent = []
    for _ in range(8):
        actor = half(desk)
        desk.sign_in.send_code_again(actor)
        sent.append(mails(ctx, active))
        clock.advance(minutes=1)
        desk.sign_in.send_code_again(actor)
    assert sent == [1, 2, 3, 4, 5, 6, 6, 6]
    clock.advance(days=1)
    desk.sign_in.send_code_again(half(desk))
    assert mails(ctx, active) == 7


def test_a_newer_code_ends_the_older_one(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, hundred: None
) -> None:
    actor = half(desk)
    older = mailed(ctx, active)
    clock.advance(minutes=1)
    desk.sign_in.send_code_again(actor)
    with pytest.raises(WrongCode):
        desk.sign_in.prove_mailed(actor, older)
    assert desk.sign_in.prove_mailed(actor, mailed(ctx, active)).awaits is None


def test_five_wrong_ones_end_a_code_and_each_makes_the_next_wait_longer(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, hundred: None
) -> None:
    actor = half(desk)
    waits = []
    for number in range(5):
        with pytest.raises(WrongCode, match="Have a new one sent" if number == 4 else "not the code") as refused:
            desk.sign_in.prove_mailed(actor, NOT_IT)
        waits.append(refused.value.wait)
        clock.advance(seconds=waits[-1])
    assert waits == [0, 0, 1, 2, 4]
    with pytest.raises(WrongCode, match="Have a new one sent"):
        desk.sign_in.prove_mailed(actor, mailed(ctx, active))
    assert len(told(ctx, active, Notice.WRONG_CODES)) == 1


def test_the_wait_counts_for_every_session_of_the_account(
    desk: Desk, clock: ManualClock, active: Identity, hundred: None
) -> None:
    for _ in range(3):
        with pytest.raises(WrongCode):
            desk.sign_in.prove_mailed(half(desk), NOT_IT)
    with pytest.raises(TooSoon, match="Wait 1 second"):
        desk.sign_in.prove_mailed(half(desk), NOT_IT)


def test_a_code_lives_ten_minutes_from_the_moment_the_server_took_its_mail(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, hundred: None
) -> None:
    half(desk)
    making.server_took(ctx, making.mails(ctx, active, MailPurpose.SIGN_IN_CODE)[0])
    clock.advance(minutes=9, seconds=59)
    actor, code = half(desk), mailed(ctx, active)
    clock.advance(seconds=1)
    with pytest.raises(WrongCode, match="Have a new one sent"):
        desk.sign_in.prove_mailed(actor, code)


def test_the_code_opens_nothing_but_this_sign_in(desk: Desk, ctx: Context, active: Identity, hundred: None) -> None:
    half(desk)
    with pytest.raises(Refused):
        desk.recovery.open(mailed(ctx, active).reveal(), USER, HERE)
    with ctx.read():
        assert OneTimeToken.get(OneTimeToken.purpose == TokenPurpose.SIGN_IN).wrong_tries == 0


def test_forgot_password_ends_the_need_for_a_code(
    desk: Desk, ctx: Context, clock: ManualClock, ray: MadeAgency, brent: Client, active: Identity, hundred: None
) -> None:
    for _ in range(mailed_code.A_DAY + 1):
        desk.sign_in.send_code_again(half(desk))
        clock.advance(minutes=1)
    reset = making.send_reset(desk, ray.admin, brent)
    fresh = Secret("an entirely new sentence")
    desk.recovery.choose_password(reset.link, "", fresh, HERE)
    assert desk.sign_in.sign_in(CODE, USER, fresh, HERE).awaits is None
