"""Why somebody cannot get in: each cause that holds now, the gravest first, with what mends it and when it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.client import Client
from models.identity import Credential, Identity, LegacyUser, Throttle
from models.outbox import OutboxMessage
from models.security import RecoveryCode, SecondFactor
from models.states import CredentialKind, LegacyState, MailPurpose, MailState, Role
from services import person_key
from services.accounts import access
from services.accounts.accounts import ResetReason
from services.accounts.cause_kinds import CauseKind
from services.accounts.identities import sign_in_key
from services.clients.values import Cause, PersonAction
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import WrongSignIn
from tests import making
from tests.enrolling import enrol
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.creating import make_colleague, make_office
from tests.services.signing_in import CODE, USER


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The times that the words show are those of the machine."""
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def causes(desk: Desk, ray: MadeAgency, client: Client) -> tuple[Cause, ...]:
    return desk.people.panel(ray.admin, person_key.client(client.id)).causes


def kinds(desk: Desk, ray: MadeAgency, client: Client) -> list[CauseKind]:
    return [cause.kind for cause in causes(desk, ray, client)]


def the(kind: CauseKind, desk: Desk, ray: MadeAgency, client: Client) -> Cause:
    return next(cause for cause in causes(desk, ray, client) if cause.kind is kind)


def fail(desk: Desk, code: str = CODE, user: str = USER) -> None:
    with pytest.raises(WrongSignIn):
        desk.sign_in.sign_in(code, user, Secret("not the right one"), HERE)


def put_count(desk: Desk, count: int, wait: int = 0) -> None:
    """As if so many tries had failed."""
    with desk.ctx.unit():
        key, now = sign_in_key(desk.ctx, CODE, USER), desk.ctx.clock.now()
        Throttle.delete().where(Throttle.key == key).execute()
        Throttle.create(key=key, count=count, window_from=now, next_at=now + timedelta(seconds=wait))


def test_whoever_is_in_no_trouble_can_sign_in_and_did_so_there(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    assert causes(desk, ray, brent) == (Cause(CauseKind.FINE, "can sign in; has not signed in yet", blocks=False),)
    desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    assert the(CauseKind.FINE, desk, ray, brent).words == "can sign in; last signed in 10:05 at the desk, 203.0.113.7"


def test_a_wait_ends_at_its_moment_and_a_reset_ends_it_at_once(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    put_count(desk, 6, wait=38)
    until = clock.now() + timedelta(seconds=38)
    assert causes(desk, ray, brent)[0] == Cause(
        CauseKind.WAITING, "must wait after 6 failed tries", PersonAction.RESET, until
    )
    clock.advance(seconds=38)
    assert kinds(desk, ray, brent) == [CauseKind.FAILED_TRIES, CauseKind.FINE]


def test_after_a_hundred_failures_a_mailed_code_comes_first(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    put_count(desk, 100)
    [cause] = causes(desk, ray, brent)
    assert (cause.kind, cause.mend, cause.blocks) == (CauseKind.MAILED_CODE, PersonAction.RESET, True)
    assert cause.words.startswith("after 100 failed tries")


def test_every_cause_that_holds_is_told_the_gravest_first(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    enrol(desk.ctx, active.id)
    desk.accounts.send_reset(ray.admin, person_key.client(brent.id), ResetReason.FORGOTTEN)
    [mail] = making.mails(desk.ctx, active, MailPurpose.RESET)
    with desk.ctx.unit():
        OutboxMessage.update(state=MailState.FAILED, reply_text="550 no such user").where(
            OutboxMessage.id == mail.id
        ).execute()
        access.refresh(active.id)
        making.secure(desk.ctx, active, secured=False)
        Credential.update(expires_at=clock.now()).where(Credential.kind == CredentialKind.PASSWORD).execute()
    put_count(desk, 3, wait=4)
    assert kinds(desk, ray, brent) == [
        CauseKind.UNDELIVERABLE,
        CauseKind.WAITING,
        CauseKind.RESET_SENT,
        CauseKind.PASSWORD_OWED,
        CauseKind.QUESTIONS_OWED,
    ]


def test_a_temporary_password_is_told_until_it_expires_and_after(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    desk.temporary.send(ray.admin, person_key.client(brent.id))
    making.server_took(desk.ctx, making.mails(desk.ctx, active)[-1])
    assert kinds(desk, ray, brent) == [CauseKind.TEMPORARY_SENT, CauseKind.FINE]
    clock.advance(hours=1)
    cause = causes(desk, ray, brent)[0]
    assert (cause.words, cause.mend) == ("the temporary password expired, 11:05", PersonAction.TEMPORARY)


def test_somebody_migrated_who_never_chose_a_password_is_told_so(
    desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    with desk.ctx.unit():
        LegacyUser.create(
            agency=ray.agency,
            office=make_office(desk, ray.agency),
            user_name="bthomas",
            user_key="bthomas",
            verifier="x",
            state=LegacyState.MIGRATED,
            identity=identity,
            migrated_at=clock.now(),
            created_at=clock.now(),
        )
    cause = causes(desk, ray, brent)[0]
    assert cause.words == "not activated since the migration 10:00: welcome mail queued"
    assert cause.mend is None


def test_a_lost_second_factor_shows_by_its_wrong_codes(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    app = enrol(desk.ctx, active.id)
    person = person_key.client(brent.id)
    assert kinds(desk, ray, brent) == [CauseKind.FINE]
    for _ in range(3):
        desk.verification.check_factor(ray.admin, person, app.wrong(clock.now()))
    cause = the(CauseKind.WRONG_CODES, desk, ray, brent)
    assert cause.words == "3 wrong codes of the authenticator app since the last right one"
    assert (cause.mend, cause.until) == (PersonAction.CLEAR_FACTOR, clock.now() + timedelta(seconds=1))
    with desk.ctx.unit():
        RecoveryCode.update(used_at=clock.now()).execute()
    assert the(CauseKind.WRONG_CODES, desk, ray, brent).words.endswith(", and no recovery code is left")


def test_a_key_that_cannot_be_read_any_more_is_told_and_cleared(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    enrol(desk.ctx, active.id)
    with desk.ctx.unit():
        SecondFactor.update(sealed="es1$gone$AAAA").execute()
    cause = causes(desk, ray, brent)[0]
    assert (cause.kind, cause.mend) == (CauseKind.FACTOR_LOST, PersonAction.CLEAR_FACTOR)


def test_a_second_factor_that_is_required_and_not_set_up_is_told(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    with desk.ctx.unit():
        ray.agency.adjustments = json.dumps({"factor": "everybody"})
        ray.agency.save()
    assert kinds(desk, ray, brent) == [CauseKind.FINE, CauseKind.FACTOR_OWED]


def test_a_wrong_company_code_is_told_with_the_right_one_for_two_hours(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    fail(desk, code="RAY-991")
    clock.advance(minutes=1)
    fail(desk, code="RAY-199")
    cause = causes(desk, ray, brent)[0]
    assert cause.kind is CauseKind.WRONG_COMPANY
    assert cause.words == "tried an unknown company code 10:06, 2 times; the right one is RAY-919"
    clock.advance(hours=2, seconds=1)
    assert kinds(desk, ray, brent) == [CauseKind.FINE]


def test_a_wrong_company_code_is_forgotten_with_the_next_sign_in(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    fail(desk, code="RAY-991")
    clock.advance(seconds=5)
    desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)
    assert kinds(desk, ray, brent) == [CauseKind.FINE]


def test_a_wrong_company_code_is_told_of_somebody_without_an_account_too(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    fail(desk, code="RAY-991")
    assert kinds(desk, ray, brent) == [CauseKind.NO_ACCOUNT, CauseKind.WRONG_COMPANY]


def test_what_is_tried_at_another_agency_is_not_told_here(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity
) -> None:
    making.make_agency(desk, code="OTHER-1", admin_email="ann@other.example.com")
    fail(desk, code="OTHER-1")
    assert kinds(desk, ray, brent) == [CauseKind.FINE]


def test_somebody_who_does_not_work_here_any_more_gets_no_account(desk: Desk, ray: MadeAgency) -> None:
    member = make_colleague(desk, ray.agency, active=False)
    [cause] = desk.people.panel(ray.admin, person_key.staff(member.id)).causes
    assert (cause.kind, cause.mend) == (CauseKind.INACTIVE, None)


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_everybody_who_looks_sees_the_same(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, role: Role
) -> None:
    put_count(desk, 6, wait=38)
    who = making.make_staff(desk, ray.agency, "who@example.com", role=role)
    seen = desk.people.panel(who, person_key.client(brent.id)).causes
    assert seen == causes(desk, ray, brent)
