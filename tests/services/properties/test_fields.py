"""The two forms: what holds, what does not and why, what follows from the rest, and what is odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from models.states import PaymentEvery
from services.conventions import ENGLISH, FRENCH
from services.errors import Invalid
from services.mortgages.payments import payment
from services.properties.fields import (
    calculated,
    clean_mortgage,
    clean_property,
    doubts,
    mortgage_shown,
    property_shown,
)
from services.properties.values import MortgageFields, MortgageRecord, PropertyFields, PropertyRecord

TODAY = date(2026, 11, 21)
SOUND = MortgageFields("Scotia", "284,310.55", "4.89%", "2027-08-26", "2022-08-26", "5 years", "25", "1,650", "monthly")
HOUSE = PropertyRecord(1, 1, "12 King St", Decimal(400_000), (), PropertyFields("12 King St"))


def told(**changed: str) -> dict[str, str]:
    """What is refused of a sound mortgage with these fields changed."""
    with pytest.raises(Invalid) as refused:
        clean_mortgage(replace(SOUND, **changed), ENGLISH)
    return refused.value.problems


def odd(**changed: str) -> tuple[str, ...]:
    return doubts(None, clean_mortgage(replace(SOUND, **changed), ENGLISH), HOUSE, ENGLISH, TODAY)


def stored(fields: MortgageFields) -> MortgageRecord:
    clean = clean_mortgage(fields, ENGLISH)
    return MortgageRecord(7, 1, 1, **{name: getattr(clean, name) for name in clean.__dataclass_fields__}, fields=fields)


def test_what_is_shown_is_read_as_itself_in_either_convention() -> None:
    for written in (ENGLISH, FRENCH):
        clean = clean_mortgage(SOUND, written)
        shown = mortgage_shown(clean, written)
        assert clean_mortgage(shown, written) == clean
        worth = clean_property(PropertyFields("12 King St", "500 000,00 $"), written)
        assert clean_property(property_shown(worth, written), written) == worth
    assert mortgage_shown(clean_mortgage(SOUND, ENGLISH), ENGLISH).balance == "$284,310.55"


def test_everything_but_what_names_it_may_be_missing() -> None:
    assert clean_property(PropertyFields("12 King St"), ENGLISH).value is None
    assert clean_mortgage(MortgageFields(rate="0"), ENGLISH).rate == 0
    assert clean_mortgage(MortgageFields(lender="Scotia"), ENGLISH).balance is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("balance", "-1"),
        ("rate", "-0.5"),
        ("rate", "101"),
        ("renewal_on", "2027-02-29"),
        ("anniversary_on", "soon"),
        ("term", "61 years"),
        ("amortisation", "0"),
        ("payment", "12.345"),
        ("payment_every", "daily"),
        ("lender", "x" * 101),
        ("lender", "a\x1b[2Jb"),
    ],
)
def test_what_does_not_hold_is_told_at_its_field(name: str, text: str) -> None:
    problems = told(**{name: text})
    assert list(problems) == [name]
    assert problems[name].endswith(".")


def test_several_problems_stand_in_the_order_of_the_form() -> None:
    assert list(told(payment="x", balance="y", renewal_on="z")) == ["balance", "renewal_on", "payment"]


def test_what_cannot_be_true_together_is_told() -> None:
    assert "began only on Aug 26, 2022" in told(renewal_on="2021-01-01")["renewal_on"]
    assert "longer than the whole amortisation" in told(term="26 years")["term"]
    assert "how often" in told(payment_every="")["payment_every"]
    with pytest.raises(Invalid, match="Too little is known"):
        clean_mortgage(MortgageFields(term="5"), ENGLISH)
    with pytest.raises(Invalid, match="Nothing is known"):
        clean_property(PropertyFields(), ENGLISH)


def test_a_29_february_may_be_an_anniversary() -> None:
    clean = clean_mortgage(replace(SOUND, anniversary_on="Feb 29, 2024", renewal_on=""), ENGLISH)
    assert clean.anniversary_on == date(2024, 2, 29)
    assert calculated(mortgage_shown(clean, ENGLISH), ENGLISH, TODAY).renewal_on == "Feb 28, 2029"


@pytest.mark.parametrize("rate", ["0", "25", "15.001"])
def test_a_rate_that_is_rare_holds_but_is_asked_about(rate: str) -> None:
    assert "is rare" in odd(rate=rate, payment="", payment_every="")[0]


def test_an_ordinary_mortgage_is_asked_nothing_about() -> None:
    assert odd() == odd(rate="15", payment="", payment_every="") == ()


def test_a_renewal_that_is_over_and_more_owed_than_it_is_worth_are_asked_about() -> None:
    assert "is over" in odd(renewal_on="2026-11-20")[0]
    assert odd(balance="400,000.01", payment="", payment_every="")[0].startswith("More is owed on this property")
    assert odd(balance="400,000", payment="", payment_every="") == ()


def test_other_mortgages_count_and_the_changed_one_does_not_count_twice() -> None:
    before = stored(SOUND)
    other = replace(before, id=8, balance=Decimal(100_000))
    house = replace(HOUSE, mortgages=(before, other))
    for balance, asked in (("300,000.01", True), ("299,999", False)):
        wanted = clean_mortgage(replace(SOUND, balance=balance), ENGLISH)
        assert bool(doubts(before, wanted, house, ENGLISH, TODAY)) is asked


def test_a_payment_below_the_interest_is_asked_about() -> None:
    assert "never be paid off" in odd(payment="500")[0]


def test_what_stays_as_it_is_is_not_asked_about_again() -> None:
    rare = replace(SOUND, rate="25", renewal_on="2026-01-01", payment="", payment_every="")
    wanted = clean_mortgage(replace(rare, lender="Scotiabank"), ENGLISH)
    assert doubts(stored(rare), wanted, HOUSE, ENGLISH, TODAY) == ()


def test_the_payment_follows_from_balance_rate_and_what_is_left_of_the_amortisation() -> None:
    empty = replace(SOUND, payment="", payment_every="bi-weekly faster")
    left = 300 - 50
    amount = payment(Decimal("284310.55"), Decimal("4.89"), left, PaymentEvery.TWO_WEEKS_FASTER)
    assert calculated(empty, ENGLISH, TODAY).payment == ENGLISH.money(amount)
    unknown = replace(empty, anniversary_on="", renewal_on="")
    whole = payment(Decimal("284310.55"), Decimal("4.89"), 300, PaymentEvery.TWO_WEEKS_FASTER)
    assert calculated(unknown, ENGLISH, TODAY).payment == ENGLISH.money(whole)


@pytest.mark.parametrize(
    "changed",
    [{"payment": "1"}, {"rate": ""}, {"rate": "x"}, {"amortisation": "4"}, {"payment_every": ""}, {"balance": "0"}],
)
def test_where_something_is_missing_or_typed_no_payment_is_made_up(changed: dict[str, str]) -> None:
    fields = replace(SOUND, **({"payment": ""} | changed))
    assert calculated(fields, ENGLISH, TODAY).payment == fields.payment
