"""What the plays in real terminals have in common: mail that is read, and forms that are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.clock import ManualClock
from services.desk import Desk
from services.opening import open_desk
from services.settings import load_settings
from tests.enrolling import App
from tests.services.smtp_server import Received, SmtpServer
from tests.surfaces.term import Term

ANSWERS = ("Elm Street", "Hillside", "Miss Honey")


def desk_of(environment: Mapping[str, str], *, earlier: bool = False) -> Desk:
    """The desk of the programs of one test, without a screen; `earlier` as it was ten minutes ago."""
    clock = ManualClock(datetime.now(UTC) - timedelta(minutes=10)) if earlier else None
    return open_desk(load_settings(Path(environment["TRAKDESK_HOME"]), environment), clock)


def mail_to(post: SmtpServer, address: str, number: int, about: str) -> str:
    """The text of the mail about something to an address, once `number` mails have come in all."""
    post.wait_until(lambda: len(post.received) >= number)
    texts = [text_of(mail) for mail in post.received if list(mail.recipients) == [address] and about in text_of(mail)]
    assert len(texts) == 1, [(mail.recipients, text_of(mail)) for mail in post.received]
    [text] = texts
    return text


def text_of(mail: Received) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def code_in(text: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert found, text
    return found[0]


def link_in(text: str) -> str:
    found = re.search(r"https://portal\.example/\S*#[\w-]+=\w+", text)
    assert found, text
    return found[0]


def fill(screen: Term, *values: str) -> None:
    """Type values into fields that follow each other."""
    screen.settle(0.2, 10)
    for number, value in enumerate(values):
        if number:
            screen.key("tab")
        screen.type(value)


def sign_in(screen: Term, password: str) -> None:
    screen.expect("Sign in with your account").settle(0.2, 10)
    screen.type(password)
    screen.key("enter")


def set_up_app(screen: Term) -> App:
    """The step of the second factor at a first sign-in, with an app that was given the key on the screen."""
    screen.expect("Second step  Step 1", 30)
    screen.key("f2").expect("Scan the picture", 20)
    app = App("".join(re.findall(r"\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){3}\b", screen.text)).replace(" ", ""))
    screen.type(app.code(datetime.now(UTC)).reveal())
    screen.key("enter").expect("Keep these recovery codes", 20).settle(0.3, 5)
    screen.type(" ")
    screen.key("enter")
    return app


def answer_questions(screen: Term) -> None:
    """From a first sign-in to whatever opens behind the questions; the first of the list each time."""
    for number, answer in enumerate(ANSWERS, 1):
        screen.expect(f"Question {number}  Step", 30)
        screen.key("enter")
        screen.type(answer)
        screen.key("enter")
    screen.expect("Your account is set up.", 30)
    screen.key("enter")


def open_mail(person: Term, secret: str, address: str, password: str) -> None:
    """From the sign-in form to the sign-in form again, with what stands in a mail."""
    person.expect("Sign in with your account").settle(0.2, 10)
    person.key("f4").expect("type its code").settle(0.2, 10)
    person.paste(secret)
    person.key("tab")
    if address:
        for _ in range(60):
            person.send("\x7f")
        person.type(address)
    person.key("f2").expect("New password")
    fill(person, password, password)
    person.key("f2").expect("Your password has been set.")
