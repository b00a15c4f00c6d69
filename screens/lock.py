"""Covers a desk that nobody touches, until its owner types the password."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from models.states import Surface
from screens.dialogs.confirm import Confirm
from screens.ending import begin_end
from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.credentials.passwords import Secret
from services.errors import DeskError, Invalid, SignedOut


class Opened(Enum):
    """How the lock went away."""

    UNLOCKED = "unlocked"
    SIGNED_OUT = "signed out"
    ENDED = "ended"


class LockScreen(FormScreen[Opened]):
    """What lies below stays as it is, and nothing of it can be read; nothing but the password and a sign-out helps."""

    CSS_PATH = "lock.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Unlock", id="form.submit", tooltip="Go on where you were"),
        Binding("f3", "sign_out", "Sign out", id="lock.sign_out", tooltip="End the session; asks first"),
        Binding("ctrl+q", "app.quit", "Quit", priority=True, id="lock.quit", tooltip="Leave Trakdesk"),
    ]

    busy_words = "Checking …"
    above_the_lock: ClassVar[bool] = True

    def __init__(self, place: Workplace, actor: Actor, *, idle: bool) -> None:
        """`idle` tells that nobody asked for it."""
        super().__init__(place)
        self._actor = actor
        self._idle = idle

    def compose(self) -> ComposeResult:
        why = "Nobody touched it for a while." if self._idle else "You locked it."
        how = "goes on with the password of the account."
        without = " Without it, sign out, and sign in with your SSH key again." if self.place.ssh_key else ""
        what = "page" if self.place.origin.surface is Surface.PORTAL else "desk"
        yield TitleBar("Locked")
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static(f"This {what} is locked", classes="card-title", markup=False)
            yield Static(
                Content(f"{why} {self._actor.name} is signed in, and {how}{without}"),
                classes="card-lead",
            )
            yield Field("Password", id="password", secret=True, check=forms.needed("Type your password."))
            yield from self.foot("Unlock", Button("Sign out", id="sign_out"))
        yield KeyLine()

    async def submit(self) -> None:
        """Unlock; a wrong password is counted like a failed sign-in."""
        field = self.query_one("#password", Field)
        password = Secret(field.value)
        try:
            await self.call(self.desk.own_sessions.unlock, self._actor, password)
        except Invalid as refusal:
            self.refuse(refusal.sentence)
            field.value = ""
            field.focus()
            return
        self.dismiss(Opened.UNLOCKED)

    async def tell(self, error: DeskError) -> None:
        """Beside the field: no dialog with words of the screens below may stand above this one."""
        if isinstance(error, SignedOut):
            # It is told once this screen covers nothing any more.
            begin_end(self.app, self.place.sitting, error.sentence)
            self.dismiss(Opened.ENDED)
        else:
            self.refuse(error.sentence)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button that the form does not have."""
        if event.button.id == "sign_out":
            self.action_sign_out()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no way back but the password."""
        if action == "leave":
            return False
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_sign_out(self) -> None:
        """End the session, after saying what is lost."""
        if self.busy or not self.is_active or not await self.app.push_screen_wait(SignOutLocked()):
            return
        async with self.problems_told():
            await self.call(self.desk.sign_in.sign_out, self._actor)
            self.place.sitting.over = "you signed out"
            self.dismiss(Opened.SIGNED_OUT)


class SignOutLocked(Confirm):
    """True if the session may end although nobody can see what is lost."""

    above_the_lock: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(
            "Sign out?",
            ["The session ends. A form that is not saved is offered again at the next sign-in."],
            yes="Sign out",
            no="Stay locked",
            dangerous=True,
        )
