"""Audit entries in words that follow the actor's name."""

from __future__ import annotations

import json
from typing import Any

from models.audit import AuditEntry
from models.states import AuditResult, MailPurpose
from services.audit import Action
from services.clients.values import HistoryEntry
from services.text import safe

_FIELDS = {
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail address",
    "phone": "phone number",
    "date_of_birth": "date of birth",
    "subscribed": "subscription",
    "anniversary": "anniversary",
    "mortgages": "mortgages",
    "cell": "cell number",
    "office": "office",
    "offices": "offices",
    "role": "role",
    "active": "status",
    "note": "note",
}

WORDS = {
    Action.AGENCY_FOUNDED: ("set up the agency", "set up the agency"),
    Action.SIGNED_IN: ("signed in", "sign in"),
    Action.SIGNED_OUT: ("signed out", "sign out"),
    Action.SIGN_IN_FAILED: ("tried to sign in", "sign in"),
    Action.SIGN_IN_DELAYED: ("tried to sign in before the wait was over", "sign in before the wait was over"),
    Action.RESET_ASKED: ("asked for a reset", "ask for a reset"),
    Action.TOKEN_OPENED: ("opened a link or code", "open a link or code"),
    Action.TOKEN_WRONG: ("tried a link or code that does not work", "use a link or code that does not work"),
    Action.PASSWORD_CHOSEN: ("chose a password with a link or code", "choose a password with a link or code"),
    Action.PASSWORD_CHANGED: ("changed the password", "change the password"),
    Action.CLIENT_ADDED: ("added the client", "add the client"),
    Action.CLIENT_CHANGED: ("changed the client", "change the client"),
    Action.STAFF_ADDED: ("added the staff member", "add the staff member"),
    Action.STAFF_CHANGED: ("changed the staff member", "change the staff member"),
    Action.STAFF_UPLOADED: ("uploaded a list of office staff", "upload a list of office staff"),
    Action.EMAIL_CHANGED: ("changed the e-mail address", "change the e-mail address"),
    Action.ACCOUNT_CREATED: ("created the account and sent the welcome mail", "create the account"),
    Action.WELCOME_RESENT: ("sent the welcome mail again", "send the welcome mail again"),
    Action.RESET_SENT: ("sent a reset", "send a reset"),
    Action.ACCOUNT_DEACTIVATED: ("deactivated the account", "deactivate the account"),
    Action.ACCOUNT_REACTIVATED: ("reactivated the account", "reactivate the account"),
    Action.ACCESS_CHANGED: ("changed offices or role of the account", "change offices or role of the account"),
    Action.BULK_STARTED: ("began to create accounts for many", "create accounts for many"),
    Action.BULK_ENDED: ("created accounts for many", "create accounts for many"),
    Action.LEGACY_UPLOADED: ("imported accounts of the old system", "import accounts of the old system"),
    Action.LEGACY_MIGRATED: ("migrated the account of the old system", "migrate the account of the old system"),
    Action.LEGACY_CLOSED: ("set when the access key closes", "set when the access key closes"),
    Action.LEGACY_REOPENED: ("took back the closing of the access key", "take back the closing of the access key"),
    Action.UPLOAD_FINISHED: ("uploaded a list", "upload a list"),
    Action.LIST_EXPORTED: ("exported the list", "export the list"),
    Action.TEMPORARY_SENT: ("sent a temporary password", "send a temporary password"),
    Action.TERMS_ACCEPTED: ("accepted what a private account means", "accept what a private account means"),
    Action.CONTACT_CONFIRMED: ("looked at the contact details", "look at the contact details"),
    Action.QUESTIONS_SET: ("answered the security questions", "answer the security questions"),
    Action.MAIL_SENT: ("sent a mail", "send a mail"),
    Action.MAIL_FAILED: ("could not send a mail", "send a mail"),
}
"""For every action that the audit knows: what was done, and what was tried in vain after "tried to"."""

_MAILS = {MailPurpose.TEMPORARY: "temporary password"}


def entry_of(row: AuditEntry) -> HistoryEntry:
    """An audit entry as the history shows it."""
    return HistoryEntry(
        id=row.id,
        at=row.at,
        actor=safe(row.actor_name),
        surface=row.surface,
        place=safe(row.place),
        action=row.action,
        words=_words(row),
        result=row.result,
        reason=safe(row.reason),
    )


def _words(row: AuditEntry) -> str:
    try:
        action = Action(row.action)
    except ValueError:
        # An entry outlives the program that wrote it.
        return str(row.action).replace("_", " ")
    done, tried = WORDS[action]
    details: dict[str, Any] = json.loads(row.details)
    match action:
        case Action.MAIL_SENT | Action.MAIL_FAILED if details.get("purpose"):
            mail = _MAILS.get(details["purpose"]) or str(details["purpose"]).replace("-", " ")
            return f"sent the {mail} mail" if action is Action.MAIL_SENT else f"could not send the {mail} mail"
        case Action.PASSWORD_CHOSEN if details.get("purpose") == MailPurpose.TEMPORARY:
            return "replaced the temporary password"
        case Action.SIGNED_IN if details.get("temporary"):
            return "signed in with a temporary password"
        case Action.SIGN_IN_FAILED if row.reason:
            return f"tried to sign in: {safe(row.reason)}"
        case Action.MAIL_FAILED:
            return done
        case _ if row.result is not AuditResult.DONE:
            return f"tried to {tried}"
        case Action.CLIENT_CHANGED | Action.STAFF_CHANGED | Action.ACCESS_CHANGED:
            fields = ", ".join(words for name, words in _FIELDS.items() if name in _changed(details))
            return f"changed {fields}" if fields else done
        case Action.EMAIL_CHANGED if details.get("new"):
            return f"changed the e-mail address from {safe(str(details.get('old')))} to {safe(str(details['new']))}"
        case _:
            return done


def _changed(details: dict[str, Any]) -> set[str]:
    """The fields that an entry speaks of: its details hold "old_phone" and "new_phone"."""
    return {name.removeprefix("new_") for name in details if name.startswith("new_")}
