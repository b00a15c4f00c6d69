"""By what an entry is found: the words that it tells, and a mark for each kind of fact that a filter asks for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from models.states import AuditResult, Surface
from services.text import LONGEST_WORD, fold

MOST_WORDS = 200
"""Words of one entry that can be found; a reason may be long."""


class Who(StrEnum):
    """What kind of actor did something."""

    PERSON = "person"
    OUTSIDER = "outsider"
    PROGRAM = "program"


def who_of(actor_id: int | None, surface: Surface, *, signed_in: bool) -> Who:
    """Somebody signed in, somebody who was not, or the program itself and its command line."""
    if surface is Surface.COMMAND:
        return Who.PROGRAM
    return Who.PERSON if signed_in or actor_id is not None else Who.OUTSIDER


def action_mark(action: str) -> str:
    """The mark of an action."""
    return f"~x{action}"


def result_mark(result: AuditResult) -> str:
    """The mark of a result."""
    return f"~r{result.value}"


def who_mark(who: Who) -> str:
    """The mark of a kind of actor."""
    return f"~w{who.value}"


def agency_mark(agency_id: int | None) -> str:
    """The mark of an agency, or of none."""
    return f"~a{agency_id or 0}"


def search_text(texts: Iterable[str], marks: Iterable[str]) -> str:
    """What the search column keeps: folded words, then marks, a space around each; no folded word begins with ~."""
    words = dict.fromkeys(word[:LONGEST_WORD] for text in texts for word in fold(text).split())
    return f" {' '.join([*list(words)[:MOST_WORDS], *marks])} "
