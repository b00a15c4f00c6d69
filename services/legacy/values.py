"""What the desk says about the accounts of the old system, and the keys by which it finds them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.agency import Agency
from models.database import is_postgresql
from models.identity import LegacyUser
from services import throttle
from services.context import Context
from services.person_key import PersonKey
from services.rules import Problem, clean_date
from services.text import fold

ELSEWHERE = "of another office"
"""The new account in words, where it is none of the asker's business."""

PAST_DAY = "This day is past. Today closes it now."

WHOLE_AGENCY = (
    "The access key closes for all offices, and you look after some. "
    "Ask a supervisor or administrator who looks after the whole agency."
)
"""What somebody hears of the closing who looks after some offices only."""


class Standing(StrEnum):
    """How far a person is on the way from the old system to the new one; the value is what the board shows."""

    OVER = "over"
    UNOPENED = "mail not opened"
    WAITING = "to be migrated"
    CANNOT = "cannot migrate"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One person: the old account on one side, the new one on the other.

    Attributes:
        key: tells the row from all others of one board.
        person: the name in the staff list; empty for an old account that belongs to nobody there.
        user_name: of the old account; empty without one.
        old: what the old account still opens, in words; empty without one.
        new: the new account in words.
        why: the reason and what to do where `standing` is CANNOT or the mail did not arrive; else empty.
        subject: the entry in the list of staff or of clients; None for an old account that belongs to nobody there.
    """

    key: int
    person: str
    email: str
    office: str
    user_name: str
    old: str
    new: str
    standing: Standing
    why: str
    subject: PersonKey | None


@dataclass(frozen=True, slots=True)
class Board:
    """Old and new side by side.

    Attributes:
        offices: every office that the asker may look at, as number and name.
        closes_at: when the access key closes for everybody; None if no day is set.
        closed: whether that moment has passed.
        may_close: whether the asker may set that day and take it back.
    """

    rows: tuple[BoardRow, ...]
    offices: tuple[tuple[int, str], ...]
    closes_at: datetime | None
    closed: bool
    may_close: bool

    def count(self, standing: Standing) -> int:
        """How many people stand there."""
        return sum(row.standing is standing for row in self.rows)


def closing_day(text: str, today: date) -> date:
    """The day on which the access key shall close, from what was typed. Raises Problem for a day before `today`."""
    day = clean_date(text)
    if day < today:
        raise Problem(PAST_DAY)
    return day


def user_key(user_name: str) -> str:
    """Equal for user names of the old system that only case and width tell apart; never fails."""
    folded = unicodedata.normalize("NFKC", user_name[:100]).strip().casefold()
    return folded.encode("utf-8", "replace").decode().replace("\0", "?")[:200]


def office_key(name: str) -> str:
    """Equal for spellings of an office that only case, accents and punctuation tell apart."""
    return fold(name[:100])


def plain_access_key(access_key: str) -> str:
    """Its letters and digits: people copy it with other case, blanks and dashes."""
    plain = unicodedata.normalize("NFKC", access_key[:200]).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def access_key_hash(ctx: Context, access_key: str) -> str:
    """What the database keeps of an agency's access key: a keyed hash."""
    return throttle.key(ctx, "legacy-access-key", plain_access_key(access_key))


def hold_agency(ctx: Context, agency_id: int) -> Agency:
    """The agency, kept from others who change it until the unit of work ends."""
    if is_postgresql(ctx.database):
        # Weaker than FOR UPDATE, which would make everybody wait who adds something that refers to the agency.
        ctx.database.execute_sql("SELECT id FROM agency WHERE id = %s FOR NO KEY UPDATE", (agency_id,))
    found: Agency = Agency.get_by_id(agency_id)
    return found


def accounts_under(agency_id: int, email_key: str) -> list[LegacyUser]:
    """The old accounts of an e-mail address, oldest first; call it inside `ctx.read()` or `ctx.unit()`."""
    if not email_key:
        return []
    here = (LegacyUser.agency == agency_id) & (LegacyUser.email_key == email_key)
    return list(LegacyUser.select().where(here).order_by(LegacyUser.id))
