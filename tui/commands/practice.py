"""`trakdesk demo practice`: a queue of callers for a trainee, and what a class has done."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services.errors import DeskError, Invalid, Refused
from services.practice.class_file import Tally, check_file, summary
from services.practice.queue import MOST
from services.practice.values import Difficulty
from services.when import show_wait
from tui import exits
from tui.demo.practice_run import CALLERS, Order

_WIDEST = 29
"""Signs of a name that are printed: as many as eighty columns leave."""

_HEADS = ("Person", "Verified", "Action", "Needless")
"""`CRITERIA` in one word each, for a terminal of 80 columns; the figures are shares of the points."""


def order_of(options: argparse.Namespace) -> Order:
    """What the options want practised. Raises Refused, or DeskError for a class file that cannot be used."""
    callers = CALLERS if options.callers is None else options.callers
    if not 1 <= callers <= MOST:
        raise Refused(f"--callers: Write a number from 1 to {MOST}.")
    if options.class_file is not None:
        # Before the first call, not after it.
        with _told():
            check_file(options.class_file)
    return Order(options.trainee, callers, options.seed, Difficulty(options.difficulty), options.class_file)


def print_class(options: argparse.Namespace) -> int:
    """Print what the class has done, by trainee and by kind. Raises Refused or DeskError."""
    if options.class_file is None:
        raise Refused("--summary: Name the file of the class with --class.")
    with _told():
        told = summary(options.class_file)
    if told.trainees:
        print("\n".join([*_table("Trainee", told.trainees), "", *_table("Kind, the hardest first", told.kinds)]))
    else:
        print("Nobody of this class has ended a call yet.")
    if told.unread:
        lines = "1 line is" if told.unread == 1 else f"{told.unread:,} lines are"
        print(f"\n{lines} no call, and counted for nobody.")
    return exits.DONE if told.trainees and not told.unread else exits.NEEDS_A_LOOK


def _table(title: str, rows: Sequence[Tally]) -> Iterator[str]:
    yield f"{title:<{_WIDEST}} Calls Score {' '.join(_HEADS)}  Time"
    for row in rows:
        name = row.name if len(row.name) <= _WIDEST else f"{row.name[: _WIDEST - 1]}…"
        shares = " ".join(f"{share:>{len(head) - 2}} %" for share, head in zip(row.shares, _HEADS, strict=True))
        yield f"{name:<{_WIDEST}} {row.calls:>5} {row.score:>5} {shares} {show_wait(row.seconds):>5}"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Invalid as refusal:
        raise DeskError(f"--class: {refusal.problems['file']}") from refusal
