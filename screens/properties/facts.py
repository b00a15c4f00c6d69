"""All facts of a line below the list, in as many columns as the window has room for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from screens.clients.words import DIM
from screens.widgets.safe_text import fit

_LABEL = 14
_TWO_COLUMNS = 76
"""Cells from which two facts stand beside each other."""


def facts_in_lines(facts: Sequence[tuple[str, str]], warnings: Sequence[str], width: int) -> Content:
    """Labels and values; those too long for a column come first, and what somebody should look at last."""
    room = max(20, width - 4)
    columns = 2 if room >= _TWO_COLUMNS - 4 else 1
    long = [fact for fact in facts if columns > 1 and cell_len(fact[1]) > room // columns - _LABEL - 1]
    short = [fact for fact in facts if fact not in long]
    rows = -(-len(short) // columns)
    lines = [Content.assemble(*_fact(fact, room)) for fact in long]
    for row in range(rows):
        beside = [short[at] for at in range(row, len(short), rows)]
        lines.append(Content.assemble(*(part for fact in beside for part in _fact(fact, room // columns))))
    lines += [Content.styled(fit(f"▲ {warning}", room), "$text-warning") for warning in warnings]
    return Content("\n").join(lines)


def _fact(fact: tuple[str, str], width: int) -> tuple[tuple[str, str], ...]:
    label, value = fact
    shown = (value, "") if value else ("not known", DIM)
    return (fit(label, _LABEL), DIM), (fit(shown[0], width - _LABEL - 1) + " ", shown[1])
