"""The present password, and a code where there is an app, before the second factor is touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.credentials.passwords import Secret

T = TypeVar("T")


class Proof(FormScreen[T], Generic[T]):
    """Closes with what the service gave for them, or with None on the way back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Go on", id="form.submit", tooltip="Go on with what stands in the fields"),
    ]

    needs_session = True
    busy_words = "Checking …"

    def __init__(
        self,
        place: Workplace,
        actor: Actor,
        title: str,
        lead: str,
        act: Callable[[Secret, Secret], T],
        *,
        password: bool = True,
        code: bool = True,
        verb: str = "Go on",
    ) -> None:
        """Ask.

        Args:
            place: the workplace.
            actor: who is asked.
            title: what it is for.
            lead: what follows from it.
            act: the service's call, which takes password and code.
            password: whether the password is asked for.
            code: whether a code is.
            verb: the button.
        """
        super().__init__(place)
        self._actor = actor
        self._title = title
        self._lead = lead
        self._act = act
        self._asks = {"password": password, "code": code}
        self._verb = verb

    def compose(self) -> ComposeResult:
        yield TitleBar("Two-step sign-in", self._actor.name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static(Content(self._title), classes="card-title")
            yield Static(Content(self._lead), classes="card-lead")
            if self._asks["password"]:
                needed = forms.needed("Write the password that you have now.")
                yield Field("Password", id="password", secret=True, check=needed)
            if self._asks["code"]:
                hint = "Of your app, or a recovery code."
                yield Field("Code", id="code", hint=hint, check=forms.needed("Type the code."))
            yield from self.foot(self._verb, Button("Back", id="leave"))
        yield KeyLine()

    async def submit(self) -> None:
        """Do it."""
        self.dismiss(await self.call(self._act, self._secret("password"), self._secret("code")))

    def _secret(self, field: str) -> Secret:
        return Secret(self.query_one(f"#{field}", Field).value if self._asks[field] else "")
