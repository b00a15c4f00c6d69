"""Choosing a password with a link or a code."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from models.states import TokenPurpose
from screens.form_screen import FormScreen
from screens.widgets.key_line import KeyLine
from screens.widgets.password_chooser import PasswordChooser
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.errors import Refused
from services.recovery import OpenedToken, PasswordChosen


class ChoosePassword(FormScreen[PasswordChosen]):
    """Closes with the account whose password is set; nobody is signed in by it."""

    CSS_PATH = "choose_password.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Set the password", id="form.submit", tooltip="Set this password"),
    ]

    busy_words = "Setting the password …"

    def __init__(self, place: Workplace, link_or_code: str, email: str, opened: OpenedToken) -> None:
        """Show whose password it is.

        Args:
            place: the workplace.
            link_or_code: what was pasted or typed; it is used up with the password.
            email: the address that was given with a code.
            opened: what it opens.
        """
        super().__init__(place)
        self._link_or_code = link_or_code
        self._email = email
        self._opened = opened

    def compose(self) -> ComposeResult:
        opened = self._opened
        replaces = opened.purpose is TokenPurpose.RESET
        yield TitleBar("Choose a password", opened.agency_name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static(
                Content(f"{opened.name}, choose {'a new' if replaces else 'your'} password"), classes="card-title"
            )
            yield Static(
                Content(f"{opened.agency_name} · company code {opened.company_code} · user name {opened.user_name}"),
                classes="card-lead",
            )
            yield PasswordChooser(opened.policy, opened.about, replaces=replaces)
            yield from self.foot("Set the password", Button("Back", id="leave"))
        yield KeyLine()

    async def submit(self) -> None:
        """Set it; if the link or code ended meanwhile, say so and go back to where a fresh one can be had."""
        secret = self.query_one(PasswordChooser).secret
        try:
            chosen = await self.call(
                self.desk.recovery.choose_password, self._link_or_code, self._email, secret, self.place.origin
            )
        except Refused as refusal:
            await self.tell(refusal)
            self.dismiss(None)
        else:
            self.dismiss(chosen)
