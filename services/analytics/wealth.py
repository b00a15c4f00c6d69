"""What a client owes and owns as the years go by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.analytics.charts import Axis, Chart, Series, Shape, Unit, counted
from services.analytics.loans import WHERE, Loan, loans_of
from services.analytics.values import ClientChart
from services.properties.values import Portfolio, PropertyRecord
from services.rule_lengths import months_after, show_months

MOST_SERIES = 4
"""Properties with a line of their own; the others are one line together."""

TOTAL = "Total"
_YEAR = 12
_TEN_YEARS = 120


def owed(portfolio: Portfolio) -> Chart:
    """What is owed on each property and in total, year by year until all is paid off."""
    loans = loans_of(portfolio.properties, portfolio.today)
    months = _years(loans.months) if loans.known else ()
    by_home: dict[int, list[Decimal]] = {}
    for loan in loans.known:
        course = [loan.owed_in(month) for month in months]
        before = by_home.get(loan.property_id)
        by_home[loan.property_id] = course if before is None else _added(before, course)
    return Chart(
        key=ClientChart.OWED,
        title="What is owed, at today's rates and payments",
        finding=_owed_told(portfolio, loans.known),
        shape=Shape.LINES,
        along=Axis("Month", Unit.MONTH),
        up=Axis("Owed", Unit.MONEY),
        places=_days(portfolio.today, months),
        series=_series(portfolio, by_home),
        notes=loans.notes,
        written=portfolio.written,
    )


def equity(portfolio: Portfolio) -> Chart:
    """What would be left of each property, and of all, if they were sold for their present value."""
    counted_in = [home for home in portfolio.properties if home.value is not None]
    loans = loans_of(counted_in, portfolio.today)
    lost = {
        home.id for home in counted_in if len(home.mortgages) > sum(one.property_id == home.id for one in loans.known)
    }
    homes = [home for home in counted_in if home.id not in lost]
    months = _years(max(loans.months, _TEN_YEARS)) if homes else ()
    by_home = {home.id: [_left(home, loans.known, month) for month in months] for home in homes}
    valueless = [f"{home.name}: the value is not known. {WHERE}" for home in portfolio.properties if home.value is None]
    return Chart(
        key=ClientChart.EQUITY,
        title="Equity, if the values stay as they are",
        finding=_equity_told(portfolio, homes, by_home),
        shape=Shape.LINES,
        along=Axis("Month", Unit.MONTH),
        up=Axis("Equity", Unit.MONEY),
        places=_days(portfolio.today, months),
        series=_series(portfolio, by_home),
        notes=(*valueless, *loans.notes),
        written=portfolio.written,
    )


def _years(months: int) -> tuple[int, ...]:
    return (*range(0, months, _YEAR), months) if months else (0,)


def _days(today: date, months: tuple[int, ...]) -> tuple[date, ...]:
    return tuple(months_after(today, month) for month in months)


def _left(home: PropertyRecord, loans: tuple[Loan, ...], month: int) -> Decimal:
    value = home.value or Decimal(0)
    return value - sum((one.owed_in(month) for one in loans if one.property_id == home.id), Decimal(0))


def _series(portfolio: Portfolio, by_home: dict[int, list[Decimal]]) -> tuple[Series, ...]:
    """The total, and under it the properties with the largest amounts; nothing twice if there is only one."""
    names = {home.id: home.name for home in portfolio.properties}
    largest = sorted(by_home, key=lambda number: -max(map(abs, by_home[number]), default=Decimal(0)))
    if len(largest) == 1:
        return (Series(names[largest[0]], tuple(by_home[largest[0]])),)
    if not largest:
        return ()
    total = [sum(each, Decimal(0)) for each in zip(*by_home.values(), strict=True)]
    own = largest if len(largest) <= MOST_SERIES else largest[: MOST_SERIES - 1]
    others = [by_home[number] for number in largest[len(own) :]]
    series = [Series(TOTAL, tuple(total)), *(Series(names[number], tuple(by_home[number])) for number in own)]
    if others:
        name = counted(len(others), "other property", "other properties")
        series.append(Series(name, tuple(sum(each, Decimal(0)) for each in zip(*others, strict=True))))
    return tuple(series)


def _added(one: list[Decimal], other: list[Decimal]) -> list[Decimal]:
    return [first + second for first, second in zip(one, other, strict=True)]


def _owed_told(portfolio: Portfolio, loans: tuple[Loan, ...]) -> str:
    if not any(home.mortgages for home in portfolio.properties):
        return "No mortgage is known. Enter properties and mortgages under My Properties."
    if not loans:
        return "Of no mortgage enough is known to say how it goes on."
    money = portfolio.written.money
    mortgages = counted(sum(len(home.mortgages) for home in portfolio.properties), "mortgage", "mortgages")
    left_out = sum(len(home.mortgages) for home in portfolio.properties) > len(loans)
    on = f" on {len(loans)} of {mortgages}" if left_out else f" on {mortgages}" if len(loans) > 1 else ""
    told = f"{money(sum((one.balance for one in loans), Decimal(0)))} is owed{on}"
    ends = [one.months for one in loans]
    if None in ends:
        return f"{told}. At today's rates and payments it is never all paid off."
    last = max(end for end in ends if end is not None)
    if not last:
        return f"Nothing is owed any more{on}."
    month = portfolio.written.month(months_after(portfolio.today, last))
    what = ("that one is" if len(loans) == 1 else "these are all") if left_out else "all is"
    return f"{told}. At today's rates and payments {what} paid off in {month}, in {show_months(last)}."


def _equity_told(portfolio: Portfolio, homes: list[PropertyRecord], by_home: dict[int, list[Decimal]]) -> str:
    if not portfolio.properties:
        return "No property is known. Enter properties under My Properties."
    if not homes:
        return "Of no property both the value and what is owed are known."
    money = portfolio.written.money
    now = sum((course[0] for course in by_home.values()), Decimal(0))
    later = sum((course[_TEN_YEARS // _YEAR] for course in by_home.values()), Decimal(0))
    if now < 0:
        told = f"{money(-now)} more is owed than the properties are worth"
    else:
        told = f"The equity is {money(now)} today"
    return (
        f"{told}; in 10 years {'it' if now >= 0 else 'the equity'} is {money(later)}, if the values stay as they are."
    )
