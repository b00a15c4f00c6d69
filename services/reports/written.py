"""The values of reports as text: as files have them, and as people of the agency read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from services.conventions import Conventions
from services.reports.values import Kind, Value
from services.when import show_moment, show_wait

Plain = str | int | Decimal | None


def plain(value: Value) -> Plain:
    """As programs read it: moments in UTC and days in ISO 8601, numbers without any signs of their own."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        # Never with an exponent, and no more places than say something beyond the second.
        short = value.normalize()
        return short if short.as_tuple().exponent in (-3,) else value.quantize(Decimal("0.01"))
    return value


def shown(value: Value, kind: Kind, conventions: Conventions, now: datetime) -> str:
    """As people of the agency read it; nothing for None."""
    if isinstance(value, datetime):
        return show_moment(value, now)
    if isinstance(value, date):
        return conventions.short_day(value)
    if isinstance(value, Decimal):
        return conventions.money(value) if kind is Kind.MONEY else conventions.rate(value)
    if isinstance(value, int):
        return show_wait(value) if kind is Kind.WAIT else conventions.count(value)
    return value or ""
