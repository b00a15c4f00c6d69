"""The help queue of the desk: nobody, many, a chat with notes, somebody who has gone, hostile words, and refusals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.help_queue import HelpRequest, KioskVisit
from models.states import KioskStep, Role
from services.actor import Actor
from services.clock import ManualClock
from services.desk import Desk
from services.help_queue.values import Ticket
from tests import making
from tests.making import MadeAgency
from tests.screens.hostile import HOSTILE
from tests.services.help_queue.asking import asks, begin_visit, make_kiosk
from tests.surfaces.shots.stage import Shoot, Stage, close
from tests.surfaces.term import Term

LONG = "The mail with the code never came, not in the spam folder either, and I need to see my mortgage today. "


def play(stage: Stage) -> None:
    """The desk of an administrator, with everything that happens at the counter."""
    desk, ray = stage.found()
    bob = making.make_staff(desk, ray.agency, "bob@raystaging.example.com", role=Role.SUPERVISOR, first="Bob")
    with stage.signed_in("Clients 0") as (term, shoot):
        term.key("3").expect("Nobody has asked", 20)
        shoot("help-empty")
        term.key("1").settle(0.5, 4)
        mine = queue(desk, ray, bob)
        term.expect("4 people wait", 10)
        shoot("help-banner")
        term.key("3").expect("I cannot sign in", 20)
        shoot("help-list")
        answer(desk, term, shoot, mine)
        hand_over(term, shoot)
        others(term, shoot)


def queue(desk: Desk, ray: MadeAgency, bob: Actor) -> Ticket:
    """Brent, who has typed his address; a colleague's; one who has gone; a hostile one; one that was closed."""
    brent = making.make_client(desk, ray.agency)
    identity = making.give_account(desk, ray.admin, brent)
    lobby, hall = make_kiosk(desk, ray.agency), make_kiosk(desk, ray.agency, "Hall")
    clock = desk.ctx.clock
    assert isinstance(clock, ManualClock)
    closed = asks(desk, hall, "Dora Dean", "The screen is frozen")
    desk.help_queue.close(bob, closed.request_id, "started it again")
    taken = asks(desk, hall, "Cindy Baxter", "My activation mail is gone")
    desk.help_queue.take(bob, taken.request_id)
    desk.help_asking.say(taken, "It was there this morning.")
    visit = begin_visit(desk, lobby, identity)
    with desk.ctx.unit():
        KioskVisit.update(step=KioskStep.CODE).where(KioskVisit.id == visit).execute()
    mine = desk.help_asking.ask(lobby, "Brent", "I cannot sign in", visit_id=visit)
    clock.advance(minutes=4)
    asks(desk, hall, "Max", LONG[:190])
    gone = asks(desk, hall, "Zoë Żółć", "lost my phone")
    desk.help_asking.leave(gone)
    hostile = asks(desk, hall, "[/x] Bob", "[@click=app.quit]x[/] " + "w" * 150)
    desk.help_asking.say(hostile, HOSTILE)
    clock.advance(seconds=int((datetime.now(UTC) - clock.now()).total_seconds()))
    with desk.ctx.unit():
        soon = datetime.now(UTC) + timedelta(minutes=10)
        HelpRequest.update(seen_at=soon).where(HelpRequest.left_at.is_null()).execute()
    return mine


def answer(desk: Desk, term: Term, shoot: Shoot, ticket: Ticket) -> None:
    """Both sides speak; the panel, a note, what is wrong, and who it is."""
    term.key("enter").expect("you have it", 20)
    shoot("help-chat-new")
    term.type("Good morning Brent, what happens when you sign in?").key("enter").expect("You  ", 10)
    desk.help_asking.say(ticket, LONG)
    desk.help_asking.say(ticket, "my password is plum orbit candle")
    term.expect("my password is", 10).type("I will send you")
    shoot("help-chat")
    term.key("esc").expect("s Pass", 10)
    shoot("help-chat-keys")
    term.key("n").expect("A note for", 10).type("was here yesterday as well").key("enter").expect("was here yes", 10)
    term.key("l").expect("Whom is it about", 10).settle(0.6, 4)
    shoot("help-link")
    term.key("enter").expect("linked, not proved", 10)
    shoot("help-chat-linked")
    if "p Person" in term.text:
        term.key("p").expect("Last events", 10)
        shoot("help-person")
        close(term)
    term.key("s").settle(1.0, 5)
    shoot("help-release")
    close(term)
    term.key("enter")
    term.paste("x" * 3_000)
    term.key("enter").expect("Shorten it", 10)
    shoot("help-chat-long")
    for _ in range(2):
        term.key("esc").settle(0.3, 3)


def hand_over(term: Term, shoot: Shoot) -> None:
    """To whom, and how it ends."""
    term.expect("Take or open", 20).key("enter").expect("you have it", 20).key("esc").settle(0.3, 3)
    term.key("o").expect("Back to the queue", 10)
    shoot("help-hand-over")
    close(term)
    term.key("c").expect("How did it end", 10).type("sent a reset")
    shoot("help-close")
    term.key("enter").expect("closed", 10).settle(0.5, 3)
    shoot("help-chat-closed")
    term.key("?").settle(0.6, 4)
    shoot("help-chat-keys-all")
    close(term)
    term.key("h").expect("closed the request", 20).settle(0.4, 3)
    term.key("enter").expect("Said", 10)
    shoot("help-history")
    close(term, 3)


def others(term: Term, shoot: Shoot) -> None:
    """Somebody who has gone, hostile words, what a colleague has, and the filter."""
    term.keys("/").type("zoe").settle(0.8, 4)
    term.key("enter").settle(0.4, 3)
    term.key("o").expect("has gone", 10)
    shoot("help-chat-gone")
    close(term)
    term.key("esc").settle(0.5, 3)
    term.keys("/").type("quit").settle(0.8, 4)
    term.key("enter").settle(0.4, 3)
    term.key("o").expect("[/x]", 10)
    shoot("help-chat-hostile")
    close(term)
    term.key("esc").settle(0.5, 3)
    term.keys("/").type("cindy").settle(0.8, 4)
    term.key("enter").settle(0.4, 3)
    term.key("enter").expect("Bob Agent has it", 10)
    shoot("help-chat-theirs")
    close(term)
    term.key("esc").settle(0.5, 3)
    term.key("f").settle(0.5, 3)
    shoot("help-filter")
    close(term)
    term.key("b").expect("bell is off", 10)
    shoot("help-bell-off")
