"""The first step of whoever opened a link in a mail: whose account it is for, and what will happen."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.entry.arrived import Arrived
from screens.entry.following import OVER, follow, when_it_ended
from screens.form_screen import FormScreen
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.entry.words import FRESH_SENT, LINKS
from services.errors import DeskError, Refused
from services.mail.render import masked
from services.recovery import OpenedToken, TokenAnswer


class ByLink(FormScreen[Arrived]):
    """Closes with what came of it, for the sign-in form; opening the link has used nothing up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Go on", id="form.submit", tooltip="Do what the button says"),
        Binding("escape", "leave", "To the sign-in", key_display="Esc", id="form.leave", tooltip="To the sign-in form"),
    ]

    busy_words = "Opening the link …"

    def __init__(self, place: Workplace, link: str) -> None:
        """`link` is the part of the address that holds the secret, `purpose=token`."""
        super().__init__(place)
        self._link = f"#{link}"
        self._opened: OpenedToken | None = None
        self.spent = False
        """Whether the link is of no use any more."""

    def compose(self) -> ComposeResult:
        yield TitleBar("Your link")
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("Your link", classes="card-title", markup=False)
            yield Static("", id="link-whose", classes="card-lead")
            yield Static("", id="link-what", classes="card-told")
            yield from self.foot("Go on", Button("To the sign-in", id="leave"))
        yield KeyLine()

    async def on_mount(self) -> None:
        """Look what the link is for."""
        self.query_one("#submit").display = False
        self.query_one("#leave").focus()
        self.look()

    @work(exit_on_error=False)
    async def look(self) -> None:
        """Open the link; also after a fault, with the same button."""
        told: DeskError | None = None
        async with self.at_work():
            try:
                self._opened = await self.call(self.desk.recovery.open, self._link, "", self.place.origin)
            except DeskError as refusal:
                told = refusal
        if self._opened is not None:
            self._show(self._opened)
        elif told is not None:
            self._show_unknown(told)

    async def submit(self) -> None:
        """Go on to what the link is for, or have a fresh one sent."""
        opened = self._opened
        if opened is None:
            self.look()
        elif opened.state is not TokenAnswer.LIVE:
            await self.call(self.desk.recovery.ask_fresh, self._link, "", self.place.origin)
            self.spent = True
            self.query_one("#submit").display = False
            self.query_one("#leave").focus()
            self.say(FRESH_SENT, good=True)
        else:
            arrived = await follow(self, self._link, "", opened)
            if arrived is not None:
                self.spent = True
                self.dismiss(arrived)

    def _show(self, opened: OpenedToken) -> None:
        if opened.state is TokenAnswer.LIVE:
            words = LINKS[opened.purpose]
            self._tell(words.title, f"{opened.agency_name}\n{masked(opened.user_name)}", words.what)
            self._offer(words.verb)
            return
        self.spent = True
        why = f"{when_it_ended(opened, self.desk.ctx.clock.now())} {opened.why_not}"
        self._tell(OVER, opened.agency_name, why)
        if opened.renewable:
            self._offer("Send me a fresh one")

    def _show_unknown(self, refusal: DeskError) -> None:
        """Neither whose it is nor what it is for can be told."""
        self.spent = isinstance(refusal, Refused)
        self._tell(OVER if self.spent else "One moment, please", "", refusal.sentence)
        if not self.spent:
            self._offer("Try again")

    def _tell(self, title: str, whose: str, what: str) -> None:
        self.query_one(".card-title", Static).update(Content(title))
        self.query_one("#link-whose", Static).update(Content(whose))
        self.query_one("#link-whose").display = bool(whose)
        self.query_one("#link-what", Static).update(Content(what))
        self.query_one(TitleBar).show_where(title)

    def _offer(self, verb: str) -> None:
        button = self.query_one("#submit", Button)
        button.label = Content(verb)
        button.display = True
        button.focus()
