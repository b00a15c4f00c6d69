"""The screen below all others."""

from __future__ import annotations

from typing import Self

from textual.geometry import Region
from textual.screen import Screen


class Backdrop(Screen[None]):
    """In sight for the moment between two screens: leaves there what was before, since drawing costs a slow line."""

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Nothing is to be drawn."""
        return self
