"""What a client sees after signing in."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from models.states import Role
from screens.base import NARROW
from screens.dialogs.confirm import Confirm
from screens.drafts.home import DraftHome
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.own_account import OwnHome
from services.actor import Actor
from services.agencies import AgencyView
from services.drafts import DraftForm, WaitingDraft
from services.when import show_moment

_SETTINGS, _SECURITY = "My password and security", "Security"
_ROOMY = 76
"""Columns in which all buttons stand beside each other."""


class ClientHome(DraftHome):
    """The own name, the agency to turn to, and the own password; closes when the person signs out."""

    CSS_PATH = "client_home.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p,f9",
            "settings",
            "My password and security",
            key_display="p",
            id="home.settings",
            tooltip="Password, security questions, two-step sign-in, and where you are signed in",
        ),
        Binding("o", "properties", "My Properties", id="home.properties", tooltip="What you own and owe"),
        Binding("h", "get_help", "Get help", id="home.get_help", tooltip="Ask somebody of the help desk, in writing"),
        Binding("escape", "sign_out", "Sign out", id="home.sign_out", tooltip="End this session"),
        Binding(
            "right,down", "app.focus_next", "Next button", show=False, id="home.next", tooltip="To the next button"
        ),
        Binding(
            "left,up",
            "app.focus_previous",
            "Button before",
            show=False,
            id="home.previous",
            tooltip="To the button before",
        ),
        Binding("ctrl+q", "app.quit", "Quit", priority=True, id="home.quit", tooltip="Leave Trakdesk"),
    ]

    needs_session = True
    forms = frozenset({DraftForm.HELP})

    def __init__(self, place: Workplace, actor: Actor, no_desk: str = "") -> None:
        """`no_desk` tells somebody who works for the agency why this is not the desk."""
        super().__init__(place, actor)
        self._no_desk = no_desk

    def compose(self) -> ComposeResult:
        yield TitleBar("My account", self._actor.name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static(Content(f"Welcome, {self._actor.name}"), classes="card-title")
            if self._no_desk:
                yield Static(self._no_desk, classes="card-lead", markup=False)
            yield Static("", id="home-account", markup=False)
            yield Static("Your agency", classes="panel-title", markup=False)
            yield Static("", id="home-agency", markup=False)
            with Horizontal(classes="card-buttons"):
                yield Button(_SETTINGS, id="settings", variant="primary")
                if self._actor.role is Role.CLIENT:
                    yield Button("My Properties", id="properties")
                yield Button("Get help", id="get_help")
                yield Button("Sign out", id="sign_out")
        yield KeyLine()

    def on_mount(self) -> None:
        """Fill in what the database knows."""
        self.query_one("#settings", Button).focus()
        self._load()

    def on_resize(self) -> None:
        """Where four buttons do not fit beside each other, the longest is short; a phone has one in each row."""
        short = NARROW <= self.app.size.width < _ROOMY
        self.query_one("#settings", Button).label = Content(_SECURITY if short else _SETTINGS)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "settings":
            self.action_settings()
        elif event.button.id == "properties":
            self.action_properties()
        elif event.button.id == "get_help":
            self.action_get_help()
        else:
            self.action_sign_out()

    @work(exit_on_error=False)
    async def action_settings(self) -> None:
        """What protects the own account."""
        if not self.is_active:
            return
        from screens.settings.security import SecuritySettings  # few come for it

        await self.app.push_screen_wait(SecuritySettings(self.place, self._actor))

    @work(exit_on_error=False)
    async def action_properties(self) -> None:
        """What the agency knows of the own properties."""
        if not self.is_active:
            return
        from screens.properties.own import OwnProperties  # few come for it

        await self.app.push_screen_wait(OwnProperties(self.place, self._actor))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Who works for the agency has no properties here."""
        if action == "properties":
            return self._actor.role is Role.CLIENT
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_get_help(self) -> None:
        """Ask a human."""
        if not self.is_active:
            return
        from screens.help_queue.asking import get_help  # few need it

        await get_help(self, self._actor)

    async def open_form(self, draft: WaitingDraft) -> None:
        """The only form that keeps what a client types."""
        from screens.help_queue.asking import get_help  # few need it

        await get_help(self, self._actor)

    @work(exit_on_error=False)
    async def action_sign_out(self) -> None:
        """End the session, after a question."""
        if await self.app.push_screen_wait(
            Confirm("Sign out?", ["Your session on this machine ends."], yes="Sign out", no="Stay")
        ):
            self.dismiss(None)

    @work(exit_on_error=False)
    async def _load(self) -> None:
        async with self.problems_told():
            home = await self.call(self.desk.own.home, self._actor)
            self.query_one("#home-account", Static).update(self._account(home))
            self.query_one("#home-agency", Static).update(_contact(home.agency))

    def _account(self, home: OwnHome) -> Content:
        now = self.desk.ctx.clock.now()
        last = show_moment(home.last_sign_in, now) if home.last_sign_in else "this is the first time"
        return _lines(
            ("User name", home.user_name),
            ("Company code", home.agency.code),
            ("Last sign-in", last),
        )


def _contact(agency: AgencyView) -> Content:
    first, *rest = agency.address.splitlines() or [""]
    return _lines(
        ("Name", agency.name),
        ("Address", first),
        *(("", line) for line in rest),
        ("Phone", agency.phone),
        ("E-mail", agency.email),
    )


def _lines(*pairs: tuple[str, str]) -> Content:
    """A label and what stands beside it, line by line; what is not known has no line."""
    told = [(label, text) for label, text in pairs if text]
    return Content("\n").join(
        Content.assemble((f"{label:<16}", "$foreground-muted"), Content(text)) for label, text in told
    )
