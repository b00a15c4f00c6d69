"""Access states, activation, mails, resets and waits of an agency, counted on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.client import Client
from models.help_queue import HelpRequest
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import Access, AuditResult, HelpState, IdentityState, MailPurpose, MailState, Role, Surface
from services import audit
from services.actor import Origin
from services.analytics.agency import AgencyAnalytics
from services.analytics.charts import Chart
from services.analytics.help_waits import in_minutes
from services.analytics.periods import Period
from services.analytics.resets import CAUSES
from services.analytics.values import AgencyChart
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Forbidden
from tests import making
from tests.making import MadeAgency
from tests.services.officing import again, make_lookers


def numbers(chart: Chart) -> dict[Any, Any]:
    """The first series by place, without what is 0."""
    return {place: value for place, value in zip(chart.places, chart.series[0].values, strict=True) if value}


def total(chart: Chart) -> Any:
    """All of the first series."""
    return sum(value or 0 for value in chart.series[0].values)


def account(desk: Desk, ray: MadeAgency, number: int, *, took: timedelta | None, office: int | None = None) -> Identity:
    """A client's account that was activated so long after it had been made, or not yet."""
    now = desk.ctx.clock.now()
    client = making.make_client(desk, ray.agency, f"a{number}@example.com", office=office)
    with desk.ctx.unit():
        identity = Identity.create(
            agency=ray.agency,
            email=client.email,
            email_key=client.email_key,
            name="A",
            role=Role.CLIENT,
            state=IdentityState.PENDING if took is None else IdentityState.ACTIVE,
            created_at=now,
            activated_at=None if took is None else now + took,
            state_changed_at=now,
            state_changed_by="test",
        )
        Client.update(identity=identity.id).where(Client.id == client.id).execute()
    return identity


def test_clients_are_counted_by_what_keeps_them_from_their_account(desk: Desk, ray: MadeAgency) -> None:
    states = [Access.ACTIVE, Access.ACTIVE, Access.NO_ACCOUNT, Access.UNDELIVERABLE]
    for number, state in enumerate(states):
        making.make_client(desk, ray.agency, f"c{number}@example.com", access=state)
    chart = desk.analytics.chart(ray.admin, AgencyChart.ACCESS)
    assert numbers(chart) == {"no account": 1, "active": 2, "mail failed": 1}
    assert chart.finding == "4 clients, 50% of them active. Mail does not reach 1."


def test_the_time_to_activation_has_a_distribution_and_a_median(
    desk: Desk, ray: MadeAgency, clock: ManualClock
) -> None:
    took = [
        timedelta(minutes=10),
        timedelta(minutes=59),
        timedelta(hours=5),
        timedelta(days=2),
        timedelta(days=40),
        None,
    ]
    for number, one in enumerate(took):
        account(desk, ray, number, took=one)
    chart = desk.analytics.chart(ray.admin, AgencyChart.ACTIVATION)
    assert numbers(chart) == {"within an hour": 3, "1 to 24 hours": 1, "1 to 3 days": 1, "later": 1, "not yet": 1}
    assert chart.finding == "6 accounts were activated, half of them within 59 min. 1 is not activated yet."


def test_a_mail_counts_in_its_period_under_its_state(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    identity = account(desk, ray, 1, took=None)
    for number, (state, days) in enumerate([(MailState.SENT, 0), (MailState.FAILED, 40), (MailState.SENT, 200)]):
        at = clock.now() - timedelta(days=days)
        with desk.ctx.unit():
            OutboxMessage.create(
                uuid=f"{number:032}",
                agency=ray.agency,
                identity_id=identity.id,
                purpose=MailPurpose.WELCOME,
                to_address="a@example.com",
                state=state,
                created_at=at,
                not_before=at,
                expires_at=at,
            )
    wanted = {
        Period.MONTH: {"sent": 1},
        Period.QUARTER: {"sent": 1, "failed": 1},
        Period.YEAR: {"sent": 2, "failed": 1},
    }
    for period, expected in wanted.items():
        assert numbers(desk.analytics.chart(ray.admin, AgencyChart.MAILS, period)) == expected


def reset(desk: Desk, ray: MadeAgency, identity: Identity | None, action: audit.Action, **told: Any) -> None:
    """One entry as the services write them."""
    origin = Origin(told.pop("surface", Surface.PORTAL), "here")
    who = origin if action is audit.Action.RESET_ASKED else ray.admin
    with desk.ctx.unit():
        audit.record(
            desk.ctx,
            who,
            action,
            result=told.pop("result", AuditResult.DONE),
            agency_id=ray.agency.id,
            identity_id=None if identity is None else identity.id,
            details=told,
        )


def test_resets_are_counted_by_day_and_cause(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    identity = account(desk, ray, 1, took=None)
    reset(desk, ray, identity, audit.Action.RESET_ASKED)
    clock.advance(days=2)
    me = again(desk, ray.admin)
    today = clock.now().astimezone().date()
    for why in ("forgotten", "forgotten", "lost-welcome", "wrong-email"):
        reset(desk, ray, identity, audit.Action.RESET_SENT, why=why, to="why: x")
    reset(desk, ray, identity, audit.Action.RESET_ASKED, surface=Surface.KIOSK)
    reset(desk, ray, identity, audit.Action.TEMPORARY_SENT)
    # Neither of these is a reset: nobody has the address, and it was refused.
    reset(desk, ray, None, audit.Action.RESET_ASKED)
    reset(desk, ray, identity, audit.Action.RESET_SENT, why="forgotten", result=AuditResult.REFUSED)
    chart = desk.analytics.chart(me, AgencyChart.RESETS)
    assert [one.name for one in chart.series] == list(CAUSES)
    assert chart.places[-1] == today
    assert [one.values[-1] for one in chart.series] == [0, 1, 2, 1, 1, 1]
    assert [one.values[-3] for one in chart.series] == [1, 0, 0, 0, 0, 0]
    assert chart.finding == "7 resets, 29% without staff. The most frequent cause: forgotten password (2)."


def test_weeks_and_months_take_up_all_of_a_longer_period(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    identity = account(desk, ray, 1, took=None)
    reset(desk, ray, identity, audit.Action.RESET_ASKED)
    clock.advance(days=60)
    me = again(desk, ray.admin)
    assert desk.analytics.chart(me, AgencyChart.RESETS, Period.MONTH).is_empty
    weeks = desk.analytics.chart(me, AgencyChart.RESETS, Period.QUARTER)
    months = desk.analytics.chart(me, AgencyChart.RESETS, Period.YEAR)
    assert (len(weeks.places), len(months.places)) == (13, 12)
    assert total(weeks) == total(months) == 1
    assert weeks.rows()[-1][0] == "01/18/2027"
    assert months.rows()[-1][0] == "Jan 2027"


def test_waits_for_help_are_told_by_hour_with_median_and_ninetieth_of_a_hundred(
    desk: Desk, ray: MadeAgency, clock: ManualClock
) -> None:
    for number, seconds in enumerate([30, 90, 150, 3000, None]):
        at = clock.now()
        with desk.ctx.unit():
            HelpRequest.create(
                agency=ray.agency,
                surface=Surface.KIOSK,
                name="A",
                topic="T",
                ticket_hash=f"{number}",
                state=HelpState.WAITING if seconds is None else HelpState.CLOSED,
                asked_at=at,
                seen_at=at,
                answered_at=None if seconds is None else at + timedelta(seconds=seconds),
            )
    chart = desk.analytics.chart(ray.admin, AgencyChart.HELP)
    hour = clock.now().astimezone().hour
    assert chart.rows() == ((f"{hour:02}:00", "2 min", "50 min", "4"),)
    assert chart.finding == "4 requests answered: half within 2 min, 90 of 100 within 50 min. 1 waits now."


@pytest.mark.parametrize(("waits", "expected"), [([], None), ([0], 0), ([1], 1), ([60] * 9 + [600], 1)])
def test_a_percentile_is_one_of_the_waits(waits: list[int], expected: int | None) -> None:
    assert in_minutes(waits, 90) == expected


def test_what_concerns_people_of_other_offices_is_not_counted(desk: Desk, ray: MadeAgency) -> None:
    lookers = make_lookers(desk, ray)
    for number, office in enumerate(lookers.offices):
        reset(desk, ray, account(desk, ray, number, took=None, office=office), audit.Action.RESET_ASKED)
    for looker in lookers.all:
        seen = sum(looker.sees is None or office in looker.sees for office in lookers.offices)
        assert total(desk.analytics.chart(looker.actor, AgencyChart.RESETS)) == seen
        activation = desk.analytics.chart(looker.actor, AgencyChart.ACTIVATION)
        assert activation.series[0].values[-1] == seen
        access = desk.analytics.chart(looker.actor, AgencyChart.ACCESS)
        assert total(access) == seen


def test_clients_see_no_numbers_of_the_agency(desk: Desk, ray: MadeAgency) -> None:
    client = making.make_staff(desk, ray.agency, "c@example.com", role=Role.CLIENT)
    with pytest.raises(Forbidden):
        AgencyAnalytics(desk.ctx).chart(client, AgencyChart.ACCESS)
