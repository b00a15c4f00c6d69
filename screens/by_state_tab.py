"""A part of the desk whose rows have a state: narrowed by words, and to one state."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from screens.base import DeskScreen
from screens.dialogs.state_filter import StateFilter
from screens.newest_first import NewestFirstTab
from services.actor import Actor

S = TypeVar("S", bound=StrEnum)


class ByStateTab(NewestFirstTab, Generic[S]):
    """A subclass names the states, and asks for the rows with `typed` and `state`."""

    STATES: Mapping[S, str]
    WHICH: ClassVar[str]
    """The title of the dialog that asks for one of them."""

    NONE_YET: ClassVar[str]
    NOTHING: ClassVar[str]
    """What stands in the place of rows where there are none, and where none match."""

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, id=id)
        self.typed = ""
        """The search words."""
        self.state: S | None = None
        """The only state that is shown; None for all."""

    def refresh_quietly(self) -> None:
        """Look how the rows in view stand, and whether the list begins with others."""
        super().refresh_quietly()
        self.table.freshen()

    def show_rows(self) -> None:
        """Show them, and say what is left out."""
        state = self.state
        narrowed = state is not None or bool(self.typed.strip())
        self.table.empty_text = self.NOTHING if narrowed else self.NONE_YET
        self.search.show_filter("Show all" if state is None else f"Show {self.STATES[state]}", state is not None)
        super().show_rows()

    def take_words(self, words: str) -> None:
        """Search for these words from now on."""
        self.typed = words

    def clear_filters(self) -> None:
        """Show all states again."""
        if self.state is not None:
            self._show_state(None)

    def _show_state(self, state: S | None) -> None:
        self.state = state
        self.show_rows()

    async def ask_filter(self) -> None:
        """Ask which rows to show."""
        chosen = await self.app.push_screen_wait(StateFilter[S](self.WHICH, self.STATES, self.state))
        if chosen is not None:
            self._show_state(chosen.state)
