"""How the own account is protected, in words."""

from __future__ import annotations

from datetime import datetime

from services.accounts.own_security import OwnSecurity
from services.open_sessions import OpenSession
from services.when import show_moment

PASSWORD_CHANGED = "Your password has been changed. Other sessions of yours have ended."
QUESTIONS_CHANGED = "Your security questions have been changed."
FACTOR_ON = "Two-step sign-in is on. Your other sessions have ended."
FACTOR_OFF = "Two-step sign-in is off. A mail about it is on its way to you."

TURNING_OFF = (
    "Your password alone will open your account then. The recovery codes stop working, and your other sessions end."
)
"""What follows from turning two-step sign-in off."""

CODES_REPLACED = "The codes that you have now stop working."
"""What follows from making new recovery codes."""

WHAT_ENDS = "It closes at the next key that is pressed there. What is typed there and not saved is lost."
"""What ending a session means."""


def password_words(seen: OwnSecurity, now: datetime) -> str:
    """Since when there is a password."""
    return f"chosen {show_moment(seen.password_since, now)}" if seen.password_since else "none yet"


def questions_words(seen: OwnSecurity, now: datetime) -> str:
    """How many questions are answered."""
    if not seen.questions_asked:
        return "your agency asks none"
    if seen.questions_since is None:
        return "▲ none answered yet"
    return f"{seen.questions_answered} answered {show_moment(seen.questions_since, now)}"


def factor_words(seen: OwnSecurity, now: datetime) -> str:
    """Whether there is a second factor."""
    if seen.factor_since is not None:
        return f"on since {show_moment(seen.factor_since, now)}"
    return "▲ off, and your agency asks for it" if seen.factor_required else "off"


def codes_words(seen: OwnSecurity) -> str:
    """How many recovery codes are left."""
    if seen.factor_since is None:
        return "they come with two-step sign-in"
    return f"{seen.recovery_left} left" if seen.recovery_left else "▲ none left: make new ones"


def keys_words(seen: OwnSecurity) -> str:
    """How many SSH keys there are, and that a new password leaves them."""
    if not seen.ssh_keys:
        return "none; an administrator binds them"
    return f"{seen.ssh_keys} bound, and a new password leaves {'it' if seen.ssh_keys == 1 else 'them'}"


def where(session: OpenSession) -> str:
    """Surface and place of a session."""
    return f"{session.surface}, {session.place}" if session.place else session.surface.value
