"""Asking for the mail that lets one choose a new password."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Button, Static

from screens.dialogs.confirm import Confirm
from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.entry.words import NO_MAIL_YET, mail_asked
from services.rules import clean_email


class ForgotPassword(FormScreen[str]):
    """Closes with the address if the person goes on to the link or code; the answer is the same for everybody."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Send the mail", id="form.submit", tooltip="Have the mail sent to this address"),
    ]

    busy_words = "Asking for the mail …"

    def __init__(self, place: Workplace, email: str = "") -> None:
        """`email` is what stood in the sign-in form."""
        super().__init__(place)
        self._email = email

    def compose(self) -> ComposeResult:
        yield TitleBar("Forgot password")
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("Forgot password", classes="card-title", markup=False)
            yield Static(
                "Write your e-mail address twice. You get a mail with a link and a code that lead to a new password.",
                classes="card-lead",
                markup=False,
            )
            yield Field("E-mail", self._email, id="email", check=forms.told_by(clean_email))
            yield Field("Confirm e-mail", id="confirm", check=forms.told_by(clean_email))
            yield from self.foot("Send the mail", Button("Back", id="leave"))
        yield KeyLine()

    async def submit(self) -> None:
        """Ask, and give the answer that everybody gets."""
        email = self.query_one("#email", Field).value.strip()
        confirm = self.query_one("#confirm", Field).value.strip()
        await self.call(self.desk.recovery.ask_reset, email, confirm, self.place.origin)
        on_its_way, what_it_brings = mail_asked(email)
        goes_on = await self.app.push_screen_wait(
            Confirm(
                "Look into your mailbox",
                [
                    on_its_way,
                    "",
                    what_it_brings,
                    "",
                    NO_MAIL_YET,
                ],
                yes="I have the link or code",
                no="Back to sign-in",
            )
        )
        self.dismiss(email if goes_on else None)
