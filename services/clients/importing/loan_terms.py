"""What lists say of a mortgage in words: how long, and how often it is paid."""

from __future__ import annotations

from models.states import PaymentEvery
from services.rule_lengths import clean_months
from services.rules import Problem
from services.text import fold

_MOST_BARE_TERM = 10
"""Years; no lender gives a longer term, so that a greater number counts months."""
_MOST_TERM, _MOST_AMORTISATION = 480, 600
"""Months that the table takes."""

_EVERY = {
    PaymentEvery.MONTH: ("monthly", "month", "every month", "12", "mensuel", "mensuelle", "par mois"),
    PaymentEvery.HALF_MONTH: ("semi-monthly", "semimonthly", "twice a month", "24", "bimensuel", "bimensuelle"),
    PaymentEvery.TWO_WEEKS: (
        *("bi-weekly", "biweekly", "every two weeks", "every 2 weeks", "fortnightly", "26"),
        *("aux deux semaines", "aux 2 semaines", "toutes les deux semaines"),
    ),
    PaymentEvery.TWO_WEEKS_FASTER: (
        *("bi-weekly faster", "accelerated bi-weekly", "accelerated biweekly", "bi-weekly accelerated"),
        *("biweekly accelerated", "aux deux semaines accéléré", "accéléré aux deux semaines"),
    ),
    PaymentEvery.WEEK: ("weekly", "week", "every week", "52", "hebdomadaire", "chaque semaine"),
    PaymentEvery.WEEK_FASTER: (
        *("weekly faster", "accelerated weekly", "weekly accelerated", "hebdomadaire accéléré"),
        "accéléré hebdomadaire",
    ),
}
_BY_WORD = {fold(word): every for every, words in _EVERY.items() for word in words}


def clean_every(text: str) -> PaymentEvery:
    """How often is paid, in English or French words, or as payments in a year."""
    every = _BY_WORD.get(fold(text[:100]))
    if every is None:
        raise Problem("This says not how often is paid. Write monthly, semi-monthly, bi-weekly or weekly.")
    return every


def clean_term(text: str, *, in_months: bool = False) -> int:
    """The length of a term in months; a number alone counts years, or months where the header says so."""
    text = _with_unit(text, in_months)
    if text.isdecimal() and int(text[:9]) > _MOST_BARE_TERM:
        raise Problem(
            f"It is not clear whether these are years or months. Write {int(text[:9])} months, or fewer years."
        )
    return clean_months(text, _MOST_TERM)


def clean_amortisation(text: str, *, in_months: bool = False) -> int:
    """The same for how long it takes to pay a mortgage off."""
    return clean_months(_with_unit(text, in_months), _MOST_AMORTISATION)


def counts_months(header: str) -> bool:
    """Whether a header says that its numbers are months."""
    return bool({"months", "month", "mois"} & set(fold(header).split()))


def _with_unit(text: str, in_months: bool) -> str:
    text = text.strip()
    return f"{text} months" if in_months and text.isdecimal() else text
