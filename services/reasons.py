"""The reason that somebody gives for what they do to another person's account; the history keeps it."""

from __future__ import annotations

from services.errors import Invalid
from services.rules import Problem, clean_text

_LONGEST = 200


def clean_reason(text: str) -> str:
    """The reason as it is kept. Raises Invalid for `reason`."""
    try:
        reason = clean_text(text, _LONGEST)
    except Problem as refusal:
        raise Invalid({"reason": refusal.sentence}) from refusal
    if not reason:
        raise Invalid({"reason": "Write why, so that the next colleague who looks at this person understands it."})
    return reason
