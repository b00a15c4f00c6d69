"""What the tests of practice share: a sandbox, a trainee, and a trainee who does everything right."""

from __future__ import annotations

from dataclasses import replace

from models.agency import Agency, Office
from services import person_key
from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.audit import Action
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.legacy.values import access_key_hash
from services.mail.delivery import Delivery
from services.practice.queue import Practice
from services.practice.values import ANSWERS, Fact, Kind, Outcome
from services.verification.values import Level
from tests import making
from tests.making import MadeAgency

PEOPLE = 16
"""Clients of a small sandbox, from whom the callers are chosen."""


def sandbox(desk: Desk) -> tuple[Desk, MadeAgency]:
    """A desk with a mail server, an office, an access key of the old system, and clients without an account."""
    desk = Desk(making.with_mail_server(desk.ctx))
    ray = making.make_agency(desk)
    for number in range(PEOPLE):
        columns = {"date_of_birth": f"19{60 + number}-03-{10 + number}", "phone": f"+15195550{100 + number}"}
        making.make_client(
            desk, ray.agency, f"client{number}@example.ca", first=f"First{number}", last=f"Last{number}", **columns
        )
    with desk.ctx.unit():
        Office.create(agency=ray.agency, name="Ray Staging", name_key="ray staging")
        Agency.update(access_key_hash=access_key_hash(desk.ctx, "HTK4-92QX-7MDP-55TZ")).execute()
    return desk, ray


class OneCall(Practice):
    """A queue of one caller of a certain kind."""

    def __init__(self, desk: Desk, kind: Kind, seed: int = 1) -> None:
        super().__init__(desk, callers=1, seed=seed)
        self.kinds = [kind]


def trainee(desk: Desk, ray: MadeAgency) -> Actor:
    """An agent, signed in."""
    return making.make_staff(desk, ray.agency, "trainee@raystaging.example.com")


def deliver(desk: Desk) -> None:
    """Let the mail that waits have arrived."""
    mail = replace(desk.ctx.settings.mail, host="")
    Delivery(replace(desk.ctx, settings=replace(desk.ctx.settings, mail=mail))).run_once()


def verify(desk: Desk, actor: Actor, practice: Practice, level: Level) -> None:
    """Ask what the desk asks, type what the caller says; mail a code too where one way is not enough."""
    person = practice.case.person
    questions = desk.verification.questions_for(actor, person)
    said = [practice.ask(fact).rstrip(".") for fact in ANSWERS]
    given = [Answered(one.key, Secret(words)) for one, words in zip(questions, said, strict=True)]
    desk.verification.check_answers(actor, person, given)
    if level is Level.CLEAR_FACTOR:
        desk.verification.send_code(actor, person)
        deliver(desk)
        digits = "".join(sign for sign in practice.ask(Fact.CODE) if sign.isdigit())
        desk.verification.check_code(actor, person, Secret(digits))


def do(desk: Desk, actor: Actor, action: Action, person: person_key.PersonKey, email: str = "") -> None:
    """One action of the desk, as its screens ask for it."""
    match action:
        case Action.CLIENT_CHANGED:
            record = desk.clients.get(actor, person.id)
            desk.clients.save(actor, person.id, record.version, replace(record.fields, email=email))
        case Action.RESET_SENT:
            desk.accounts.send_reset(actor, person, ResetReason.FORGOTTEN)
        case Action.WELCOME_RESENT:
            desk.accounts.resend_welcome(actor, person)
        case Action.TEMPORARY_SENT:
            desk.temporary.send(actor, person)
        case Action.ACCOUNT_CREATED:
            desk.creation.create(actor, desk.creation.preview(actor, person).plan)
        case Action.FACTOR_CLEARED:
            desk.clearing.second_factor(actor, person, "the phone is lost")
        case Action.ACCOUNT_REACTIVATED:
            desk.accounts.reactivate(actor, person, "the caller asked for it")
        case Action.ACCOUNT_DEACTIVATED:
            desk.accounts.deactivate(actor, person, "just in case")
        case _:
            raise AssertionError(action)


def perfect(desk: Desk, actor: Actor, practice: Practice) -> Outcome:
    """Play the call that rings as it should be."""
    case = practice.ring()
    practice.ask(Fact.NAME)
    practice.ask(Fact.BORN)
    if case.expected.suspect or case.expected.verified > Level.LOOK:
        verify(desk, actor, practice, case.expected.verified)
    for step in case.expected.steps:
        # Migrating goes with creating.
        if Action.LEGACY_MIGRATED not in step.actions:
            do(desk, actor, sorted(step.actions)[0], case.person, step.email)
    return practice.end(min(case.expected.endings))
