"""The words that the tables keep for states; DESIGN, section 2, defines them."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What an identity may do."""

    CLIENT = "client"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class IdentityState(StrEnum):
    """The life of an account."""

    PENDING = "pending"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class Access(IntEnum):
    """What stands between a client and the account; kept beside the client, so that a million rows sort by it."""

    NO_ACCOUNT = 0
    PENDING = 1
    ACTIVE = 2
    UNDELIVERABLE = 3
    DEACTIVATED = 4


class CredentialKind(StrEnum):
    """How an identity proves itself with a secret of its own."""

    PASSWORD = "password"
    TEMPORARY = "temporary"


class FactorState(StrEnum):
    """The life of a second factor: it counts once its owner has typed one right code."""

    PENDING = "pending"
    ACTIVE = "active"


class Awaited(StrEnum):
    """What a sign-in still lacks whose password was right."""

    MAILED_CODE = "mailed-code"
    SECOND_FACTOR = "second-factor"


class CheckMethod(StrEnum):
    """How a caller showed to be who they say."""

    QUESTIONS = "questions"
    CODE = "code"
    SECOND_FACTOR = "second-factor"
    OVERRIDE = "override"


class ApprovalState(StrEnum):
    """The life of a request for a second person's yes."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    USED = "used"
    WITHDRAWN = "withdrawn"


class TokenPurpose(StrEnum):
    """What a one-time token opens; one live token per identity and purpose, but for the undoing of address changes."""

    ACTIVATE = "activate"
    RESET = "reset"
    CONFIRM_RESET = "confirm-reset"
    UNDO_EMAIL = "undo-email"
    SIGN_IN = "sign-in"
    CALLER = "caller"
    KIOSK = "kiosk"


class TokenState(StrEnum):
    """The life of a one-time token; a live one past its hour counts as expired."""

    LIVE = "live"
    USED = "used"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class PaymentEvery(StrEnum):
    """How often a mortgage is paid; the accelerated ones pay half or a quarter of a month's payment each time."""

    MONTH = "monthly"
    HALF_MONTH = "semi-monthly"
    TWO_WEEKS = "bi-weekly"
    TWO_WEEKS_FASTER = "bi-weekly faster"
    WEEK = "weekly"
    WEEK_FASTER = "weekly faster"


class KioskStep(StrEnum):
    """What a kiosk asks of somebody before a new password; an agent may let them pass one."""

    CODE = "code"
    QUESTIONS = "questions"
    SECOND_FACTOR = "second-factor"


class HelpState(StrEnum):
    """The life of a request for a human."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


class HelpAuthor(StrEnum):
    """Who said a line: the person, an agent, an agent to colleagues only, or the desk itself about what happened."""

    PERSON = "person"
    AGENT = "agent"
    NOTE = "note"
    DESK = "desk"


class LegacyState(StrEnum):
    """Where an old account is on its way to an identity."""

    WAITING = "waiting"
    MIGRATED = "migrated"


class RunState(StrEnum):
    """The life of a creation of many accounts at once."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"


class RunRowState(StrEnum):
    """What became of one person in such a run."""

    WAITING = "waiting"
    CREATED = "created"
    REFUSED = "refused"


class MailPurpose(StrEnum):
    """Which template a message is made from."""

    WELCOME = "welcome"
    RESET = "reset"
    TEMPORARY = "temporary"
    PASSWORD_CHANGED = "password-changed"
    EMAIL_CHANGED_OLD = "email-changed-old"
    EMAIL_CHANGED_NEW = "email-changed-new"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    CONFIRM_RESET = "confirm-reset"
    SIGN_IN_CODE = "sign-in-code"
    CALLER_CODE = "caller-code"
    KIOSK_CODE = "kiosk-code"
    NOTICE = "notice"


class MailState(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    DEFERRED = "deferred"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class Surface(StrEnum):
    """Where a session runs."""

    DESK = "desk"
    KIOSK = "kiosk"
    PORTAL = "portal"
    DEMO = "demo"
    COMMAND = "command"


class AuditResult(StrEnum):
    """How an audited action ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
