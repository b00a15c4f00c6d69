"""The list of reports, each with what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.base import DeskScreen
from screens.clients.words import DIM
from screens.reports.report import ReportView
from screens.widgets.key_line import KeyLine
from screens.widgets.menu import Menu, Option
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import DeskError, Refused, SignedOut
from services.reports.values import Finding, Offer, asked_of
from services.rows import Cancelled

ROOMY = 34
"""Rows from which a blank line stands between two reports."""


class _List(Menu, inherit_bindings=True):
    """The list, whose Enter stands in the line of keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", key_display="Enter", id="reports.open", tooltip="All rows of this report"),
    ]


class ReportList(DeskScreen[None]):
    """Two lines for each: its name, and the sentence that matters; one behind the other as they are counted."""

    CSS_PATH = "all_reports.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "look", "Count again", id="reports.look", tooltip="Count all of them anew"),
        Binding("escape", "leave", "Back", key_display="Esc", id="reports.leave", tooltip="Back to the desk"),
    ]

    needs_session = True

    menu = getters.query_one(Menu)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor
        self._offers: Sequence[Offer] = ()
        self._told: dict[str, _Told] = {}
        self._left = Event()

    def compose(self) -> ComposeResult:
        yield TitleBar("Reports", f"{self._actor.name} · {self._actor.role}")
        yield _List([])
        yield Static("", classes="about", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """The keys work at once."""
        self.menu.focus()

    def on_screen_resume(self) -> None:
        """Whatever was done meanwhile is counted."""
        self.action_look()

    def on_unmount(self) -> None:
        """Nobody waits any more for what is being counted."""
        self._left.set()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def action_look(self) -> None:
        """Count them, one behind the other."""
        async with self.problems_told():
            self._offers = await self.call(self.desk.reports.list, self._actor)
            here = await self.call(self.desk.offices.mine, self._actor)
            self.query_one(TitleBar).show_where(f"Reports · {here.in_sight}" if here.in_sight else "Reports")
            self._show()
            for offer in self._offers:
                if not offer.closed:
                    await self._count(offer)

    @on(OptionList.OptionHighlighted)
    def tell_about(self) -> None:
        """What the rows of the report under the cursor are."""
        option = self.menu.highlighted_option
        offer = self._offer(None if option is None else option.id)
        self.query_one(".about", Static).update(Content(offer.report.about if offer else ""))

    @on(OptionList.OptionSelected)
    @work(exit_on_error=False)
    async def open(self, event: OptionList.OptionSelected) -> None:
        """Its rows; or why they are closed."""
        offer = self._offer(event.option_id)
        if offer is None or not self.is_active:
            return
        if offer.closed:
            await self.tell(Refused(offer.closed))
        else:
            await self.app.push_screen_wait(ReportView(self.place, self._actor, offer.report))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    async def _count(self, offer: Offer) -> None:
        try:
            finding = await self.call(self.desk.reports.finding, self._actor, asked_of(offer.report), self._left.is_set)
        except Cancelled:
            return
        except SignedOut:
            raise
        except DeskError as refusal:
            self._put(offer, _Told("▲", refusal.sentence, "$text-error"))
        else:
            self._put(offer, _found(finding))

    def _offer(self, name: str | None) -> Offer | None:
        return next((offer for offer in self._offers if offer.report.name == name), None)

    def on_resize(self) -> None:
        """A blank line between two of them only where there is room."""
        self.call_after_refresh(self._draw)

    def _show(self) -> None:
        """What was counted before stands until it is counted anew."""
        if not self.menu.option_count:
            self._told = {offer.report.name: _first(offer) for offer in self._offers}
            self.menu.add_options([Option("", id=name) for name in self._told])
            self._draw()
            self.menu.highlighted = 0

    def _put(self, offer: Offer, told: _Told) -> None:
        self._told[offer.report.name] = told
        self._draw()

    def _draw(self) -> None:
        behind = "\n" if self.size.height >= ROOMY else ""
        for offer in self._offers:
            told = self._told.get(offer.report.name)
            if told is not None:
                self.menu.replace_option_prompt(offer.report.name, told.under(offer.report.title, behind))


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands beneath the name of a report; the cursor takes colours away, so that the sign tells the same."""

    sign: str
    words: str
    style: str

    def under(self, title: str, behind: str) -> Content:
        return Content.assemble((f"{self.sign} ", self.style), (title, "bold"), "\n  ", (self.words, DIM), behind)


def _first(offer: Offer) -> _Told:
    return _Told("✗", offer.closed, DIM) if offer.closed else _Told("…", "is counted …", DIM)


def _found(finding: Finding) -> _Told:
    if not finding.rows:
        return _Told("✓", finding.words, "$text-success")
    return _Told("●", finding.words, DIM) if finding.good else _Told("▲", finding.words, "$text-warning")
