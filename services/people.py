"""Everything about one person: state, mail, mortgages, history."""

from __future__ import annotations

from typing import Any

from models.audit import AuditEntry
from models.client import Client, Mortgage, Property, Upload
from models.states import Access, AuditResult
from services import persons, sessions, throttle
from services.accounts.causes import causes_of
from services.accounts.identities import email_key
from services.actor import Actor
from services.agency_policy import conventions_of
from services.audit import Action
from services.clients.clients import record_of
from services.clients.values import HistoryEntry, MortgageView, PersonPanel
from services.context import Context
from services.history_words import entry_of
from services.mail.trail import trail_of
from services.person_key import PersonKey
from services.persons import Relation
from services.rights import Right
from services.staff.changes import staff_record_of
from services.text import safe
from services.verification.standing import standing_of
from services.verification.values import Standing

HISTORY_PAGE = 200
PANEL_EVENTS = 6


class People:
    """Reads only; what can be done is in `Accounts`, `Clients` and `Staff`."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def panel(self, actor: Actor, person: PersonKey) -> PersonPanel:
        """What stands beside the table for one person. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            row = persons.find(actor, person)
            identity = persons.account_of(row)
            return PersonPanel(
                person=person,
                record=record_of(row) if isinstance(row, Client) else staff_record_of(row),
                access=Access(row.access),
                causes=causes_of(self._ctx, row, identity),
                caller=standing_of(self._ctx, actor, identity.id) if identity else Standing(),
                identity_state=identity.state if identity else None,
                mortgages=_mortgages(row.id) if isinstance(row, Client) else (),
                trail=trail_of(identity.id, self._ctx.clock.now()) if identity else (),
                events=_events(row, None, PANEL_EVENTS),
                reset_allowed_at=throttle.mail_slot_at(self._ctx, email_key(row.email)),
                written=conventions_of(row.agency_id),
            )

    def history(self, actor: Actor, person: PersonKey, before_id: int | None = None) -> tuple[HistoryEntry, ...]:
        """The newest events of one person, 200 at once, older than `before_id` if that is given. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return _events(persons.find(actor, person), before_id, HISTORY_PAGE)


def _mortgages(client_id: int) -> tuple[MortgageView, ...]:
    rows: Any = (
        Mortgage.select(Property.address, Mortgage.lender, Mortgage.balance, Mortgage.rate, Mortgage.renewal_on)
        .join(Property)
        .where(Property.client == client_id)
        .order_by(Mortgage.id)
    )
    return tuple(
        MortgageView(safe(address), safe(lender), balance, rate, renewal)
        for address, lender, balance, rate, renewal in rows.tuples()
    )


def _events(person: Relation, before_id: int | None, count: int) -> tuple[HistoryEntry, ...]:
    number = AuditEntry.client_id if isinstance(person, Client) else AuditEntry.staff_id
    about = number == person.id
    if person.identity_id is not None:
        about |= AuditEntry.identity_id == person.identity_id
    # Somebody of another agency who tried this person's number is nobody's business here.
    about &= AuditEntry.agency_id.is_null() | (AuditEntry.agency_id == person.agency_id)
    if before_id is not None:
        about &= AuditEntry.id < before_id
    rows = list(AuditEntry.select().where(about).order_by(AuditEntry.id.desc()).limit(count))
    entries = tuple(entry_of(row) for row in rows)
    if isinstance(person, Client) and len(rows) < count and before_id != 0:
        return entries + _brought(person)
    return entries


def _brought(client: Client) -> tuple[HistoryEntry, ...]:
    """The beginning of somebody who came with an upload, which the audit keeps once for the whole file."""
    upload = Upload.get_or_none(Upload.id == client.upload_id)
    if upload is None:
        return ()
    return (
        HistoryEntry(
            id=0,
            at=client.created_at,
            actor=safe(upload.by),
            surface=upload.surface,
            place="",
            action=Action.CLIENT_ADDED.value,
            words=f"added the client by upload {safe(upload.file_name)}",
            result=AuditResult.DONE,
            reason="",
        ),
    )
