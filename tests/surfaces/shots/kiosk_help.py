"""Getting help at a kiosk, from the first question to the end of the chat."""

from __future__ import annotations

from datetime import timedelta

from peewee import fn

from models.help_queue import KioskVisit, StepRelease
from models.identity import Identity
from models.states import KioskStep, Role
from services.actor import Actor
from services.desk import Desk
from services.kiosks import key_file
from tests import making
from tests.surfaces.shots.asking import HOSTILE, LONG, newest_request
from tests.surfaces.shots.stage import Shoot, Stage
from tests.surfaces.term import Term


def play(stage: Stage) -> None:
    """Asked from the home screen, and talked to the end."""
    desk, made = stage.found()
    agent = making.make_staff(desk, made.agency, "ann@raystaging.example.com", first="Ann", last="Agent")
    identity = making.give_account(desk, made.admin, making.make_client(desk, made.agency))
    root = making.make_staff(desk, made.agency, "rita@raystaging.example.com", role=Role.ADMINISTRATOR)
    _, secret = desk.kiosks.enrol(root, "Lobby")
    key_file.keep(desk.ctx.settings.home, "Lobby", secret)
    with stage.terminal("kiosk", "--name", "Lobby") as (term, shoot):
        asked(term, shoot)
        talked(desk, agent, term, shoot)
        term.key("enter").expect("Reset my password", 20)
        passed(desk, agent, identity, term, shoot)


def asked(term: Term, shoot: Shoot) -> None:
    """Name and topic, with what is missing told."""
    term.expect("Get help", 30).key("tab").key("tab").key("enter").expect("What is your name?", 20)
    shoot("kiosk-help-name")
    term.key("enter").expect("Type it", 10)
    shoot("kiosk-help-name-empty")
    term.type("Nora Newcomer").key("enter").expect("What do you need help with?", 10)
    shoot("kiosk-help-topic")
    for _ in range(4):
        term.key("tab")
    term.key("enter").expect("What is it about?", 10)
    shoot("kiosk-help-words")
    term.type("My daughter's account").key("enter").expect("Your request is with the agents", 10)
    shoot("kiosk-help-waiting")


def talked(desk: Desk, agent: Actor, term: Term, shoot: Shoot) -> None:
    """Lines of all kinds, the question before the end, and an agent who closes."""
    number = newest_request(desk)
    term.type("Hello, is anybody there?").key("enter").expect("You  ", 10)
    desk.help_queue.take(agent, number)
    desk.help_queue.say(agent, number, "Hello Nora, this is Ann. Which address did you type?")
    term.expect("Which address", 10)
    shoot("kiosk-help-chat")
    for words in (LONG, HOSTILE, "Please look once more."):
        desk.help_queue.say(agent, number, words)
    term.expect("once more", 10)
    shoot("kiosk-help-chat-long")
    term.paste("w" * 10_000)
    for _ in range(20):
        term.paste("w" * 200)
    term.key("enter").expect("Shorten it", 10)
    shoot("kiosk-help-too-long")
    term.key("esc").expect("End the chat?", 10)
    shoot("kiosk-help-leave")
    term.key("tab").key("enter").expect("is helping you", 10)
    desk.help_queue.close(agent, number, "Everything is fine again.")
    term.expect("closed", 10)
    shoot("kiosk-help-closed")


def passed(desk: Desk, agent: Actor, identity: Identity, term: Term, shoot: Shoot) -> None:
    """In the middle of a reset the agent lets the person pass a step."""
    term.key("enter").expect("What is your e-mail address?", 20).type(identity.email).key("enter")
    term.expect("Type the address once more", 20).type(identity.email).key("enter")
    term.expect("Type the code from your mail", 20).settle(0.3, 3)
    shoot("kiosk-help-amid")
    while "▸ Get help" not in term.text:
        term.key("tab").settle(0.2, 3)
    term.key("enter").expect("What is your name?", 20).type("Brent").key("enter")
    term.expect("▸ Forgotten", 20).key("enter").expect("You are next.", 20)
    number = newest_request(desk)
    desk.help_queue.take(agent, number)
    desk.help_queue.say(agent, number, "I know you now, Brent. You need no code.")
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        visit = KioskVisit.select(fn.MAX(KioskVisit.id)).scalar()
        StepRelease.create(
            visit=visit,
            identity=identity,
            step=KioskStep.CODE,
            agent=agent.identity_id,
            created_at=now,
            expires_at=now + timedelta(minutes=10),
        )
    term.expect("let you pass this step", 20)
    shoot("kiosk-help-passed")
