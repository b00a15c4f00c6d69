"""The line at the top of the desk, in which the office that is looked at can be changed."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from screens.widgets.title_bar import TitleBar


class Whereabouts(Widget):
    """The agency and the office that is looked at; in little room both are cut, and neither pushes the other out."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Whereabouts {
        height: 1;
        &.-switch:hover { background: $primary-muted; }
    }
    """

    agency: reactive[str] = reactive("")
    """The agency with its company code."""

    office: reactive[str] = reactive("")
    """What is looked at; empty where there are no offices."""

    can_switch: reactive[bool] = reactive(False)
    """Whether a click asks for another office."""

    @dataclass
    class Pressed(Message):
        """Somebody wants to look at another office."""

    def watch_can_switch(self, can_switch: bool) -> None:
        """Answer the pointer only where a click does something."""
        self.set_class(can_switch, "-switch")
        self.tooltip = "Look at another office" if can_switch else None

    def render(self) -> Content:
        """One line, cut to the room that there is."""
        room = self.content_size.width
        sign = " ▾" if self.can_switch else ""
        agency, office = Content(self.agency), Content(self.office)
        if self.office:
            join = Content(" · ") if self.agency else Content("")
            beside = room - join.cell_length - len(sign)
            office = office.truncate(max(beside // 2, beside - agency.cell_length), ellipsis=True)
            office = Content.assemble(join, office, sign)
        return Content.assemble(agency.truncate(max(0, room - office.cell_length), ellipsis=True), office)

    def on_click(self) -> None:
        """Ask, if there is anything to choose."""
        if self.can_switch:
            self.post_message(self.Pressed())


class DeskTitle(TitleBar):
    """The program, agency and office, and who one is."""

    def compose(self) -> ComposeResult:
        yield Static("Trakdesk", classes="title-brand", markup=False)
        yield Whereabouts(classes="title-where")
        yield Static(Content(self._who), classes="title-who")

    def show_where(self, where: str) -> None:
        """Name the agency."""
        self.query_one(Whereabouts).agency = where

    def show_office(self, office: str, can_switch: bool) -> None:
        """Name what is looked at, and offer another if there is one."""
        shown = self.query_one(Whereabouts)
        shown.office, shown.can_switch = office, can_switch
