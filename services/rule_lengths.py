"""Lengths of time in years and months, as people write them, and days so many months apart."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from services.rule_lines import Problem

_YEARS = r"(?:y|yrs?|years?|ans?|ann[ée]es?)"
_MONTHS = r"(?:m|mos?|months?|mois)"
_GAP = r"[ \u00a0]{0,9}"
_LENGTH = re.compile(
    rf"{_GAP}(?:([0-9]{{1,3}}){_GAP}{_YEARS}{_GAP}(?:,|and|et)?{_GAP})?(?:([0-9]{{1,3}}){_GAP}{_MONTHS})?[.]?{_GAP}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_GAP}([0-9]{{1,3}}){_GAP}")
_MOST_BARE_YEARS = 40


def clean_months(text: str, most: int) -> int:
    """A length as months, at least 1: "5 years", "5 y 6 m", "30 mois"; a number alone counts years.

    Args:
        most: the most months that can be.
    """
    bare = _BARE.fullmatch(text)
    if bare and int(bare[1]) > _MOST_BARE_YEARS:
        raise Problem(f"Are these years or months? Write {int(bare[1])} months, or fewer years.")
    found = None if bare else _LENGTH.fullmatch(text)
    if bare:
        months = int(bare[1]) * 12
    elif found and (found[1] or found[2]):
        months = int(found[1] or 0) * 12 + int(found[2] or 0)
    else:
        raise Problem("This is no length of time. Write it like 5 years, or 30 months.")
    if not 1 <= months <= most:
        raise Problem(f"This is less than a month or more than {show_months(most)}. Check it.")
    return months


def show_months(months: int) -> str:
    """Whole years as years, else both: "5 years", "6 months", "2 years 6 months"."""
    years, rest = divmod(months, 12)
    told = [
        f"{number} {word}{'' if number == 1 else 's'}" for number, word in ((years, "year"), (rest, "month")) if number
    ]
    return " ".join(told)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; in a shorter month its last day, so that Feb 29 becomes Feb 28."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another; 0 if there is none."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months if months_after(start, months) <= end else months - 1)
