"""Who is over, who is on the way, and who cannot come: the old accounts beside the new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from peewee import Field, fn

from models.agency import Agency, Office
from models.base import Table
from models.client import Client
from models.identity import Identity, LegacyUser, OneTimeToken
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import IdentityState, LegacyState, MailState
from services import person_key
from services.accounts.access import OPENING_MAIL
from services.accounts.identities import full_name
from services.actor import Actor
from services.context import Context
from services.errors import NotFound
from services.legacy.values import ELSEWHERE, Board, BoardRow, Standing
from services.mail.trail import outcome_of
from services.offices import NOT_YOURS, Scope, own_offices, scope_of
from services.person_key import PersonKey
from services.text import fold, safe
from services.when import show_day, show_time

T = TypeVar("T", bound=Table)

_WHY_ELSEWHERE = "This person belongs to another office. Somebody who looks after that one can migrate the account."


@dataclass(frozen=True, slots=True)
class _Person:
    """What belongs together: an entry of the staff list, an old account, a new one; each may be missing."""

    staff: StaffMember | None
    old: LegacyUser | None
    new: Identity | None
    client_id: int | None = None

    @property
    def offices(self) -> set[int]:
        """Where the person stands."""
        found = (self.staff.office_id if self.staff else None, self.old.office_id if self.old else None)
        return {number for number in found if number is not None}


def board_of(ctx: Context, actor: Actor, office_id: int | None) -> Board:
    """The board of an office or of all; call it inside `ctx.read()`. Raises NotFound."""
    now = ctx.clock.now()
    agency = Agency.get_by_id(actor.agency_id)
    scope = scope_of(actor)
    offices = _offices(actor, scope)
    if office_id is not None and office_id not in offices:
        raise NotFound(NOT_YOURS)
    wanted = {office_id} if office_id is not None else set(offices)
    unassigned = office_id is None and scope.allows(None)
    closed = agency.legacy_closes_at is not None and agency.legacy_closes_at <= now
    people = [
        person for person in _people(actor.agency_id) if person.offices & wanted or (unassigned and not person.offices)
    ]
    mails = _mails({person.new.id for person in people if person.new is not None}, now)
    rows = [_row(number, person, offices, mails, closed, now) for number, person in enumerate(people)]
    rows.sort(key=lambda row: (fold(row.office), fold(row.person or row.user_name), row.key))
    listed = sorted(offices.items(), key=lambda office: fold(office[1]))
    return Board(tuple(rows), tuple(listed), agency.legacy_closes_at, closed, own_offices(actor) is None)


def _offices(actor: Actor, scope: Scope) -> dict[int, str]:
    """The offices that are looked at, with their names."""
    rows: Any = Office.select(Office.id, Office.name).where(Office.agency == actor.agency_id)
    return {number: safe(name) for number, name in rows.tuples() if scope.allows(number)}


def _people(agency_id: int) -> Iterator[_Person]:
    staff = list(StaffMember.select().where(StaffMember.agency == agency_id).order_by(StaffMember.id))
    old = list(LegacyUser.select().where(LegacyUser.agency == agency_id).order_by(LegacyUser.id))
    keys = {user.email_key for user in old if user.email_key}
    # Most of the agency's accounts are clients', who may be a million.
    accounts = {member.identity_id for member in staff} | {user.identity_id for user in old}
    by_id = {row.id: row for row in _in_parts(Identity, Identity.id, accounts - {None})}
    by_email = {
        row.email_key: row for row in _in_parts(Identity, Identity.email_key, keys) if row.agency_id == agency_id
    }
    clients = {row.email_key: row.id for row in _in_parts(Client, Client.email_key, keys) if row.agency_id == agency_id}
    # The active entry wins where two people of the list share an address.
    by_key = {member.email_key: member for member in sorted(staff, key=lambda member: (member.active, -member.id))}
    taken: set[int] = set()
    for user in old:
        member = by_key.get(user.email_key) if user.email_key else None
        if member is not None:
            taken.add(member.id)
        new = by_id.get(user.identity_id or 0) or by_id.get((member.identity_id if member else None) or 0)
        yield _Person(member, user, new or by_email.get(user.email_key), clients.get(user.email_key))
    for member in staff:
        if member.id not in taken and (member.active or member.identity_id is not None):
            yield _Person(member, None, by_id.get(member.identity_id or 0))


def _mails(identities: set[int], now: datetime) -> dict[int, tuple[MailState, str]]:
    """What became of the newest mail that lets each of them in."""
    found: dict[int, tuple[MailState, str]] = {}
    for part in _parts(identities):
        newest = (
            OutboxMessage.select(fn.MAX(OutboxMessage.id))
            .where(OutboxMessage.identity_id.in_(part) & OutboxMessage.purpose.in_(OPENING_MAIL))
            .group_by(OutboxMessage.identity_id)
        )
        messages = list(OutboxMessage.select().where(OutboxMessage.id.in_(newest)))
        numbers = [message.id for message in messages]
        tokens = {row.message_id: row for row in OneTimeToken.select().where(OneTimeToken.message.in_(numbers))}
        for message in messages:
            outcome = outcome_of(message, tokens.get(message.id), now)
            found[message.identity_id or 0] = (message.state, _shortened(outcome, message, now))
    return found


def _shortened(outcome: str, message: OutboxMessage, now: datetime) -> str:
    """The outcome, without the time of an earlier day on which it was sent."""
    if message.state is not MailState.SENT:
        return outcome
    _, comma, rest = outcome.partition(", ")
    return f"sent {_when(message.accepted_at or message.created_at, now)}{comma}{rest}"


def _row(
    number: int,
    person: _Person,
    offices: Mapping[int, str],
    mails: Mapping[int, tuple[MailState, str]],
    closed: bool,
    now: datetime,
) -> BoardRow:
    member, user = person.staff, person.old
    standing, new, why = _new(person, mails, now)
    if user is not None and member is not None and member.office_id is not None and member.office_id not in offices:
        # The old account is in sight, whose it is now is not.
        return BoardRow(
            key=number + 1,
            person="",
            email=safe(user.email),
            office=offices.get(user.office_id, ""),
            user_name=safe(user.user_name),
            old=_old(person, closed, now),
            new=ELSEWHERE,
            standing=standing if standing is Standing.OVER else Standing.CANNOT,
            why="" if standing is Standing.OVER else _WHY_ELSEWHERE,
            subject=None,
        )
    office_id = member.office_id if member and member.office_id in offices else user.office_id if user else None
    return BoardRow(
        key=number + 1,
        person=safe(full_name(member.first_name, member.last_name)) if member else "",
        email=safe((member.email if member else "") or (user.email if user else "")),
        office=offices.get(office_id, "") if office_id else "",
        user_name=safe(user.user_name) if user else "",
        old=_old(person, closed, now),
        new=new,
        standing=standing,
        why=why,
        subject=_subject(person),
    )


def _subject(person: _Person) -> PersonKey | None:
    if person.staff is not None:
        return person_key.staff(person.staff.id)
    return None if person.client_id is None else person_key.client(person.client_id)


def _old(person: _Person, closed: bool, now: datetime) -> str:
    user = person.old
    if user is None:
        return ""
    if user.state is LegacyState.MIGRATED:
        return f"migrated {_when(user.migrated_at, now)}" if user.migrated_at else "migrated"
    left = person.staff is not None and not person.staff.active
    replaced = person.new is not None and person.new.state is not IdentityState.PENDING
    if closed or left or replaced:
        return "closed"
    return f"open, used {_when(user.last_sign_in_at, now)}" if user.last_sign_in_at else "open"


def _new(person: _Person, mails: Mapping[int, tuple[MailState, str]], now: datetime) -> tuple[Standing, str, str]:
    """Where the person stands, the new account in words, and why not or what else to do."""
    identity = person.new
    if identity is None:
        short, why = _obstacle(person)
        return (Standing.CANNOT, f"none: {short}", why) if why else (Standing.WAITING, "none yet", "")
    if identity.state is IdentityState.DEACTIVATED:
        return Standing.CANNOT, "deactivated", "The new account is deactivated. Reactivate it if this is a mistake."
    if identity.state is IdentityState.ACTIVE:
        since = f"active since {_when(identity.activated_at, now)}" if identity.activated_at else "active"
        return Standing.OVER, since, ""
    state, outcome = mails.get(identity.id, (None, ""))
    failed = state in (MailState.FAILED, MailState.EXPIRED)
    why = "The mail did not arrive. Correct the e-mail address, then send it again." if failed else ""
    return Standing.UNOPENED, f"mail {outcome}" if outcome else "no mail sent", why


def _when(moment: datetime, now: datetime) -> str:
    """Today's time of day, or another day: columns are narrow."""
    if moment.astimezone().date() == now.astimezone().date():
        return show_time(moment)
    year = moment.astimezone().year
    return show_day(moment) if year == now.astimezone().year else f"{show_day(moment)} {year}"


def _obstacle(person: _Person) -> tuple[str, str]:
    """Why no account can be made for this person yet: in two words, and with what to do; empty if one can."""
    member, user = person.staff, person.old
    if user is not None and user.state is LegacyState.MIGRATED:
        return "gone", "The new account is gone. Create it again."
    if member is not None and not member.active:
        return "not active", "Not active on the staff list. Set the status to active if the person still works here."
    if not (member.email_key if member else user and user.email_key):
        return "no e-mail", "No e-mail address. Write one into the staff list."
    if member is None and person.client_id is None:
        return (
            "unknown",
            "Nobody on the staff list has this e-mail address. Add the person, or correct the address there.",
        )
    return "", ""


def _in_parts(table: type[T], column: Field[Any], values: Collection[Any]) -> list[T]:
    return [row for part in _parts(values) for row in table.select().where(column.in_(part))]


def _parts(values: Collection[Any]) -> Iterator[list[Any]]:
    """SQLite takes 32,766 parameters at most."""
    listed = sorted(values)
    for start in range(0, len(listed), 1_000):
        yield listed[start : start + 1_000]
