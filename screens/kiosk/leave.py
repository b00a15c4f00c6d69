"""Staff at a kiosk: they sign in behind a key that is not shown, and leave the program or enrol the kiosk."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from models.states import Awaited
from screens.kiosk.frame import LOOKS, BigButton, KioskScreen
from screens.kiosk.workplace import KioskPlace
from screens.widgets import forms
from screens.widgets.countdown import Countdown
from screens.widgets.field import Field
from services import rights
from services.actor import Actor
from services.credentials.passwords import Secret
from services.entry.proving import WrongCode
from services.errors import DeskError, SignedOut, TooSoon
from services.rights import Right
from services.sign_in import WrongCredentials

T = TypeVar("T")

_WRONG = "This is not a user name and its password. Check both, then try again."


class Decision(StrEnum):
    """What staff want of the kiosk."""

    LEAVE = "leave"
    ENROL = "enrol"


class _Asking(KioskScreen[T | None], Generic[T]):
    """A few fields and one call that may refuse with a wait; a subclass gives `fields`, `title` and `submit`."""

    CSS_PATH = [LOOKS, Path(__file__).with_name("leave.tcss")]
    BINDINGS: ClassVar[list[BindingType]] = [
        # Left and right move in the text.
        Binding("down", "app.focus_next", "Next", show=False, id="form.down", tooltip="Go to the next one"),
        Binding("up", "app.focus_previous", "Before", show=False, id="form.up", tooltip="Go to the one before"),
    ]

    patience = 45
    title_words: ClassVar[str]

    def __init__(self, place: KioskPlace) -> None:
        super().__init__(place)
        self._busy = False

    # mypy holds these; Textual's metaclass leaves no room for another.
    @abstractmethod
    def fields(self) -> ComposeResult:
        """What is asked."""

    @abstractmethod
    async def submit(self) -> None:
        """Do it, with fields that hold."""

    def room(self) -> ComposeResult:
        """Title, fields, and what was wrong."""
        yield Static(self.title_words, classes="kiosk-title", markup=False)
        yield from self.fields()
        with Vertical(classes="leave-told"):
            yield Static("", classes="leave-words", markup=False)
            yield Countdown("Next try in {left}")

    def foot(self) -> ComposeResult:
        """Back and on."""
        yield BigButton("Back", id="back")
        yield BigButton("Next", id="next", main=True)

    def on_mount(self) -> None:
        """Begin to type."""
        forms.focus_first_empty(self)

    @on(Input.Submitted)
    def onward(self) -> None:
        """Enter: to the next field, and behind the last one on."""
        following = forms.after(self, self.focused)
        if following is not None:
            following.focus()
        else:
            self.action_next()

    @work(exit_on_error=False)
    async def action_next(self) -> None:
        """Once at a time, and not while a wait lasts."""
        # A second key may have closed the screen before its turn comes.
        if self._busy or not self.is_active or self.query_one(Countdown).running or not forms.all_hold(self):
            return
        self._busy = True
        self.say("One moment …")
        try:
            await self.submit()
        except DeskError as error:
            self.say(f"✗ {_WRONG if isinstance(error, WrongCredentials) else error.sentence}")
            if isinstance(error, WrongCredentials | WrongCode | TooSoon):
                self.query_one(Countdown).start(error.wait)
        finally:
            self._busy = False

    def action_back(self) -> None:
        """Not while a service is at work, whose session nobody would hold."""
        if not self._busy:
            self.dismiss(None)

    def say(self, words: str) -> None:
        """One sentence below the fields."""
        told = self.query_one(".leave-words", Static)
        told.set_class(words.startswith("✗"), "-bad")
        told.update(Content(words))


class StaffSignIn(_Asking[Actor]):
    """Closes with whoever signed in, second factor included; one answer for every kind of failure."""

    title_words = "Staff sign-in"

    def __init__(self, place: KioskPlace, opened: Callable[[Actor], None]) -> None:
        """`opened` is told whose session has begun as soon as it has, on the thread of the service."""
        super().__init__(place)
        self._opened = opened

    def fields(self) -> ComposeResult:
        """The company code only where the kiosk does not know it."""
        code = self.place.kiosk.company_code
        if not code:
            yield Field("Company code", id="company_code", check=forms.needed("Type the company code."))
        yield Field("User name (e-mail)", id="user_name", check=forms.needed("This is your e-mail address."))
        yield Field("Password", id="password", secret=True, check=forms.needed("Type your password."))

    async def submit(self) -> None:
        """Sign in, and give the codes that are still asked for."""
        code = self.place.kiosk.company_code or self.query_one("#company_code", Field).value.strip()
        user_name = self.query_one("#user_name", Field).value.strip()
        typed = self.query_one("#password", Field)
        password = Secret(typed.value)
        typed.value = ""
        actor: Actor | None = await self.call(self._sign_in, code, user_name, password)
        while actor is not None and actor.awaits is not None:
            proved = await self.app.push_screen_wait(_Code(self.place, actor))
            if proved is None:
                await self.call(self.desk.sign_in.sign_out, actor)
            actor = proved
        if actor is not None:
            self.dismiss(actor)
        else:
            self.say("")
            typed.focus()

    def _sign_in(self, code: str, user_name: str, password: Secret) -> Actor:
        """The kiosk may have gone home by the time that this returns, and then no screen is told."""
        actor = self.desk.sign_in.sign_in(code, user_name, password, self.place.origin)
        self._opened(actor)
        return actor


class _Code(_Asking[Actor]):
    """The code that a sign-in takes besides the password."""

    title_words = "One more step: your code"

    def __init__(self, place: KioskPlace, actor: Actor) -> None:
        """`actor` has a session that awaits this code."""
        super().__init__(place)
        self._actor = actor

    def fields(self) -> ComposeResult:
        """One."""
        mailed = self._actor.awaits is Awaited.MAILED_CODE
        hint = "It is in the mail that was just sent." if mailed else "Of your authenticator app, or a recovery code."
        yield Field("Code", id="code", hint=hint, check=forms.needed("Type the code."))

    async def submit(self) -> None:
        """Give it; when its time is over, go back to the password."""
        field = self.query_one("#code", Field)
        code = Secret(field.value)
        field.value = ""
        mailed = self._actor.awaits is Awaited.MAILED_CODE
        take = self.desk.sign_in.prove_mailed if mailed else self.desk.sign_in.prove
        try:
            self.dismiss(await self.call(take, self._actor, code))
        except SignedOut:
            self.dismiss(None)


class StaffMenu(KioskScreen[Decision | None]):
    """Closes with what staff want; Esc stays."""

    CSS_PATH = [LOOKS, Path(__file__).with_name("leave.tcss")]

    patience = 30

    def __init__(self, place: KioskPlace, actor: Actor, *, enrolled: bool) -> None:
        super().__init__(place)
        self._actor = actor
        self._enrolled = enrolled

    def room(self) -> ComposeResult:
        """What can be done."""
        yield Static(Content(f"Signed in: {self._actor.name}"), classes="kiosk-title")
        if not self._enrolled:
            if rights.has(self._actor.role, Right.KIOSKS):
                yield BigButton("Enrol this kiosk", id="enrol", main=True)
            else:
                yield Static(rights.why_not(self._actor.role, Right.KIOSKS), classes="kiosk-line", markup=False)
        yield BigButton("Stay: back to the kiosk", id="back")
        yield BigButton("Leave the kiosk program", id="leave")

    def foot(self) -> ComposeResult:
        """All stands above."""
        yield from ()

    def on_mount(self) -> None:
        """Enter does nothing that could not be undone."""
        self.query(BigButton).first().focus()

    def action_leave(self) -> None:
        """End the program."""
        self.dismiss(Decision.LEAVE)

    def action_enrol(self) -> None:
        """Give the kiosk its identity."""
        self.dismiss(Decision.ENROL)
