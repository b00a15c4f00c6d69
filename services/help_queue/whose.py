"""Who asks for help, of whom, and how often: looked at before a request is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from models.agency import Agency
from models.identity import LegacyUser
from services import persons, sessions, throttle
from services.accounts.identities import code_key
from services.actor import Actor, Origin
from services.context import Context
from services.errors import Invalid, TooSoon
from services.help_queue.masking import mask
from services.kiosks import standing, visits
from services.rules import Problem, clean_name, clean_text

LONGEST_TOPIC = 200

PERSON_AN_HOUR = 6
KIOSK_AN_HOUR = 30
"""Requests of one person or place, and of one kiosk, before which many stand."""

_HOUR = timedelta(hours=1)


def cleaned(name: str, topic: str) -> tuple[str, str]:
    """Both as they are kept. Raises Invalid for each that does not hold."""
    problems: dict[str, str] = {}
    kept = {"name": "", "topic": ""}
    cleaners: dict[str, tuple[Callable[[str], str], str]] = {"name": (clean_name, name), "topic": (_clean_topic, topic)}
    for field, (clean, typed) in cleaners.items():
        try:
            kept[field] = mask(clean(typed))
        except Problem as refusal:
            problems[field] = refusal.sentence
    if problems:
        raise Invalid(problems)
    return kept["name"], kept["topic"]


def _clean_topic(text: str) -> str:
    topic = clean_text(text, LONGEST_TOPIC)
    if not topic:
        raise Problem("Say in a few words what you need help with.")
    return topic


def claim(ctx: Context, origin: Origin, actor: Actor | None) -> None:
    """Count how often this person, kiosk or place asks, before anything is looked up; call it in `ctx.unit()`.

    Raises TooSoon.
    """
    if actor is not None:
        parts, most = ("person", str(actor.identity_id), str(actor.legacy_user_id)), PERSON_AN_HOUR
    elif origin.kiosk_id is not None:
        parts, most = ("kiosk", str(origin.kiosk_id), ""), KIOSK_AN_HOUR
    else:
        parts, most = ("place", origin.surface.value, origin.place), PERSON_AN_HOUR
    wait = throttle.claim_of(ctx, throttle.key(ctx, "help", *parts), _HOUR, most)
    if wait:
        minutes = f"{-(-wait // 60)} minutes" if wait > 60 else "a moment"
        raise TooSoon(f"Help was asked for here several times. Wait {minutes}, or call the office.", wait)


def columns_of(
    ctx: Context, origin: Origin, actor: Actor | None, visit_id: int | None, company_code: str
) -> dict[str, Any] | None:
    """Whose request it is, as columns; None for a company code that nobody has.

    Raises Refused or SignedOut; Invalid for no company code at all where there are several agencies.
    """
    if actor is not None:
        sessions.require(ctx, actor, limited=True)
        return _of_actor(actor)
    if origin.kiosk_id is not None:
        kiosk = standing.require(origin)
        if visit_id is not None:
            visits.present(origin, visit_id)
        return {"agency": kiosk.agency_id, "office": kiosk.office_id, "visit": visit_id}
    agency = lone_agency()
    if agency is None and not company_code.strip():
        raise Invalid({"company_code": "Type the company code. It is in every mail from us."})
    agency = agency or Agency.get_or_none(Agency.code_key == code_key(company_code))
    return None if agency is None else {"agency": agency.id}


def lone_agency() -> Agency | None:
    """The only agency there is; None where there are several."""
    found = list(Agency.select(Agency.id).limit(2))
    return found[0] if len(found) == 1 else None


def _of_actor(actor: Actor) -> dict[str, Any]:
    key, office = persons.owner(actor.identity_id)
    if actor.legacy_user_id is not None:
        office = LegacyUser.get_by_id(actor.legacy_user_id).office_id
    return {
        "agency": actor.agency_id,
        "office": office,
        "identity": actor.identity_id,
        **persons.numbers(key),
    }
