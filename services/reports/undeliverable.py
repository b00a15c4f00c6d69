"""Addresses that mail does not reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from peewee import JOIN, Function, fn

from models.client import Client
from models.identity import Identity
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import Access, IdentityState, MailState
from services.offices import Scope
from services.reports.never_activated import MAIL_WORDS
from services.reports.people import WHO, behind, in_sight
from services.reports.reading import PAGE, Found, Reading, beyond, raw
from services.reports.values import Column, Kind, Report, Row
from services.text import safe

REPORT = Report(
    name="undeliverable",
    title="Undeliverable addresses",
    about="People whose newest mail failed, bounced or was given up, the newest first, with what their server said.",
    columns=(
        *WHO,
        Column("mail", "Mail"),
        Column("outcome", "Outcome"),
        Column("failed_at", "When", Kind.MOMENT),
        Column("answer", "What the server said"),
    ),
    none="All mail reaches its people.",
    telling="outcome",
)

_LOST = (MailState.FAILED, MailState.EXPIRED)
_PLACE = (OutboxMessage.not_before, OutboxMessage.id)


class Undeliverable(Reading):
    """Mails that failed first, then those that were given up, the newest of each first; one for each address."""

    report = REPORT

    def pages(self) -> Iterator[list[Found]]:
        """The newest lost mail to each address that no later mail has reached."""
        for state in _LOST:
            last: Sequence[Any] | None = None
            while True:
                asked = (OutboxMessage.agency == self.actor.agency_id) & (OutboxMessage.state == state)
                if last is not None:
                    asked &= beyond(_PLACE, last, falling=True)
                with self.looking() as scope:
                    order = [column.desc() for column in _PLACE]
                    page = OutboxMessage.select(*_PLACE).where(asked).order_by(*order).limit(PAGE)
                    rows = raw(self.ctx, page)
                    kept = _still_lost([number for _, number in rows], scope)
                yield [(number, state.value) for _, number in rows if number in kept]
                if len(rows) < PAGE:
                    break
                last = rows[-1]

    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """The mails with these numbers that are still the last word."""
        kept = _still_lost(keys, scope)
        mails = list(OutboxMessage.select().where(OutboxMessage.id.in_(list(kept))))
        people = behind([mail.identity_id or 0 for mail in mails], scope)
        return [
            Row(
                mail.id,
                (
                    *people[mail.identity_id].cells,
                    mail.purpose.value.replace("-", " "),
                    MAIL_WORDS[mail.state],
                    mail.ended_at or mail.created_at,
                    safe(mail.reply_text),
                ),
                people[mail.identity_id].person,
                "error",
            )
            for mail in mails
            if mail.identity_id in people
        ]

    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """How many."""
        people = "1 person" if counts.total() == 1 else f"{figure(counts.total())} people"
        return f"Mail does not reach {people}: correct the address, then send it again."


def _still_lost(message_ids: Sequence[int], scope: Scope) -> frozenset[int]:
    """Those of the mails that say how an address stands: it is the person's own, and nothing newer is known."""
    if not message_ids:
        return frozenset()
    marked = _marked(Client) | _marked(StaffMember)
    rows: Any = (
        OutboxMessage.select(OutboxMessage.id, OutboxMessage.identity_id)
        .join(Identity, JOIN.INNER, on=(Identity.id == OutboxMessage.identity_id))
        .where(
            OutboxMessage.id.in_(list(message_ids))
            & OutboxMessage.state.in_(_LOST)
            # A mail that nobody tried to send says nothing of the address.
            & ((OutboxMessage.state == MailState.FAILED) | (OutboxMessage.attempts > 0))
            & (OutboxMessage.to_address == Identity.email)
            & (Identity.state != IdentityState.DEACTIVATED)
            & ~_newer(_LOST)
            & (marked | ~_newer([state for state in MailState if state is not MailState.SUPERSEDED]))
        )
        .tuples()
    )
    found: dict[int, int] = dict(rows)
    seen = in_sight(found.values(), scope)
    return frozenset(number for number, identity in found.items() if identity in seen)


def _newer(states: Sequence[MailState]) -> Function:
    """Whether a later mail to the same address is in one of these states."""
    later = OutboxMessage.alias()
    return fn.EXISTS(
        later.select(later.id).where(
            (later.identity_id == OutboxMessage.identity_id)
            & (later.to_address == OutboxMessage.to_address)
            & (later.id > OutboxMessage.id)
            & later.state.in_(list(states))
        )
    )


def _marked(people: Any) -> Function:
    """Whether the lists show the person as out of reach."""
    person = people.alias()
    theirs = (person.identity == OutboxMessage.identity_id) & (person.access == Access.UNDELIVERABLE)
    return fn.EXISTS(person.select(person.id).where(theirs))
