"""Chooses who calls, and gives them what people have in their heads; everything from one seeded source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from peewee import fn

from models.client import Client, Property
from models.states import Access
from services import person_key
from services.accounts.identities import email_key
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.errors import Refused
from services.practice.backstage import Backstage
from services.practice.values import ANSWERS, Fact
from services.rules import show_month_day, show_phone
from services.text import fold

_FEW = "There are not enough clients without an account here for so many callers. Begin with fewer, or reset the stage."

_ANSWERS = {
    "first_street": ("Maple Crescent", "Talfourd Street", "Rue des Érables", "Dufferin Avenue"),
    "first_pet": ("Biscuit", "Ruffles", "Monsieur Chat", "Pepper"),
    "first_car": ("Pontiac Vibe", "Volvo 240", "Ford Escort", "Toyota Tercel"),
    "first_school": ("Hillside", "Errol Road", "École Laurier", "King George"),
    "grandmother": ("Margaret", "Zofia", "Bernadette", "Hien"),
}
_NEAR = ("I think it was", "That must be", "It's")


@dataclass(frozen=True, slots=True)
class Part:
    """A client of the sandbox, as the list has them, with what only they know.

    Attributes:
        says: what they tell of themselves when asked.
        answered: their security questions.
    """

    person: person_key.PersonKey
    first: str
    last: str
    email: str
    born: date
    phone: str
    address: str
    says: dict[Fact, str]
    answered: tuple[Answered, ...]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def reads(self) -> frozenset[str]:
        """The key of the own address."""
        return frozenset({email_key(self.email)})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened before the call, or happens while it rings.

    Attributes:
        ago: how long before the queue began, or before the telephone rings.
    """

    ago: timedelta
    happens: Callable[[Backstage], None]


class Casting:
    """Hands out people nobody has used yet."""

    def __init__(self, backstage: Backstage, random: Random) -> None:
        self.backstage = backstage
        self.random = random
        self._taken: set[int] = set()
        with backstage.ctx.read():
            self._free = _without_account()

    def part(self) -> Part:
        """The next person. Raises Refused when nobody is left."""
        left = [number for number in self._free if number not in self._taken]
        if not left:
            raise Refused(_FEW)
        number = self.random.choice(left)
        self._taken.add(number)
        with self.backstage.ctx.read():
            return self.of(Client.get_by_id(number))

    def of(self, row: Client) -> Part:
        """Somebody in particular; call it inside `ctx.read()`."""
        home = Property.select().where(Property.client == row.id).order_by(Property.id).first()
        return self._knowing(
            Part(
                person=person_key.client(row.id),
                first=row.first_name,
                last=row.last_name,
                email=row.email,
                born=row.date_of_birth,
                phone=show_phone(row.phone),
                address=home.address if home is not None else "",
                says={},
                answered=(),
            )
        )

    def wrong_answers(self, part: Part) -> dict[Fact, str]:
        """What somebody says to the security questions who does not know the answers."""
        said: dict[Fact, str] = {}
        for fact, answered in zip(ANSWERS, part.answered, strict=True):
            right = answered.answer.reveal()
            guess = self.random.choice([answer for answer in _ANSWERS[answered.question] if answer != right])
            said[fact] = f"{self.random.choice(_NEAR)} {guess}."
        return said

    def one_of(self, *sentences: str) -> str:
        """Any of these."""
        return self.random.choice(sentences)

    def _knowing(self, part: Part) -> Part:
        chosen = self.random.sample(sorted(_ANSWERS), 3)
        answered = tuple(Answered(key, Secret(self.random.choice(_ANSWERS[key]))) for key in chosen)
        says = {fact: f"{one.answer.reveal()}." for fact, one in zip(ANSWERS, answered, strict=True)}
        born = part.born
        says |= {
            Fact.NAME: f"{part.name}.",
            Fact.BORN: f"{show_month_day(born.month * 100 + born.day)}, {born.year}.",
            Fact.ADDRESS: f"{part.address}." if part.address else "We rent; there should be nothing in your list yet.",
            Fact.PHONE: f"{part.phone}." if part.phone else "I call from the office; you have none of mine.",
            Fact.EMAIL: f"{part.email}.",
            Fact.APP: "An app? No, I have never set one up.",
            Fact.MORE: "No, that is all. Thank you.",
        }
        return replace(part, says=says, answered=answered)


def without_questions(part: Part) -> dict[Fact, str]:
    """What somebody says to the security questions who was never asked for any."""
    return dict.fromkeys(ANSWERS, "I have never been asked for such questions.")


def _without_account() -> list[int]:
    """Clients in no trouble yet, of whom there is one by that name, oldest first."""
    rows = (
        Client.select(Client.id)
        .where(
            (Client.access == Access.NO_ACCOUNT)
            & Client.identity.is_null()
            & (Client.email != "")
            & Client.date_of_birth.is_null(False)
        )
        .order_by(Client.id)
    )
    alone = Client.select(Client.name_key).group_by(Client.name_key).having(fn.COUNT(Client.id) == 1)
    return [row.id for row in rows.where(Client.name_key.in_(alone))]


def user_name(part: Part) -> str:
    """The user name of the old system: initial and last name."""
    return mailbox(f"{part.first[:1]}{part.last}")


def mailbox(name: str) -> str:
    """A name as addresses and user names have it: plain letters and digits."""
    return "".join(sign for sign in fold(name) if sign.isascii() and sign.isalnum()) or "x"
