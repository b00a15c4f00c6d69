"""What is said in a chat, on its way into the database: one line at a time, harmless and without secrets."""

from __future__ import annotations

from typing import Any

from models.help_queue import HelpLine, HelpRequest
from models.states import HelpAuthor
from services.context import Context
from services.errors import Invalid, Refused, TooSoon
from services.help_queue import signals
from services.help_queue.masking import mask
from services.help_queue.values import ChatLine
from services.text import safe

LONGEST_LINE = 2_000
"""Signs of one line."""

MOST_LINES = 1_000
"""Lines of one request, notes included; nobody reads more."""

MOST_A_SECOND = 4
"""Lines that one person may say within a second."""

_TOO_FAST = "Wait a second, then go on: nobody reads so fast."
_FULL = f"This chat has {MOST_LINES:,} lines, which is all it can hold. Close it, and go on in a new request."


def clean_words(words: str) -> str:
    """What somebody typed as it is kept. Raises Invalid for `words`."""
    if len(words) > LONGEST_LINE:
        raise Invalid(
            {"words": f"This has {len(words):,} signs. Shorten it to {LONGEST_LINE:,}, or send it in several lines."}
        )
    line = " ".join(safe(words).split())
    if not line:
        raise Invalid({"words": "There is nothing to send yet. Type it first."})
    return mask(line)


def check_pace(lately: int) -> None:
    """Raises TooSoon for a person who has said so many lines within the last second."""
    if lately >= MOST_A_SECOND:
        raise TooSoon(_TOO_FAST, 1)


def check_room(number: int) -> None:
    """Raises Refused for a line of this number, which has no room any more."""
    if number > MOST_LINES:
        raise Refused(_FULL)


def add(ctx: Context, request_id: int, author: HelpAuthor, name: str, words: str) -> None:
    """Put a line behind the others, and tell all who watch; call it inside `ctx.unit()`. Raises Refused if it is full.

    Args:
        words: cleaned already.
    """
    # The update comes first: it makes others who speak at this moment wait for their number.
    HelpRequest.update(lines=HelpRequest.lines + 1, version=HelpRequest.version + 1).where(
        HelpRequest.id == request_id
    ).execute()
    number = HelpRequest.select(HelpRequest.lines).where(HelpRequest.id == request_id).scalar()
    # What the desk itself tells, such as that somebody closed the chat, always finds room.
    if author is not HelpAuthor.DESK:
        check_room(number)
    HelpLine.create(
        request=request_id, number=number, author=author, name=name[:201], words=words, said_at=ctx.clock.now()
    )
    signals.tell(ctx)


def lines_of(request_id: int, *, notes: bool) -> tuple[ChatLine, ...]:
    """All lines in order, with or without the notes between colleagues; call it inside a read or a unit."""
    which: Any = HelpLine.request == request_id
    if not notes:
        which &= HelpLine.author != HelpAuthor.NOTE
    rows: Any = HelpLine.select(HelpLine.number, HelpLine.author, HelpLine.name, HelpLine.words, HelpLine.said_at)
    return tuple(
        ChatLine(number, author, safe(name), safe(words), said_at)
        for number, author, name, words, said_at in rows.where(which).order_by(HelpLine.number).tuples()
    )
