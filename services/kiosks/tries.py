"""A try at a kiosk: counted against the kiosk until it was right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.actor import Origin
from services.context import Context
from services.kiosks import limits, standing


@contextmanager
def counted(ctx: Context, origin: Origin, *, tried: bool = True) -> Iterator[None]:
    """Around a call that compares what somebody typed; opens transactions of its own.

    Args:
        ctx: the context.
        origin: the kiosk, which must stand.
        tried: whether anything was typed; an agent's word is no try.

    Raises KioskClosed, Refused, or TooSoon for a kiosk at which very much was wrong.
    """
    with ctx.unit():
        standing.require(origin)
        if tried:
            limits.claim_code(ctx, origin)
    yield
    if tried:
        with ctx.unit():
            limits.was_right(ctx, origin)
