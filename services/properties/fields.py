"""The fields of the two forms: cleaned, written as the agency writes them, and what about them is odd."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from models.client import Mortgage
from models.states import PaymentEvery
from services.conventions import Conventions
from services.errors import Invalid
from services.mortgages.payments import payment
from services.mortgages.schedule import left_of, pays_off
from services.properties.values import MortgageFields, MortgageRecord, PropertyFields, PropertyRecord
from services.rule_lengths import clean_months, months_after, show_months
from services.rules import Problem, clean_text

T = TypeVar("T")

ADDRESS_LIMIT = 300
LENDER_LIMIT = int(Mortgage.lender.max_length)
MOST_TERM, MOST_AMORTISATION = 480, 600
"""Months; the table holds no more."""

_CENT, _THOUSANDTH = Decimal("0.01"), Decimal("0.001")

ODD_RATE = Decimal(15)
"""Per cent above which a rate is asked about: no Canadian mortgage has cost so much since the early 1980s."""


@dataclass(frozen=True, slots=True)
class CleanProperty:
    """The fields of a property that hold, as they are stored."""

    address: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class CleanMortgage:
    """The fields of a mortgage that hold, as they are stored."""

    lender: str
    balance: Decimal | None
    rate: Decimal | None
    renewal_on: date | None
    anniversary_on: date | None
    term_months: int | None
    amortisation_months: int | None
    payment: Decimal | None
    payment_every: PaymentEvery | None


def clean_property(fields: PropertyFields, written: Conventions) -> CleanProperty:
    """A property as it would be stored. Raises Invalid."""
    take = _Taking(fields)
    address = take("address", lambda text: clean_text(text, ADDRESS_LIMIT)) or ""
    value = take("value", lambda text: written.money_from(text).quantize(_CENT))
    if not take.problems and not address and value is None:
        take.problems["address"] = "Nothing is known of this property. Type its address."
    take.refuse()
    return CleanProperty(address, value)


def clean_mortgage(fields: MortgageFields, written: Conventions) -> CleanMortgage:
    """A mortgage as it would be stored. Raises Invalid."""
    take = _Taking(fields)
    clean = CleanMortgage(
        lender=take("lender", lambda text: clean_text(text, LENDER_LIMIT)) or "",
        balance=take("balance", lambda text: written.money_from(text).quantize(_CENT)),
        rate=take("rate", lambda text: written.rate_from(text).quantize(_THOUSANDTH)),
        renewal_on=take("renewal_on", written.day_from),
        anniversary_on=take("anniversary_on", written.day_from),
        term_months=take("term", lambda text: clean_months(text, MOST_TERM)),
        amortisation_months=take("amortisation", lambda text: clean_months(text, MOST_AMORTISATION)),
        payment=take("payment", lambda text: written.money_from(text).quantize(_CENT)),
        payment_every=take("payment_every", _every),
    )
    for name, sentence in _mismatches(clean, written).items():
        take.problems.setdefault(name, sentence)
    take.refuse()
    return clean


def problems_of(clean: Callable[[], object]) -> dict[str, str]:
    """What is wrong with fields as typed: field name to sentence, in the order of the form."""
    try:
        clean()
    except Invalid as refusal:
        return refusal.problems
    return {}


def property_shown(clean: CleanProperty, written: Conventions) -> PropertyFields:
    """Stored fields as the form shows them."""
    return PropertyFields(clean.address, "" if clean.value is None else written.money(clean.value))


def mortgage_shown(clean: CleanMortgage, written: Conventions) -> MortgageFields:
    """Stored fields as the form shows them."""

    def shown(value: T | None, show: Callable[[T], str]) -> str:
        return "" if value is None else show(value)

    return MortgageFields(
        lender=clean.lender,
        balance=shown(clean.balance, written.money),
        rate=shown(clean.rate, written.rate),
        renewal_on=shown(clean.renewal_on, written.day),
        anniversary_on=shown(clean.anniversary_on, written.day),
        term=shown(clean.term_months, show_months),
        amortisation=shown(clean.amortisation_months, show_months),
        payment=shown(clean.payment, written.money),
        payment_every=shown(clean.payment_every, lambda every: every.value),
    )


def calculated(fields: MortgageFields, written: Conventions, today: date) -> MortgageFields:
    """The fields with what follows from the others in the place of what is empty: the renewal day, the payment.

    The payment pays today's balance off in what is left of the amortisation, counted from the anniversary if that is
    known. Fields that do not hold count as empty.
    """
    clean = _as_far_as_it_holds(fields, written)
    if not fields.renewal_on.strip() and clean.anniversary_on and clean.term_months:
        fields = replace(fields, renewal_on=written.day(months_after(clean.anniversary_on, clean.term_months)))
    if not fields.payment.strip() and (amount := _payment(clean, today)) is not None:
        fields = replace(fields, payment=written.money(amount))
    return fields


def doubts(
    before: MortgageRecord | None, wanted: CleanMortgage, home: PropertyRecord, written: Conventions, today: date
) -> tuple[str, ...]:
    """What is allowed but odd about a change, a sentence for each thing, so that somebody looks twice.

    Args:
        before: the mortgage as it stands; None for a new one. What stays as it is is not asked about.
        home: the property, with all its mortgages.
    """

    def differs(*names: str) -> bool:
        return before is None or any(getattr(before, name) != getattr(wanted, name) for name in names)

    told = []
    if wanted.rate is not None and differs("rate") and (wanted.rate == 0 or wanted.rate > ODD_RATE):
        told.append(f"A rate of {written.rate(wanted.rate)} is rare. Check it with the lender's paper.")
    if wanted.renewal_on is not None and differs("renewal_on") and wanted.renewal_on < today:
        told.append(f"The renewal date, {written.day(wanted.renewal_on)}, is over. It will be marked as such.")
    if differs("balance", "rate", "payment", "payment_every") and _never_ends(wanted):
        told.append("The payment does not cover the interest, so that the balance would never be paid off.")
    if differs("balance"):
        others = [loan.balance for loan in home.mortgages if before is None or loan.id != before.id]
        known = [amount for amount in (wanted.balance, *others) if amount is not None]
        told += owing_more(home.value, sum(known, Decimal(0)), written)
    return tuple(told)


def owing_more(value: Decimal | None, owed: Decimal, written: Conventions) -> tuple[str, ...]:
    """The sentence about more being owed on a property than it is worth; none if that is not so, or not known."""
    if value is None or owed <= value:
        return ()
    return (f"More is owed on this property than it is worth: {written.money(owed)} on {written.money(value)}.",)


def _never_ends(clean: CleanMortgage) -> bool:
    if clean.balance is None or clean.rate is None or clean.payment is None or clean.payment_every is None:
        return False
    return not pays_off(clean.balance, clean.rate, clean.payment, clean.payment_every)


def _payment(clean: CleanMortgage, today: date) -> Decimal | None:
    if clean.balance is None or clean.rate is None or clean.amortisation_months is None or clean.payment_every is None:
        return None
    left = left_of(clean.amortisation_months, clean.anniversary_on or today, today)
    return payment(clean.balance, clean.rate, left, clean.payment_every) if left and clean.balance else None


def _mismatches(clean: CleanMortgage, written: Conventions) -> dict[str, str]:
    """What cannot be true together: the field to be put right, and why."""
    told: dict[str, str] = {}
    if not any((clean.lender, clean.balance is not None, clean.rate is not None, clean.renewal_on)):
        told["lender"] = "Too little is known of this mortgage. Type its lender, balance, rate or renewal date."
    if clean.renewal_on and clean.anniversary_on and clean.renewal_on <= clean.anniversary_on:
        began = written.day(clean.anniversary_on)
        told["renewal_on"] = f"The mortgage began only on {began}. Check which of the two dates is wrong."
    if clean.term_months and clean.amortisation_months and clean.term_months > clean.amortisation_months:
        whole = show_months(clean.amortisation_months)
        told["term"] = f"The term is longer than the whole amortisation, {whole}. Check both."
    if clean.payment is not None and clean.payment_every is None:
        told["payment_every"] = "Choose how often this payment is made."
    return told


def _as_far_as_it_holds(fields: MortgageFields, written: Conventions) -> CleanMortgage:
    wrong = problems_of(lambda: clean_mortgage(fields, written))
    emptied: Any = {name: "" for name in wrong if name != "lender"}
    try:
        return clean_mortgage(replace(fields, lender="-", **emptied), written)
    except Invalid:
        return clean_mortgage(MortgageFields(lender="-"), written)


def _every(text: str) -> PaymentEvery:
    try:
        return PaymentEvery(text)
    except ValueError as error:
        raise Problem("Choose how often is paid.") from error


class _Taking:
    """Cleans one field after the other; what did not hold is in `problems` and stays unknown, as does what is empty."""

    def __init__(self, fields: PropertyFields | MortgageFields) -> None:
        self.problems: dict[str, str] = {}
        self._fields = fields

    def __call__(self, name: str, rule: Callable[[str], T]) -> T | None:
        text = str(getattr(self._fields, name))
        try:
            return rule(text) if text.strip() else None
        except Problem as problem:
            self.problems[name] = problem.sentence
            return None

    def refuse(self) -> None:
        """Raise Invalid if something did not hold."""
        if self.problems:
            order = list(type(self._fields).__dataclass_fields__)
            raise Invalid(dict(sorted(self.problems.items(), key=lambda item: order.index(item[0]))))
