"""The lines of the list: each property, and below it its mortgages."""

from __future__ import annotations

from collections.abc import Iterator

from screens.widgets.virtual_table import Column
from services.properties.values import MortgageRecord, Portfolio, PropertyRecord, Renewal, renewal_of
from services.properties.words import EVERY_WORDS, RENEWAL_SIGNS, days_left
from services.rows import TableRow

COLUMNS = (
    Column("what", "Property, mortgage", 26, 20, flexible=True),
    Column("amount", "Value, owed", 14, align="right"),
    Column("rate", "Rate", 8, 7, align="right"),
    Column("renewal", "  Renewal", 12),
    Column("left", "Days left", 17, 17),
    Column("payment", "Payment", 11, align="right", hide_below=110),
    Column("every", "Paid", 22, 21, hide_below=116),
    Column("equity", "Equity", 14, 12, align="right", hide_below=130),
    Column("term", "Term", 9, hide_below=150),
)
"""The last ones in the order in which wider terminals show them."""

UNKNOWN = "?"
_MARKS = {Renewal.PAST: "error", Renewal.NEAR: "warning", Renewal.LATER: "", Renewal.UNKNOWN: ""}
_WORDS = {Renewal.PAST: "", Renewal.NEAR: "near, ", Renewal.LATER: "", Renewal.UNKNOWN: ""}


def lines(portfolio: Portfolio) -> list[TableRow]:
    """All of them, the properties with even keys, the mortgages with odd ones."""
    return list(_lines(portfolio))


def property_key(number: int) -> int:
    """The key of a property's line."""
    return 2 * number


def mortgage_key(number: int) -> int:
    """The key of a mortgage's line."""
    return 2 * number + 1


def found(portfolio: Portfolio, key: int | None) -> PropertyRecord | MortgageRecord | None:
    """What stands in the line with this key."""
    if key is None:
        return None
    return portfolio.mortgage(key // 2) if key % 2 else portfolio.property(key // 2)


def _lines(portfolio: Portfolio) -> Iterator[TableRow]:
    for home in portfolio.properties:
        equity = UNKNOWN if home.equity is None else portfolio.written.money(home.equity)
        over = home.equity is not None and home.equity < 0
        yield TableRow(
            property_key(home.id),
            (
                f"{'▲ ' if over else ''}{home.address or '(no address)'}",
                home.fields.value or UNKNOWN,
                *("",) * 5,
                equity,
                "",
            ),
            ("warning" if over else "", "warning" if over else ""),
        )
        for place, loan in enumerate(home.mortgages):
            yield _mortgage(loan, portfolio, last=place == len(home.mortgages) - 1)


def _mortgage(loan: MortgageRecord, portfolio: Portfolio, *, last: bool) -> TableRow:
    fields, day = loan.fields, loan.renewal_on
    standing = renewal_of(day, portfolio.today)
    cells = (
        f"{'└' if last else '├'} {loan.lender or '(no lender)'}",
        fields.balance or UNKNOWN,
        fields.rate or UNKNOWN,
        f"  {UNKNOWN}" if day is None else f"{RENEWAL_SIGNS[standing] or ' '} {portfolio.written.short_day(day)}",
        "" if day is None else f"{_WORDS[standing]}{days_left(day, portfolio.today)}",
        fields.payment,
        "" if loan.payment_every is None else EVERY_WORDS[loan.payment_every],
        "",
        fields.term,
    )
    return TableRow(mortgage_key(loan.id), cells, ("muted", "muted", "", _MARKS[standing], _MARKS[standing]))
