"""What there is to do: for everybody at the entrance, for clients and for staff after signing in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from services.person_key import PersonKey, PersonKind
from services.when import show_moment
from tui.one_person import find, lines_of
from tui.plain.analytics import of_agency
from tui.plain.help import get_help
from tui.plain.help_requests import help_requests
from tui.plain.own import own_account
from tui.plain.pages import page_through
from tui.plain.person import open_person
from tui.plain.properties import own
from tui.plain.sitting import Choice, Sitting

MOST = 1_000
"""People of a search that are gone through: whoever finds more types more words."""

_NOUNS = {PersonKind.CLIENT: ("client", "clients"), PersonKind.STAFF: ("person", "people of the office staff")}


def at_home(sitting: Sitting) -> None:
    """Until somebody signs out. Raises SignedOut or Leave."""
    if sitting.actor.is_staff:
        sitting.menu("Access desk. Type b to sign out.", lambda: _for_staff(sitting))
        return
    if sitting.actor.identity_id is not None:
        _tell_client(sitting)
    sitting.menu("My account. Type b to sign out.", lambda: _FOR_CLIENTS)


_MINE = (Choice("My password and security", own_account),)
_FOR_CLIENTS = (*_MINE, Choice("Get help from a person", get_help), Choice("My Properties", own))


def _for_staff(sitting: Sitting) -> Sequence[Choice]:
    choices = [
        Choice("Find a client", partial(find_people, PersonKind.CLIENT)),
        Choice("Find somebody of the office staff", partial(find_people, PersonKind.STAFF)),
    ]
    counts = sitting.desk.help_queue.counts(sitting.actor)
    choices.append(Choice(f"Help requests, {counts.waiting} waiting, {counts.mine} yours", help_requests))
    if sitting.actor.identity_id is not None:
        choices += _MINE
    choices.append(Choice("Analytics of the agency", of_agency))
    offices = sitting.desk.offices.mine(sitting.actor)
    if offices.can_switch:
        choices.append(Choice(f"Offices: you look at {offices.in_sight}", _switch_office))
    return choices


def find_people(kind: PersonKind, sitting: Sitting) -> None:
    """Words, how many there are, ten at a time, and one of them. Raises Back, SignedOut or Leave."""
    talk = sitting.talk
    about = ("Type the beginning of a name, an e-mail address or a phone number.",)
    words = talk.ask("Words to search for", about=about)
    count, people = find(sitting.desk, sitting.actor, kind, words, MOST)
    one, many = _NOUNS[kind]
    talk.say(f"{count:,} {one if count == 1 else many} found{':' if count else '. Search for other words.'}")
    if count > MOST:
        talk.say(f"The first {MOST:,} can be gone through. Type more words to find fewer.")
    if not people:
        return
    chosen = page_through(talk, len(people), lambda start, end: _page(sitting, people[start:end]), of="a person")
    if chosen is not None:
        open_person(people[chosen], sitting)


def _page(sitting: Sitting, people: list[PersonKey]) -> list[str]:
    found = {line.person: line for line in lines_of(sitting.desk, sitting.actor, people)}
    told = []
    for person in people:
        line = found.get(person)
        told.append("gone meanwhile" if line is None else f"{line.name}, {line.access}, {line.email}")
    return told


def _switch_office(sitting: Sitting) -> None:
    offices = sitting.desk.offices.mine(sitting.actor)
    choices: list[tuple[int | None, str]] = [(office.id, office.name) for office in offices.offices]
    chosen = sitting.talk.choose("Number of the office", [*choices, (None, offices.everything)])
    sitting.talk.say(f"You look at {sitting.desk.offices.switch(sitting.actor, chosen).in_sight}.")


def _tell_client(sitting: Sitting) -> None:
    home = sitting.desk.own.home(sitting.actor)
    now = sitting.desk.ctx.clock.now()
    last = show_moment(home.last_sign_in, now) if home.last_sign_in else "this is the first time"
    agency = home.agency
    sitting.talk.say(
        f"Welcome, {home.name}.",
        f"User name: {home.user_name}",
        f"Company code: {agency.code}",
        f"Last sign-in: {last}",
        f"Your agency: {agency.name}",
        *(f"Agency {what}: {text}" for what, text in (("phone", agency.phone), ("e-mail", agency.email)) if text),
    )
