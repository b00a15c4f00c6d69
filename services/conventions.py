"""How an agency writes amounts, rates, days and phone numbers: the Canadian English or the Canadian French way.

After the Unicode CLDR locales en-CA and fr-CA; in French, no-break spaces hold a number and its signs together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from services.rules import clean_date, clean_money, clean_rate, show_month_day, show_phone, show_rate


class Writing(StrEnum):
    """The ways of writing that an agency may choose from."""

    ENGLISH = "en-CA"
    FRENCH = "fr-CA"


NO_BREAK = "\u00a0"
_FRENCH_MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juill.", "août", "sept.", "oct.", "nov.", "déc."),
)
_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")
_THOUSAND = Decimal(1_000)
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Conventions:
    """One way of writing; every method is pure.

    What people type is read in either way, whatever the agency's own: an English file in a French office is no error.
    """

    writing: Writing = Writing.ENGLISH

    @property
    def is_french(self) -> bool:
        """Whether the French way is the agency's."""
        return self.writing is Writing.FRENCH

    def count(self, number: int) -> str:
        """A whole number: "1,204", "1 204"."""
        return self._figure(f"{number:,}")

    def money(self, amount: Decimal) -> str:
        """Dollars and cents: "$284,310.55", "284 310,55 $"; a debt with its minus in front."""
        return self._with_dollar(amount, f"{abs(amount.quantize(_CENT, ROUND_HALF_UP)):,}")

    def short_money(self, amount: Decimal) -> str:
        """For axes and narrow columns, to three figures or so: "$950", "$284k", "$1.2M", "284 k$", "1,2 M$"."""
        size, unit = abs(amount), ""
        if size >= _MILLION - _THOUSAND / 2:
            size, unit = (size / _MILLION).quantize(_TENTH, ROUND_HALF_UP), "M"
        elif size >= _THOUSAND - _TENTH * 5:
            size, unit = (size / _THOUSAND).quantize(Decimal(1), ROUND_HALF_UP), "k"
        else:
            size = size.quantize(Decimal(1), ROUND_HALF_UP)
        return self._with_dollar(amount, f"{size:,}".removesuffix(".0"), unit)

    def rate(self, rate: Decimal) -> str:
        """Per cent with two decimals, and a third one if it has one: "3.79%", "3,79 %"."""
        shown = show_rate(rate)
        return f"{shown[:-1].replace('.', ',')}{NO_BREAK}%" if self.is_french else shown

    def day(self, day: date) -> str:
        """A day in words: "Aug 26, 2027", "26 août 2027"."""
        written = self.month_day(day.month * 100 + day.day)
        return f"{written} {day.year}" if self.is_french else f"{written}, {day.year}"

    def short_day(self, day: date) -> str:
        """A day in ten signs, for columns: "08/26/2027", "2027-08-26"."""
        return day.isoformat() if self.is_french else f"{day:%m/%d}/{day.year:04}"

    def month(self, day: date) -> str:
        """The month of a day, for axes: "Aug 2027", "août 2027"."""
        if self.is_french:
            return f"{_FRENCH_MONTHS[day.month - 1]} {day.year}"
        return f"{show_month_day(day.month * 100 + 1).partition(' ')[0]} {day.year}"

    def month_day(self, month_day: int) -> str:
        """A day of every year from month * 100 + day: "Feb 22", "22 févr."."""
        if not self.is_french:
            return show_month_day(month_day)
        month, day = divmod(month_day, 100)
        return f"{'1er' if day == 1 else day} {_FRENCH_MONTHS[month - 1]}"

    def short_month_day(self, month_day: int) -> str:
        """The same in six signs at most, for columns: "Feb 22", "02-22"."""
        month, day = divmod(month_day, 100)
        return f"{month:02}-{day:02}" if self.is_french else show_month_day(month_day)

    def phone(self, e164: str) -> str:
        """A stored number: "(519) 555-0143", "519 555-0143"; foreign ones with their country code."""
        shown = show_phone(e164)
        return shown.replace("(", "").replace(")", "") if self.is_french and shown.startswith("(") else shown

    def money_from(self, text: str) -> Decimal:
        """An amount of 0 or more, as typed in either way. Raises services.rules.Problem."""
        return clean_money(text, self._figure("284,310.55"))

    def rate_from(self, text: str) -> Decimal:
        """Per cent from 0 to 100 with at most three decimals, as typed in either way. Raises services.rules.Problem."""
        return clean_rate(text, self.rate(Decimal("4.89")))

    def day_from(self, text: str) -> date:
        """A day from 1900 to 2199, as typed in either way; 03/04/2027 is read day first in French.

        Raises services.rules.Problem.
        """
        return clean_date(text, "dmy" if self.is_french else "mdy")

    def _with_dollar(self, amount: Decimal, figure: str, unit: str = "") -> str:
        minus = "-" if amount < 0 and figure.strip("0.,") else ""
        if self.is_french:
            return f"{minus}{self._figure(figure)}{NO_BREAK}{unit}$"
        return f"{minus}${figure}{unit}"

    def _figure(self, english: str) -> str:
        return english.replace(",", NO_BREAK).replace(".", ",") if self.is_french else english


ENGLISH = Conventions(Writing.ENGLISH)
FRENCH = Conventions(Writing.FRENCH)
CONVENTIONS = {Writing.ENGLISH: ENGLISH, Writing.FRENCH: FRENCH}
"""The conventions by the word that an agency's rules keep."""
