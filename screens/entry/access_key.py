"""The old way in: access key, user name, password and office."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.getters import query_one
from textual.widgets import Button, Static

from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from services.actor import Actor
from services.credentials.passwords import Secret
from services.legacy.sign_in import WrongAccess


class AccessKey(FormScreen[Actor]):
    """Closes with whoever came in, or with None on the way back to the sign-in."""

    CSS_PATH = "access_key.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Log in", id="form.submit", tooltip="Log in with what stands in the fields"),
        Binding("escape", "leave", "Back", key_display="Esc", id="form.leave", tooltip="Back to the sign-in"),
    ]

    busy_words = "Checking …"

    access_key = query_one("#access_key", Field)
    user_name = query_one("#user_name", Field)
    password = query_one("#password", Field)
    office = query_one("#office", Field)

    def compose(self) -> ComposeResult:
        yield TitleBar("Log in with access key")
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("Log in with access key", classes="card-title", markup=False)
            yield Static(
                "For accounts of the old system that have not been moved yet. "
                "With an account of your own, go back and log in there.",
                classes="card-lead",
                markup=False,
            )
            yield Field(
                "Access key",
                id="access_key",
                secret=True,
                check=forms.needed("Type the key of your agency."),
            )
            yield Field("User name", id="user_name", check=forms.needed("Type the user name of the old system."))
            yield Field(
                "Password", id="password", secret=True, check=forms.needed("Type the password of the old system.")
            )
            yield Field("Office", id="office", check=forms.needed("Type the name of your office."))
            yield from self.foot("Log in", Button("Back", id="leave"))
        yield KeyLine()

    async def submit(self) -> None:
        """Sign in."""
        try:
            actor = await self.call(
                self.desk.legacy.sign_in,
                self.access_key.value.strip(),
                self.user_name.value.strip(),
                Secret(self.password.value),
                self.office.value.strip(),
                self.place.origin,
            )
        except WrongAccess as error:
            self.refuse(error.sentence, error.wait)
            self.password.value = ""
            self.password.focus()
            return
        self.dismiss(actor)

    def on_field_edited(self, event: Field.Edited) -> None:
        """The wait belongs to the account that was tried; for another one there may be none."""
        if event.field is not self.password and self.waiting:
            self.wait_for(0)
