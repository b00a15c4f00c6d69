"""Requests for a second person's yes: what waits for one's own, and what became of those one asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, OptionList, Static

from models.states import ApprovalState
from screens.base import DeskDialog, DeskScreen
from screens.clients.words import DIM, called
from screens.dialogs.ask_line import AskReason
from screens.dialogs.confirm import Confirm
from screens.dialogs.list_dialog import ListDialog
from screens.dialogs.notice import Notice
from screens.widgets.menu import Menu, Option
from services.actor import Actor
from services.approvals.values import WORDS_OF, Request
from services.errors import Invalid
from services.when import show_moment

_STATES = {
    ApprovalState.WAITING: "nobody has decided yet",
    ApprovalState.GRANTED: "agreed: Enter carries it out",
    ApprovalState.REFUSED: "refused",
}


class Requests(ListDialog[Request]):
    """Two lines for each; answers with the one that was chosen."""

    CSS_PATH = ["../dialogs/list_dialog.tcss", "requests.tcss"]

    def __init__(self, requests: Sequence[Request], now: datetime) -> None:
        super().__init__()
        self._requests = {str(request.id): request for request in requests}
        self._now = now

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("Requests for a colleague's yes"), classes="dialog-title")
            yield Menu([Option(self._line(request), id=key) for key, request in self._requests.items()])
            if not self._requests:
                yield Static(Content("Nobody asks for anything now."), classes="muted")
            hint = "Enter opens the one under the cursor, Esc closes." if self._requests else "Esc closes."
            yield Static(Content(hint), classes="dialog-hint")

    def on_mount(self) -> None:
        """Choose at once."""
        self.query_one(Menu).focus()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the request."""
        event.stop()
        self.dismiss(self._requests[event.option_id or ""])

    def _line(self, request: Request) -> Content:
        who = "You asked" if request.mine else f"{called(request.asked_by)} asks"
        head = f"{who} to {_what(request)}"
        until = f"until {show_moment(request.expires_at, self._now)}"
        state = f"{_STATES[request.state]}, {until}" if request.mine else f"you decide, {until}"
        return Content.assemble(head, "\n  ", (state, DIM))


class Decide(DeskDialog[bool]):
    """What a colleague asks for, and why; True to agree, False to refuse, None to leave it open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Agree", id="decide.yes", tooltip="Agree"),
        Binding("n", "answer(False)", "Refuse", id="decide.no", tooltip="Refuse; asks why"),
    ]

    def __init__(self, request: Request, now: datetime) -> None:
        super().__init__()
        self._request = request
        self._now = now

    def compose(self) -> ComposeResult:
        request = self._request
        verified = f"The caller was verified by {request.verified}." if request.verified else "No caller was verified."
        lines = (
            f"{called(request.asked_by)} asked {show_moment(request.asked_at, self._now)}, with this reason:",
            f"“{request.reason}”",
            "",
            verified,
            f"Open until {show_moment(request.expires_at, self._now)}. It is written down who agreed or refused.",
        )
        with Vertical(classes="dialog -danger"):
            title = f"May {called(request.asked_by)} {_what(request)}?"
            yield Static(Content(title), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for line in lines:
                    yield Static(Content(line), classes="dialog-line")
            with Horizontal(classes="dialog-buttons"):
                yield Button("y Agree", variant="primary", id="agree")
                yield Button("n Refuse", variant="error", id="refuse")
                yield Button("Esc Later", id="later")

    def on_mount(self) -> None:
        """Nothing is decided by a slip."""
        self.query_one("#later", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the button."""
        self.dismiss({"agree": True, "refuse": False}.get(event.button.id or ""))

    def action_answer(self, answer: bool) -> None:
        """Answer by key."""
        self.dismiss(answer)


def _what(request: Request) -> str:
    return WORDS_OF[request.what].format(name=called(request.name))


async def look_at_requests(screen: DeskScreen[Any], actor: Actor) -> Request | None:
    """Show and decide requests until somebody is done; one that was agreed to and is now to be carried out, or None.

    Raises whatever the services refuse.
    """
    app, service, clock = screen.app, screen.desk.approvals, screen.desk.ctx.clock
    while True:
        chosen = await app.push_screen_wait(Requests(await screen.call(service.requests, actor), clock.now()))
        if chosen is None:
            return None
        if chosen.mine and chosen.state is ApprovalState.GRANTED:
            return chosen
        if not chosen.mine:
            await _decide(screen, actor, chosen)
        elif chosen.state is ApprovalState.REFUSED:
            said = f"{chosen.by} refused, with this reason: “{chosen.answer}”"
            await app.push_screen_wait(Notice("A colleague refused", [said]))
        elif await app.push_screen_wait(
            Confirm("Take your request back?", ["Nobody has decided it yet."], yes="Take it back", no="Leave it")
        ):
            await screen.call(service.withdraw, actor, chosen.id)


async def _decide(screen: DeskScreen[Any], actor: Actor, request: Request) -> None:
    service = screen.desk.approvals
    answer = await screen.app.push_screen_wait(Decide(request, screen.desk.ctx.clock.now()))
    if answer is None:
        return
    if answer:
        await screen.call(service.grant, actor, request.id)
        screen.notify(f"{called(request.asked_by)} may go on.", markup=False)
        return
    reason, problem = "", ""
    while True:
        told = await screen.app.push_screen_wait(AskReason("Why do you refuse?", reason, problem))
        if told is None:
            return
        try:
            await screen.call(service.refuse, actor, request.id, told)
        except Invalid as refusal:
            reason, problem = told, refusal.sentence
        else:
            screen.notify(f"{called(request.asked_by)} will see that you refused.", markup=False)
            return
