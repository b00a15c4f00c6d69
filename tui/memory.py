"""The garbage collector of a full-screen program: it must not hold up a frame."""

from __future__ import annotations

import gc

SETTLING = 2.0
"""Seconds after which what was imported is there to stay."""


def spare_the_collector() -> None:
    """Take what will never die out of the garbage collector's rounds: they cost up to four frames at a stretch."""
    gc.collect()
    gc.freeze()
    gc.enable()
