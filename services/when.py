"""Moments in words, in the time of the machine at which somebody reads them."""

from __future__ import annotations

from datetime import datetime

from services.rules import show_month_day


def show_time(moment: datetime) -> str:
    """The time of day: "10:42"."""
    return f"{moment.astimezone():%H:%M}"


def show_day(moment: datetime) -> str:
    """The day without its year: "Nov 21"."""
    local = moment.astimezone()
    return show_month_day(local.month * 100 + local.day)


def show_moment(moment: datetime, now: datetime) -> str:
    """As little as tells it from `now`: "10:42" today, "Nov 21 10:42" this year, else with the year."""
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return show_time(moment)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{show_day(moment)}{year} {show_time(moment)}"


def show_wait(seconds: int) -> str:
    """A wait as minutes and seconds: "0:38"."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}"
