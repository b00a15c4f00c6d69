"""Getting help from a human: asked at the sign-in form and from the own account, answered by an agent."""

from __future__ import annotations

from datetime import UTC, datetime

from peewee import fn

from models.help_queue import HelpRequest
from services.actor import Actor
from services.clock import ManualClock
from services.desk import Desk
from tests import making
from tests.surfaces.shots.stage import Shoot, Stage
from tests.surfaces.term import Term

HOSTILE = "[/x][@click=app.quit]click here[/] \x1b[2J\u202eesrever\u200b 漢字漢字 " + "W" * 200
LONG = "I have looked at my old computer, at the new one and at the phone of my daughter, and nowhere is a mail. " * 3


def play(stage: Stage) -> None:
    """A stranger at the sign-in form, then a client at home."""
    desk, made = stage.found()
    agent = making.make_staff(desk, made.agency, "ann@raystaging.example.com", first="Ann", last="Agent")
    client = making.make_client(desk, made.agency)
    making.give_account(desk, made.admin, client)
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20).key("f6").expect("It is about", 20)
        shoot("help-ask")
        term.key("f2").expect("Type it", 10)
        shoot("help-ask-empty")
        fill_in(term)
        term.expect("Your request is with the agents", 20)
        shoot("help-waiting")
        answered(desk, agent, term, shoot)
        left(term, shoot)
    stage.remember(made.agency.code, client.email)
    with stage.terminal() as (term, shoot):
        term.expect("Sign in with your account", 20).settle(0.2, 5)
        term.type(making.PASSWORD.reveal()).key("enter").expect("Welcome, Brent", 30)
        shoot("help-home")
        term.key("h").expect("It is about", 20)
        shoot("help-home-ask")


def fill_in(term: Term) -> None:
    """Who asks, and about what."""
    term.type("Nora Newcomer").key("tab").key("right").key("tab").type("since this morning").key("f2")


def answered(desk: Desk, agent: Actor, term: Term, shoot: Shoot) -> None:
    """Lines of all kinds, and one that is too long."""
    number = newest_request(desk)
    term.type("Hello, is anybody there?").key("enter")
    term.expect("You  ", 10)
    desk.help_queue.take(agent, number)
    desk.help_queue.say(agent, number, "Hello Nora, this is Ann. Which address did you type?")
    term.expect("Which address", 10)
    shoot("help-chat")
    for words in (LONG, HOSTILE, "Please look once more."):
        desk.help_queue.say(agent, number, words)
    term.expect("once more", 10).type(LONG[:150]).key("enter")
    shoot("help-chat-long")
    term.key("shift+tab").key("home").settle(0.3, 3)
    desk.help_queue.say(agent, number, "Are you still there?")
    shoot("help-chat-above")
    term.key("tab").paste("w" * 10_000).key("enter").expect("Shorten it", 10)
    shoot("help-chat-too-long")


def newest_request(desk: Desk) -> int:
    """The number of the request that was made last; from here on the desk lives in the present."""
    assert isinstance(desk.ctx.clock, ManualClock)
    desk.ctx.clock.set(datetime.now(UTC))
    with desk.ctx.read():
        return int(HelpRequest.select(fn.MAX(HelpRequest.id)).scalar())


def left(term: Term, shoot: Shoot) -> None:
    """The question before one leaves."""
    term.key("esc").expect("Leave the chat?", 10)
    shoot("help-leave")
    term.key("y").expect("Sign in with your account", 10)
