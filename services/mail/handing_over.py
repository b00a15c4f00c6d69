"""Whether staff may read the link and the code of a mail, which are for the person who gets it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.states import MailPurpose, MailState, Role, TokenState
from services import rights
from services.actor import Actor
from services.mail.facts import OPENED_BY, facts_of
from services.rights import Right

_HIDDEN_NOTE = "Link and code are hidden: they are for the person who gets this mail, and for nobody else."
_TEMPORARY_NOTE = "The password is hidden: it is for the person who gets this mail, and for nobody else."
_CALLER_NOTE = "The code is hidden: whoever reads it out on the telephone must have got this mail."
_KIOSK_NOTE = "The code is hidden: it is for the person at the kiosk, who must have got this mail."
_SHOWN_NOTE = (
    "No mail server is configured, so nobody gets this mail unless you hand it over: "
    "give link or code to this person and to nobody else."
)
_DEAD = {
    TokenState.USED: "they have been used. If the person cannot get in, send a reset.",
    TokenState.SUPERSEDED: "a newer mail has taken their place. Hand that one over.",
    TokenState.REVOKED: "they were withdrawn. Send a new mail if the person still needs one.",
}
_OVER = "their time is over. Send a new mail."
_NOT_UNDONE = "the change of the address can no longer be undone with them."
_STAFF_NOTE = (
    "Link and code are hidden, because they open the account of a colleague. An administrator can hand them over."
)


def may_read(actor: Actor, row: dict[str, Any], now: datetime, *, keeps_all: bool) -> tuple[bool, str]:
    """Whether the actor may read link and code of a mail, and what to say about it; empty for mails without them.

    Args:
        row: of `services.mail.facts.rows_where`.
        keeps_all: whether no mail server is configured, so that nobody else hands the mail over.
    """
    if row["purpose"] is MailPurpose.TEMPORARY:
        return False, _TEMPORARY_NOTE
    if row["purpose"] not in OPENED_BY:
        return False, ""
    if row["purpose"] is MailPurpose.EMAIL_CHANGED_OLD and not facts_of(row).undo:
        return False, ""
    if row["purpose"] is MailPurpose.CALLER_CODE:
        return False, _CALLER_NOTE
    if row["purpose"] is MailPurpose.KIOSK_CODE:
        return False, _KIOSK_NOTE
    if not rights.has(actor.role, Right.ACT):
        return False, _HIDDEN_NOTE
    if dead := _why_dead(row, now):
        return False, f"Link and code of this mail no longer work: {dead}"
    if not keeps_all or row["reply_code"] is not None:
        # A server that took it has carried the secret to its owner.
        return False, _HIDDEN_NOTE
    if row["role"] is not Role.CLIENT and not rights.has(actor.role, Right.GIVE_ROLES):
        return False, _STAFF_NOTE
    return True, _SHOWN_NOTE


def _why_dead(row: dict[str, Any], now: datetime) -> str:
    """Why link and code of a mail open nothing any more, and what to do; empty while they work."""
    if row["purpose"] is MailPurpose.EMAIL_CHANGED_OLD:
        live = row["token_state"] is TokenState.LIVE and row["token_expires_at"] > now
        return "" if live else _NOT_UNDONE
    if row["token_state"] in _DEAD:
        return _DEAD[row["token_state"]]
    if row["state"] is MailState.SUPERSEDED:
        return _DEAD[TokenState.SUPERSEDED]
    if row["token_state"] is None or row["token_expires_at"] <= now:
        return _OVER
    return ""
