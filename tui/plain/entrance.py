"""Signing in, by the front door or the old one."""

from __future__ import annotations

from models.states import Awaited
from services.actor import Actor
from services.entry.proving import WrongCode
from services.entry.words import APP_CODE, CODE_SENT_AGAIN, why_mailed_code, without_app
from services.errors import Refused, TooSoon, WrongSignIn
from services.remembered import Remembered, remember_person
from services.when import show_wait
from tui.plain.first_steps import first_steps
from tui.plain.sitting import Sitting

_AGAIN = "again"


def sign_in(sitting: Sitting) -> None:
    """Company code, user name and password, then whatever else is asked for. Raises Back or Leave."""
    if sitting.ssh_key and sitting.talk.agree("Sign in with your SSH key?") and _by_key(sitting):
        return
    known = sitting.memory.recall()
    if known.user_name and known.company_code:
        sitting.talk.say(f"Signed in here last: {known.user_name}, company code {known.company_code}.")
        if sitting.talk.agree("Is that you?"):
            sign_in_as(sitting, known)
            return
    code = "" if known.user_name else known.company_code
    if code:
        sitting.talk.say(f"Company code: {code}.")
    else:
        code = sitting.talk.ask("Company code", about=("Your welcome mail names the company code.",))
    sign_in_as(sitting, Remembered(code, sitting.talk.ask("User name", about=("This is your e-mail address.",))))


def sign_in_as(sitting: Sitting, whom: Remembered) -> None:
    """The same once it is known who it is."""
    while True:
        password = sitting.talk.ask_secret("Password", about=("Nothing is shown while you type.",))
        try:
            actor = sitting.desk.sign_in.sign_in(whom.company_code, whom.user_name, password, sitting.origin)
        except TooSoon as refusal:
            sitting.talk.say_each(refusal.sentence)
        except WrongSignIn as refusal:
            _say_wrong(sitting, refusal)
        else:
            break
    remember_person(sitting.memory, whom.company_code, whom.user_name)
    _come_in(sitting, actor)


def _by_key(sitting: Sitting) -> bool:
    """Whether the key signs somebody in; why it does not is told."""
    try:
        actor = sitting.desk.sign_in.by_key(sitting.ssh_key, sitting.origin)
    except (Refused, TooSoon) as refusal:
        sitting.talk.say_each(refusal.sentence)
        return False
    _come_in(sitting, actor)
    return True


def access_key(sitting: Sitting) -> None:
    """The old way in. Raises Back or Leave."""
    talk = sitting.talk
    talk.say("This is for accounts of the old system that have not been moved yet.")
    key = talk.ask_secret("Access key of your agency").reveal().strip()
    user_name = talk.ask("User name of the old system")
    office = talk.ask("Name of your office")
    while True:
        password = talk.ask_secret("Password of the old system")
        try:
            actor = sitting.desk.legacy.sign_in(key, user_name, password, office, sitting.origin)
        except TooSoon as refusal:
            talk.say_each(refusal.sentence)
        except WrongSignIn as refusal:
            _say_wrong(sitting, refusal)
        else:
            break
    _come_in(sitting, actor)


def _say_wrong(sitting: Sitting, refusal: WrongSignIn | WrongCode) -> None:
    sitting.talk.say_each(refusal.sentence)
    if refusal.wait:
        sitting.talk.say(f"The next try is heard in {show_wait(refusal.wait)}.")


def _come_in(sitting: Sitting, actor: Actor) -> None:
    """Whatever the session still lacks; whoever stops on the way is signed in nowhere."""
    sitting.arrive(actor)
    came = False
    try:
        while sitting.actor.awaits is not None:
            sitting.arrive(_prove(sitting, sitting.actor, sitting.actor.awaits))
        came = not sitting.actor.limited or first_steps(sitting)
    finally:
        if not came:
            sitting.sign_out()
    if came:
        sitting.talk.say(f"You are signed in as {sitting.actor.name}, {sitting.actor.role}.")
    else:
        sitting.talk.say("You are signed out.")


def _prove(sitting: Sitting, actor: Actor, awaits: Awaited) -> Actor:
    talk, service = sitting.talk, sitting.desk.sign_in
    agency = sitting.desk.agencies.view(actor.agency_id)
    mailed = awaits is Awaited.MAILED_CODE
    lead = why_mailed_code(agency) if mailed else (APP_CODE, without_app(agency))
    talk.say_each(*lead)
    question = f"Code of the mail, or {_AGAIN} for another mail" if mailed else "Code of the app"
    while True:
        code = talk.ask_secret(question, about=lead)
        try:
            if mailed and code.reveal().strip().casefold() == _AGAIN:
                service.send_code_again(actor)
                talk.say_each(CODE_SENT_AGAIN)
            else:
                return service.prove_mailed(actor, code) if mailed else service.prove(actor, code)
        except WrongCode as refusal:
            _say_wrong(sitting, refusal)
        except TooSoon as refusal:
            talk.say_each(refusal.sentence)
