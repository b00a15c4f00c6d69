"""Changing one's own password."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.password_chooser import PasswordChooser
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.own_account import OwnHome
from services.accounts.security_words import PASSWORD_CHANGED
from services.actor import Actor
from services.credentials.passwords import Secret


class ChangePassword(FormScreen[bool]):
    """Closes with True once the password is another one; the present one is asked for first."""

    CSS_PATH = "password.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Change it", id="form.submit", tooltip="Change the password"),
    ]

    needs_session = True

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor

    def compose(self) -> ComposeResult:
        yield TitleBar("Change my password", self._actor.name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("", classes="card-lead", markup=False)
            yield Vertical(id="change-fields")
            yield from self.foot("Change it", Button("Back", id="leave"))
        yield KeyLine()

    async def on_mount(self) -> None:
        """The policy of the agency comes from the database."""
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        async with self.at_work():
            await self._show(await self.call(self.desk.own.home, self._actor))
            self.begin()

    async def _show(self, home: OwnHome) -> None:
        self.query_one(".card-lead", Static).update(Content(f"{home.user_name} · {home.agency.name}"))
        await self.query_one("#change-fields").mount(
            Field(
                "Current password",
                id="current",
                secret=True,
                check=forms.needed("Write the password that you have now."),
            ),
            PasswordChooser(home.policy, home.about, field="new", replaces=True),
        )

    async def submit(self) -> None:
        """Change it; other sessions of the same person end."""
        current = Secret(self.query_one("#current", Field).value)
        new = self.query_one(PasswordChooser).secret
        await self.call(self.desk.own.change_password, self._actor, current, new)
        self.notify(PASSWORD_CHANGED, markup=False)
        self.dismiss(True)
