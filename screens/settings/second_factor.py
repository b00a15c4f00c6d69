"""The own second factor: how it stands, and what can be done with it."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import OptionList, Static

from screens.base import DeskScreen
from screens.factor.enrol import Enrol
from screens.factor.proof import Proof
from screens.factor.recovery_codes import RecoveryCodes
from screens.widgets.key_line import KeyLine
from screens.widgets.menu import Menu, Option
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.second_factor import FactorStatus
from services.accounts.security_words import CODES_REPLACED, FACTOR_OFF, FACTOR_ON, TURNING_OFF
from services.actor import Actor
from services.credentials.passwords import Secret
from services.when import show_moment

FEW = 3
"""Recovery codes from which on there should be new ones."""

_WORDS = {
    "set_up": "s  Set up an authenticator app",
    "replace": "r  Replace the app by another one",
    "new_codes": "n  Make new recovery codes",
    "turn_off": "o  Turn it off",
}
_WITHOUT, _WITH = ("set_up",), ("replace", "new_codes", "turn_off")


class SecondFactorScreen(DeskScreen[None]):
    """Shows whether there is an app and how many recovery codes are left; every change asks for a proof first."""

    CSS_PATH = "second_factor.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "set_up", "Set up", id="factor.set_up", tooltip="Set up an authenticator app"),
        Binding("r", "replace", "Replace", id="factor.replace", tooltip="Set up another app in the place of this one"),
        Binding("n", "new_codes", "New codes", id="factor.new_codes", tooltip="Make ten new recovery codes"),
        Binding("o", "turn_off", "Turn off", id="factor.turn_off", tooltip="Sign in with the password alone"),
        Binding("escape", "leave", "Back", id="factor.leave", tooltip="Back to the settings"),
    ]

    needs_session = True

    status: reactive[FactorStatus | None] = reactive(None, bindings=True)
    """How it stands; None until that is known."""

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor

    def compose(self) -> ComposeResult:
        yield TitleBar("Two-step sign-in", self._actor.name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("", classes="card-title", markup=False)
            yield Static("", classes="card-lead", markup=False)
            yield Menu([])
        yield KeyLine()

    def on_mount(self) -> None:
        """How it stands now."""
        self._load()

    def watch_status(self, status: FactorStatus | None) -> None:
        """Say it, and offer what can be done."""
        if status is None:
            return
        title = "✓ Two-step sign-in is on" if status.enrolled else "Two-step sign-in is off"
        self.query_one(".card-title", Static).update(Content(title))
        self.query_one(".card-lead", Static).update(Content(self._told(status)))
        menu = self.query_one(Menu)
        menu.clear_options()
        menu.add_options([Option(Content(_WORDS[key]), id=key) for key in self._offered(status)])
        menu.highlighted = 0
        menu.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the list offers."""
        if action in _WORDS:
            return self.status is not None and action in self._offered(self.status)
        return super().check_action(action, parameters)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click does what the letter does."""
        event.stop()
        await self.run_action(event.option_id or "leave")

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    @work(exit_on_error=False)
    async def action_set_up(self) -> None:
        """Password, picture, first code, recovery codes."""
        lead = "From then on signing in takes your password and a code that the app on your phone shows."
        await self._enrol("Set up an authenticator app", lead, code=False)

    @work(exit_on_error=False)
    async def action_replace(self) -> None:
        """The same; the present app counts until the new one has shown its first code."""
        lead = "The present app works until the new one has shown its first code. The recovery codes are made anew."
        await self._enrol("Replace the authenticator app", lead, code=True)

    @work(exit_on_error=False)
    async def action_new_codes(self) -> None:
        """A code, then ten new ones."""
        if not self.is_active:
            return
        make = self.desk.second_factor.new_recovery_codes
        proof = Proof[tuple[str, ...]](
            self.place,
            self._actor,
            "Make new recovery codes",
            CODES_REPLACED,
            lambda _, code: make(self._actor, code),
            password=False,
            verb="Make them",
        )
        codes = await self.app.push_screen_wait(proof)
        if codes is not None:
            await self.app.push_screen_wait(RecoveryCodes(self.place, self._actor, codes))
            await self._reload()

    @work(exit_on_error=False)
    async def action_turn_off(self) -> None:
        """Password and code, then it is off."""
        if not self.is_active:
            return

        def remove(password: Secret, code: Secret) -> bool:
            self.desk.second_factor.remove(self._actor, password, code)
            return True

        proof = Proof[bool](
            self.place,
            self._actor,
            "Turn two-step sign-in off",
            TURNING_OFF,
            remove,
            verb="Turn it off",
        )
        if await self.app.push_screen_wait(proof):
            self.notify(FACTOR_OFF, markup=False)
            await self._reload()

    async def _enrol(self, title: str, lead: str, *, code: bool) -> None:
        if not self.is_active:
            return
        begin = self.desk.second_factor.begin
        proof = Proof(
            self.place, self._actor, title, lead, lambda password, typed: begin(self._actor, password, typed), code=code
        )
        begun = await self.app.push_screen_wait(proof)
        if begun is None:
            return
        if await self.app.push_screen_wait(Enrol(self.place, self._actor, begun)) is not None:
            self.notify(FACTOR_ON, markup=False)
            await self._reload()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        await self._reload()

    async def _reload(self) -> None:
        async with self.problems_told():
            self.status = await self.call(self.desk.second_factor.status, self._actor)

    def _offered(self, status: FactorStatus) -> tuple[str, ...]:
        if not status.enrolled:
            return _WITHOUT
        return tuple(key for key in _WITH if key != "turn_off" or not status.required)

    def _told(self, status: FactorStatus) -> str:
        if not status.enrolled:
            return (
                "With it, signing in takes your password and a code that an app on your phone shows. Whoever learns "
                "your password still does not get in. Any authenticator app will do."
            )
        now = self.desk.ctx.clock.now()
        begun = "Signing in" if status.since is None else f"Since {show_moment(status.since, now)} signing in"
        lines = [f"{begun} takes your password and a code of your authenticator app."]
        few = " Make new ones soon." if status.codes_left <= FEW else ""
        made = "" if status.codes_made_at is None else f", made {show_moment(status.codes_made_at, now)}"
        lines.append(f"Recovery codes left: {status.codes_left} of 10{made}.{few}")
        if status.required:
            lines.append("Your agency asks for it from everybody with your role, so it cannot be turned off.")
        return "\n\n".join(lines)
