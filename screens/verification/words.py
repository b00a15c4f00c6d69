"""The words and keys that the dialogs about callers share."""

from __future__ import annotations

from models.states import CheckMethod
from services.approvals.values import RequestCounts

METHOD_KEYS = {
    CheckMethod.QUESTIONS: "q",
    CheckMethod.CODE: "c",
    CheckMethod.SECOND_FACTOR: "a",
    CheckMethod.OVERRIDE: "o",
}


def request_words(counts: RequestCounts) -> str:
    """What is to be said of requests above the lists; empty where there are none."""
    if counts.to_decide == 1:
        return "A colleague asks for your yes: key g shows for what."
    if counts.to_decide:
        return f"{counts.to_decide} requests of colleagues wait for your yes: key g shows them."
    return "A colleague agreed to what you asked: key g carries it out." if counts.granted else ""
