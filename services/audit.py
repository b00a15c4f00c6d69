"""Every change, and every refusal, leaves an entry: who, what, whom, from where, when, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from models.audit import AuditEntry
from models.states import AuditResult
from services.actor import Actor, Origin
from services.auditing import found_by
from services.context import Context
from services.errors import Conflict, DeskError, Invalid, Unavailable
from services.rights import Right


class Action(StrEnum):
    """What can happen, as the audit names it."""

    AGENCY_FOUNDED = "agency_founded"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    EXCESS_SESSION = "excess_session"
    SESSION_LOCKED = "session_locked"
    SESSION_UNLOCKED = "session_unlocked"
    SESSION_ENDED = "session_ended"
    RULES_CHANGED = "rules_changed"
    QUESTIONS_CHANGED = "questions_changed"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_DELAYED = "sign_in_delayed"
    SIGN_IN_CODE_ASKED = "sign_in_code_asked"
    SIGN_IN_CODE_WRONG = "sign_in_code_wrong"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RESET_ASKED = "reset_asked"
    TOKEN_OPENED = "token_opened"
    TOKEN_WRONG = "token_wrong"
    RESET_CONFIRMED = "reset_confirmed"
    EMAIL_UNDONE = "email_undone"
    PASSWORD_CHOSEN = "password_chosen"
    PASSWORD_CHANGED = "password_changed"
    CLIENT_ADDED = "client_added"
    CLIENT_CHANGED = "client_changed"
    PROPERTY_ADDED = "property_added"
    PROPERTY_CHANGED = "property_changed"
    PROPERTY_REMOVED = "property_removed"
    MORTGAGE_ADDED = "mortgage_added"
    MORTGAGE_CHANGED = "mortgage_changed"
    MORTGAGE_REMOVED = "mortgage_removed"
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
    UPLOAD_UNDONE = "upload_undone"
    UPLOAD_MAPPED = "upload_mapped"
    UPLOAD_UNMAPPED = "upload_unmapped"
    LIST_EXPORTED = "list_exported"
    REPORT_EXPORTED = "report_exported"
    FORBIDDEN = "forbidden"
    CALLER_VERIFIED = "caller_verified"
    CALLER_CODE_SENT = "caller_code_sent"
    FACTOR_CLEARED = "factor_cleared"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_GRANTED = "approval_granted"
    APPROVAL_REFUSED = "approval_refused"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    KIOSK_ENROLLED = "kiosk_enrolled"
    KIOSK_REVOKED = "kiosk_revoked"
    KIOSK_CHANGED = "kiosk_changed"
    KIOSK_STARTED = "kiosk_started"
    KIOSK_FAULT = "kiosk_fault"
    KIOSK_LEFT = "kiosk_left"
    SSH_KEY_BOUND = "ssh_key_bound"
    SSH_KEY_REVOKED = "ssh_key_revoked"
    SSH_KEY_REFUSED = "ssh_key_refused"
    SESSION_RESUMED = "session_resumed"
    STEP_RELEASED = "step_released"
    HELP_ASKED = "help_asked"
    HELP_TAKEN = "help_taken"
    HELP_HANDED_OVER = "help_handed_over"
    HELP_CLOSED = "help_closed"
    HELP_REOPENED = "help_reopened"
    AUDIT_EXPORTED = "audit_exported"
    CHART_EXPORTED = "chart_exported"
    AUDIT_RESEALED = "audit_resealed"
    KEYS_ROTATED = "keys_rotated"
    KEYS_RETIRED = "keys_retired"
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
    """Add one entry to the running unit of work, at whose end it is sealed; call it inside `ctx.unit()`.

    Args:
        who: the person, or only the place for somebody not signed in.
        subject: the name or address of whom it was about, as it was then.
        reason: why, in the actor's words or in those of the refusal.
        details: more facts; never a secret.
    """
    actor = who if isinstance(who, Actor) else None
    origin = who.origin if isinstance(who, Actor) else who
    agency_id = actor.agency_id if actor else agency_id
    actor_id = actor.identity_id if actor else None
    name, place, subject, reason = map(_storable, (actor.name if actor else OUTSIDER, origin.place, subject, reason))
    facts = dict(details or {})
    told = [value for value in facts.values() if isinstance(value, str)]
    marks = (
        found_by.action_mark(action.value),
        found_by.result_mark(result),
        found_by.who_mark(found_by.who_of(actor_id, origin.surface, signed_in=actor is not None)),
        found_by.agency_mark(agency_id),
    )
    ctx.entries.add(
        {
            "at": AuditEntry.at.db_value(ctx.clock.now()),
            "agency_id": agency_id,
            "actor_id": actor_id,
            "actor_name": name[:201],
            "surface": origin.surface.value,
            "place": place[:200],
            "action": action.value,
            "client_id": client_id,
            "staff_id": staff_id,
            "identity_id": identity_id,
            "subject": subject[:254],
            "result": result.value,
            "reason": reason,
            "details": json.dumps(facts, sort_keys=True),
            "search": found_by.search_text((name if actor else "", subject, reason, place, *told), marks),
        }
    )


def _storable(text: str) -> str:
    """The text without what one of the engines refuses: what happened is written down whatever was typed."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


_watched: ContextVar[bool] = ContextVar("watched", default=False)
"""Whether somebody around the present call writes its refusals down."""


@contextmanager
def _watching() -> Iterator[None]:
    token = _watched.set(True)
    try:
        yield
    finally:
        _watched.reset(token)


def forbidden(ctx: Context, actor: Actor, right: Right, told: str) -> None:
    """Write down that somebody asked for what they may not do, and was told so, unless `refusals_recorded` will."""
    if _watched.get():
        return
    with ctx.unit():
        record(
            ctx,
            actor,
            Action.FORBIDDEN,
            result=AuditResult.REFUSED,
            identity_id=actor.identity_id,
            subject=actor.name,
            reason=told,
            details={"right": right.value, "role": actor.role.value},
        )


@contextmanager
def refusals_recorded(
    ctx: Context,
    who: Actor | Origin,
    action: Action,
    *,
    agency_id: int | None = None,
    client_id: int | None = None,
    staff_id: int | None = None,
    identity_id: int | None = None,
    subject: str = "",
) -> Iterator[None]:
    """Around a unit of work: when the rules refuse it, that is written down by itself, and the refusal goes on.

    Fields that do not hold, conflicts and a database that cannot serve are no refusals.
    """
    try:
        with _watching():
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
                agency_id=agency_id,
                client_id=client_id,
                staff_id=staff_id,
                identity_id=identity_id,
                subject=subject,
                reason=refusal.sentence,
            )
        raise
