"""What is owed, the equity, the renewals and the account of one client."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity
from models.states import AuditResult
from services import audit
from services.analytics.charts import Chart
from services.analytics.periods import Period
from services.clock import ManualClock
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.services.analytics.stock import give_home, loan
from tests.services.officing import again


def charts(desk: Desk, ray: MadeAgency, client: Client, **asked: Any) -> dict[str, Chart]:
    """All charts by their key."""
    return {chart.key: chart for chart in desk.client_analytics.charts(again(desk, ray.admin), client.id, **asked)}


def amounts(chart: Chart) -> list[Decimal]:
    """The first series."""
    return [Decimal(value or 0) for value in chart.series[0].values]


def test_what_is_owed_falls_to_nothing_year_by_year(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    """The example of the BA II Plus manual after its five years: 180 payments are left."""
    give_home(desk, brent, loan())
    chart = charts(desk, ray, brent)["owed"]
    assert chart.places[0] == date(2026, 11, 21)
    assert chart.places[-1] == date(2041, 11, 21)
    assert chart.series[0].name == "12 Oak St"
    assert chart.series[0].values[0] == Decimal("55389.85")
    assert chart.series[0].values[-1] == 0
    assert chart.finding == (
        "$55,389.85 is owed. At today's rates and payments all is paid off in Nov 2041, in 15 years."
    )


def test_several_properties_have_a_line_each_and_a_total(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    for number in range(6):
        give_home(desk, brent, loan(balance=str(1000 * (number + 1))), address=f"{number} Elm St")
    chart = charts(desk, ray, brent)["owed"]
    assert [one.name for one in chart.series] == ["Total", "5 Elm St", "4 Elm St", "3 Elm St", "3 other properties"]
    assert [one.values[0] for one in chart.series] == [21000, 6000, 5000, 4000, 6000]


def test_what_is_missing_is_named_with_the_place_to_enter_it(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan(rate=None, payment=None), address="1 Elm St")
    give_home(desk, brent, loan(), address="2 Elm St")
    found = charts(desk, ray, brent)
    assert found["owed"].notes == ("1 Elm St: the rate and the payment are not known. Enter it under My Properties.",)
    assert [one.name for one in found["owed"].series] == ["2 Elm St"]
    assert "1 Elm St: the value is not known. Enter it under My Properties." in found["equity"].notes


def test_a_payment_that_is_not_known_is_worked_out_from_the_amortisation(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    give_home(desk, brent, loan(payment=None, amortisation_months=240, anniversary_on=date(2021, 11, 21)))
    chart = charts(desk, ray, brent)["renewal-1"]
    assert chart.series[1].values[0] == Decimal("688.52")


def test_an_amortisation_that_is_over_is_told_and_gives_no_payment(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    over = {"amortisation_months": 300, "anniversary_on": date(2000, 1, 1)}
    give_home(desk, brent, loan(payment=None, **over), address="1 Elm St")
    give_home(desk, brent, loan(**over), address="2 Elm St")
    found = charts(desk, ray, brent)
    assert found["owed"].notes == (
        "1 Elm St: its amortization is over by now. Check it, and the anniversary.",
        "1 Elm St: the payment is not known. Enter it under My Properties.",
        "2 Elm St: its amortization is over by now. Check it, and the anniversary.",
    )
    assert found["owed"].finding == (
        "$55,389.85 is owed on 1 of 2 mortgages. At today's rates and payments that one is paid off in Nov 2041, "
        "in 15 years."
    )
    assert found["renewal-1"].finding.endswith(", as much as now.")


def test_each_mortgage_that_cannot_be_renewed_says_why(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan(balance="0"), address="1 Elm St")
    give_home(desk, brent, loan(balance="500"), address="2 Elm St")
    for number in range(3, 9):
        give_home(desk, brent, loan(rate=None), address=f"{number} Elm St")
    chart = charts(desk, ray, brent)["renewal-1"]
    assert chart.finding == "No renewal can be looked at; why stands below."
    assert len(chart.notes) == 8
    assert chart.notes[-2:] == (
        "1 Elm St: nothing is owed any more when it comes up for renewal.",
        "2 Elm St: nothing is owed any more when it comes up for renewal.",
    )


def test_every_renewal_has_its_chart(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    for number in range(12):
        give_home(desk, brent, loan(), address=f"{number} Elm St")
    assert charts(desk, ray, brent)["renewal-12"].title.startswith("At renewal, 12 of 12: ")


def test_a_payment_below_the_interest_is_told(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan(payment="100"))
    chart = charts(desk, ray, brent)["owed"]
    assert "never all paid off" in chart.finding
    assert chart.notes == ("12 Oak St: the payment does not cover the interest, so it is never paid off. Check it.",)
    assert amounts(chart)[-1] > amounts(chart)[0]


def test_equity_is_the_value_less_what_is_owed(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan(), value="100000")
    chart = charts(desk, ray, brent)["equity"]
    assert chart.series[0].values[0] == Decimal("44610.15")
    assert chart.series[0].values[-1] == Decimal(100000)
    assert chart.finding.startswith("The equity is $44,610.15 today; in 10 years it is $")


def test_more_owed_than_a_home_is_worth_is_said(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan(), value="50000")
    found = charts(desk, ray, brent)["equity"]
    assert found.finding.startswith("$5,389.85 more is owed than the properties are worth")
    assert found.rows()[0][1] == "-$5,389.85"


def test_a_property_without_a_mortgage_is_all_equity(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, value="250000")
    found = charts(desk, ray, brent)
    assert found["equity"].series[0].values == (Decimal(250000),) * 11
    assert found["owed"].finding == "No mortgage is known. Enter properties and mortgages under My Properties."
    assert found["owed"].is_empty


def test_a_renewal_shows_the_payments_from_one_point_below_to_three_above(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    give_home(
        desk, brent, loan(renewal_on=date(2026, 11, 21), amortisation_months=240, anniversary_on=date(2021, 11, 21))
    )
    chart = charts(desk, ray, brent, change=Decimal(2))["renewal-1"]
    assert (chart.places[0], chart.places[-1], chart.mark) == (Decimal(12), Decimal(16), Decimal(15))
    assert dict(zip(chart.places, chart.series[0].values, strict=True))[Decimal(15)] == Decimal("758.29")
    assert "$69.77 more a month than now ($688.52), $4,186.20 over 5 years." in chart.finding


@pytest.mark.parametrize(("payment", "every"), [("688.52", "monthly"), ("350.01", "bi-weekly faster")])
def test_a_renewal_at_the_same_rate_costs_as_much(
    desk: Desk, ray: MadeAgency, brent: Client, payment: str, every: str
) -> None:
    give_home(desk, brent, loan(payment=payment, payment_every=every))
    assert charts(desk, ray, brent)["renewal-1"].finding.endswith(", as much as now.")


@pytest.mark.parametrize("rate", ["0", "4.89"])
def test_a_renewal_at_the_same_rate_costs_as_much_where_the_amortisation_tells_the_payment(
    desk: Desk, ray: MadeAgency, brent: Client, rate: str
) -> None:
    # Feb 28 ends a month that began on Feb 29: counted from then, one month fewer would be left.
    began = {"anniversary_on": date(2024, 2, 29), "amortisation_months": 300, "renewal_on": date(2027, 2, 28)}
    give_home(desk, brent, loan(balance="298000", rate=rate, payment=None, **began))
    assert charts(desk, ray, brent)["renewal-1"].finding.endswith(", as much as now.")


def test_an_overdue_renewal_counts_from_today_and_comes_first(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan(renewal_on=date(2028, 1, 1)), address="1 Elm St")
    overdue = loan(renewal_on=date(2026, 2, 1), amortisation_months=240, anniversary_on=date(2021, 11, 21))
    give_home(desk, brent, overdue, address="2 Elm St")
    found = charts(desk, ray, brent)
    assert found["renewal-1"].title == "At renewal, 1 of 2: 2 Elm St"
    told = "The renewal was due on Feb 1, 2026, with $55,389.85 owed, to be paid off over 15 years. At 13.00%"
    assert found["renewal-1"].finding.startswith(told)
    assert found["renewal-2"].title == "At renewal, 2 of 2: 1 Elm St"


@pytest.mark.parametrize("rate", ["0", "25"])
def test_no_rate_breaks_a_chart(desk: Desk, ray: MadeAgency, brent: Client, rate: str) -> None:
    give_home(desk, brent, loan(rate=rate, payment="2000"), value="60000")
    found = charts(desk, ray, brent, change=Decimal(-1))
    assert found["owed"].series[0].values[-1] == 0
    assert found["renewal-1"].places[0] == max(Decimal(0), Decimal(rate) - 1)


def event(desk: Desk, ray: MadeAgency, identity: Identity, action: audit.Action, **told: Any) -> None:
    """One entry about an account."""
    with desk.ctx.unit():
        audit.record(desk.ctx, ray.admin, action, identity_id=identity.id, **told)


def test_the_account_is_a_timeline_of_what_happened_to_it(
    desk: Desk, ray: MadeAgency, brent: Client, active: Identity, clock: ManualClock
) -> None:
    before = charts(desk, ray, brent)["activity"]
    clock.advance(days=7)
    for action in (audit.Action.SIGNED_IN, audit.Action.SIGNED_IN, audit.Action.SIGN_IN_FAILED):
        result = AuditResult.FAILED if action is audit.Action.SIGN_IN_FAILED else AuditResult.DONE
        event(desk, ray, active, action, result=result)
    making.send_reset(desk, again(desk, ray.admin), brent)
    chart = charts(desk, ray, brent)["activity"]
    assert [one.name for one in chart.series] == ["Sign-ins", "Failed sign-ins", "Resets", "Mails"]
    assert [one.values[-1] for one in chart.series] == [2, 1, 1, 1]
    assert [one.values[-2] for one in chart.series] == [one.values[-1] for one in before.series]
    by_day = charts(desk, ray, brent, period=Period.MONTH)["activity"]
    assert (by_day.places[0], by_day.places[-1]) == (date(2026, 10, 30), date(2026, 11, 28))


def test_a_client_without_an_account_is_told_so(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    assert charts(desk, ray, brent)["activity"].finding == (
        "This client has no account yet, so nothing happened to it."
    )


def test_the_numbers_are_written_in_the_way_of_the_agency(desk: Desk) -> None:
    ray = making.make_agency(desk, writing="fr-CA")
    brent = making.make_client(desk, ray.agency)
    give_home(desk, brent, loan())
    chart = charts(desk, ray, brent)["owed"]
    assert chart.rows()[0] == ("nov. 2026", "55\u00a0389,85\u00a0$")
    assert chart.raw_rows()[0] == ("2026-11-21", Decimal("55389.85"))
