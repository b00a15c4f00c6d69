"""A part of the desk that grows at its top: what is new stands first."""

from __future__ import annotations

import contextlib
from typing import ClassVar

from textual import work

from screens.base import DeskScreen
from screens.list_tab import ListTab
from services.actor import Actor
from services.errors import DeskError


class NewestFirstTab(ListTab):
    """Read when it is first looked at; read again only when it begins with another row."""

    HEAD: ClassVar[int] = 1
    """Rows that are compared to see whether it begins as before."""

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, id=id)
        self._entered = False

    def enter(self) -> None:
        """The part comes into sight: read the list, or look what is new."""
        super().enter()
        if self._entered:
            self.refresh_quietly()
        else:
            self._entered = True
            self.show_rows()
            self.look_around()

    def refresh_quietly(self) -> None:
        """Look whether there is a newer row, once there is something to look at."""
        if self._entered:
            super().refresh_quietly()
            self.look_for_newer()

    @work(exclusive=True, group="newer", exit_on_error=False)
    async def look_for_newer(self) -> None:
        """Read the list again only if it begins with another row now: it may be long."""
        listing = self.table.listing
        if listing is None:
            return
        # A list that cannot be read is told by the table itself.
        with contextlib.suppress(DeskError):
            newest = await self.host.call(listing.source.first, self.HEAD)
            if [row.key for row in newest] != list(listing.keys[: self.HEAD]):
                self.table.reload()
                self.look_around()

    def look_around(self) -> None:
        """The list is read, for the first time or because it begins with another row: so is what stands beside it."""
