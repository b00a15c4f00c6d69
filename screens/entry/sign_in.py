"""The sign-in form: company code, user name, password."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.getters import query_one
from textual.types import CSSPathType
from textual.widgets import Button, Static

from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.brand import Brand
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.credentials.passwords import Secret
from services.remembered import Remembered, remember_person
from services.sign_in import WrongCredentials

if TYPE_CHECKING:
    from screens.entry.arrived import Arrived


class SignIn(FormScreen[Actor]):
    """Closes with whoever signed in; one answer for every kind of failure, and a wait that one can see."""

    CSS_PATH: ClassVar[CSSPathType | None] = "sign_in.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Log in", id="form.submit", tooltip="Log in with what stands in the fields"),
        Binding(
            "f3",
            "forgot",
            "Forgot password",
            id="sign_in.forgot",
            tooltip="Have a mail sent that lets you choose a new one",
        ),
        Binding(
            "f4", "present", "Link or code", id="sign_in.present", tooltip="Type the code or paste the link from a mail"
        ),
        Binding(
            "f5",
            "access_key",
            "Access key",
            id="sign_in.access_key",
            tooltip="Log in with access key, as in the old system, until your account is migrated",
        ),
        Binding(
            "f7",
            "by_key",
            "SSH key",
            show=False,
            id="sign_in.by_key",
            tooltip="Log in with the SSH key with which you came here",
        ),
        Binding("ctrl+q", "app.quit", "Quit", priority=True, id="sign_in.quit", tooltip="Leave Trakdesk"),
        Binding("f6", "get_help", "Get help", id="sign_in.get_help", tooltip="Ask the help desk, in writing"),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-slim"), (76, "-normal"), (120, "-wide")]

    busy_words = "Checking …"

    where: ClassVar[str] = "The access desk"
    """What stands in the title."""

    company_code = query_one("#company_code", Field)
    user_name = query_one("#user_name", Field)
    password = query_one("#password", Field)

    def __init__(self, place: Workplace, told: str = "") -> None:
        """`told` is why nobody was signed in who came with an SSH key; empty for nothing to tell."""
        super().__init__(place)
        self._told = told

    def compose(self) -> ComposeResult:
        by_key = ", or with your SSH key: F7" if self.place.ssh_key and not self._told else ""
        yield TitleBar(self.where)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Brand()
            yield Static(f"Sign in with your account{by_key}", classes="card-lead", markup=False)
            yield Field(
                "Company code", id="company_code", check=forms.needed("Your welcome mail names the company code.")
            )
            yield Field("User name (e-mail)", id="user_name", check=forms.needed("This is your e-mail address."))
            yield Field("Password", id="password", secret=True, check=forms.needed("Type your password."))
            yield from self.ways_in()
        yield KeyLine()

    def ways_in(self) -> ComposeResult:
        """The end of the card: logging in, and the other ways."""
        yield from self.foot(
            "Log in",
            Button("Forgot password", id="forgot"),
            Button("I have a link or code", id="present"),
        )
        with Horizontal(classes="card-buttons -second"):
            yield Button("Log in with access key", id="access_key")
            yield Button("Get help", id="get_help")

    async def on_mount(self) -> None:
        """Begin with what is known."""
        await self.recall()

    async def recall(self) -> None:
        """Fill in what this machine remembers."""
        remembered = await self.call(self.place.memory.recall)
        self._fill_in(remembered.company_code, remembered.user_name)
        self.say(self._told, bad=bool(self._told))
        if remembered.user_name:
            self._show_wait(remembered)

    async def submit(self) -> None:
        """Sign in."""
        company_code, user_name = self.company_code.value.strip(), self.user_name.value.strip()
        password = Secret(self.password.value)
        try:
            actor = await self.call(self.desk.sign_in.sign_in, company_code, user_name, password, self.place.origin)
        except WrongCredentials as error:
            self.refuse(error.sentence, error.wait)
            self._ask_password()
            return
        await self.call(remember_person, self.place.memory, company_code, user_name)
        proved = await self._prove(actor)
        if proved is not None:
            self.dismiss(proved)
        else:
            self.say("")
            self._ask_password()

    async def _prove(self, actor: Actor) -> Actor | None:
        """Ask for the codes that are still missing; None for whoever goes back, and is signed in nowhere then."""
        if actor.awaits is None:
            return actor
        from screens.entry.sign_in_code import code_screen  # only who has a second factor needs it

        proved = await self.app.push_screen_wait(code_screen(self.place, actor))
        if proved is None:
            await self.call(self.desk.sign_in.sign_out, actor)
            return None
        return await self._prove(proved)

    def _ask_password(self) -> None:
        self.password.value = ""
        self.password.focus()

    def on_field_edited(self, event: Field.Edited) -> None:
        """The wait belongs to the account that was tried; for another one there may be none."""
        if event.field is not self.password and self.waiting:
            self.wait_for(0)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The other ways in."""
        if event.button.id == "forgot":
            self.action_forgot()
        elif event.button.id == "present":
            self.action_present()
        elif event.button.id == "access_key":
            self.action_access_key()
        elif event.button.id == "get_help":
            self.action_get_help()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to go back to, and no other way while one is tried."""
        if action == "leave":
            return False
        if action == "by_key" and not self.place.ssh_key:
            return False
        if action in ("forgot", "present", "access_key", "get_help", "by_key") and self.busy:
            return None
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_forgot(self) -> None:
        """Ask for a mail, and go on to what it brings."""
        if self.busy or not self.is_active:
            return
        await self._forgot(self.user_name.value.strip())

    @work(exit_on_error=False)
    async def action_present(self) -> None:
        """Open what a mail brought."""
        if self.busy or not self.is_active:
            return
        await self._present(self.user_name.value.strip())

    @work(exit_on_error=False)
    async def action_access_key(self) -> None:
        """Sign in by the old door."""
        if self.busy or not self.is_active:
            return
        from screens.entry.access_key import AccessKey  # only whoever is not migrated yet needs it

        actor = await self.app.push_screen_wait(AccessKey(self.place))
        if actor is not None:
            self.dismiss(actor)

    @work(exit_on_error=False)
    async def action_by_key(self) -> None:
        """Sign in with the SSH key, as when the desk began."""
        if self.busy or not self.is_active:
            return
        from screens.entry.key_sign_in import sign_in_by_key  # only who came with a key needs it

        async with self.at_work():
            actor, told = await sign_in_by_key(self.place, self.app.push_screen_wait)
            if actor is not None:
                self.dismiss(actor)
            else:
                self.say(told, bad=bool(told))

    @work(exit_on_error=False)
    async def action_get_help(self) -> None:
        """Ask a human."""
        if self.busy or not self.is_active:
            return
        from screens.help_queue.asking import get_help  # few need it

        await get_help(self, company_code=self.company_code.value.strip())

    @work(exit_on_error=False)
    async def _show_wait(self, remembered: Remembered) -> None:
        """A wait outlives the program that caused it."""
        wait = self.desk.sign_in.wait
        self.wait_for(await self.call(wait, remembered.company_code, remembered.user_name, self.place.origin))

    async def _present(self, email: str) -> None:
        from screens.entry.link_or_code import LinkOrCode  # only who got a mail needs it

        arrived = await self.app.push_screen_wait(LinkOrCode(self.place, email))
        if arrived is not None:
            await self.go_on_from(arrived)

    async def _forgot(self, email: str) -> None:
        from screens.entry.forgot_password import ForgotPassword  # only who forgot it needs it

        asked = await self.app.push_screen_wait(ForgotPassword(self.place, email))
        if asked is not None:
            await self._present(asked)

    async def go_on_from(self, arrived: Arrived) -> None:
        """Only the password is left to type, unless it is forgotten."""
        self.welcome(arrived)
        if arrived.forgot:
            await self._forgot(arrived.user_name)

    def welcome(self, arrived: Arrived) -> None:
        """Fill in whose link or code it was, and say what came of it."""
        self.wait_for(0)
        self._fill_in(arrived.company_code, arrived.user_name)
        self.say(arrived.words, good=True)

    def _fill_in(self, company_code: str, user_name: str) -> None:
        self.company_code.value = company_code
        self.user_name.value = user_name
        self.password.value = ""
        forms.focus_first_empty(self)
