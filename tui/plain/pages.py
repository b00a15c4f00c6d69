"""Long lists, ten lines at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.plain.dialogue import WAYS_OUT, Dialogue

TEN = 10


def page_through(talk: Dialogue, count: int, page: Callable[[int, int], Sequence[str]], *, of: str = "") -> int | None:
    """Say them ten by ten until somebody chooses one, whose place is returned; None when nothing can be chosen.

    Args:
        talk: where it is said.
        count: how many there are.
        page: gives the lines from one place to another.
        of: what a number opens; empty when the lines are only for listening.

    Raises Back or Leave.
    """
    start = 0
    while True:
        end = min(start + TEN, count)
        talk.say(*(f"{place}: {line}" for place, line in enumerate(page(start, end), start + 1)))
        more = end < count
        if not more and not of:
            return None
        ways = [f"the number of {of}"] if of else []
        ways += ["n for the next ten"] if more else []
        ways += ["p for the ten before"] if start else []
        question = ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])} or {ways[-1]}"
        start, chosen = _next(talk, question[0].upper() + question[1:], start, count, bool(of))
        if chosen is not None:
            return chosen


def _next(talk: Dialogue, question: str, start: int, count: int, choosing: bool) -> tuple[int, int | None]:
    """Where to go on, and the place that was chosen."""

    def known(typed: str) -> str | None:
        wanted = typed.casefold()
        if (wanted == "n" and start + TEN < count) or (wanted == "p" and start):
            return None
        if choosing and typed.isascii() and typed.isdecimal() and 1 <= int(typed[:9]) <= count:
            return None
        return f"{question}. {WAYS_OUT}"

    typed = talk.ask(question, check=known).casefold()
    if typed in ("n", "p"):
        return start + (TEN if typed == "n" else -TEN), None
    return start, int(typed) - 1
