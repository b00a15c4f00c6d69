"""Who there is in a sandbox before any scene: the people of the sample lists, with accounts in all states.

Everything is made by the services that make it at a real desk, so that a sandbox holds nothing that a desk could not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from models.client import Client
from services import person_key
from services.actor import Actor
from services.credentials import totp
from services.credentials.passwords import Secret
from services.desk import Desk
from services.kiosks import key_file
from services.new_agency import NewAgency
from services.person_key import PersonKey
from services.sample import sample_clients_path, sample_legacy_path, sample_staff_path
from services.sandbox import people
from services.sandbox.past import ago
from services.sandbox.people import ADMINISTRATOR, AGENCY, AGENT, AT_DESK, AT_HOME, COMPANY_CODE, PASSWORD, SUPERVISOR
from services.sandbox.post import REFUSED_DOMAINS, deliver

KIOSK = "Lobby"
"""The name of the sandbox's kiosk."""

COLLEAGUES = (SUPERVISOR, AGENT)
"""Who works at the desk besides the administrator, with an authenticator app; everybody else has no account yet."""

LIVELY = 32
"""Clients at the top of the list who have something to do with accounts; the others are in the list only."""

_LEFT_ALONE = frozenset(
    ("brent@mortgageclient.com", "brittany.brown@example.ca", "chris.webber@example.ca", "cindy.baxter@example.ca")
)
"""The people of the seeds, whom the scenes make what they need."""

Told = Callable[[str], None]


def populate(desk: Desk, told: Told) -> None:
    """Fill an empty desk; `told` hears what is being made, in a few words."""
    told("the agency")
    with ago(desk, timedelta(days=60)):
        _found(desk)
    with ago(desk, timedelta(days=58)):
        told("office staff, and the accounts of the old system")
        admin = people.acting(desk, "Ray Ellison")
        desk.staff_imports.run(admin, sample_staff_path())
        desk.legacy_imports.run(admin, sample_legacy_path())
        told("1,204 clients")
        desk.imports.run(admin, sample_clients_path())
    told("accounts in all states")
    with ago(desk, timedelta(days=50)):
        for email in COLLEAGUES:
            give_account(desk, email)
            arrive(desk, email)
        arrive(desk, ADMINISTRATOR)
        _kiosk(desk)
    _enliven(desk)


def give_account(desk: Desk, email: str, by: Actor | None = None) -> None:
    """An account for somebody of the lists, which they have not activated yet: its welcome mail is delivered."""
    actor = by or people.acting(desk)
    plan = desk.creation.preview(actor, people.person(desk, email)).plan
    desk.creation.create(actor, plan)
    deliver(desk)


def activate(desk: Desk, email: str) -> None:
    """Follow the link of the welcome mail and choose PASSWORD."""
    desk.recovery.choose_password(people.mailed_link(desk, email), "", Secret(PASSWORD), AT_HOME)


def arrive(desk: Desk, email: str) -> None:
    """Follow the welcome mail if there is one that was not, then take all first steps and sign out."""
    if email != ADMINISTRATOR:
        activate(desk, email)
    first_steps(desk, people.sign_in(desk, email))


def first_steps(desk: Desk, actor: Actor) -> None:
    """What somebody owes who has signed in, and sign out."""
    if actor.limited:
        owed = desk.onboarding.owed(actor)
        if owed.second_factor:
            enrol(desk, actor)
        if owed.questions:
            desk.onboarding.set_questions(actor, people.answered())
        actor = desk.onboarding.finish(actor)
    desk.sign_in.sign_out(actor)


def enrol(desk: Desk, actor: Actor) -> None:
    """Set up an authenticator app for somebody signed in who has PASSWORD, and keep its recovery codes."""
    key = desk.second_factor.begin(actor, Secret(PASSWORD)).key.reveal().replace(" ", "")
    desk.second_factor.confirm(actor, Secret(people.app_code(key, totp.step_at(desk.ctx.clock.now()))))
    desk.second_factor.keep_codes(actor)


def _found(desk: Desk) -> None:
    founder = NewAgency(
        name=AGENCY,
        code=COMPANY_CODE,
        address="12 Harbour Road\nSan Diego",
        phone="(519) 555-0143",
        email="office@raystaging.example",
        admin_first="Ray",
        admin_last="Ellison",
        admin_email=ADMINISTRATOR,
        password=Secret(PASSWORD),
    )
    desk.agencies.found(founder, AT_DESK)


def _kiosk(desk: Desk) -> None:
    admin = people.acting(desk, "Ray Ellison")
    _, secret = desk.kiosks.enrol(admin, KIOSK)
    key_file.keep(desk.ctx.settings.home, KIOSK, secret)


# -- the top of the list ---------------------------------------------------------------------


def _enliven(desk: Desk) -> None:
    """Let the clients whom the desk shows first stand as they would after some weeks."""
    with desk.ctx.read():
        rows: Any = (
            Client.select(Client.id, Client.email)
            .where(Client.identity.is_null() & (Client.email != "") & Client.email.not_in(_LEFT_ALONE))
            .order_by(Client.name_key)
            .limit(LIVELY)
            .tuples()
        )
        found: list[tuple[int, str]] = list(rows)
    for number, (client_id, email) in enumerate(found):
        with ago(desk, _in_office_hours(desk, number)):
            _STORIES[number % len(_STORIES)](desk, person_key.client(client_id), email)


def _in_office_hours(desk: Desk, number: int) -> timedelta:
    """How long ago a story of the last weeks began: the higher its number, the later."""
    now = desk.ctx.clock.now()
    day = (now - timedelta(days=40 - number * 36 / LIVELY)).astimezone()
    return now - day.replace(hour=9 + number % 8, minute=7 * number % 60, second=11 * number % 60)


def _active(desk: Desk, person: PersonKey, email: str) -> None:
    give_account(desk, email)
    activate(desk, email)
    first_steps(desk, people.sign_in(desk, email, AT_HOME))


def _waiting(desk: Desk, person: PersonKey, email: str) -> None:
    give_account(desk, email)


def _left(desk: Desk, person: PersonKey, email: str) -> None:
    give_account(desk, email)
    activate(desk, email)
    desk.accounts.deactivate(people.acting(desk), person, "has moved to another lender")


def _bounced(desk: Desk, person: PersonKey, email: str) -> None:
    """Somebody mistyped the address when it was taken down."""
    actor = people.acting(desk)
    record = desk.clients.get(actor, person.id)
    wrong = f"{email.partition('@')[0]}@{REFUSED_DOMAINS[-1]}"
    desk.clients.save(actor, person.id, record.version, replace(record.fields, email=wrong))
    give_account(desk, wrong)


def _in_list(desk: Desk, person: PersonKey, email: str) -> None:
    """No account yet."""


Story = Callable[[Desk, PersonKey, str], None]
_STORIES: Sequence[Story] = (
    _active,
    _in_list,
    _active,
    _waiting,
    _in_list,
    _active,
    _in_list,
    _left,
    _active,
    _in_list,
    _waiting,
    _in_list,
    _bounced,
)
