"""What is told of requests for help, to those who ask and to those who answer. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.states import HelpAuthor, HelpState, KioskStep, Surface
from services.credentials.passwords import Secret
from services.person_key import PersonKey


@dataclass(frozen=True, slots=True)
class Ticket:
    """What whoever asked holds: who has it reads and writes the person's side of the chat, and nobody else does."""

    request_id: int
    secret: Secret


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line as it was said.

    Attributes:
        name: who said it, as both sides may see it.
        words: without markup and control characters, secrets masked.
    """

    number: int
    author: HelpAuthor
    name: str
    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class AskedHelp:
    """A request as the person sees it who asked.

    Attributes:
        agent: the first name of whoever answers; empty while nobody has taken it.
        position: how many stand before this one, plus one; 0 once it is taken or closed, and where it is not told
            because it would tell strangers which agencies there are.
        usual_wait: how long others waited lately until somebody answered; None where nobody can tell.
        lines: without the notes between colleagues.
    """

    state: HelpState
    name: str
    topic: str
    agent: str
    position: int
    usual_wait: timedelta | None
    lines: tuple[ChatLine, ...]


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A request in the desk's list.

    Attributes:
        surface: where it was asked; place: the kiosk's name, or terminal.
        office: the part of the agency that it concerns; empty for the whole agency.
        agent: who has it; empty while it waits.
        here: whether the person's screen is still open.
        last_line: what was said last, in one line.
    """

    id: int
    name: str
    topic: str
    surface: Surface
    place: str
    office: str
    state: HelpState
    agent: str
    mine: bool
    here: bool
    asked_at: datetime
    closed_at: datetime | None
    last_line: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A request with all that was said, for an agent.

    Attributes:
        row: the request.
        lines: all of them, notes included.
        person: whom it is about, as far as anybody knows; None if nobody has found out. person_name: their name.
        proved: whether that person asked while signed in; otherwise it is what they say.
        linked: whether the request names the person; otherwise it is what was typed at the kiosk.
        step: what the kiosk asks of the person now; None if it asks for nothing, or is no kiosk.
        visit: the number of the person's visit at the kiosk, for `desk.releases`; None elsewhere, and once it is over.
        me: what whoever looks is called in the lines.
        version: grows with every change.
    """

    row: HelpRow
    lines: tuple[ChatLine, ...]
    person: PersonKey | None
    person_name: str
    proved: bool
    linked: bool
    step: KioskStep | None
    visit: int | None
    me: str
    version: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to whom a request can be handed over.

    Attributes:
        signed_in: whether they sit at a desk now.
    """

    identity_id: int
    name: str
    signed_in: bool


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody whom a request may be about, as a search finds them."""

    person: PersonKey
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class HelpCounts:
    """How many requests there are in sight of an agent.

    Attributes:
        waiting: nobody has taken them; mine: this agent has, with unread ones among them.
        newest: the number of the newest waiting request; 0 for none. It grows, so that a bell rings once for each.
    """

    waiting: int
    mine: int
    newest: int
