"""Reads what happened in a call out of the audit, and what the caller can read out of the mail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.audit import AuditEntry
from models.client import Client
from models.outbox import OutboxMessage
from models.security import SecondFactor
from models.states import AuditResult, CheckMethod, FactorState, MailPurpose, MailState, Surface, TokenPurpose
from services import person_key
from services.accounts.identities import email_key
from services.audit import Action
from services.auditing.query import AREAS, Area
from services.context import Context
from services.credentials import factor, sealing, tokens
from services.history_words import changed_fields
from services.person_key import PersonKey
from services.practice.backstage import code_of
from services.practice.values import Call, Case, Change, Check, Ending, Fact
from services.text import safe

_BY_THEMSELVES = frozenset(
    {
        # Stands in CLIENT_CHANGED already.
        Action.EMAIL_CHANGED,
        Action.EMAIL_UNDONE,
        Action.CONTACT_CONFIRMED,
        Action.TERMS_ACCEPTED,
        Action.BULK_ENDED,
    }
)
"""What follows from something else, or is done to the own account."""

CHANGES = (AREAS[Area.ACCOUNTS] | AREAS[Area.PEOPLE]) - _BY_THEMSELVES | {
    Action.RESET_SENT,
    Action.TEMPORARY_SENT,
    Action.FACTOR_CLEARED,
    Action.SSH_KEY_BOUND,
    Action.SSH_KEY_REVOKED,
    Action.LEGACY_CLOSED,
    Action.LEGACY_REOPENED,
    Action.RULES_CHANGED,
}
"""What staff can do that changes somebody, or sends something."""

_NOTHING_YET = "Nothing has come yet. Let me look again in a moment."
_NO_MAIL = "There is no mail with digits here."


def newest_entry(ctx: Context) -> int:
    """The number of the newest audit entry; 0 for none."""
    with ctx.read():
        newest = AuditEntry.select(AuditEntry.id).order_by(AuditEntry.id.desc()).first()
    return 0 if newest is None else int(newest.id)


def call_of(
    ctx: Context, case: Case, ending: Ending, since: int, rang_at: datetime, asked: Mapping[Fact, datetime]
) -> Call:
    """Everything that counts of a call: what staff did after the entry with the number `since`."""
    theirs = (AuditEntry.id > since) & AuditEntry.surface.in_([Surface.DESK, Surface.DEMO])
    with ctx.read():
        rows = list(AuditEntry.select().where(theirs).order_by(AuditEntry.id))
        client = Client.get_or_none(Client.id == case.person.id)
        now = ctx.clock.now()
    return Call(
        ending=ending,
        changes=tuple(_change(row) for row in rows if row.action in CHANGES and row.result is AuditResult.DONE),
        checks=tuple(_check(row) for row in rows if _is_check(row)),
        asked=dict(asked),
        seconds=max(0, round((now - rang_at).total_seconds())),
        email="" if client is None else client.email,
    )


def spoken(ctx: Context, case: Case, fact: Fact) -> str:
    """What the caller answers; codes are read where the caller reads them."""
    caller = case.caller
    if fact is Fact.APP and caller.has_app:
        return _app_code(ctx, case)
    if fact is Fact.CODE and fact not in caller.says:
        return _mailed_code(ctx, caller.reads)
    return caller.says.get(fact, "I don't know.")


def _mailed_code(ctx: Context, reads: frozenset[str]) -> str:
    with ctx.read():
        codes = OutboxMessage.select().where(OutboxMessage.purpose == MailPurpose.CALLER_CODE)
        for message in codes.order_by(OutboxMessage.id.desc()).limit(20):
            if email_key(message.to_address) in reads:
                if message.state is not MailState.SENT:
                    return _NOTHING_YET
                return _digits(tokens.code_of(ctx.keys.mail, message.uuid, TokenPurpose.CALLER))
    return _NO_MAIL


def _app_code(ctx: Context, case: Case) -> str:
    with ctx.read():
        client = Client.get_by_id(case.person.id)
        row = SecondFactor.get_or_none(
            (SecondFactor.identity == client.identity_id) & (SecondFactor.state == FactorState.ACTIVE)
        )
        if row is None:
            return "The app no longer shows anything for you."
        secret = sealing.unseal(ctx.keys, row.sealed, factor.owner(row.identity_id))
    return _digits(code_of(secret, ctx.clock.now()))


def _digits(code: str) -> str:
    return f"It says {code[:3]} {code[3:]}."


def _change(row: AuditEntry) -> Change:
    details: dict[str, Any] = json.loads(row.details)
    fields = changed_fields(details)
    email = str(details.get("new_email", "")) if row.action == Action.CLIENT_CHANGED else ""
    return Change(
        action=Action(row.action),
        at=row.at,
        person=_person(row),
        name=safe(row.subject),
        email=safe(email),
        also=tuple(words for words in fields if words != "e-mail address" or not email),
    )


def _is_check(row: AuditEntry) -> bool:
    return bool(row.action == Action.CALLER_VERIFIED and row.result in (AuditResult.DONE, AuditResult.FAILED))


def _check(row: AuditEntry) -> Check:
    method = CheckMethod(json.loads(row.details)["method"])
    return Check(method, row.at, _person(row), row.result is AuditResult.DONE)


def _person(row: AuditEntry) -> PersonKey | None:
    if row.client_id is not None:
        return person_key.client(row.client_id)
    return person_key.staff(row.staff_id) if row.staff_id is not None else None
