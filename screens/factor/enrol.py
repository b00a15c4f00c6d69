"""Setting up an authenticator app: a picture to scan, a key to type, and the first code."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Button, Static

from screens.base import NARROW
from screens.factor.recovery_codes import RecoveryCodes
from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.qr import QrCode
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.second_factor import Enrolment
from services.actor import Actor
from services.credentials.passwords import Secret
from services.errors import Refused

WORDS_BESIDE = 36
"""Cells that the words beside the picture need."""

ROWS_BELOW = 12
"""Rows for key and code that must be seen together with the picture above them."""

_SCAN = "Scan the picture with an authenticator app on your phone. Or type this key into the app:"
_HERE = "To an app on this phone"
_ON_PHONE = (
    "If the authenticator app is on this phone, hand it the key with the button. "
    "On another one, scan the picture or type this key:"
)
_ON_PHONE_NO_ROOM = "Hand the key to an authenticator app on this phone with the button, or type it into an app:"
_NO_ROOM = (
    "This window is too small for the picture to scan: make it larger, or type this key into an "
    "authenticator app on your phone:"
)


class Enrol(FormScreen[bool]):
    """Closes with True once the app counts and its recovery codes are kept, with False if they are not kept."""

    CSS_PATH = "enrol.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Confirm", id="form.submit", tooltip="Check the code that the app shows"),
    ]

    needs_session = True
    busy_words = "Checking …"

    def __init__(self, place: Workplace, actor: Actor, begun: Enrolment) -> None:
        super().__init__(place)
        self._actor = actor
        self._enrolment = begun

    def compose(self) -> ComposeResult:
        yield TitleBar("Set up an authenticator app", self._actor.name)
        with Horizontal(id="enrol-room"):
            yield QrCode((self._enrolment.uri, self._enrolment.short_uri))
            with VerticalScroll(id="enrol-words", can_focus=False):
                yield Static(_SCAN, id="enrol-scan", markup=False)
                yield Static(self._key(), id="enrol-key", markup=False)
                yield Button(_HERE, id="to_app")
                yield Static("Then type the six digits that it shows:", id="enrol-then", markup=False)
                yield Field("Code", id="code", check=forms.needed("Type the code that the app shows."))
                yield from self.foot("Confirm", Button("Back", id="leave"))
        yield KeyLine()

    def on_resize(self) -> None:
        """As large a picture as the window has room for."""
        width, height = self.size
        below = width < NARROW
        room = Size(width - 1, height - ROWS_BELOW) if below else Size(width - WORDS_BESIDE, height - 2)
        fits = self.query_one(QrCode).draw(room)
        on_phone = self._on_phone
        self.query_one("#to_app", Button).display = on_phone
        self.set_class(not fits, "-no-picture")
        self.set_class(below, "-below")
        words = (_ON_PHONE if fits else _ON_PHONE_NO_ROOM) if on_phone else _SCAN if fits else _NO_ROOM
        self.query_one("#enrol-scan", Static).update(Content(words))
        if below and fits:
            # The whole picture first: what it is scanned for is typed afterwards.
            self.call_after_refresh(self.query_one("#enrol-room").scroll_home, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Whoever holds the app in the same hand cannot scan its picture."""
        if event.button.id == "to_app":
            event.stop()
            self.app.open_url(self._enrolment.uri.reveal())

    @property
    def _on_phone(self) -> bool:
        return self.app.has_class("-touch")

    async def submit(self) -> None:
        """Confirm, and show the recovery codes; too late, it has to begin anew."""
        code = Secret(self.query_one("#code", Field).value)
        try:
            codes = await self.call(self.desk.second_factor.confirm, self._actor, code)
        except Refused as refusal:
            await self.tell(refusal)
            self.dismiss(None)
            return
        kept = await self.app.push_screen_wait(RecoveryCodes(self.place, self._actor, codes))
        self.dismiss(bool(kept))

    def _key(self) -> Content:
        groups = self._enrolment.key.reveal().split()
        rows = [" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4)]
        return Content.styled("\n".join(rows), "bold")
