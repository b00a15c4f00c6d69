"""Renewals by month and rates by lender, counted on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.analytics.mortgages import MONTHS_AHEAD, MOST_LENDERS, NO_LENDER, OTHER_LENDERS
from services.analytics.values import AgencyChart
from services.clock import ManualClock
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.services.analytics.stock import give_home, loan
from tests.services.officing import make_lookers


def test_renewals_are_counted_by_month_and_those_that_are_over_apart(desk: Desk, ray: MadeAgency) -> None:
    client = making.make_client(desk, ray.agency)
    days = [date(2026, 11, 20), date(2020, 1, 1), date(2026, 11, 21), date(2027, 8, 1), date(2027, 8, 31)]
    give_home(desk, client, *(loan(renewal_on=day, balance="100000") for day in days))
    give_home(
        desk, client, loan(renewal_on=date(2028, 10, 31)), loan(renewal_on=date(2028, 11, 1)), loan(renewal_on=None)
    )
    chart = desk.analytics.chart(ray.admin, AgencyChart.RENEWALS)
    counts = dict(zip(chart.places, chart.series[0].values, strict=True))
    assert len(chart.places) == MONTHS_AHEAD + 1
    assert {place: count for place, count in counts.items() if count} == {
        "overdue": 2,
        date(2026, 11, 1): 1,
        date(2027, 8, 1): 2,
        date(2028, 10, 1): 1,
    }
    assert chart.series[1].values[0] == Decimal(200000)
    # Those that are over are told and listed, and do not flatten the months of the plot.
    assert chart.rows()[0] == ("overdue", "2", "$200,000.00")
    assert chart.drawn.places == chart.places[1:] and chart.drawn.series[0].values == chart.series[0].values[1:]
    assert chart.finding == (
        "4 mortgages come up for renewal in the next 24 months, most of them in Aug 2027 (2). 2 are overdue."
    )


def test_a_renewal_of_today_is_not_overdue(desk: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    give_home(desk, making.make_client(desk, ray.agency), loan(renewal_on=clock.now().astimezone().date()))
    chart = desk.analytics.chart(ray.admin, AgencyChart.RENEWALS)
    assert chart.series[0].values[:2] == (0, 1)


def test_mortgages_that_are_all_over_leave_nothing_to_draw(desk: Desk, ray: MadeAgency) -> None:
    give_home(desk, making.make_client(desk, ray.agency), loan(renewal_on=date(2020, 1, 1)))
    chart = desk.analytics.chart(ray.admin, AgencyChart.RENEWALS)
    assert chart.is_empty and chart.rows()[0][:2] == ("overdue", "1")
    assert chart.finding == "No mortgage comes up for renewal in the next 24 months. 1 is overdue."


def test_an_agency_without_mortgages_is_told_so(desk: Desk, ray: MadeAgency) -> None:
    renewals = desk.analytics.chart(ray.admin, AgencyChart.RENEWALS)
    rates = desk.analytics.chart(ray.admin, AgencyChart.RATES)
    assert renewals.is_empty and rates.is_empty
    assert renewals.finding.startswith("No mortgage comes up for renewal")
    assert (rates.finding, rates.rows()) == ("No mortgage has a rate yet.", ())


def test_the_rates_of_a_lender_are_one_however_it_is_spelt(desk: Desk, ray: MadeAgency) -> None:
    client = making.make_client(desk, ray.agency)
    spelt = [("First Bank", "4"), ("FIRST  bank", "5"), ("First Bank", "9"), ("First Bank", "4.5")]
    give_home(desk, client, *(loan(lender=lender, rate=rate) for lender, rate in spelt))
    give_home(desk, client, loan(lender="", rate="3"), loan(lender="First Bank", rate=None))
    chart = desk.analytics.chart(ray.admin, AgencyChart.RATES)
    assert chart.rows() == (
        ("First Bank", "4.00%", "4.50%", "9.00%", "4"),
        (NO_LENDER, "3.00%", "3.00%", "3.00%", "1"),
    )
    assert "5 mortgages have a rate; half of them pay 4.50% or less." in chart.finding
    assert chart.finding.endswith("The lowest median is 3.00%, (no lender); the highest 4.50%, First Bank.")


def test_the_small_lenders_are_one_bar_together(desk: Desk, ray: MadeAgency) -> None:
    client = making.make_client(desk, ray.agency)
    many = [loan(lender=f"Lender {number:02}", rate=str(number + 1)) for number in range(MOST_LENDERS + 3)]
    give_home(desk, client, *many, *many[:MOST_LENDERS])
    chart = desk.analytics.chart(ray.admin, AgencyChart.RATES)
    assert len(chart.places) == MOST_LENDERS + 1
    assert chart.rows()[-1] == (OTHER_LENDERS, "13.00%", "14.00%", "15.00%", "3")


def test_a_lender_with_a_hostile_name_is_made_harmless(desk: Desk, ray: MadeAgency) -> None:
    give_home(desk, making.make_client(desk, ray.agency), loan(lender="[/x]\x1b[2J\u202eevil"))
    chart = desk.analytics.chart(ray.admin, AgencyChart.RATES)
    assert chart.places == ("[/x][2Jevil",)


def test_mortgages_of_other_offices_and_agencies_are_not_counted(desk: Desk, ray: MadeAgency) -> None:
    lookers = make_lookers(desk, ray)
    places = {None: "3", lookers.offices[0]: "4", lookers.offices[1]: "5", lookers.offices[2]: "6"}
    for office, rate in places.items():
        client = making.make_client(desk, ray.agency, f"c{rate}@example.com", office=office)
        give_home(desk, client, loan(lender=f"Lender {rate}", rate=rate))
    other = making.make_agency(desk, "OTHER", "ann@other.example.com")
    give_home(desk, making.make_client(desk, other.agency), loan(lender="Lender 7", rate="7"))
    for looker in lookers.all:
        expected = {f"Lender {rate}" for office, rate in places.items() if looker.sees is None or office in looker.sees}
        assert set(desk.analytics.chart(looker.actor, AgencyChart.RATES).places) == expected
        renewals = desk.analytics.chart(looker.actor, AgencyChart.RENEWALS)
        assert sum(value or 0 for value in renewals.series[0].values) == len(expected)
