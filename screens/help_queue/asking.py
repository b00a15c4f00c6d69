"""Getting help from a human, from the sign-in form and from the own account."""

from __future__ import annotations

import contextlib
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from models.states import HelpState
from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.drafts.keeper import DraftKeeper
from screens.form_screen import FormScreen
from screens.help_queue.talk import Talk
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.one_of import OneOf
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.drafts import DraftForm, DraftKey, Typed, Value
from services.errors import DeskError
from services.help_queue.values import Ticket
from services.help_queue.words import GONE, LEFT_UNSENT, NO_SECRETS, OTHER, TOPICS, topic_of
from services.rules import clean_name


async def get_help(screen: DeskScreen[Any], actor: Actor | None = None, company_code: str = "") -> None:
    """Ask for a human above this screen, in one of its workers, and talk with them; returns when that is over."""
    ticket = await screen.app.push_screen_wait(GetHelp(screen.place, actor, company_code))
    if ticket is not None:
        await screen.app.push_screen_wait(AskedChat(screen.place, ticket))


class GetHelp(FormScreen[Ticket]):
    """Who asks, and about what; closes with the ticket of the request."""

    CSS_PATH = "asking.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Ask for help", id="form.submit", tooltip="Let the agents know"),
    ]

    needs_session = True
    busy_words = "Telling the agents …"

    def __init__(self, place: Workplace, actor: Actor | None = None, company_code: str = "") -> None:
        """Ask in the name of `actor`, or of whoever sits there; `company_code` as it stands in the sign-in form."""
        super().__init__(place)
        self._actor = actor
        self._company_code = company_code
        if actor is not None:
            self.keeper = DraftKeeper(self, actor, DraftKey(DraftForm.HELP))

    def compose(self) -> ComposeResult:
        name = "" if self._actor is None else self._actor.name
        yield TitleBar("Get help", name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("Somebody of the help desk answers you here, in writing.", classes="card-lead", markup=False)
            if self._actor is None:
                yield Field("Company code", self._company_code, id="company_code", hint="It is in every mail from us.")
            yield Field("Your name", name, id="name", check=forms.told_by(clean_name))
            yield OneOf(
                "It is about",
                [*((topic, topic) for topic in TOPICS), ("", OTHER)],
                TOPICS[0],
                id="usual",
                hint="A tap changes it." if self.app.has_class("-touch") else "Left and right change it.",
            )
            yield Field("In your words", id="topic", hint=NO_SECRETS)
            yield from self.foot("Ask for help", Button("Back", id="leave"))
        yield KeyLine()

    async def on_mount(self) -> None:
        """Go on with what was typed when the line dropped."""
        if self.keeper is not None and self.keeper.waits:
            self.go_on_with_draft(self.keeper)

    @work(exit_on_error=False)
    async def go_on_with_draft(self, keeper: DraftKeeper) -> None:
        """Show it as it was typed, but for secrets."""
        async with self.problems_told():
            typed = await keeper.taken()
            if typed is None:
                return
            for field in self.query(Field):
                field.value = str(typed.fields.get(field.id or "", field.value))
            line = self.query_one(OneOf)
            line.value = typed.fields.get("usual", line.value)

    @on(Field.Edited)
    @on(OneOf.Changed)
    def keep_typed(self) -> None:
        """Keep what somebody types who is signed in."""
        if self.keeper is not None:
            fields: dict[str, Value] = {field.id or "": field.value for field in self.query(Field)}
            fields["usual"] = self.query_one(OneOf).value
            self.keeper.note(Typed("Get help", fields) if self.changed else None)

    def typed(self) -> list[object]:
        """Also what is chosen."""
        return [*super().typed(), self.query_one(OneOf).value]

    async def submit(self) -> None:
        """Let the agents know."""
        fields = {field.id: field.value.strip() for field in self.query(Field)}
        topic = topic_of(str(self.query_one(OneOf).value), fields["topic"])
        ask, origin = self.desk.help_asking.ask, self.place.origin
        code = fields.get("company_code", "")
        ticket = await self.call(ask, origin, fields["name"], topic, self._actor, company_code=code)
        if self.keeper is not None:
            await self.keeper.saved()
        self.dismiss(ticket)


class AskedChat(DeskScreen[None]):
    """Waiting and talking; leaving asks first, and says what follows."""

    CSS_PATH = "asking.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="help", tooltip="The keys of this screen"),
        Binding("f2", "send", "Send", id="chat.send", tooltip="Send what you typed, as Enter does"),
        Binding("escape", "leave", "Leave", id="chat.leave", tooltip="Leave the chat, after a question"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high"), (30, "-tall")]

    needs_session = True

    def __init__(self, place: Workplace, ticket: Ticket) -> None:
        super().__init__(place)
        self._ticket = ticket

    def compose(self) -> ComposeResult:
        yield TitleBar("Get help")
        with Vertical(classes="help-room"):
            yield Talk(self, self._ticket)
            with Horizontal(classes="card-buttons"):
                yield Button("Send", id="send", variant="primary")
                yield Button("Leave", id="leave")
        yield KeyLine()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "send":
            self.action_send()
        else:
            self.action_leave()

    def on_talk_looked(self, event: Talk.Looked) -> None:
        """A line of the agent is heard, too; a closed chat can only be left."""
        if event.news:
            self.app.bell()
        closed = event.asked.state is HelpState.CLOSED
        if closed is self.query_one("#send").display:
            self.query_one("#send").display = not closed
            self.set_focus(self.query_one("#leave") if closed else self.query_one(Talk).field.input)
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nobody reads what is written into a closed chat."""
        if action == "send" and self.is_mounted:
            return bool(self.query_one("#send").display)
        return super().check_action(action, parameters)

    def action_send(self) -> None:
        """Say what was typed."""
        self.query_one(Talk).field.focus()
        self.query_one(Talk).send()

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Leave; as long as somebody listens, after a question."""
        if not self.is_active:
            return
        talk = self.query_one(Talk)
        if not talk.ended:
            unsent = [LEFT_UNSENT] if talk.unsent else []
            if not await self.app.push_screen_wait(
                Confirm("Leave the chat?", [GONE, *unsent], yes="Leave", no="Stay", dangerous=bool(unsent))
            ):
                return
            # Where it cannot be told the agents see it a little later: nobody looks any more.
            with contextlib.suppress(DeskError):
                await self.call(self.desk.help_asking.leave, self._ticket)
        self.dismiss(None)
