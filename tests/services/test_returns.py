"""Coming back into a session in the browser whose program has gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from models.identity import Identity, Session
from models.states import AuditResult, IdentityState, MailPurpose, Surface
from models.unfinished import SessionReturn
from services import sessions
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Locked, Refused, SignedOut
from tests import making
from tests.making import PASSWORD, MadeAgency

PHONE = Origin(Surface.PORTAL, "198.51.100.4")
TRAIN = Origin(Surface.PORTAL, "198.51.100.99")


def signs_in(desk: Desk, origin: Origin) -> Actor:
    return desk.sign_in.sign_in("RAY-919", "brent@mortgageclient.example.com", PASSWORD, origin)


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> Actor:
    """A client, signed in with the browser."""
    making.give_account(desk, ray.admin, making.make_client(desk, ray.agency))
    return signs_in(desk, PHONE)


@pytest.fixture
def ticket(desk: Desk, brent: Actor) -> Secret:
    return desk.returns.make(brent)


def refused(desk: Desk, ticket: Secret, origin: Origin = PHONE) -> None:
    with pytest.raises(Refused, match=r"^You are not signed in any more"):
        desk.returns.come_back(ticket, origin)


def test_the_ticket_leads_back_into_the_session_and_that_is_written_down(
    desk: Desk, ctx: Context, brent: Actor, ticket: Secret
) -> None:
    back = desk.returns.come_back(ticket, PHONE)
    assert (back.session_id, back.identity_id, back.name, back.role) == (
        brent.session_id,
        brent.identity_id,
        brent.name,
        brent.role,
    )
    assert desk.own.home(back).user_name
    entry = making.entries(ctx, "session_resumed")[-1]
    assert (entry.result, entry.identity_id) == (AuditResult.DONE, brent.identity_id)


def test_it_works_once_and_the_next_one_is_another(desk: Desk, brent: Actor, ticket: Secret) -> None:
    back = desk.returns.come_back(ticket, PHONE)
    refused(desk, ticket)
    second = desk.returns.make(back)
    assert second != ticket
    desk.returns.come_back(second, PHONE)


def test_a_new_one_takes_the_place_of_the_one_before(desk: Desk, brent: Actor, ticket: Secret) -> None:
    desk.returns.make(brent)
    refused(desk, ticket)


def test_of_two_who_come_at_once_one_gets_in(desk: Desk, ticket: Secret, at_once: Callable[..., list[Any]]) -> None:
    outcomes = at_once(*[lambda: desk.returns.come_back(ticket, PHONE)] * 3)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Actor", "Refused", "Refused"]


def test_only_its_hash_rests(ctx: Context, ticket: Secret) -> None:
    with ctx.read():
        [row] = SessionReturn.select().dicts()
    assert ticket.reveal() not in str(row)
    assert len(ticket.reveal()) >= 43


def test_it_works_for_ten_minutes_after_the_last_renewal(
    desk: Desk, brent: Actor, ticket: Secret, clock: ManualClock
) -> None:
    clock.advance(minutes=9)
    assert desk.returns.renew(brent, ticket)
    clock.advance(minutes=9, seconds=59)
    desk.returns.come_back(ticket, PHONE)


def test_and_no_longer(desk: Desk, ticket: Secret, clock: ManualClock) -> None:
    clock.advance(minutes=10)
    refused(desk, ticket)


def test_after_the_page_was_closed_on_purpose_it_works_for_two_minutes(
    desk: Desk, brent: Actor, ticket: Secret, clock: ManualClock
) -> None:
    desk.returns.leave(brent, ticket)
    clock.advance(minutes=2)
    refused(desk, ticket)


def test_a_program_whose_session_another_one_has_taken_over_is_told(
    desk: Desk, ctx: Context, brent: Actor, ticket: Secret, clock: ManualClock
) -> None:
    back = desk.returns.come_back(ticket, PHONE)
    fresh = desk.returns.make(back)
    assert not desk.returns.renew(brent, ticket)
    desk.returns.leave(brent, ticket)
    clock.advance(minutes=9)
    desk.returns.come_back(fresh, PHONE)


def test_never_past_the_end_of_the_session(desk: Desk, ctx: Context, brent: Actor, clock: ManualClock) -> None:
    clock.advance(hours=11, minutes=55)
    ticket = desk.returns.make(brent)
    with ctx.read():
        assert SessionReturn.get().expires_at == Session.get_by_id(brent.session_id).expires_at
    clock.advance(minutes=5)
    refused(desk, ticket)


def _sign_out(desk: Desk, brent: Actor) -> None:
    desk.sign_in.sign_out(brent)


def _new_password(desk: Desk, brent: Actor) -> None:
    elsewhere = signs_in(desk, TRAIN)
    desk.own.change_password(elsewhere, PASSWORD, Secret("another orbit candle nine"))


def _ended(desk: Desk, brent: Actor) -> None:
    with desk.ctx.unit():
        sessions.end_sessions(desk.ctx, brent.identity_id or 0, "a supervisor ended it")


@pytest.mark.parametrize("end", [_sign_out, _new_password, _ended])
def test_it_dies_with_its_session(
    desk: Desk, ctx: Context, brent: Actor, ticket: Secret, end: Callable[[Desk, Actor], None]
) -> None:
    end(desk, brent)
    refused(desk, ticket)
    assert making.entries(ctx, "session_resumed")[-1].result is AuditResult.REFUSED


def test_a_locked_session_stays_locked(desk: Desk, brent: Actor, ticket: Secret) -> None:
    desk.own_sessions.lock(brent, idle=True)
    assert desk.returns.renew(brent, ticket)
    back = desk.returns.come_back(ticket, PHONE)
    with pytest.raises(Locked):
        desk.own_sessions.look(back)
    desk.own_sessions.unlock(back, PASSWORD)
    desk.own_sessions.look(back)


def test_one_that_nobody_touched_for_too_long_is_locked_on_the_way_back(
    desk: Desk, brent: Actor, ticket: Secret, clock: ManualClock
) -> None:
    clock.advance(minutes=8)
    desk.returns.renew(brent, ticket)
    clock.advance(minutes=8)
    back = desk.returns.come_back(ticket, PHONE)
    with pytest.raises(Locked):
        desk.own_sessions.look(back)


def test_nothing_but_the_browser_takes_or_gets_one(desk: Desk, ray: MadeAgency, ticket: Secret) -> None:
    refused(desk, ticket, Origin(Surface.DESK, PHONE.place))
    with pytest.raises(Refused, match="with the browser"):
        desk.returns.make(ray.admin)
    desk.returns.come_back(ticket, PHONE)


def test_a_session_that_still_owes_something_has_none(desk: Desk, ctx: Context, brent: Actor, ticket: Secret) -> None:
    with ctx.unit():
        Session.update(limited=True).where(Session.id == brent.session_id).execute()
    with pytest.raises(Refused):
        desk.returns.make(brent)
    refused(desk, ticket)


@pytest.mark.parametrize("text", ["", "x" * 43, "\0\ud800"])
def test_a_ticket_that_nobody_made_opens_nothing_and_fills_no_audit(desk: Desk, ctx: Context, text: str) -> None:
    before = len(making.entries(ctx, "session_resumed"))
    refused(desk, Secret(text))
    assert len(making.entries(ctx, "session_resumed")) == before


def test_whoever_comes_back_from_a_new_place_is_told_of_by_mail(
    desk: Desk, ctx: Context, brent: Actor, ticket: Secret
) -> None:
    back = desk.returns.come_back(ticket, TRAIN)
    with ctx.read():
        assert Session.get_by_id(back.session_id).place == TRAIN.place
        identity = Identity.get_by_id(brent.identity_id)
    newest = making.mails(ctx, identity, MailPurpose.NOTICE)[-1]
    assert json.loads(newest.details) == {"notice": "new-place", "place": TRAIN.place}


def test_a_page_that_did_not_come_back_is_open_nowhere_and_ends_at_the_next_sign_in(
    desk: Desk, ctx: Context, brent: Actor, ticket: Secret, clock: ManualClock
) -> None:
    clock.advance(minutes=11)
    fresh = signs_in(desk, PHONE)
    assert [one.this for one in desk.own_sessions.list(fresh)] == [True]
    with ctx.read():
        assert sessions.count_open(ctx, brent.identity_id or 0) == 1
    desk.returns.make(fresh)
    with pytest.raises(SignedOut, match="its page was closed"):
        desk.own_sessions.look(brent)


def test_the_ticket_of_somebody_who_was_deactivated_opens_nothing(
    desk: Desk, ctx: Context, brent: Actor, ticket: Secret
) -> None:
    with ctx.unit():
        Identity.update(state=IdentityState.DEACTIVATED).where(Identity.id == brent.identity_id).execute()
    refused(desk, ticket)
