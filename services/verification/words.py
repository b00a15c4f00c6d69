"""How callers are verified, in words."""

from __future__ import annotations

from datetime import datetime

from models.states import CheckMethod
from services.text import safe
from services.verification.values import Level, Standing
from services.when import show_moment

METHOD_WORDS = {
    CheckMethod.QUESTIONS: "Ask the security questions",
    CheckMethod.CODE: "Mail a code and let it be read out",
    CheckMethod.SECOND_FACTOR: "Ask for the code of the app",
    CheckMethod.OVERRIDE: "Vouch for the caller",
}

LEVEL_WORDS = {
    Level.LOOK: "nothing yet",
    Level.RESEND: "sending mails that open the account",
    Level.CHANGE_EMAIL: "changing the e-mail address",
    Level.CLEAR_FACTOR: "everything",
}
"""What a level is enough for."""

NEEDED_WORDS = {
    Level.LOOK: "nothing",
    Level.RESEND: "any of these ways",
    Level.CHANGE_EMAIL: "any of these ways",
    Level.CLEAR_FACTOR: "two ways, the code of the app, or the word of a supervisor",
}
"""By what a level is reached."""


def standing_words(standing: Standing, now: datetime) -> str:
    """What has been shown of the caller, in a sentence."""
    if standing.until is None:
        return "The caller is not verified yet."
    enough = LEVEL_WORDS[standing.level]
    return f"Verified until {show_moment(standing.until, now)} by {safe(standing.how)}: enough for {enough}."
