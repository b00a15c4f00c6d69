"""Who may read which report, and whose people stand in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.client import Client
from models.identity import Identity
from models.staff import StaffMember
from models.states import MailPurpose, MailState, Role
from services import audit, rights
from services.accounts.identities import sign_in_key
from services.desk import Desk
from services.errors import Forbidden, Invalid, NotFound
from services.offices import NOT_YOURS
from services.reports.catalogue import READINGS, REPORTS, report_named
from services.reports.values import asked_of
from services.rights import Right
from tests import making
from tests.making import MadeAgency
from tests.services.officing import make_lookers
from tests.services.reports.reading import reading, told
from tests.services.reports.test_accounts import lose, wait_for
from tests.services.reports.test_renewals import owe
from tests.services.reports.test_staff import demand, happen
from tui.parsers.report import NAMES

CLOSED = {"deactivated-active", "two-factor", "actions"}
"""To agents, who mend what the others tell."""


def test_the_command_line_names_all_reports() -> None:
    assert tuple(READINGS) == NAMES


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLIENT])
def test_agents_read_what_they_can_mend_and_whoever_answers_for_them_reads_all(
    desk: Desk, ray: MadeAgency, role: Role
) -> None:
    who = making.make_staff(desk, ray.agency, "who@example.com", role=role)
    closed = {offer.report.name for offer in desk.reports.list(who) if offer.closed}
    assert closed == (CLOSED if role is Role.AGENT else set())
    for report in REPORTS:
        if report.name in closed:
            for read in (desk.reports.finding, lambda who, asked: desk.reports.rows(who, asked).first(1)):
                with pytest.raises(Forbidden, match="for supervisors, administrators and auditors"):
                    read(who, asked_of(report))
        else:
            desk.reports.finding(who, asked_of(report))
    assert {report.name for report in REPORTS if report.right is Right.REPORTS} == CLOSED


def test_each_looker_sees_the_people_of_their_offices_in_every_report(desk: Desk) -> None:
    made = making.make_agency(desk)
    lookers = make_lookers(desk, made)
    demand(desk, made, "everybody")
    for office in (*lookers.offices, None):
        name = f"C{office}"
        client = owe(desk, made, name, 5)
        making.give_account(desk, made.admin, client)
        wait_for(desk, sign_in_key(desk.ctx, "RAY-919", client.email), tries=3, seconds=50)
        waiting = making.make_client(desk, made.agency, f"p{name}@example.com", first=f"P{name}")
        identity = making.give_account(desk, made.admin, waiting, password=None)
        lose(desk, identity, MailPurpose.NOTICE, MailState.FAILED, f"550 {office}")
        agent = making.make_staff(desk, made.agency, f"s{office}@example.com", first=f"S{office}")
        happen(desk, agent, audit.Action.RESET_SENT)
        with desk.ctx.unit():
            old = desk.ctx.clock.now() - timedelta(days=30)
            Identity.update(state_changed_at=old).where(Identity.id == identity.id).execute()
            Client.update(office=office).where(Client.id.in_([client.id, waiting.id])).execute()
            StaffMember.update(office=office).where(StaffMember.identity == agent.identity_id).execute()
    for looker in lookers.all:
        seen = {str(office) for office in (*lookers.offices, None) if looker.sees is None or office in looker.sees}
        assert {name[1:-7] for (name,) in told(desk, looker.actor, "renewals", "name")} == seen
        assert {name[1:-7] for (name,) in told(desk, looker.actor, "locked-out", "name")} == seen
        assert {name[2:-7] for (name,) in told(desk, looker.actor, "never-activated", "name")} == seen
        assert {words[4:] for (words,) in told(desk, looker.actor, "undeliverable", "answer")} == seen
        for report in REPORTS:
            if not rights.why_not(looker.actor.role, report.right):
                # Nobody is counted who is not shown.
                asked = asked_of(report)
                shown = len(told(desk, looker.actor, report.name, report.columns[0].name))
                assert desk.reports.finding(looker.actor, asked).rows == shown, report.name
        if looker.actor.role is not Role.AGENT:
            lines = told(desk, looker.actor, "two-factor", "line", "name")
            named = {name for line, name in lines if line == "person" and name.startswith(("C", "S"))} - {"Sue Wright"}
            assert named == {f"C{one} Thomas" for one in seen} | {f"S{one} Agent" for one in seen}
            acted = {name[1:-6] for (name,) in told(desk, looker.actor, "actions", "name") if name != "Sue Wright"}
            assert acted == seen
    ottawa, toronto, _ = lookers.offices
    assert told(desk, made.admin, "renewals", "name", office=ottawa) == [(f"C{ottawa} Thomas",)]
    assert told(desk, lookers.of_two.actor, "renewals", "name", office=toronto) == [(f"C{toronto} Thomas",)]


def test_an_office_that_is_somebody_elses_is_refused_and_keys_of_others_give_no_rows(desk: Desk) -> None:
    made = making.make_agency(desk)
    lookers = make_lookers(desk, made)
    windsor = lookers.offices[2]
    with pytest.raises(NotFound, match=NOT_YOURS[:20]):
        told(desk, lookers.of_one.actor, "renewals", "name", office=windsor)
    client = owe(desk, made, "Ann", 5)
    with desk.ctx.unit():
        Client.update(office=windsor).where(Client.id == client.id).execute()
    assert reading(desk, lookers.of_one.actor, "renewals").rows([1]) == []
    assert len(reading(desk, made.admin, "renewals").rows([1])) == 1


def test_people_of_another_agency_stand_in_no_report(desk: Desk, ray: MadeAgency) -> None:
    other = making.make_agency(desk, "OTHER", "eve@example.com")
    owe(desk, other, "Ann", 5)
    making.give_account(desk, other.admin, making.make_client(desk, other.agency, "x@example.com"), password=None)
    happen(desk, other.admin, audit.Action.RESET_SENT)
    happen(desk, replace(other.admin, identity_id=None, session_id=None), audit.Action.LIST_EXPORTED)
    for name in NAMES:
        lines = told(desk, ray.admin, name, report_named(name).columns[0].name)
        assert lines == ([("role",)] if name == "two-factor" else []), name
    assert reading(desk, ray.admin, "renewals").rows([1]) == []


@pytest.mark.parametrize(("name", "days"), [("renewals", -1), ("renewals", 3651), ("actions", 0), ("locked-out", 3)])
def test_days_outside_the_limits_are_refused_in_words(name: str, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        asked_of(report_named(name), days)
    assert list(refused.value.problems) == ["days"]


def test_a_report_that_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="Known ones: locked-out"):
        report_named("locked_out")
