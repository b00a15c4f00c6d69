"""Choosing a password with a link or a code."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from models.states import TokenPurpose
from screens.entry.opened_form import OpenedForm
from screens.widgets.key_line import KeyLine
from screens.widgets.password_chooser import PasswordChooser
from screens.widgets.title_bar import TitleBar
from services.recovery import PasswordChosen


class ChoosePassword(OpenedForm[PasswordChosen]):
    """Closes with the account whose password is set; nobody is signed in by it."""

    CSS_PATH = "choose_password.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Set the password", id="form.submit", tooltip="Set this password"),
    ]

    busy_words = "Setting the password …"

    def compose(self) -> ComposeResult:
        opened = self.opened
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

    async def use_up(self) -> None:
        """Set the password."""
        secret = self.query_one(PasswordChooser).secret
        choose = self.desk.recovery.choose_password
        self.dismiss(await self.call(choose, self.link_or_code, self.email, secret, self.place.origin))
