"""Audit entries in words that follow the actor's name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from models.audit import AuditEntry
from models.states import AuditResult, CheckMethod, MailPurpose
from services.audit import Action
from services.clients.values import HistoryEntry
from services.help_queue.transcript import lines_in
from services.text import safe
from services.verification.values import HOW

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
    "address": "address",
    "value": "value",
    "lender": "lender",
    "balance": "balance",
    "rate": "rate",
    "renewal_on": "renewal date",
    "anniversary_on": "anniversary",
    "term_months": "term",
    "amortisation_months": "amortisation",
    "payment": "payment",
    "payment_every": "how often is paid",
}

WORDS = {
    Action.AGENCY_FOUNDED: ("set up the agency", "set up the agency"),
    Action.SIGNED_IN: ("signed in", "sign in"),
    Action.SIGNED_OUT: ("signed out", "sign out"),
    Action.EXCESS_SESSION: ("signed in while signed in elsewhere too", "sign in a second time"),
    Action.SESSION_LOCKED: ("locked the desk", "lock the desk"),
    Action.SESSION_UNLOCKED: ("unlocked the desk", "unlock the desk"),
    Action.SESSION_ENDED: ("ended a session elsewhere", "end a session elsewhere"),
    Action.RULES_CHANGED: ("changed the rules of the agency", "change the rules of the agency"),
    Action.QUESTIONS_CHANGED: ("changed the security questions", "change the security questions"),
    Action.SIGN_IN_FAILED: ("tried to sign in", "sign in"),
    Action.SIGN_IN_DELAYED: ("tried to sign in before the wait was over", "sign in before the wait was over"),
    Action.SIGN_IN_CODE_ASKED: ("typed the right password and was asked for a code", "sign in"),
    Action.SIGN_IN_CODE_WRONG: ("tried a wrong code after the right password", "sign in with a code"),
    Action.FACTOR_ON: ("set up an authenticator app", "set up an authenticator app"),
    Action.FACTOR_OFF: ("turned two-step sign-in off", "turn two-step sign-in off"),
    Action.RECOVERY_CODES_MADE: ("made new recovery codes", "make new recovery codes"),
    Action.RESET_ASKED: ("asked for a reset", "ask for a reset"),
    Action.TOKEN_OPENED: ("opened a link or code", "open a link or code"),
    Action.TOKEN_WRONG: ("tried a link or code that does not work", "use a link or code that does not work"),
    Action.RESET_CONFIRMED: (
        "confirmed the reset and was sent a temporary password",
        "confirm a reset",
    ),
    Action.EMAIL_UNDONE: ("undid the change of the e-mail address", "undo the change of the e-mail address"),
    Action.PASSWORD_CHOSEN: ("chose a password with a link or code", "choose a password with a link or code"),
    Action.PASSWORD_CHANGED: ("changed the password", "change the password"),
    Action.CLIENT_ADDED: ("added the client", "add the client"),
    Action.CLIENT_CHANGED: ("changed the client", "change the client"),
    Action.PROPERTY_ADDED: ("added the property", "add the property"),
    Action.PROPERTY_CHANGED: ("changed the property", "change the property"),
    Action.PROPERTY_REMOVED: ("removed the property", "remove the property"),
    Action.MORTGAGE_ADDED: ("added the mortgage", "add the mortgage"),
    Action.MORTGAGE_CHANGED: ("changed the mortgage", "change the mortgage"),
    Action.MORTGAGE_REMOVED: ("removed the mortgage", "remove the mortgage"),
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
    Action.UPLOAD_UNDONE: ("undid the upload of a list", "undo the upload of a list"),
    Action.UPLOAD_MAPPED: ("chose how the columns of lists are read", "choose how the columns of lists are read"),
    Action.UPLOAD_UNMAPPED: ("forgot how the columns of lists were read", "forget how the columns of lists were read"),
    Action.LIST_EXPORTED: ("exported the list", "export the list"),
    Action.REPORT_EXPORTED: ("exported the report", "export the report"),
    Action.TEMPORARY_SENT: ("sent a temporary password", "send a temporary password"),
    Action.TERMS_ACCEPTED: ("accepted what a private account means", "accept what a private account means"),
    Action.CONTACT_CONFIRMED: ("looked at the contact details", "look at the contact details"),
    Action.QUESTIONS_SET: ("answered the security questions", "answer the security questions"),
    Action.FORBIDDEN: ("tried to do what the role does not allow", "do what the role does not allow"),
    Action.CALLER_VERIFIED: ("verified the caller", "verify the caller"),
    Action.CALLER_CODE_SENT: ("sent a code for a call", "send a code for a call"),
    Action.FACTOR_CLEARED: ("cleared the second factor", "clear the second factor"),
    Action.APPROVAL_ASKED: ("asked for a colleague's yes", "ask for a colleague's yes"),
    Action.APPROVAL_GRANTED: ("agreed to a colleague's request", "agree to a colleague's request"),
    Action.APPROVAL_REFUSED: ("refused a colleague's request", "refuse a colleague's request"),
    Action.APPROVAL_WITHDRAWN: ("took back a request to colleagues", "take back a request to colleagues"),
    Action.KIOSK_ENROLLED: ("enrolled the kiosk", "enrol the kiosk"),
    Action.KIOSK_REVOKED: ("revoked the kiosk", "revoke the kiosk"),
    Action.KIOSK_CHANGED: ("changed the kiosk", "change the kiosk"),
    Action.KIOSK_STARTED: ("started the kiosk", "start the kiosk"),
    Action.KIOSK_FAULT: ("met a fault of the kiosk, which began anew", "go on after a fault of the kiosk"),
    Action.KIOSK_LEFT: ("left the kiosk program", "leave the kiosk program"),
    Action.SSH_KEY_BOUND: ("bound an SSH key to the account", "bind an SSH key to the account"),
    Action.SSH_KEY_REVOKED: ("took an SSH key off the account", "take an SSH key off the account"),
    Action.SSH_KEY_REFUSED: ("came with an SSH key that opens nothing", "come in with an SSH key"),
    Action.SESSION_RESUMED: ("came back into the session after the line had dropped", "come back into the session"),
    Action.STEP_RELEASED: ("released a step at the kiosk", "release a step at the kiosk"),
    Action.HELP_ASKED: ("asked for help", "ask for help"),
    Action.HELP_TAKEN: ("took the request for help", "take the request for help"),
    Action.HELP_HANDED_OVER: ("handed the request for help over", "hand the request for help over"),
    Action.HELP_CLOSED: ("closed the request for help", "close the request for help"),
    Action.HELP_REOPENED: ("reopened the request for help", "reopen the request for help"),
    Action.AUDIT_EXPORTED: ("exported the audit", "export the audit"),
    Action.CHART_EXPORTED: ("exported the numbers of a chart", "export the numbers of a chart"),
    Action.AUDIT_RESEALED: ("sealed the audit anew", "seal the audit anew"),
    Action.KEYS_ROTATED: ("made new keys", "make new keys"),
    Action.KEYS_RETIRED: ("took away old keys", "take away old keys"),
    Action.MAIL_SENT: ("sent a mail", "send a mail"),
    Action.MAIL_FAILED: ("could not send a mail", "send a mail"),
}
"""For every action that the audit knows: what was done, and what was tried in vain after "tried to"."""

_MEANS = {"temporary": "a temporary password", "ssh_key": "an SSH key", "mailed_code": "a mailed code"}

_KEY_SHOWN = 20
"""Signs of a fingerprint by which its owner knows a key again."""

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
        words=_words(row) + _shown(row),
        result=row.result,
        reason=safe(row.reason),
        transcript=_transcript(row),
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
        case Action.PASSWORD_CHOSEN if details.get("purpose") == "rules":
            return "replaced a password that the agency's rules had outgrown"
        case Action.SIGNED_IN:
            return _signed_in(details) if row.result is AuditResult.DONE else f"tried to {tried}"
        case Action.SIGN_IN_CODE_WRONG:
            return "tried a wrong code after coming with an SSH key" if details.get("ssh_key") else done
        case Action.SIGN_IN_CODE_ASKED if details.get("ssh_key"):
            return "came with an SSH key and was asked for a code"
        case Action.SSH_KEY_REFUSED if row.reason:
            return f"{done}: {safe(row.reason)}"
        case Action.SIGN_IN_FAILED if row.reason:
            return f"tried to sign in: {safe(row.reason)}"
        case Action.MAIL_FAILED:
            return done
        case Action.CALLER_VERIFIED if details.get("method"):
            how = HOW[CheckMethod(details["method"])]
            return f"{done if row.result is AuditResult.DONE else f'tried to {tried}'} by {how}"
        case _ if row.result is not AuditResult.DONE:
            return f"tried to {tried}"
        case Action.CLIENT_CHANGED | Action.STAFF_CHANGED | Action.ACCESS_CHANGED:
            fields = ", ".join(changed_fields(details))
            return f"changed {fields}" if fields else done
        case _ if action in _OF_PROPERTIES:
            return _about_property(done, details)
        case Action.SSH_KEY_BOUND | Action.SSH_KEY_REVOKED if details.get("key"):
            return f"{done}: {safe(str(details['key']))[:_KEY_SHOWN]}…"
        case Action.HELP_HANDED_OVER if details.get("to"):
            return f"{done} to {safe(str(details['to']))}"
        case Action.EMAIL_UNDONE if details.get("new"):
            new, old = safe(str(details["new"])), safe(str(details.get("old")))
            return f"undid the change of the e-mail address: it is {new} again instead of {old}"
        case Action.EMAIL_CHANGED if details.get("new"):
            return f"changed the e-mail address from {safe(str(details.get('old')))} to {safe(str(details['new']))}"
        case _:
            return done


_OF_PROPERTIES = frozenset(
    {
        *(Action.PROPERTY_ADDED, Action.PROPERTY_CHANGED, Action.PROPERTY_REMOVED),
        *(Action.MORTGAGE_ADDED, Action.MORTGAGE_CHANGED, Action.MORTGAGE_REMOVED),
    }
)


def _about_property(done: str, details: dict[str, Any]) -> str:
    """ "changed the mortgage (Scotia, 12 King St): balance, rate"."""
    which = ", ".join(safe(str(details[name])) for name in ("lender", "address") if details.get(name))
    named = f"{done} ({which})" if which else done
    if "changed" not in done:
        return named
    fields = ", ".join(changed_fields(details))
    return f"{named}: {fields}" if fields else named


def _transcript(row: AuditEntry) -> tuple[str, ...]:
    if row.action != Action.HELP_CLOSED:
        return ()
    return lines_in(json.loads(row.details).get("transcript"))


def _shown(row: AuditEntry) -> str:
    """How the caller was verified for it, and which colleague agreed, where that was needed."""
    details: dict[str, Any] = json.loads(row.details)
    told = f", caller verified by {safe(str(details['verified']))}" if details.get("verified") else ""
    return f"{told}, agreed by {safe(str(details['approved_by']))}" if details.get("approved_by") else told


def _signed_in(details: dict[str, Any]) -> str:
    means = [words for name, words in _MEANS.items() if details.get(name)]
    if details.get("second_factor"):
        means.append("a recovery code" if details["second_factor"] == "recovery" else "a code of the app")
    return f"signed in with {' and '.join(means)}" if means else "signed in"


def changed_fields(details: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields in words that the details of an entry speak of: they hold "old_phone" and "new_phone"."""
    changed = {name.removeprefix("new_") for name in details if name.startswith("new_")}
    return tuple(words for name, words in _FIELDS.items() if name in changed)
