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
from tui.demo.practice_run import LARGEST_SEED, Order

_OF_ORDER = ("callers", "difficulty", "seed", "trainee", "class_file")
"""The options that are fields of an `Order`; None where somebody left one out."""

_OF_PRACTICE = {name: f"--{name.removesuffix('_file')}" for name in (*_OF_ORDER, "summary")}
"""All options of practice, as they are typed."""

_WIDEST = 29
"""Signs of a name that are printed: as many as eighty columns leave."""

_HEADS = ("Person", "Verified", "Action", "Needless")
"""`CRITERIA` in one word each, for a terminal of 80 columns; the figures are shares of the points."""


def order_of(options: argparse.Namespace) -> Order:
    """What the options want practised. Raises Refused, or DeskError for a class file that cannot be used."""
    if options.autoplay:
        raise Refused("--autoplay: Callers do not play by themselves. Leave it out, or name a scene.")
    given = {name: value for name in _OF_ORDER if (value := getattr(options, name)) is not None}
    if "difficulty" in given:
        given["difficulty"] = Difficulty(given["difficulty"])
    order = Order(**given)
    if not 1 <= order.callers <= MOST:
        raise Refused(f"--callers: Write a number from 1 to {MOST}.")
    if not 0 <= order.seed <= LARGEST_SEED:
        raise Refused(f"--seed: Write a number from 0 to {LARGEST_SEED}.")
    if order.class_file is not None:
        # Before the first call, not after it.
        with _told():
            check_file(order.class_file)
    return order


def check_unused(options: argparse.Namespace) -> None:
    """Raises Refused if an option of practice stands beside something else."""
    for name, words in _OF_PRACTICE.items():
        # Nought is a seed.
        if getattr(options, name) is not None and getattr(options, name) is not False:
            raise Refused(f"{words}: This goes with `trakdesk demo practice` only.")


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
