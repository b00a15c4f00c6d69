"""Dates, days of the year, rates and amounts as people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Literal

from services.rule_lines import Problem

Order = Literal["mdy", "dmy"]
"""How 03/04/1970 is read: month first or day first."""

_EARLIEST, _LATEST = 1900, 2199
_WRITE_DATE = "Write it as year, month and day, for example 1970-12-31."


def clean_date(text: str, order: Order = "mdy") -> date:
    """A calendar day from 1900 to 2199; where day and month could change places, `order` decides."""
    try:
        # At ten signs, two dashes in these places leave fromisoformat no other reading.
        if text[4:5] == text[7:8] == "-" and len(text) == 10:
            return _in_reach(date.fromisoformat(text))
        if text[2:3] == text[5:6] == "/" and len(text) == 10:
            month, day = (text[:2], text[3:5]) if order == "mdy" else (text[3:5], text[:2])
            return _in_reach(date.fromisoformat(f"{text[6:]}-{month}-{day}"))
    except ValueError:
        # Also a Problem ends here: the long way finds the same and words it.
        pass
    return _clean_rare_date(text, order)


def clean_birth_date(text: str, today: date, order: Order = "mdy") -> date:
    """A day of birth: a date that is not in the future."""
    day = clean_date(text, order)
    if day > today:
        raise Problem("This date of birth is in the future. Check the year.")
    return day


def clean_month_day(text: str, order: Order = "mdy") -> int:
    """A day of every year, such as an anniversary, as MMDD: 222 for Feb 22; 29 February is one."""
    found = _PLAIN_MONTH_DAY.fullmatch(text)
    month = _MONTHS.get(found[1].lower()) if found else None
    if found and month:
        day = int(found[2])
    else:
        month, day = _rare_month_day(text, order)
    try:
        date(2000, month, day)
    except ValueError as error:
        raise Problem(f"There is no such day. {_WRITE_MONTH_DAY}") from error
    return month * 100 + day


def show_month_day(month_day: int) -> str:
    """222 as "Feb 22"."""
    month, day = divmod(month_day, 100)
    return f"{_SHOWN[month - 1]} {day}"


def clean_rate(text: str, example: str = "4.89%") -> Decimal:
    """A yearly rate in per cent, from 0 to 100 with at most three decimals, with or without its sign.

    `example` stands in the sentence of what is none.
    """
    found = _RATE.fullmatch(text)
    rate = Decimal(f"{found[1]}.{found[2] or 0}") if found else None
    if rate is None or rate > 100:
        raise Problem(f"This is no rate. Write per cent with at most three decimals, for example {example}.")
    return rate


def show_rate(rate: Decimal) -> str:
    """A rate with two decimals, and a third one if it has one: "4.89%"."""
    shown = f"{rate:.3f}"
    return f"{shown.removesuffix('0')}%"


def clean_money(text: str, example: str = "284,310.55") -> Decimal:
    """An amount of 0 or more with at most two decimals, spelt the English or the French way, "$" or not.

    `example` stands in the sentence of what is none.
    """
    found = _MONEY.fullmatch(text)
    if not found:
        raise Problem(f"This is no amount. Write it like {example}, without a minus and with two decimals at most.")
    whole, decimals = next((found[at], found[at + 1]) for at in (1, 3, 5) if found[at])
    amount = Decimal(f"{_NO_DIGIT.sub('', whole)}.{decimals or 0}")
    if amount >= 10**12:
        raise Problem("This amount is too large. Check its digits.")
    return amount


_MONTH_NAMES = (
    ("jan", "january", "janv", "janvier"),
    ("feb", "february", "fev", "fevr", "fevrier"),
    ("mar", "march", "mars"),
    ("apr", "april", "avr", "avril"),
    ("may", "mai"),
    ("jun", "june", "juin"),
    ("jul", "july", "juil", "juill", "juillet"),
    ("aug", "august", "aout"),
    ("sep", "sept", "september", "septembre"),
    ("oct", "october", "octobre"),
    ("nov", "november", "novembre"),
    ("dec", "december", "decembre"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_SHOWN = tuple(names[0].capitalize() for names in _MONTH_NAMES)
_WRITE_MONTH_DAY = "Write the month and the day, for example Feb 22."

_PLAIN_MONTH_DAY = re.compile("([A-Z][a-z]{2}) ([0-9]{1,2})")
_DAY_NAME = "([0-9]{1,2})(?:st|nd|rd|th|er)?[ .-]*([a-z]{3,9})"
_NAME_DAY = "([a-z]{3,9})[ .-]*([0-9]{1,2})(?:st|nd|rd|th|er)?"
_TAIL = "(?:[ t]0?0:00(?::00(?:[.]0+)?)?)?"
"""Midnight, which spreadsheets add to a date."""
_YEAR_FIRST = re.compile(f"([0-9]{{4}})[-/. ]([0-9]{{1,2}})[-/. ]([0-9]{{1,2}}){_TAIL}")
_YEAR_LAST = re.compile(f"([0-9]{{1,2}})[-/. ]([0-9]{{1,2}})[-/. ]([0-9]{{4}}){_TAIL}")
_YEAR_SHORT = re.compile(f"[0-9]{{1,2}}[-/. ][0-9]{{1,2}}[-/. ][0-9]{{2}}{_TAIL}")
_NAMED = re.compile(f"(?:{_DAY_NAME}|{_NAME_DAY})[ .,-]*([0-9]{{4}}){_TAIL}")
_NAMED_MONTH_DAY = re.compile(f"(?:{_DAY_NAME}|{_NAME_DAY})[.]?")
_NUMBERED_MONTH_DAY = re.compile("(?:--)?([0-9]{1,2})[-/. ]([0-9]{1,2})")
_LONGEST = 40

_GAP = "[ \u00a0\u202f]"
_RATE = re.compile(f"{_GAP}*([0-9]{{1,3}})(?:[.,]([0-9]{{1,3}})0*)?{_GAP}*%?{_GAP}*")
_CURRENCY = rf"(?:{_GAP}*(?:CA|US)?\${_GAP}*|{_GAP}*CAD{_GAP}*|{_GAP}*)"
_MONEY = re.compile(
    rf"{_CURRENCY}(?:([0-9]{{1,3}}(?:(?:,|{_GAP})[0-9]{{3}})+)(?:[.]([0-9]{{1,2}}))?"
    rf"|([0-9]{{1,3}}(?:(?:[.]|{_GAP})[0-9]{{3}})+),([0-9]{{1,2}})"
    rf"|([0-9]{{1,13}})(?:[.,]([0-9]{{1,2}}))?){_CURRENCY}"
)
_NO_DIGIT = re.compile("[^0-9]")


def _in_reach(day: date) -> date:
    if not _EARLIEST <= day.year <= _LATEST:
        raise Problem(f"The year is not between {_EARLIEST} and {_LATEST}. Check it.")
    return day


def _clean_rare_date(text: str, order: Order) -> date:
    for year, month, day in _readings(_plain(text), order):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        return _in_reach(found)
    raise Problem(f"There is no such day. {_WRITE_DATE}")


def _readings(text: str, order: Order) -> list[tuple[int, int, int]]:
    """What the text can mean, the likelier first."""
    if not text:
        raise Problem(f"The date is empty. {_WRITE_DATE}")
    if found := _YEAR_FIRST.fullmatch(text):
        return [(int(found[1]), int(found[2]), int(found[3]))]
    if found := _YEAR_LAST.fullmatch(text):
        one, two, year = int(found[1]), int(found[2]), int(found[3])
        readings = [(year, one, two), (year, two, one)]
        return readings if order == "mdy" else readings[::-1]
    if found := _NAMED.fullmatch(text):
        month, day = _named(found)
        return [(int(found[5]), month, day)]
    if _YEAR_SHORT.fullmatch(text):
        raise Problem(f"The year of this date has two digits. {_WRITE_DATE}")
    raise Problem(f"This is no date. {_WRITE_DATE}")


def _named(found: re.Match[str]) -> tuple[int, int]:
    """Month and day; an unknown name gives month 0, which no calendar has."""
    return _MONTHS.get(found[2] or found[3], 0), int(found[1] or found[4])


def _rare_month_day(text: str, order: Order) -> tuple[int, int]:
    folded = _plain(text)
    if found := _NAMED_MONTH_DAY.fullmatch(folded):
        return _named(found)
    if found := _NUMBERED_MONTH_DAY.fullmatch(folded):
        one, two = int(found[1]), int(found[2])
        return (two, one) if one > 12 or (order == "dmy" and two <= 12) else (one, two)
    try:
        day = clean_date(text, order)
    except Problem as error:
        raise Problem(f"This is no day of the year. {_WRITE_MONTH_DAY}") from error
    return day.month, day.day


def _plain(text: str) -> str:
    """Lower case without accents, so that "1er août" can be looked up; a long text is no date."""
    if len(text) > _LONGEST:
        return "?"
    parts = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
