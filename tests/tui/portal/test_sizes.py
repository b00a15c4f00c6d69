"""A window that is being pulled."""

from __future__ import annotations

import asyncio

from tui.portal.limits import RESIZES_EVERY
from tui.portal.sizes import Sizes


async def test_a_thousand_sizes_become_a_few_and_the_last_one_is_among_them() -> None:
    told: list[tuple[int, int]] = []
    sizes = Sizes(told.append)
    for number in range(1000):
        sizes.put((number, 24))
    assert told == [(0, 24)]
    await asyncio.sleep(3 * RESIZES_EVERY)
    assert told == [(0, 24), (999, 24)]


async def test_nobody_is_told_after_the_end() -> None:
    told: list[tuple[int, int]] = []
    sizes = Sizes(told.append)
    sizes.put((80, 24))
    sizes.put((90, 24))
    sizes.stop()
    await asyncio.sleep(2 * RESIZES_EVERY)
    assert told == [(80, 24)]
