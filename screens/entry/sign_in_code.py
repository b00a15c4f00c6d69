"""The codes that a sign-in takes besides the password."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Static

from models.states import Awaited
from screens.dialogs.problem import Problem
from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.agencies import AgencyView
from services.credentials.passwords import Secret
from services.entry.proving import WrongCode
from services.entry.words import APP_CODE, CODE_SENT_AGAIN, why_mailed_code, without_app
from services.errors import SignedOut


class CodeScreen(FormScreen[Actor]):
    """Closes with the actor once the code was right, who may await another one; Esc goes back to the sign-in form."""

    CSS_PATH = "sign_in_code.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Log in", id="form.submit", tooltip="Log in with this code"),
        Binding("escape", "leave", "Back", key_display="Esc", id="form.leave", tooltip="Back to the sign-in form"),
    ]

    busy_words = "Checking …"
    title_words: ClassVar[str]

    code = query_one("#code", Field)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        """`actor` has a session that awaits this code."""
        super().__init__(place)
        self._actor = actor

    def compose(self) -> ComposeResult:
        yield TitleBar("Sign in", self._actor.name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static(self.title_words, classes="card-title", markup=False)
            yield Static("", classes="card-lead", markup=False)
            yield Field("Code", id="code", check=forms.needed("Type the code."))
            yield from self.foot("Log in", *self.buttons(), Button("Back", id="leave"))
        yield KeyLine()

    async def on_mount(self) -> None:
        """What to type, whom to call, and a wait that an earlier try has caused."""
        self._show()

    async def submit(self) -> None:
        """Give the code; when its time is over, go back to the password."""
        try:
            self.dismiss(await self.prove(Secret(self.code.value)))
        except WrongCode as error:
            self.refuse(error.sentence, error.wait)
            self.code.value = ""
            self.code.focus()
        except SignedOut as error:
            await self.over(error)

    async def over(self, error: SignedOut) -> None:
        """Say why this sign-in has ended, and go back to the password; nobody was signed in yet."""
        await self.app.push_screen_wait(Problem("You are not signed in", error.sentence))
        self.dismiss(None)

    def buttons(self) -> tuple[Button, ...]:
        """More than the one that goes on and the one that goes back."""
        return ()

    @abstractmethod
    async def prove(self, code: Secret) -> Actor:
        """The call that takes the code."""

    @abstractmethod
    def lead(self, agency: AgencyView) -> str:
        """What to type, and what to do without it."""

    @work(exit_on_error=False)
    async def _show(self) -> None:
        async with self.problems_told():
            agency = await self.call(self.desk.agencies.view, self._actor.agency_id)
            self.query_one(".card-lead", Static).update(Content(self.lead(agency)))
            self.wait_for(await self.call(self.desk.sign_in.code_wait, self._actor))


class SecondStep(CodeScreen):
    """Six digits of the authenticator app, or a recovery code, in one field."""

    title_words = "One more step: the code of your app"

    async def prove(self, code: Secret) -> Actor:
        """The second factor."""
        return await self.call(self.desk.sign_in.prove, self._actor, code)

    def lead(self, agency: AgencyView) -> str:
        """What to do without the phone."""
        return f"{APP_CODE}\n\n{without_app(agency)}"


class MailedCode(CodeScreen):
    """The code of the mail that very many failed tries have caused."""

    title_words = "One more step: the code from your mail"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "send_again", "Send again", id="code.again", tooltip="Have another mail sent with a new code"),
    ]

    def buttons(self) -> tuple[Button, ...]:
        """A mail can be lost."""
        return (Button("Send again", id="again"),)

    async def prove(self, code: Secret) -> Actor:
        """The mailed code."""
        return await self.call(self.desk.sign_in.prove_mailed, self._actor, code)

    def lead(self, agency: AgencyView) -> str:
        """Why, and what to do without it."""
        return "\n\n".join(why_mailed_code(agency))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button does what the key does."""
        if event.button.id == "again":
            event.stop()
            self.action_send_again()

    @work(exit_on_error=False)
    async def action_send_again(self) -> None:
        """Have another one sent; the answer is the same whether or not one goes."""
        if self.busy:
            return
        async with self.problems_told():
            try:
                await self.call(self.desk.sign_in.send_code_again, self._actor)
            except SignedOut as error:
                await self.over(error)
            else:
                self.say(CODE_SENT_AGAIN, good=True)


def code_screen(place: Workplace, actor: Actor) -> CodeScreen:
    """The screen for what the actor's session awaits."""
    return MailedCode(place, actor) if actor.awaits is Awaited.MAILED_CODE else SecondStep(place, actor)
