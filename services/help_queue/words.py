"""What is said of a request for help to whoever asked: by the desk, the kiosk and the plain mode alike."""

from __future__ import annotations

from datetime import timedelta

from models.states import HelpState
from services.help_queue.values import AskedHelp
from services.text import safe

TOPICS = ("Forgotten password", "No mail with a code", "Activating my account", "Lost phone with my app")
"""What most people ask about."""

OTHER = "Something else"
"""What stands below these."""

NO_SECRETS = "No passwords and no codes."
"""What is said where own words are typed."""

GONE = "The agent sees that you have left, and what you wrote. What they answer does not reach you any more."
"""What follows from leaving."""

LEFT_UNSENT = "What you have typed is not sent yet."
"""What is said besides, if it is so."""

AWAY = "The desk cannot be reached just now. What you typed stays here; try again in a moment."
"""For whoever types in a chat, on either side."""

_MOMENT = timedelta(seconds=75)
_HOUR = timedelta(hours=1)


def topic_of(usual: str, own: str) -> str:
    """What a request is about: one of the usual topics, own words, or both."""
    return ": ".join(part for part in (usual, own.strip()) if part)


def position_words(position: int) -> str:
    """Where somebody stands among those who wait; 1 is whoever comes next, 0 is nowhere any more."""
    if position <= 0:
        return ""
    return "You are next." if position == 1 else f"You are number {position}."


def wait_words(usual: timedelta | None) -> str:
    """How long it usually takes until somebody answers; empty where nobody can tell."""
    if usual is None:
        return ""
    if usual < _MOMENT:
        return "Somebody usually answers within a minute."
    if usual < _HOUR:
        return f"Somebody usually answers within {-(-usual // timedelta(minutes=1))} minutes."
    hours = -(-usual // _HOUR)
    return "Somebody usually answers within the hour." if hours == 1 else f"It usually takes up to {hours} hours."


def asked_words(asked: AskedHelp) -> str:
    """Where a request stands, in one or two sentences."""
    agent = safe(asked.agent) or "An agent"
    if asked.state is HelpState.TAKEN:
        return f"{agent} is helping you."
    if asked.state is HelpState.CLOSED:
        return f"{agent} has closed this request." if asked.agent else "This request is closed."
    told = ("Your request is with the agents.", position_words(asked.position), wait_words(asked.usual_wait))
    return " ".join(sentence for sentence in told if sentence)
