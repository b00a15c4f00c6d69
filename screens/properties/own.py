"""The client's own properties, in the client's home."""

from __future__ import annotations

from screens.properties.forms import WHERE
from screens.properties.property_list import PropertyList
from services.properties.values import Portfolio


class OwnProperties(PropertyList):
    """For the client: what the agency knows of them is the agency's to correct."""

    nothing_yet = "Your agency knows of no property of yours.\n\nIf it should, ask them: Esc, then h for help."

    def who(self) -> str:
        """Who looks."""
        return self.actor.name

    def heading(self, portfolio: Portfolio) -> str:
        """There is only one client here."""
        return WHERE

    async def read(self) -> Portfolio:
        """The own ones."""
        return await self.call(self.desk.properties.own, self.actor)
