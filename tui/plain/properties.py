"""My Properties, read out: what it comes to, then one property after the other with its mortgages."""

from __future__ import annotations

from services.person_key import PersonKey
from services.properties.values import Portfolio
from services.properties.words import mortgage_facts, property_facts, property_warnings, totals_lines
from tui.plain.sitting import Sitting


def of_client(sitting: Sitting, person: PersonKey) -> None:
    """What a client owns and owes; it is changed on the screen. Raises NotFound or SignedOut."""
    _tell(sitting, sitting.desk.properties.of(sitting.actor, person.id))


def own(sitting: Sitting) -> None:
    """The same for the client who is signed in."""
    _tell(sitting, sitting.desk.properties.own(sitting.actor))


def _tell(sitting: Sitting, portfolio: Portfolio) -> None:
    talk = sitting.talk
    if not portfolio.properties:
        talk.say("No property is known.")
        return
    talk.say(*totals_lines(portfolio))
    for home in portfolio.properties:
        talk.say(f"Property: {_told(property_facts(home, portfolio))}.", *property_warnings(home, portfolio))
        for loan in home.mortgages:
            talk.say(f"Mortgage: {_told(mortgage_facts(loan, portfolio))}.")


def _told(facts: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{label.lower()} {value or 'not known'}" for label, value in facts)
