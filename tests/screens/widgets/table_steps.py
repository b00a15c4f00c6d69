"""What the tests of the table do and look at."""

from __future__ import annotations

from typing import Any

from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from screens.widgets.virtual_table import VirtualTable
from tests.screens.widgets.people import Directory, Numbers
from tests.settling import screen_text, until

LEAST = 21
"""The narrowest terminal that shows the two columns which have to be seen; there is no cell to spare."""


async def shown(pilot: Pilot[Any], source: Directory | Numbers) -> VirtualTable:
    """Show all of a source and wait until it is complete."""
    table: VirtualTable = pilot.app.table  # type: ignore[attr-defined]
    table.show(source)
    await complete(pilot, source)
    return table


async def complete(pilot: Pilot[Any], source: Directory | Numbers) -> None:
    table: VirtualTable = pilot.app.table  # type: ignore[attr-defined]
    await until(
        pilot,
        lambda: table.listing is not None and table.listing.source is source and table.count is not None,
        "all rows",
    )
    await at_rest(pilot)


async def at_rest(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "the reads")
    await pilot.pause()


def line_of_cursor(pilot: Pilot[Any]) -> int:
    return next(number for number, line in enumerate(screen_text(pilot).split("\n")) if line.startswith("▌"))


def lines(table: VirtualTable) -> list[Strip]:
    return table.render_lines(Region(0, 0, table.size.width, table.size.height))


def text(pilot: Pilot[Any]) -> list[str]:
    return screen_text(pilot).split("\n")
