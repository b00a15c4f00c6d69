"""What lies behind the people of a scene when it begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from services.desk import Desk
from services.sandbox.clock import clock_of
from services.sandbox.post import deliver


@contextmanager
def ago(desk: Desk, span: timedelta) -> Iterator[None]:
    """What is done inside has happened so long ago, and its mail was delivered then; one `ago` after the other.

    Raises TypeError for a desk that is no sandbox.
    """
    clock = clock_of(desk)
    clock.move(-span)
    try:
        yield
        # By the present it would be too old to be sent.
        deliver(desk)
    finally:
        clock.move(span)
