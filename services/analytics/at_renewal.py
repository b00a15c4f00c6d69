"""What another rate at renewal does to a client's payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from services.analytics.charts import Axis, Chart, Series, Shape, Unit
from services.analytics.loans import WHERE, Loan, Loans, amortisation_left, loans_of
from services.analytics.values import ClientChart
from services.mortgages.payments import amortisation_of
from services.mortgages.renewal import RenewalPayment, rates_around, renewed
from services.properties.values import Portfolio
from services.properties.words import EVERY_WORDS
from services.rule_lengths import months_between, show_months

USUAL_TERM = 60
"""The months of the next term where none is known: five years, the most common one in Canada."""


@dataclass(frozen=True, slots=True)
class _Renewal:
    """A mortgage on the day of its renewal.

    Attributes:
        day: today for one that is overdue.
        months: the amortisation that is left then.
    """

    loan: Loan
    day: date
    balance: Decimal
    months: Decimal
    term: int

    def at(self, rate: Decimal) -> RenewalPayment:
        """The payment at a rate."""
        return renewed(self.balance, rate, self.months, self.loan.every, now=self.loan.each, term_months=self.term)


def at_renewal(portfolio: Portfolio, change: Decimal) -> tuple[Chart, ...]:
    """One chart for each mortgage that will be renewed, the next one first; one that says what is missing for none.

    Args:
        change: the rate to point out, in points above or below today's.
    """
    loans = loans_of(portfolio.properties, portfolio.today)
    found, notes = _renewals(loans)
    if not found:
        told = "No renewal can be looked at; why stands below."
        if not any(home.mortgages for home in portfolio.properties):
            told = "No mortgage is known. Enter properties and mortgages under My Properties."
        return (_empty(portfolio, told, (*loans.notes, *notes)),)
    every = (*loans.notes, *notes)
    return tuple(_chart(portfolio, one, change, (at, len(found)), every) for at, one in enumerate(found, start=1))


def _renewals(loans: Loans) -> tuple[list[_Renewal], tuple[str, ...]]:
    found, notes = [], []
    for loan in loans.known:
        day = loan.record.renewal_on
        if day is None:
            notes.append(f"{loan.name}: the renewal date is not known. {WHERE}")
            continue
        on = max(day, loans.today)
        balance = loan.owed_in(months_between(loans.today, on))
        told = amortisation_left(loan.record, on) if loan.record.payment else None
        # Where one of the two is not known, the payment tells it, so that the same rate gives the same payment again.
        months = amortisation_of(balance, loan.rate, loan.each, loan.every) if told is None else Decimal(told)
        if balance <= 0:
            notes.append(f"{loan.name}: nothing is owed any more when it comes up for renewal.")
        elif months is not None:
            found.append(_Renewal(loan, on, balance, months, loan.record.term_months or USUAL_TERM))
    return sorted(found, key=lambda one: one.loan.record.renewal_on or one.day), tuple(notes)


def _chart(
    portfolio: Portfolio, renewal: _Renewal, change: Decimal, place: tuple[int, int], notes: tuple[str, ...]
) -> Chart:
    """`place` is its number, and of how many."""
    loan, (number, of) = renewal.loan, place
    rates = rates_around(loan.rate)
    payments = [renewal.at(rate) for rate in rates]
    wanted = min(rates, key=lambda rate: abs(rate - loan.rate - change))
    return Chart(
        key=f"{ClientChart.RENEWAL}-{number}",
        title=f"At renewal, {number} of {of}: {loan.name}" if of > 1 else f"At renewal: {loan.name}",
        finding=_told(portfolio, renewal, renewal.at(wanted)),
        shape=Shape.LINES,
        along=Axis("Rate", Unit.RATE),
        up=Axis("Payment", Unit.MONEY),
        places=rates,
        series=(
            Series("New payment", tuple(one.payment for one in payments)),
            Series("Payment now", tuple(loan.each for _ in payments)),
            Series("More a month", tuple(one.more_a_month for one in payments), plotted=False),
            Series("More over the term", tuple(one.more_in_term for one in payments), plotted=False),
        ),
        notes=notes,
        mark=wanted,
        written=portfolio.written,
    )


def _told(portfolio: Portfolio, renewal: _Renewal, wanted: RenewalPayment) -> str:
    loan, written = renewal.loan, portfolio.written
    day = loan.record.renewal_on or renewal.day
    when = f"was due on {written.day(day)}" if day < portfolio.today else f"is on {written.day(day)}"
    every = EVERY_WORDS[loan.every]
    told = (
        f"The renewal {when}, with {written.money(renewal.balance)} owed, "
        f"to be paid off over {show_months(ceil(renewal.months))}. "
        f"At {written.rate(wanted.rate)} the payment is {written.money(wanted.payment)} {every}"
    )
    more = wanted.more_a_month
    if abs(more) < Decimal("0.5"):
        return f"{told}, as much as now."
    word = "more" if more > 0 else "less"
    over = f"{written.money(abs(wanted.more_in_term))} over {show_months(min(renewal.term, ceil(renewal.months)))}"
    return f"{told}: {written.money(abs(more))} {word} a month than now ({written.money(loan.each)}), {over}."


def _empty(portfolio: Portfolio, told: str, notes: tuple[str, ...]) -> Chart:
    return Chart(
        key=f"{ClientChart.RENEWAL}-1",
        title="At renewal",
        finding=told,
        shape=Shape.LINES,
        along=Axis("Rate", Unit.RATE),
        up=Axis("Payment", Unit.MONEY),
        notes=notes,
        written=portfolio.written,
    )
