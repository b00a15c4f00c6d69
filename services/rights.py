"""What each role may do: one table, asked by every service and by every screen that says why something is closed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.states import Role


class Right(StrEnum):
    """What somebody may do who is signed in; the own account is everybody's own."""

    LOOK = "look"
    """Lists, persons, their history, and mail without its secrets."""

    ACT = "act"
    """Change people and their accounts, and send what opens them."""

    CLEAR_FACTOR = "clear-factor"
    """Take a lost second factor off an account, or say yes when a colleague asks for that."""

    OVERRIDE = "override"
    """Vouch for a caller who cannot be verified otherwise."""

    AUDIT = "audit"
    """Read the audit of the whole agency."""

    REPORTS = "reports"
    """Reports about colleagues, and about how well the agency is protected; all others are for whoever may look."""

    BOARD = "board"
    """See how far the move from the old system is."""

    CLOSE_KEY = "close-key"
    """Set when the access key of the old system closes."""

    RESET_ADMINISTRATOR = "reset-administrator"
    """Send an administrator what opens their account, or say yes when a colleague asks for that."""

    GIVE_ROLES = "give-roles"
    """Make somebody more than an agent, and act on administrators."""

    LEAVE_KIOSK = "leave-kiosk"
    """End the program of a kiosk from its own keyboard."""

    KIOSKS = "kiosks"
    """Enrol kiosks, and revoke them."""

    SSH_KEYS = "ssh-keys"
    """Bind SSH keys to accounts, and take them off."""

    RULES = "rules"
    """Change the rules of the agency, and take in the accounts of its old system."""


_AGENT = frozenset({Right.LOOK, Right.ACT, Right.CLEAR_FACTOR})
_AUDITOR = frozenset({Right.LOOK, Right.AUDIT, Right.REPORTS, Right.BOARD})
_SUPERVISOR = _AGENT | _AUDITOR | {Right.OVERRIDE, Right.CLOSE_KEY, Right.LEAVE_KIOSK}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CLIENT: frozenset(),
    Role.AUDITOR: _AUDITOR,
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: frozenset(Right),
}
"""The table; offices narrow whom a right is about, never which rights there are."""

_STAFF_ONLY = "This is for the agency's helpdesk staff. Ask a supervisor if you need it."
_AUDITOR_LOOKS = "Auditors look at everything and change nothing. Ask the agency's helpdesk staff to do it."
_WHY_NOT = {
    Right.OVERRIDE: "Only a supervisor or an administrator vouches for a caller. Ask one.",
    Right.AUDIT: "The audit is for supervisors, administrators and auditors. Ask one of them to look with you.",
    Right.REPORTS: "This report is for supervisors, administrators and auditors. Ask one of them to look with you.",
    Right.BOARD: "The migration board is for supervisors and administrators. Ask one of them to look with you.",
    Right.CLOSE_KEY: "Only a supervisor or an administrator sets when the access key closes. Ask one.",
    Right.RESET_ADMINISTRATOR: "This is an administrator: only an administrator may do it. Ask one.",
    Right.GIVE_ROLES: "Only an administrator may do this. Ask one.",
    Right.LEAVE_KIOSK: "Only a supervisor or an administrator opens this kiosk. Ask one.",
    Right.KIOSKS: "Only an administrator enrols and revokes kiosks. Ask one.",
    Right.SSH_KEYS: "Only an administrator binds SSH keys to accounts. Ask one.",
    Right.RULES: "Only an administrator changes the rules of the agency, or takes in its old accounts. Ask one.",
}


def has(role: Role, right: Right) -> bool:
    """Whether the role has the right."""
    return right in RIGHTS[role]


def why_not(role: Role, right: Right) -> str:
    """Why the role lacks the right, and whom to ask; empty if it has it."""
    if has(role, right):
        return ""
    if role is Role.CLIENT:
        return _STAFF_ONLY
    if role is Role.AUDITOR and right in _AGENT | {Right.CLOSE_KEY}:
        return _AUDITOR_LOOKS
    return _WHY_NOT.get(right, _STAFF_ONLY)


def reaches(actor: Role, subject: Role) -> bool:
    """Whether the actor's role has every right of the subject's: nobody opens what is closed to themselves."""
    return RIGHTS[subject] <= RIGHTS[actor]
