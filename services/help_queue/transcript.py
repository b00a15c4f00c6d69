"""What was said in a request, as the audit keeps it and the history shows it."""

from __future__ import annotations

from models.states import HelpAuthor
from services.help_queue.lines import lines_of
from services.help_queue.values import ChatLine
from services.text import safe
from services.when import show_time

LONGEST = 12_000
"""Signs of a transcript in one entry; of a longer one the end is kept, where it is decided."""


def details_of(request_id: int) -> dict[str, str]:
    """The lines between the two sides, and the notes of colleagues apart; call it inside `ctx.unit()`."""
    lines = lines_of(request_id, notes=True)
    return {
        "transcript": _text([line for line in lines if line.author is not HelpAuthor.NOTE]),
        "notes": _text([line for line in lines if line.author is HelpAuthor.NOTE]),
    }


def lines_in(text: object) -> tuple[str, ...]:
    """The lines of a transcript in an entry, harmless."""
    return tuple(safe(line) for line in str(text or "").split("\n") if line)


def _text(lines: list[ChatLine]) -> str:
    shown = [_line(line) for line in lines]
    left_out = 0
    while len("\n".join(shown)) > LONGEST:
        # Halving would cut too much, one at a time would take long: a tenth of what is left.
        cut = max(1, len(shown) // 10)
        shown, left_out = shown[cut:], left_out + cut
    if left_out:
        shown.insert(0, f"({left_out} earlier lines are left out)")
    return "\n".join(shown)


def _line(line: ChatLine) -> str:
    who = f"{line.name}: " if line.name else ""
    return f"{show_time(line.said_at)} {who}{line.words}"
