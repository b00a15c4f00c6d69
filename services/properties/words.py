"""What the desk says of properties and mortgages: for screens, line prompts and mails alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from models.states import PaymentEvery
from services.properties.values import MortgageRecord, Portfolio, PropertyRecord, Renewal, renewal_of

PROPERTY_LABELS: Mapping[str, str] = {"address": "Address", "value": "Value"}
"""The fields of `PropertyFields` in the order of the form."""

MORTGAGE_LABELS: Mapping[str, str] = {
    "lender": "Lender",
    "balance": "Balance",
    "rate": "Rate",
    "renewal_on": "Renewal date",
    "anniversary_on": "Anniversary",
    "term": "Term",
    "amortisation": "Amortisation",
    "payment": "Payment",
    "payment_every": "Paid",
}
"""The fields of `MortgageFields` in the order of the form."""

EVERY_WORDS: Mapping[PaymentEvery, str] = {
    PaymentEvery.MONTH: "monthly",
    PaymentEvery.HALF_MONTH: "semi-monthly",
    PaymentEvery.TWO_WEEKS: "bi-weekly",
    PaymentEvery.TWO_WEEKS_FASTER: "accelerated bi-weekly",
    PaymentEvery.WEEK: "weekly",
    PaymentEvery.WEEK_FASTER: "accelerated weekly",
}
"""How often is paid, as lenders say it."""

RENEWAL_SIGNS: Mapping[Renewal, str] = {
    Renewal.UNKNOWN: "",
    Renewal.PAST: "✗",
    Renewal.NEAR: "▲",
    Renewal.LATER: "",
}
"""What stands before a renewal that somebody should look at."""


def days_left(day: date, today: date) -> str:
    """How far away a day is: "in 41 days", "today", "12 days ago"."""
    days = (day - today).days
    if days == 0:
        return "today"
    if abs(days) == 1:
        return "tomorrow" if days > 0 else "yesterday"
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def renewal_words(day: date | None, today: date) -> str:
    """The same with the sign and the word of a renewal that is near or over: "▲ near: in 41 days"."""
    if day is None:
        return ""
    standing = renewal_of(day, today)
    left = days_left(day, today)
    if standing is Renewal.PAST:
        return f"{RENEWAL_SIGNS[standing]} over: {left}"
    return f"{RENEWAL_SIGNS[standing]} near: {left}" if standing is Renewal.NEAR else left


def mortgage_facts(mortgage: MortgageRecord, portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
    """All that is known of a mortgage: label and value; what is not known has an empty value."""
    written, fields = portfolio.written, mortgage.fields
    began = mortgage.anniversary_on
    return (
        ("Lender", mortgage.lender),
        ("Balance", fields.balance),
        ("Rate", fields.rate),
        ("Renewal", fields.renewal_on),
        ("Days left", renewal_words(mortgage.renewal_on, portfolio.today)),
        ("Payment", fields.payment),
        ("Paid", "" if mortgage.payment_every is None else EVERY_WORDS[mortgage.payment_every]),
        (
            "Anniversary",
            "" if began is None else f"{written.month_day(began.month * 100 + began.day)}, since {began.year}",
        ),
        ("Term", fields.term),
        ("Amortisation", fields.amortisation),
    )


def property_facts(home: PropertyRecord, portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
    """What a property is worth and what is owed on it: label and value."""
    written = portfolio.written
    equity = home.equity
    share = f" ({equity / home.value:.0%})" if equity is not None and home.value else ""
    count = len(home.mortgages)
    return (
        ("Address", home.address),
        ("Value", home.fields.value),
        ("Owed", "" if home.owed is None else written.money(home.owed)),
        ("Equity", "" if equity is None else f"{written.money(equity)}{share}"),
        ("Mortgages", str(count) if count else "none"),
    )


def property_warnings(home: PropertyRecord, portfolio: Portfolio) -> tuple[str, ...]:
    """What somebody should look at, a sentence for each thing."""
    told = []
    if home.equity is not None and home.equity < 0:
        told.append(f"More is owed than the property is worth, by {portfolio.written.money(-home.equity)}.")
    return (*told, *(line for mortgage in home.mortgages for line in _mortgage_warnings(mortgage, portfolio)))


def _mortgage_warnings(mortgage: MortgageRecord, portfolio: Portfolio) -> list[str]:
    day = mortgage.renewal_on
    standing = renewal_of(day, portfolio.today)
    if day is None or standing in (Renewal.UNKNOWN, Renewal.LATER):
        return []
    when = f"{portfolio.written.day(day)}, {days_left(day, portfolio.today)}"
    verb = "was to be renewed" if standing is Renewal.PAST else "is to be renewed soon"
    return [f"{mortgage.name[:1].upper()}{mortgage.name[1:]} {verb}: {when}."]


def totals_lines(portfolio: Portfolio) -> tuple[str, ...]:
    """What everything comes to, and what is not known of it; nothing for a client without properties."""
    totals = portfolio.totals
    if not portfolio.properties:
        return ()

    def told(label: str, amount: Decimal | None) -> str:
        return f"{label} {'not known' if amount is None else portfolio.written.money(amount)}"

    first = (told("Value", totals.value), told("owed", totals.owed))
    if totals.equity == totals.net_worth:
        lines = [" · ".join((*first, told("equity and net worth", totals.equity)))]
    else:
        lines = [" · ".join(first), " · ".join((told("Equity", totals.equity), told("net worth", totals.net_worth)))]
    if not totals.complete:
        lines.append(f"? Not known: {_lacking(totals.valueless, totals.balanceless)}; left out of these sums.")
    return tuple(lines)


def _lacking(valueless: int, balanceless: int) -> str:
    told = []
    if valueless:
        told.append(f"the value of {valueless} {'property' if valueless == 1 else 'properties'}")
    if balanceless:
        told.append(f"the balance of {balanceless} {'mortgage' if balanceless == 1 else 'mortgages'}")
    return ", ".join(told)
