"""A session holds as long as its row, its account and its role do."""

from __future__ import annotations

import pytest

from models.identity import Identity, Session
from models.states import IdentityState, Role
from services import sessions
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.errors import Refused, SignedOut
from tests import making
from tests.making import MadeAgency


def holds(ctx: Context, ray: MadeAgency) -> None:
    with ctx.read():
        sessions.require_staff(ctx, ray.admin)


def test_an_open_session_holds(ctx: Context, ray: MadeAgency) -> None:
    holds(ctx, ray)


def test_a_session_ends_after_twelve_hours(ctx: Context, ray: MadeAgency, clock: ManualClock) -> None:
    clock.advance(hours=11, minutes=59)
    holds(ctx, ray)
    clock.advance(minutes=1)
    with pytest.raises(SignedOut, match="its time is over"):
        holds(ctx, ray)


def test_a_session_that_was_ended_says_why(ctx: Context, ray: MadeAgency) -> None:
    assert ray.admin.identity_id is not None
    with ctx.unit():
        assert sessions.end_sessions(ctx, ray.admin.identity_id, "your e-mail address was changed") == 1
    with pytest.raises(SignedOut, match="your e-mail address was changed"):
        holds(ctx, ray)


def test_one_session_can_be_kept_when_the_others_end(ctx: Context, ray: MadeAgency) -> None:
    identity_id = ray.admin.identity_id
    assert identity_id is not None
    with ctx.unit():
        other = sessions.open_session(ctx, Identity.get_by_id(identity_id), making.HERE)
        sessions.end_sessions(ctx, identity_id, "x", keep=ray.admin.session_id)
    holds(ctx, ray)
    with pytest.raises(SignedOut), ctx.read():
        sessions.require(ctx, other)


def test_a_session_whose_row_is_gone_does_not_hold(ctx: Context, ray: MadeAgency) -> None:
    with ctx.unit():
        Session.delete().execute()
    with pytest.raises(SignedOut):
        holds(ctx, ray)


def test_a_deactivated_account_has_no_session(ctx: Context, ray: MadeAgency) -> None:
    with ctx.unit():
        Identity.update(state=IdentityState.DEACTIVATED).execute()
    with pytest.raises(SignedOut, match="no longer active"):
        holds(ctx, ray)


def test_a_changed_role_ends_the_session(ctx: Context, ray: MadeAgency) -> None:
    with ctx.unit():
        Identity.update(role=Role.AGENT).execute()
    with pytest.raises(SignedOut, match="role"):
        holds(ctx, ray)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.AUDITOR])
def test_who_does_not_work_with_clients_is_refused(desk: Desk, ray: MadeAgency, role: Role) -> None:
    somebody = making.make_staff(desk, ray.agency, "x@raystaging.example.com", role=role)
    with pytest.raises(Refused, match="helpdesk"), desk.ctx.read():
        sessions.require_staff(desk.ctx, somebody)


def test_open_sessions_are_counted_without_ended_and_old_ones(
    ctx: Context, ray: MadeAgency, clock: ManualClock
) -> None:
    identity_id = ray.admin.identity_id
    assert identity_id is not None
    with ctx.unit():
        assert sessions.count_open(ctx, identity_id) == 1
        clock.advance(hours=13)
        assert sessions.count_open(ctx, identity_id) == 0
