"""What the tests of the mail's text share: facts, hostile words, and the mail as its reader gets it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

from models.states import MailPurpose
from services.conventions import ENGLISH
from services.mail.facts import AgencyFacts, MailFacts
from services.mail.letter import seal
from services.mail.render import RenderedMail, Renderer
from services.settings import MailSettings, Settings

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
KEY = b"k" * 32
AGENCY = AgencyFacts(
    name="Ray Staging",
    code="919236",
    address="10636 Scripps Summit Court\nSan Diego, CA 92130",
    phone="+15193320868",
    email="office@ray.example",
    portal_address="",
    profile="standard",
    written=ENGLISH,
)
FACTS = MailFacts(
    uuid="0123456789abcdef" * 2,
    purpose=MailPurpose.WELCOME,
    to_address="frank@example.com",
    to_name="Frank Jones",
    user_name="frank@example.com",
    created_at=NOW,
    created_by="Sue Wright",
    details=json.dumps(
        {
            "old": "old@example.com",
            "new": "frank@example.com",
            "notice": "new-place",
            "place": "203.0.113.7",
            "kiosk": "Lobby",
        }
    ),
    agency=AGENCY,
)
HOSTILE = (
    "[/x]",
    "[@click=app.quit]x[/]",
    "<script>alert(1)</script>",
    '"><img src=http://evil.example/x>',
    "Ann\r\nBcc: evil@example.com",
    "hi\n\nBODY",
    "\u202eevil\u202c",
    "\u2066x\u2069",
    "a\u200bb",
    "\x1b]52;c;UFdO\x1b\\",
    "x" * 400,
    "e" + "\u0301" * 50,
    "{{ 7 * 7 }}{% raw %}",
    "%s%n",
    "/etc/passwd",
    "<link rel=stylesheet href=http://127.0.0.1:9/x>",
    "a\x00b",
    "\ud800",
    "\u2028next",
    ".",
    "Ann, Jr",
    "Zoë Müller-Łukasz 名前",
    "",
)


def renderer(**mail: object) -> Renderer:
    settings = MailSettings(host="mail.example", from_address="desk@ray.example", **mail)  # type: ignore[arg-type]
    return Renderer(Settings(Path("/nowhere"), "sqlite:///x", "https://portal.example", mail=settings), KEY)


def rendered(facts: MailFacts, **mail: object) -> RenderedMail:
    return renderer(**mail).render(facts, NOW)


def received(facts: MailFacts, **mail: object) -> EmailMessage:
    """The mail as a mail program reads it that got it over the line."""
    content = seal(rendered(facts, **mail)).content
    assert isinstance(content, bytes)
    return message_from_bytes(content, policy=policy.default)


def text_of(message: EmailMessage) -> str:
    return str(message.get_body(("plain",)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]


def html_of(message: EmailMessage) -> str:
    return str(message.get_body(("html",)).get_content())  # type: ignore[union-attr]


class Page(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(page.partition("</head>")[2])

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.targets += [value or "" for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data + " "


def words_in(text: str) -> list[str]:
    return re.findall(r"[\w@#./=•'-]+", re.sub(r"[“”:,.]( |$|\n)", " ", text.replace("\n-- \n", "\n") + " "))
