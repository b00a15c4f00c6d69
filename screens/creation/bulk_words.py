"""How a creation of many accounts is told: the columns, one line for each person, and what stands above them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from textual.content import Content

from models.states import RunRowState
from screens.widgets.virtual_table import Column
from services.creation.bulk import RESULT_WORDS
from services.creation.values import Preflight, PreflightRow, RunRow, RunView
from services.rows import TableRow

COLUMNS = (
    Column("name", "Name", 24, 16, flexible=True),
    Column("email", "E-mail", 30, 18, flexible=True),
    Column("result", "Result", 60, 24, flexible=True),
)
_MARKS = {RunRowState.WAITING: "muted", RunRowState.CREATED: "success", RunRowState.REFUSED: "warning"}
_SIGNS = {RunRowState.WAITING: "○", RunRowState.CREATED: "●", RunRowState.REFUSED: "▲"}


class Phase(Enum):
    """Where the screen is."""

    LOOKING = "looking"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    ELSEWHERE = "elsewhere"
    DONE = "done"


def summary_of(phase: Phase, preflight: Preflight, run: RunView | None, began: str) -> str:
    """What stands above the list.

    Args:
        began: when the run was begun, in words.
    """
    if phase is Phase.READY:
        ready, left = preflight.ready, len(preflight.rows) - preflight.ready
        go = "F2 creates the accounts." if ready else "Mend the problems in the list first."
        told = f" {people_are(left)} left out, for the reason beside the name." if left else ""
        return f"{accounts_are(ready)} ready to be created.{told} {go}"
    if phase is Phase.LOOKING or run is None:
        return "Looking at everybody …"
    counts = f"{run.created:,} created, {run.refused:,} not created, {run.waiting:,} waiting."
    if phase is Phase.RUNNING:
        return f"Creating accounts … {counts}"
    if phase is Phase.ELSEWHERE:
        return (
            f"Begun by {run.by}, {began}; another program works on it. {counts} "
            "If nothing moves for half a minute, F2 goes on."
        )
    if phase is Phase.PAUSED:
        return f"Paused. Begun by {run.by}, {began}. {counts} F2 goes on where it stopped."
    return f"✓ Done. {run.created:,} created, {run.refused:,} not created. w writes a report."


def preflight_row(number: int, row: PreflightRow) -> TableRow:
    """A person before anything is created."""
    if row.problems:
        return TableRow(number, (row.name, row.email, f"▲ {' '.join(row.problems)}"), ("", "", "warning"))
    words = f"● ready: {' '.join(row.notes)}" if row.notes else "● ready"
    return TableRow(number, (row.name, row.email, words), ("", "", "success"))


def run_row(row: RunRow) -> TableRow:
    """A person of a run."""
    words = f"{_SIGNS[row.state]} {RESULT_WORDS[row.state]}"
    result = f"{words}: {row.reason}" if row.reason else words
    return TableRow(row.id, (row.name, row.email, result), ("", "", _MARKS[row.state]))


def preflight_told(row: PreflightRow) -> Content:
    """The same person in full."""
    return _told(row.name, row.email, " ".join(row.problems or row.notes) or "Ready.")


def run_told(row: RunRow) -> Content:
    """A person of a run in full."""
    return _told(row.name, row.email, row.reason or f"{RESULT_WORDS[row.state].capitalize()}.")


def refused_first(rows: Iterable[RunRow]) -> list[RunRow]:
    """The same people; what needs a look stands on top, also among a thousand."""
    return sorted(rows, key=lambda row: row.state is not RunRowState.REFUSED)


def accounts_are(count: int) -> str:
    """So many accounts, and the verb."""
    return "1 account is" if count == 1 else f"{count:,} accounts are"


def people_are(count: int) -> str:
    """So many people, and the verb."""
    return "1 person is" if count == 1 else f"{count:,} people are"


def _told(name: str, email: str, words: str) -> Content:
    return Content.assemble((" · ".join(part for part in (name, email) if part), "bold"), f"\n{words}")
