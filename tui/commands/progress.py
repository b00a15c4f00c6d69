"""What long commands share: a progress bar and a way to stop.

The bar is drawn on a terminal only, on the error stream, so that output stays clean.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int, str], None]]:
    """Yields a function `show(done, total, words)`; draws nothing where the error stream is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(words, total=None)

        def show(done: int, total: int, note: str = "") -> None:
            bar.update(task, completed=done, total=total, description=f"{words} {note}".strip())

        yield show


@contextmanager
def stopped_by_hand() -> Iterator[Callable[[], bool]]:
    """Yields a function that tells whether Ctrl-C was pressed, which ends nothing by itself meanwhile."""
    stopping: list[bool] = []
    before = signal.signal(signal.SIGINT, lambda *_: stopping.append(True))
    try:
        yield lambda: bool(stopping)
    finally:
        signal.signal(signal.SIGINT, before)
