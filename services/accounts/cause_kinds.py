"""What may keep somebody out of their account, by name."""

from __future__ import annotations

from enum import StrEnum


class CauseKind(StrEnum):
    """What may keep somebody out, or will ask something of them; in no order."""

    FINE = "fine"
    INACTIVE = "inactive"
    NO_EMAIL = "no-email"
    OLD_ACCOUNT = "old-account"
    NO_ACCOUNT = "no-account"
    DEACTIVATED = "deactivated"
    UNDELIVERABLE = "undeliverable"
    NOT_ACTIVATED = "not-activated"
    TEMPORARY_SENT = "temporary-sent"
    TEMPORARY_EXPIRED = "temporary-expired"
    NO_PASSWORD = "no-password"
    RESET_SENT = "reset-sent"
    WAITING = "waiting"
    FAILED_TRIES = "failed-tries"
    MAILED_CODE = "mailed-code"
    FACTOR_LOST = "factor-lost"
    WRONG_CODES = "wrong-codes"
    NO_RECOVERY = "no-recovery"
    WRONG_COMPANY = "wrong-company"
    PASSWORD_OWED = "password-owed"
    FACTOR_OWED = "factor-owed"
    QUESTIONS_OWED = "questions-owed"
