"""When mortgages come up for renewal, and at what rates lenders lend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import JOIN, SQL, Case, fn

from models.client import NO_RATE, Client, Mortgage, Property
from services.analytics.asked import Asked
from services.analytics.charts import Axis, Chart, Number, Place, Series, Shape, Unit, counted, middle
from services.analytics.sight import clients_in_sight
from services.analytics.values import AgencyChart
from services.clients.fields import renewal_key
from services.rule_lengths import months_after
from services.text import fold, safe

MONTHS_AHEAD = 24

MOST_LENDERS = 12
"""Lenders that a chart names; the others are one bar together."""

_MOST_SPELLINGS = 200
_LONGEST_NAME = 30
OVERDUE = "overdue"
OTHER_LENDERS = "other lenders"
NO_LENDER = "(no lender)"


def renewals(asked: Asked) -> Chart:
    """Mortgages whose term ends in each of the coming months, and, told but not drawn, those whose term is over."""
    first = asked.today.replace(day=1)
    months = [months_after(first, number) for number in range(MONTHS_AHEAD)]
    month = fn.SUBSTR(Mortgage.renewal_on, 1, 7).coerce(False)
    which = Case(None, [(Mortgage.renewal_on < asked.today, OVERDUE)], month)
    until = months_after(first, MONTHS_AHEAD)
    found: Any = (
        _mortgages(which, fn.COUNT(Mortgage.id), fn.SUM(Mortgage.balance))
        .where(
            clients_in_sight(asked.actor)
            # The list's own index of each client's earliest renewal leaves out all others.
            & (Client.renewal_key < renewal_key(until))
            & (Mortgage.renewal_on < until)
        )
        .group_by(SQL("1"))
    )
    by_month = {
        key: (int(count), Decimal(owed or 0).scaleb(-Mortgage.balance.places)) for key, count, owed in found.tuples()
    }
    keys = [OVERDUE, *(f"{day:%Y-%m}" for day in months)]
    counts = tuple(by_month.get(key, (0, Decimal(0)))[0] for key in keys)
    owed = tuple(by_month.get(key, (0, Decimal(0)))[1] for key in keys)
    return Chart(
        key=AgencyChart.RENEWALS,
        title=f"Renewals in the next {MONTHS_AHEAD} months",
        finding=_renewals_told(asked, months, counts),
        shape=Shape.COLUMNS,
        along=Axis("Month", Unit.MONTH),
        up=Axis("Mortgages", Unit.COUNT),
        places=(OVERDUE, *months),
        series=(Series("Mortgages", counts), Series("Owed", owed, plotted=False, unit=Unit.MONEY)),
        # Years of them stand in this one place.
        undrawn=1,
        written=asked.written,
    )


def _renewals_told(asked: Asked, months: list[date], counts: tuple[int, ...]) -> str:
    overdue, ahead = counts[0], counts[1:]
    late = f"{counted(overdue, 'is', 'are', asked.written)} overdue." if overdue else "None is overdue."
    if not any(ahead):
        return f"No mortgage comes up for renewal in the next {MONTHS_AHEAD} months. {late}"
    most = max(range(len(ahead)), key=lambda index: ahead[index])
    total = counted(sum(ahead), "mortgage comes", "mortgages come", asked.written)
    peak = f"most of them in {asked.written.month(months[most])} ({asked.written.count(ahead[most])})"
    return f"{total} up for renewal in the next {MONTHS_AHEAD} months, {peak}. {late}"


def rates(asked: Asked) -> Chart:
    """The least, the median and the most of the rates of each lender; the lenders with most mortgages come first."""
    found = _counted_rates(asked)
    named = _largest_lenders(found)
    key_of = {spelling: key for key, spelling_list in named.items() for spelling in spelling_list}
    counts: dict[str | None, dict[Number, int]] = defaultdict(lambda: defaultdict(int))
    everything: dict[Number, int] = defaultdict(int)
    for spelling, rate, count in found:
        counts[None if spelling is None else key_of.get(spelling)][rate] += count
        everything[rate] += count
    order: list[str | None] = [*(key for key in named if key in counts), *([None] if None in counts else [])]
    names = tuple(OTHER_LENDERS if key is None else safe(named[key][0]) or NO_LENDER for key in order)
    sorted_counts = [sorted(counts[key].items()) for key in order]
    return Chart(
        key=AgencyChart.RATES,
        title="Rates by lender",
        finding=_rates_told(asked, names, sorted_counts, sorted(everything.items())),
        shape=Shape.RANGES,
        along=Axis("Lender", Unit.NAME),
        up=Axis("Rate", Unit.RATE),
        places=names,
        series=(
            Series("Least", tuple(each[0][0] for each in sorted_counts)),
            Series("Median", tuple(middle(each) for each in sorted_counts)),
            Series("Most", tuple(each[-1][0] for each in sorted_counts)),
            Series("Mortgages", tuple(sum(n for _, n in each) for each in sorted_counts), False, Unit.COUNT),
        ),
        written=asked.written,
    )


def _rates_told(
    asked: Asked, names: tuple[Place, ...], each: list[list[tuple[Number, int]]], everything: list[tuple[Number, int]]
) -> str:
    usual = middle(everything)
    if usual is None:
        return "No mortgage has a rate yet."
    total = counted(sum(count for _, count in everything), "mortgage has", "mortgages have", asked.written)
    told = f"{total} a rate; half of them pay {asked.written.rate(Decimal(usual))} or less."
    medians = [(middle(one) or 0, str(name)) for name, one in zip(names, each, strict=True) if name != OTHER_LENDERS]
    if len(medians) < 2:
        return told
    (low, cheap), (high, dear) = min(medians), max(medians)
    if low == high:
        return told
    rate = asked.written.rate
    lowest, highest = f"{rate(Decimal(low))}, {_brief(cheap)}", f"{rate(Decimal(high))}, {_brief(dear)}"
    return f"{told} The lowest median is {lowest}; the highest {highest}."


def _brief(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _counted_rates(asked: Asked) -> list[tuple[str | None, Decimal, int]]:
    """How often each lender, as it is spelt, has each rate; None for the spelling of all but the most frequent ones.

    The mortgages are gone through once.
    """
    counted_in = (
        _mortgages(Mortgage.lender, Mortgage.rate, fn.COUNT(Mortgage.id).alias("many"))
        # The list's own index of each client's first rate leaves out whoever has none.
        .where(clients_in_sight(asked.actor) & (Client.rate_key < NO_RATE) & Mortgage.rate.is_null(False))
        .group_by(Mortgage.lender, Mortgage.rate)
        .cte("counted", columns=("lender", "rate", "many"))
    )
    total = fn.SUM(counted_in.c.many)
    frequent = (
        Mortgage.select(counted_in.c.lender)
        .from_(counted_in)
        .group_by(counted_in.c.lender)
        .order_by(total.desc(), counted_in.c.lender)
        .limit(_MOST_SPELLINGS)
        .alias("frequent")
    )
    found: Any = (
        Mortgage.select(frequent.c.lender, counted_in.c.rate, total)
        .from_(counted_in)
        .join(frequent, JOIN.LEFT_OUTER, on=(frequent.c.lender == counted_in.c.lender))
        .group_by(frequent.c.lender, counted_in.c.rate)
        .with_cte(counted_in)
    )
    return [(lender, Decimal(rate), int(count)) for lender, rate, count in found.tuples()]


def _largest_lenders(found: Iterable[tuple[str | None, Decimal, int]]) -> dict[str, list[str]]:
    """The lenders with most mortgages that have a rate: the folded name, and how it is spelt, the usual way first."""
    by_spelling: dict[str, int] = defaultdict(int)
    for spelling, _, count in found:
        if spelling is not None:
            by_spelling[spelling] += count
    spelt: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for spelling in sorted(by_spelling, key=lambda one: (-by_spelling[one], one)):
        key = fold(spelling) or safe(spelling).strip()
        spelt[key].append(spelling)
        counts[key] += by_spelling[spelling]
    largest = sorted(counts, key=lambda key: -counts[key])[:MOST_LENDERS]
    return {key: spelt[key] for key in largest}


def _mortgages(*columns: Any) -> Any:
    return Mortgage.select(*columns).join(Property).join(Client)
