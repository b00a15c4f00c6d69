"""The Help requests tab: who waits for a human, who answers whom, and the bell for whoever is new."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from models.states import HelpState
from screens.base import DeskScreen
from screens.by_state_tab import ByStateTab
from screens.help_queue.chat import HelpChat
from screens.list_tab import FILTER_KEY, SEARCH_KEY, SHOW_ALL_KEY
from screens.widgets.search_line import SearchLine
from screens.widgets.virtual_table import Column, VirtualTable
from services.actor import Actor
from services.errors import DeskError
from services.help_queue.chats import HELP_COLUMNS, HelpQuery
from services.help_queue.signals import Watch
from services.help_queue.values import HelpCounts
from services.rights import Right, has
from services.rows import RowSource

PREFERENCE = "help"
"""Under which name the desk keeps whether somebody hears the bell."""

_WIDTHS = (
    Column("asked", "", 12),
    Column("name", "", 18, 12, flexible=True),
    Column("about", "", 30, 16, flexible=True),
    Column("where", "", 24, 14, flexible=True, hide_below=110),
    Column("state", "", 26, 22),
    Column("last", "", 30, 16, flexible=True, hide_below=130),
)
_COLUMNS = tuple(replace(column, title=title) for column, title in zip(_WIDTHS, HELP_COLUMNS, strict=True))
_STATES = {HelpState.WAITING: "waiting", HelpState.TAKEN: "being answered", HelpState.CLOSED: "closed"}
_BELL = {
    True: "The bell rings once for each new request. b turns it off.",
    False: "The bell is off. b turns it on.",
}


class HelpTable(VirtualTable, inherit_bindings=True):
    """The table of requests, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Take or open", key_display="Enter", id="help.open", tooltip="Answer it, or go on"),
    ]


class HelpTab(ByStateTab[HelpState]):
    """Hears of every change while the desk is open, whichever part is shown."""

    DEFAULT_CSS = """
    HelpTab {
        .bell { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "look_only", "Look only", id="help.look", tooltip="Open without taking it"),
        Binding("b", "bell", "Bell", id="help.bell", tooltip="Turn the bell for new requests off or on"),
        FILTER_KEY,
        SEARCH_KEY,
        SHOW_ALL_KEY,
    ]
    STATES = _STATES
    WHICH = "Which requests to show"
    NONE_YET = (
        "Nobody has asked for help yet.\n\n"
        "Whoever asks at a kiosk, at the sign-in or in their account\nstands here within a second."
    )
    NOTHING = "No request matches.\n\nEsc clears the search, then the filter."
    # Whatever happens to a request moves it at the top of the list, where those stand who wait or are answered.
    HEAD = 50

    bell_line = getters.query_one(".bell", Static)

    @dataclass
    class Counted(Message):
        """So many wait now."""

        counts: HelpCounts

    def __init__(self, host: DeskScreen[None], actor: Actor, *, id: str) -> None:
        super().__init__(host, actor, id=id)
        self._acts = has(actor.role, Right.ACT)
        self._rings = self._acts
        self._newest: int | None = None
        self._counts: HelpCounts | None = None
        self._drafts: dict[int, str] = {}
        self._watch: Watch | None = None
        self._opening = False

    def compose(self) -> ComposeResult:
        yield SearchLine("name, subject, place or agent")
        yield HelpTable(_COLUMNS, self.host.call)
        yield Static(Content(_BELL[True] if self._acts else ""), classes="bell")

    def on_mount(self) -> None:
        """Hear of requests from now on."""
        self.bell_line.display = self._acts
        self.begin()
        self._watch = self.desk.help_signals.watch(partial(self.call_later, self.count))

    def on_unmount(self) -> None:
        """Hear no more."""
        if self._watch is not None:
            self._watch.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Auditors take nothing and hear no bell."""
        if action in ("bell", "look_only") and not self._acts:
            return False
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def begin(self) -> None:
        """See whether this person hears the bell."""
        with contextlib.suppress(DeskError):
            kept = await self.host.call(self.desk.preferences.get, self.actor, PREFERENCE)
            self._show_bell(self._acts and (kept or {}).get("bell") is not False)

    @work(exclusive=True, group="count", exit_on_error=False)
    async def count(self) -> None:
        """See how many wait, ring for a new one, and look at the list if it is in sight."""
        # A desk that is locked or signed out hears nothing; the desk itself tells what else is wrong.
        with contextlib.suppress(DeskError):
            counts = await self.host.call(self.desk.help_queue.counts, self.actor)
            if self._newest is not None and counts.newest > self._newest and self._rings:
                self.app.bell()
            self._newest = max(counts.newest, self._newest or 0)
            if counts != self._counts:
                self._counts = counts
                self.post_message(self.Counted(counts))
            if self.display and self.host.in_sight:
                self.refresh_quietly()

    def source(self) -> RowSource:
        """The requests that are asked for."""
        return self.desk.help_queue.rows(self.actor, HelpQuery(self.typed, self.state))

    @work(exit_on_error=False)
    async def action_bell(self) -> None:
        """Turn it off or on, for the next time too."""
        self._show_bell(not self._rings)
        async with self.host.problems_told():
            await self.host.call(self.desk.preferences.put, self.actor, PREFERENCE, {"bell": self._rings})

    def _show_bell(self, rings: bool) -> None:
        self._rings = rings
        self.bell_line.update(Content(_BELL[rings]))

    @on(VirtualTable.Chosen)
    def take_or_open(self, event: VirtualTable.Chosen) -> None:
        """Enter, or a second click on a row."""
        self.open(event.key, take=self._acts)

    def action_look_only(self) -> None:
        """Look at it without taking it."""
        key = self.table.cursor_key
        if key is None:
            self.notify("No request is selected.", severity="warning", markup=False)
        else:
            self.open(key, take=False)

    @work(exit_on_error=False)
    async def open(self, key: int, *, take: bool) -> None:
        """Show one request; of two who take the same one the other is told who has it."""
        if self._opening:
            return
        self._opening = True
        try:
            async with self.host.problems_told():
                chat = await self.host.call(self.desk.help_queue.chat, self.actor, key)
                if take and chat.row.state is HelpState.WAITING:
                    chat = await self.host.call(self.desk.help_queue.take, self.actor, key)
                await self.app.push_screen_wait(HelpChat(self.host.place, self.actor, chat, self._drafts))
        finally:
            self._opening = False
        self.count()


def waiting_words(counts: HelpCounts) -> str:
    """Who waits, in the line above the lists; empty for nobody."""
    if not counts.waiting:
        return ""
    who = "1 person waits" if counts.waiting == 1 else f"{counts.waiting:,} people wait"
    return f"{who} for help: key 3."
