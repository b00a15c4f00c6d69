"""Getting help from a human at a kiosk, in the middle of whatever somebody does there."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.types import CSSPathType
from textual.widgets import Static

from models.states import KioskStep
from screens.help_queue.talk import Talk
from screens.kiosk.ask_help import AskForHelp
from screens.kiosk.frame import LOOKS, BigButton, KioskHeader, KioskNotice, KioskScreen, StillThere
from screens.kiosk.open_chat import OpenChat
from screens.kiosk.workplace import KioskPlace
from screens.wizard.wizard import Wizard
from services.errors import DeskError
from services.help_queue.words import GONE, LEFT_UNSENT

_PASSED = "✓ The agent has let you pass this step. Press Go on."


class KioskHelp(KioskScreen[None]):
    """Waiting and talking; in the middle of a task one may go on with it, and the chat stays open meanwhile."""

    CSS_PATH: ClassVar[CSSPathType | None] = [LOOKS, Path(__file__).with_name("get_help.tcss")]

    patience = 180

    def __init__(self, place: KioskPlace) -> None:
        super().__init__(place)
        self._amid = False
        self._passed: frozenset[KioskStep] = frozenset()

    def compose(self) -> ComposeResult:
        yield KioskHeader(self.place.kiosk)
        with Vertical(classes="help-room"):
            yield Static(_PASSED, classes="help-passed", markup=False)
        with Horizontal(classes="kiosk-foot"):
            yield BigButton("Send", id="send", main=True)
            yield BigButton("Go back", id="back")
            yield BigButton("End the chat", id="end-chat")

    def on_mount(self) -> None:
        """Ask first, unless a chat is open already."""
        self._amid = any(isinstance(screen, Wizard) for screen in self.app.screen_stack[:-1])
        self.query_one("#back").display = self._amid
        self.begin()

    @work(exit_on_error=False)
    async def begin(self) -> None:
        """From the first question to the chat."""
        if self.place.chat is None:
            ticket = await self.app.push_screen_wait(AskForHelp(self.place))
            if ticket is None:
                self.dismiss(None)
                return
            self.place.chat = OpenChat(self.place, ticket)
        self.place.chat.take_up()
        with contextlib.suppress(DeskError):
            self._passed = await self._open_steps()
        await self.query_one(".help-room").mount(Talk(self, self.place.chat.ticket), before=".help-passed")

    def on_talk_looked(self, event: Talk.Looked) -> None:
        """Somebody who reads is there, though no key is pressed."""
        if event.news:
            self.post_message(StillThere())
        chat = self.place.chat
        if chat is not None:
            chat.look_at(event.asked)
            self._show_over(chat.over)
            self.look_for_release()

    def _show_over(self, over: bool) -> None:
        """A closed chat can only be left."""
        send, end = self.query_one("#send"), self.query_one("#end-chat", BigButton)
        if over is send.display:
            send.display = not over
            end.rename("Close" if over else "End the chat")
            self.set_focus(end if over else self.query_one(Talk).field.input)

    @work(exclusive=True, group="release", exit_on_error=False)
    async def look_for_release(self) -> None:
        """See whether the agent has let this person pass the step that waits below; that learns it by itself."""
        # What cannot be read now is read the next time.
        with contextlib.suppress(DeskError):
            if self._amid and not await self._open_steps() <= self._passed:
                self._show_passed()

    def _show_passed(self) -> None:
        """What most people want now is to go on; whoever is writing writes on."""
        if self.query_one(".help-passed").has_class("-open"):
            return
        self.query_one(".help-passed").add_class("-open")
        self.query_one("#send").remove_class("-main")
        back = self.query_one("#back", BigButton)
        back.rename("Go on")
        back.add_class("-main")
        if not self.query_one(Talk).unsent:
            self.set_focus(back)

    async def _open_steps(self) -> frozenset[KioskStep]:
        if self.place.visit is None:
            return frozenset()
        return await self.call(self.desk.releases.for_visit, self.place.origin, self.place.visit)

    def action_send(self) -> None:
        """Say what was typed."""
        for talk in self.query(Talk):
            # A key may come before the field is there.
            if talk.is_mounted:
                talk.field.focus()
                talk.send()

    def action_back(self) -> None:
        """On with the task, while the chat stays open; without a task it ends."""
        chat = self.place.chat
        if not self._amid or chat is None or chat.over:
            self.action_end_chat()
            return
        app = self.app
        chat.leave_open(app, lambda count: _tell_unread(app, count))
        self.dismiss(None)

    @work(exit_on_error=False)
    async def action_end_chat(self) -> None:
        """Leave for good, after a question as long as somebody listens."""
        chat = self.place.chat
        if not self.is_active:
            return
        if chat is not None and not chat.over:
            unsent = [LEFT_UNSENT for talk in self.query(Talk) if talk.unsent]
            question = KioskNotice(self.place, "End the chat?", [GONE, *unsent], yes="End the chat", no="Stay here")
            if not await self.app.push_screen_wait(question):
                return
            # Where it cannot be told the agents see it a little later: nobody looks any more.
            with contextlib.suppress(DeskError):
                await self.call(self.desk.help_asking.leave, chat.ticket)
        self.place.chat = None
        self.dismiss(None)


def _tell_unread(app: App[Any], count: int) -> None:
    """On the button that leads to the chat stands how many lines wait there."""
    for button in app.screen.query("#get-help").results(BigButton):
        button.rename(f"Get help ● {count}" if count else "Get help")
