"""A welcome mail brought to a kiosk."""

from __future__ import annotations

import pytest

from models.client import Client
from models.identity import Session
from models.states import IdentityState
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Refused, TooSoon
from services.kiosks import limits
from services.kiosks.standing import KioskClosed
from services.reset_hurdles import HurdleFailed
from tests import making
from tests.kiosking import WRONG, Person
from tests.making import MadeAgency
from tests.recovering import NEW, NOWHERE, USER, ask
from tests.services.signing_in import CODE


def ended(desk: Desk, session_id: int | None) -> list[Session]:
    with desk.ctx.read():
        return list(Session.select().where((Session.id == session_id) & Session.ended_at.is_null(False)))


@pytest.mark.parametrize("held", ["code", "link"])
def test_code_or_link_opens_the_account(desk: Desk, ray: MadeAgency, brent: Client, held: str) -> None:
    pending = making.give_account(desk, ray.admin, brent, password=None)
    typed = Secret(getattr(making.sent_secrets(desk.ctx, pending), held))
    there = Person(desk, ray.agency)
    assert desk.kiosk_activations.open(there.origin, typed, USER).user_name == USER
    desk.kiosk_activations.choose_password(there.origin, typed, USER, NEW)
    assert making.identity_of(desk.ctx, brent).state is IdentityState.ACTIVE
    with pytest.raises(Refused, match="has been used"):
        desk.kiosk_activations.open(there.origin, typed, USER)


def test_a_wrong_code_waits_and_is_counted_against_the_kiosk(
    desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES_AN_HOUR", 2)
    there = Person(desk, ray.agency)
    for email in (USER, "other@example.com"):
        with pytest.raises(HurdleFailed, match="does not belong") as failed:
            desk.kiosk_activations.open(there.origin, WRONG, email)
        assert failed.value.wait == 1
    with pytest.raises(TooSoon, match="very busy"):
        desk.kiosk_activations.open(there.origin, WRONG, "third@example.com")


def test_what_is_for_a_forgotten_password_is_sent_there(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    two = making.make_agency(desk, "TWO-2", "kim@two.example.com", reset_mails=2)
    client = making.make_client(desk, two.agency, "pat@example.com", first="Pat")
    posted = Desk(making.with_mail_server(desk.ctx))
    pat = making.give_account(posted, two.admin, client)
    clock.advance(minutes=6)
    ask(posted, pat.email)
    there = Person(posted, two.agency)
    code = Secret(making.sent_secrets(posted.ctx, pat).code)
    with pytest.raises(Refused, match="not for a first password"):
        posted.kiosk_activations.open(there.origin, code, pat.email)


def test_a_revoked_kiosk_opens_nothing(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    pending = making.give_account(desk, ray.admin, brent, password=None)
    code = Secret(making.sent_secrets(desk.ctx, pending).code)
    there = Person(desk, ray.agency)
    desk.kiosks.revoke(ray.admin, there.origin.kiosk_id or 0)
    with pytest.raises(KioskClosed):
        desk.kiosk_activations.open(there.origin, code, USER)


def test_the_end_of_the_visit_signs_out_whoever_was_signed_in_meanwhile(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    making.give_account(desk, ray.admin, brent)
    elsewhere = desk.sign_in.sign_in(CODE, USER, making.PASSWORD, NOWHERE)
    there = Person(desk, ray.agency)
    actor = desk.sign_in.sign_in(CODE, USER, making.PASSWORD, there.origin)
    desk.visits.end(there.visit)
    assert {session.ended_because for session in ended(desk, actor.session_id)} == {"the kiosk went home"}
    assert not ended(desk, elsewhere.session_id)
