"""Opening what a mail brought: a link, pasted whole, or a code, typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Static

from screens.dialogs.problem import Problem
from screens.entry.arrived import Arrived
from screens.entry.following import OVER, ask_for_fresh, follow, when_it_ended
from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.credentials import codes
from services.entry.words import FRESH_SENT, unreadable
from services.errors import Refused
from services.recovery import TokenAnswer
from services.rules import clean_email


class LinkOrCode(FormScreen[Arrived]):
    """Closes with what came of it, for the sign-in form; opening uses nothing up."""

    CSS_PATH = "link_or_code.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Open", id="form.submit", tooltip="Open the link or code"),
    ]

    busy_words = "Opening …"

    secret = query_one("#link_or_code", Field)
    email = query_one("#email", Field)

    def __init__(self, place: Workplace, email: str = "") -> None:
        """`email` is the address to which the mail went, if it is known."""
        super().__init__(place)
        self._email = email

    def compose(self) -> ComposeResult:
        yield TitleBar("I have a link or code")
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("I have a link or code", classes="card-title", markup=False)
            yield Static(
                "Paste the link from your mail, or type its code. In a code, 0 and O, 1 and I and L are the same.",
                classes="card-lead",
                markup=False,
            )
            # A mail program wraps a long link; its pieces belong together.
            yield Field("Link or code", id="link_or_code", check=unreadable, joins_lines=True)
            yield Static("", classes="card-read", markup=False)
            yield Field(
                "E-mail", self._email, id="email", hint="Needed with a code only.", check=forms.optional(clean_email)
            )
            yield from self.foot("Open", Button("Back", id="leave"))
        yield KeyLine()

    def on_field_edited(self, event: Field.Edited) -> None:
        """Say as what it is read, so that a slip shows before it counts; what was said of the last one is over."""
        if event.field.value and not self.waiting:
            self.say("")
        if event.field is self.secret:
            self.query_one(".card-read", Static).update(Content(_read_as(self.secret.value)))

    async def submit(self) -> None:
        """Look what it is for; then the password, or why it no longer helps."""
        link_or_code, email = self.secret.value, self.email.value.strip()
        try:
            opened = await self.call(self.desk.recovery.open, link_or_code, email, self.place.origin)
        except Refused as refusal:
            self.refuse(refusal.sentence)
            self.secret.focus()
            return
        if opened.state is TokenAnswer.LIVE:
            self.say("")
            arrived = await follow(self, link_or_code, email, opened)
            if arrived is not None:
                self.dismiss(arrived)
        elif not opened.renewable:
            told = f"{when_it_ended(opened, self.desk.ctx.clock.now())} {opened.why_not}"
            await self.app.push_screen_wait(Problem(OVER, told))
        elif await self.app.push_screen_wait(ask_for_fresh(opened, self.desk.ctx.clock.now())):
            await self.call(self.desk.recovery.ask_fresh, link_or_code, email, self.place.origin)
            self.secret.value = ""
            self.secret.focus()
            self.say(FRESH_SENT, good=True)


def _read_as(text: str) -> str:
    if codes.read_link(text):
        return "✓ A whole link."
    code = codes.read_code(text)
    return f"✓ Read as the code {codes.show_code(code)}." if code else ""
