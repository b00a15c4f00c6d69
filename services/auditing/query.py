"""Which entries somebody asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.states import AuditResult
from services.audit import Action
from services.auditing.found_by import Who


class Area(StrEnum):
    """What an entry is about."""

    SIGN_IN = "sign-in"
    SECRETS = "secrets"
    ACCOUNTS = "accounts"
    PEOPLE = "people"
    CALLERS = "callers"
    KIOSKS = "kiosks"
    MAIL = "mail"
    DESK = "desk"


class Span(StrEnum):
    """How far back."""

    TODAY = "today"
    WEEK = "week"


AREA_WORDS: Mapping[Area, str] = {
    Area.SIGN_IN: "signing in and out",
    Area.SECRETS: "passwords and proofs",
    Area.ACCOUNTS: "accounts",
    Area.PEOPLE: "clients and staff",
    Area.CALLERS: "callers, approvals, rights",
    Area.KIOSKS: "kiosks and help",
    Area.MAIL: "mail",
    Area.DESK: "the desk itself",
}

AREAS: Mapping[Area, frozenset[Action]] = {
    Area.SIGN_IN: frozenset(
        {
            Action.SIGNED_IN,
            Action.SIGNED_OUT,
            Action.SIGN_IN_FAILED,
            Action.SIGN_IN_DELAYED,
            Action.SIGN_IN_CODE_ASKED,
            Action.SIGN_IN_CODE_WRONG,
            Action.EXCESS_SESSION,
            Action.SESSION_LOCKED,
            Action.SESSION_UNLOCKED,
            Action.SESSION_ENDED,
            Action.SESSION_RESUMED,
            Action.SSH_KEY_REFUSED,
        }
    ),
    Area.SECRETS: frozenset(
        {
            Action.RESET_ASKED,
            Action.RESET_SENT,
            Action.TOKEN_OPENED,
            Action.TOKEN_WRONG,
            Action.PASSWORD_CHOSEN,
            Action.PASSWORD_CHANGED,
            Action.TEMPORARY_SENT,
            Action.QUESTIONS_SET,
            Action.QUESTIONS_CHANGED,
            Action.RESET_CONFIRMED,
            Action.FACTOR_ON,
            Action.FACTOR_OFF,
            Action.RECOVERY_CODES_MADE,
            Action.SSH_KEY_BOUND,
            Action.SSH_KEY_REVOKED,
        }
    ),
    Area.ACCOUNTS: frozenset(
        {
            Action.ACCOUNT_CREATED,
            Action.WELCOME_RESENT,
            Action.ACCOUNT_DEACTIVATED,
            Action.ACCOUNT_REACTIVATED,
            Action.ACCESS_CHANGED,
            Action.TERMS_ACCEPTED,
            Action.BULK_STARTED,
            Action.BULK_ENDED,
            Action.LEGACY_MIGRATED,
        }
    ),
    Area.PEOPLE: frozenset(
        {
            Action.CLIENT_ADDED,
            Action.CLIENT_CHANGED,
            Action.PROPERTY_ADDED,
            Action.PROPERTY_CHANGED,
            Action.PROPERTY_REMOVED,
            Action.MORTGAGE_ADDED,
            Action.MORTGAGE_CHANGED,
            Action.MORTGAGE_REMOVED,
            Action.STAFF_ADDED,
            Action.STAFF_CHANGED,
            Action.EMAIL_CHANGED,
            Action.EMAIL_UNDONE,
            Action.CONTACT_CONFIRMED,
            Action.STAFF_UPLOADED,
            Action.LEGACY_UPLOADED,
            Action.UPLOAD_FINISHED,
            Action.UPLOAD_UNDONE,
            Action.UPLOAD_MAPPED,
            Action.UPLOAD_UNMAPPED,
        }
    ),
    Area.CALLERS: frozenset(
        {
            Action.FORBIDDEN,
            Action.CALLER_VERIFIED,
            Action.CALLER_CODE_SENT,
            Action.FACTOR_CLEARED,
            Action.APPROVAL_ASKED,
            Action.APPROVAL_GRANTED,
            Action.APPROVAL_REFUSED,
            Action.APPROVAL_WITHDRAWN,
        }
    ),
    Area.KIOSKS: frozenset(
        {
            Action.KIOSK_ENROLLED,
            Action.KIOSK_REVOKED,
            Action.KIOSK_CHANGED,
            Action.KIOSK_STARTED,
            Action.KIOSK_FAULT,
            Action.KIOSK_LEFT,
            Action.STEP_RELEASED,
            Action.HELP_ASKED,
            Action.HELP_TAKEN,
            Action.HELP_HANDED_OVER,
            Action.HELP_CLOSED,
            Action.HELP_REOPENED,
        }
    ),
    Area.MAIL: frozenset({Action.MAIL_SENT, Action.MAIL_FAILED}),
    Area.DESK: frozenset(
        {
            Action.AGENCY_FOUNDED,
            Action.RULES_CHANGED,
            Action.LEGACY_CLOSED,
            Action.LEGACY_REOPENED,
            Action.LIST_EXPORTED,
            Action.REPORT_EXPORTED,
            Action.AUDIT_EXPORTED,
            Action.CHART_EXPORTED,
            Action.AUDIT_RESEALED,
            Action.KEYS_ROTATED,
            Action.KEYS_RETIRED,
        }
    ),
}
"""Every action belongs to one area."""

WHO_WORDS: Mapping[Who, str] = {
    Who.PERSON: "somebody signed in",
    Who.OUTSIDER: "somebody not signed in",
    Who.PROGRAM: "the program and its commands",
}

RESULT_WORDS: Mapping[AuditResult, tuple[str, str]] = {
    AuditResult.DONE: ("✓", "done"),
    AuditResult.REFUSED: ("✗", "refused"),
    AuditResult.FAILED: ("✗", "failed"),
}
"""The sign and the word of each result."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is shown beside the search words; None for all.

    Attributes:
        since, until: moments of the entries, the second one not included; for exports that name days.
    """

    area: Area | None = None
    result: AuditResult | None = None
    who: Who | None = None
    span: Span | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def words(self) -> str:
        """What is shown, in a few words."""
        chosen = [
            AREA_WORDS[self.area] if self.area else "",
            RESULT_WORDS[self.result][1] if self.result else "",
            WHO_WORDS[self.who] if self.who else "",
            {Span.TODAY: "today", Span.WEEK: "seven days"}[self.span] if self.span else "",
        ]
        return "Show " + (", ".join(filter(None, chosen)) or "all")

    def begins(self, now: datetime) -> datetime | None:
        """The earliest moment that is asked for: a day begins at midnight where the desk stands."""
        if self.span is None:
            return self.since
        midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if self.span is Span.TODAY else midnight - timedelta(days=6)


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries the table shows.

    Attributes:
        words: what was typed; each word must begin a word of who, whom, what, where, or why.
        who, whom: words of the actor's name, and of the name or address that it was about; for exports.
        actions: only these, or any when it is empty; for exports that name them.
    """

    words: str = ""
    filter: AuditFilter = AuditFilter()
    who: str = ""
    whom: str = ""
    actions: frozenset[Action] = frozenset()

    @property
    def all_words(self) -> str:
        """All words that an entry must tell somewhere."""
        return f"{self.words} {self.who} {self.whom}"
