"""Every change, and every refusal, leaves an entry: who, what, whom, from where, when, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from models.audit import AuditEntry
from models.states import AuditResult
from services.actor import Actor, Origin
from services.context import Context
from services.errors import Conflict, DeskError, Invalid, Unavailable


class Action(StrEnum):
    """What can happen, as the audit names it."""

    AGENCY_FOUNDED = "agency_founded"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_DELAYED = "sign_in_delayed"
    RESET_ASKED = "reset_asked"
    TOKEN_OPENED = "token_opened"
    TOKEN_WRONG = "token_wrong"
    PASSWORD_CHOSEN = "password_chosen"
    PASSWORD_CHANGED = "password_changed"
    CLIENT_ADDED = "client_added"
    CLIENT_CHANGED = "client_changed"
    EMAIL_CHANGED = "email_changed"
    ACCOUNT_CREATED = "account_created"
    WELCOME_RESENT = "welcome_resent"
    RESET_SENT = "reset_sent"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ACCOUNT_REACTIVATED = "account_reactivated"
    ACCESS_CHANGED = "access_changed"
    TEMPORARY_SENT = "temporary_sent"
    QUESTIONS_SET = "questions_set"
    TERMS_ACCEPTED = "terms_accepted"
    CONTACT_CONFIRMED = "contact_confirmed"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    STAFF_UPLOADED = "staff_uploaded"
    LEGACY_UPLOADED = "legacy_uploaded"
    LEGACY_MIGRATED = "legacy_migrated"
    LEGACY_CLOSED = "legacy_closed"
    LEGACY_REOPENED = "legacy_reopened"
    BULK_STARTED = "bulk_started"
    BULK_ENDED = "bulk_ended"
    UPLOAD_FINISHED = "upload_finished"
    LIST_EXPORTED = "list_exported"
    MAIL_SENT = "mail_sent"
    MAIL_FAILED = "mail_failed"


OUTSIDER = "somebody not signed in"


def record(
    ctx: Context,
    who: Actor | Origin,
    action: Action,
    *,
    result: AuditResult = AuditResult.DONE,
    agency_id: int | None = None,
    client_id: int | None = None,
    staff_id: int | None = None,
    identity_id: int | None = None,
    subject: str = "",
    reason: str = "",
    details: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """Write one entry into the running unit of work; call it inside `ctx.unit()`.

    Args:
        who: the person, or only the place for somebody not signed in.
        subject: the name or address of whom it was about, as it was then.
        reason: why, in the actor's words or in those of the refusal.
        details: more facts; never a secret.
    """
    actor = who if isinstance(who, Actor) else None
    origin = who.origin if isinstance(who, Actor) else who
    AuditEntry.insert(
        at=ctx.clock.now(),
        agency_id=actor.agency_id if actor else agency_id,
        actor_id=actor.identity_id if actor else None,
        actor_name=actor.name if actor else OUTSIDER,
        surface=origin.surface,
        place=origin.place[:200],
        action=action.value,
        client_id=client_id,
        staff_id=staff_id,
        identity_id=identity_id,
        subject=subject[:254],
        result=result,
        reason=reason,
        details=json.dumps(dict(details or {}), sort_keys=True),
    ).execute()


@contextmanager
def refusals_recorded(
    ctx: Context,
    who: Actor | Origin,
    action: Action,
    *,
    client_id: int | None = None,
    staff_id: int | None = None,
    identity_id: int | None = None,
    subject: str = "",
) -> Iterator[None]:
    """Around a unit of work: when the rules refuse it, that is written down by itself, and the refusal goes on.

    Fields that do not hold, conflicts and a database that cannot serve are no refusals.
    """
    try:
        yield
    except (Invalid, Conflict, Unavailable):
        raise
    except DeskError as refusal:
        with ctx.unit():
            record(
                ctx,
                who,
                action,
                result=AuditResult.REFUSED,
                client_id=client_id,
                staff_id=staff_id,
                identity_id=identity_id,
                subject=subject,
                reason=refusal.sentence,
            )
        raise
