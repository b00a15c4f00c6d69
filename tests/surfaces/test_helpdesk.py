"""Somebody locked out calls: found, the cause read, the caller verified, the trouble mended; in real terminals."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

import pytest

from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import DeskError
from tests import making
from tests.enrolling import enrol
from tests.making import HERE, PASSWORD
from tests.recovering import answer
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import desk_of, fill, mail_to, text_of
from tests.surfaces.term import Term

CODE = "RAY-919"
ADMIN = "sue@raystaging.example.com"
USER = "brent@mortgageclient.example.com"
NEW = "brent.thomas@new.example.org"


@pytest.fixture
def earlier(environment: dict[str, str]) -> Desk:
    """The desk ten minutes ago: a client who typed the company code wrongly, and whose authenticator app is lost."""
    desk = desk_of(environment, earlier=True)
    clock = desk.ctx.clock
    assert isinstance(clock, ManualClock)
    ray = making.make_agency(desk)
    others = [("Anna", "Adams"), ("Chris", "Webber")]
    for first, last in others:
        making.make_client(desk, ray.agency, f"{first}@example.com".lower(), first=first, last=last)
    identity = making.give_account(desk, ray.admin, making.make_client(desk, ray.agency))
    answer(desk.ctx, identity)
    enrol(desk.ctx, identity.id)
    clock.advance(minutes=8)
    with suppress(DeskError):
        desk.sign_in.sign_in("RAY-991", USER, Secret("plum orbit candle"), HERE)
    for _ in range(6):
        with suppress(DeskError):
            desk.sign_in.sign_in(CODE, USER, Secret("plum orbit candle"), HERE)
        clock.advance(seconds=1)
    # Nobody is told of a session elsewhere.
    desk.sign_in.sign_out(ray.admin)
    return desk


def sign_in(desk: Term) -> None:
    desk.expect("Sign in with your account")
    fill(desk, CODE, ADMIN, PASSWORD.reveal())
    desk.key("enter").expect("Brent Thomas", 30).settle(0.3, 5)


def ask(desk: Term, *said: str) -> None:
    """Fill in what the caller says to the three questions."""
    desk.expect("In which street", 20).settle(0.3, 5)
    for words in said:
        desk.type(words).key("enter")


@pytest.mark.slow
def test_a_locked_out_caller_is_found_understood_verified_and_helped(
    earlier: Desk, terminal: Callable[..., Term], post: SmtpServer
) -> None:
    desk = terminal(80, 24)
    sign_in(desk)
    desk.key("/").type("bre").expect("1 of 3", 20).key("enter").expect("e Edit")

    # Why can't they get in?
    desk.key("y").expect("tried an unknown company code", 20).expect("the right one is RAY-919")
    desk.expect("failed tries")
    desk.key("esc").settle(0.4, 3)

    # The app is lost. For that the answers are not enough, but a code besides, read out of the mail, is.
    desk.key("x").expect("Needed for this: two ways", 20)
    desk.key("q")
    ask(desk, "Oak Street", "Hillside", "Rex")
    desk.expect("Not all of these answers", 20).settle(1.5, 5)
    desk.absent("Oak Street")
    ask(desk, "elm street", "hillside", "REX")
    desk.expect("by security questions: enough", 20).key("c").expect("The code ends in", 30)
    mail = mail_to(post, USER, 1, "is on the telephone with somebody")
    found = re.search(r"^\s*(\d{6})\s*$", mail, re.MULTILINE)
    assert found, mail
    desk.type(found[1]).key("enter").expect("is the second factor of Brent Thomas", 30)
    desk.type("the phone was stolen").key("enter").expect("Clear the second factor", 20)
    desk.key("y").expect("has been cleared", 30)

    # The address on file is an old one; a caller who is known need not be asked again.
    desk.settle(0.5, 5)
    desk.key("e").expect("Edit Brent", 20)
    desk.key("tab").key("tab").settle(0.2, 5)
    for _ in range(60):
        desk.send("\x7f")
    desk.type(NEW).key("f2").expect("The user name becomes", 20)
    desk.key("y").expect("has been changed to", 30)
    desk.key("enter").settle(0.5, 5)

    # The owner hears of it, and the history tells how the caller was verified.
    post.wait_until(lambda: any("removed the authenticator app" in text_of(mail) for mail in post.received))
    desk.key("h").expect("cleared the second factor", 20)
    # However much mail went out in the meantime, which stands there too.
    lines = [line for line in desk.text.splitlines() if "✓" in line or "✗" in line]
    for _ in range(next(at for at, line in enumerate(lines) if "cleared the second factor" in line)):
        desk.key("down")
    desk.key("enter").expect("caller verified by", 20).expect("mailed code").expect("the phone was stolen")
