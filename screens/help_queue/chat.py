"""One request for help, for an agent: what is said on the left, whom it is about on the right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from models.states import HelpAuthor, HelpState
from screens.base import DeskScreen
from screens.clients.tasks import ClientTasks
from screens.clients.words import ACTION_KEYS
from screens.dialogs.person import Person
from screens.help_queue.answer_line import AnswerInput, AnswerLine
from screens.help_queue.chat_words import about_words, standing_words
from screens.help_queue.releasing import release_step
from screens.help_queue.request_tasks import RequestTasks, possible_with
from screens.persons.beside import PersonBeside
from screens.persons.tasks import PersonTasks
from screens.staff.tasks import StaffTasks
from screens.widgets.chat_lines import ChatLines
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.action_words import MEND_WORDS
from services.actor import Actor
from services.clients.values import PersonAction
from services.errors import DeskError, Invalid, Refused, Unavailable
from services.help_queue.signals import Watch
from services.help_queue.values import Chat
from services.help_queue.words import AWAY
from services.person_key import PersonKind
from services.rights import Right, has

LOOK_AGAIN = 5.0
"""Seconds between two looks without a sign of news: somebody who has gone gives none."""

_TASKS = {key: action for action, key in reversed(ACTION_KEYS.items())}
_NOBODY = "Nobody knows yet whom this is about.\n\nKey l finds and links them."
_NOBODY_YET = "Link the person first: Esc leaves the line, then key l finds them."


class HelpChat(DeskScreen[None]):
    """Follows the request while it is open; what is typed stays whatever happens meanwhile."""

    CSS_PATH = "chat.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,slash", "write", "Write", key_display="Enter", id="chat.write", tooltip="Type an answer"),
        Binding("k", "take", "Take", id="chat.take", tooltip="Answer this request"),
        Binding("u", "request('reopen')", "Reopen", id="chat.reopen", tooltip="Go on with this request"),
        Binding("v", "task('verify')", "Verify", id="chat.verify", tooltip="Verify who asks"),
        Binding("s", "release", "Pass", id="chat.release", tooltip="Let the person at the kiosk pass its step"),
        Binding("n", "request('note')", "Note", id="chat.note", tooltip="For colleagues and the next shift only"),
        Binding(
            "o",
            "request('hand_over')",
            "Hand over",
            id="chat.hand_over",
            tooltip="To a colleague, or back to the queue",
        ),
        Binding("c", "request('close')", "Close", id="chat.close", tooltip="End the request; asks how"),
        Binding("l", "request('link')", "Link", id="chat.link", tooltip="Find whom it is about"),
        Binding("p", "person", "Person", id="chat.person", tooltip="Everything about whom it is about"),
        Binding("r", "task('reset')", "Reset", id="chat.reset", tooltip="Send a reset"),
        *(
            Binding(key, f"task('{action.value}')", show=False, id=f"chat.{key}", tooltip=MEND_WORDS[action])
            for key, action in _TASKS.items()
            if key not in "vr"
        ),
        Binding("escape", "leave", "Back", key_display="Esc", id="chat.leave", tooltip="Back to the list"),
    ]

    needs_session = True
    looks_itself = True
    said = getters.query_one(ChatLines)
    answer = getters.query_one(AnswerLine)
    panel = getters.query_one(PersonBeside)

    def __init__(self, place: Workplace, actor: Actor, chat: Chat, drafts: MutableMapping[int, str]) -> None:
        """`drafts` keeps what is typed and not sent, by request, also when this screen is left."""
        super().__init__(place)
        self._actor = actor
        self._drafts = drafts
        self._acts = has(actor.role, Right.ACT)
        self._requests = RequestTasks(self, actor)
        self._watch: Watch | None = None
        self._busy = False
        self.chat = chat
        """The request as it was read last."""

    def compose(self) -> ComposeResult:
        yield TitleBar("Help requests", f"{self._actor.name} · {self._actor.role}")
        yield Static("", classes="topic", markup=False)
        yield Static("", classes="standing", markup=False)
        yield Static("", classes="about", markup=False)
        with Horizontal(classes="both"):
            with Vertical(classes="talk"):
                yield ChatLines("Nothing has been said yet.")
                if self._acts:
                    yield AnswerLine(self._drafts.get(self.chat.row.id, ""))
            yield PersonBeside(self, self._actor, _NOBODY)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what is known, and follow it."""
        self._show(self.chat)
        if self.chat.row.mine:
            self.answer.input.focus()
        else:
            self.said.focus()
        self.set_interval(LOOK_AGAIN, self.look)
        self._watch = self.desk.help_signals.watch(partial(self.call_later, self.look))

    def on_unmount(self) -> None:
        """Hear no more."""
        if self._watch is not None:
            self._watch.stop()

    @property
    def writing(self) -> bool:
        """Whether letters are text."""
        return isinstance(self.focused, AnswerInput)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is offered only where it does something."""
        closed, waits = self.chat.row.state is HelpState.CLOSED, self.chat.row.state is HelpState.WAITING
        possible = {
            "write": self._acts and not closed,
            "take": self._acts and waits,
            "release": self._acts and not closed and self.chat.visit is not None,
            "request": self._acts and str(*parameters) in possible_with(self.chat),
            "person": self.chat.person is not None and not self.has_class("-wide"),
            "task": self.chat.person is not None,
            "leave": True,
        }
        if action in possible:
            return possible[action] and not self.writing
        return super().check_action(action, parameters)

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look(self) -> None:
        """See what has changed, and show that."""
        try:
            chat = await self.call(self.desk.help_queue.chat, self._actor, self.chat.row.id)
        except Unavailable as refusal:
            self._say(".standing", Content(f"▲ {refusal.sentence}"))
        except DeskError as refusal:
            await self.tell(refusal)
        else:
            self._show(chat)

    def _show(self, chat: Chat) -> None:
        before, self.chat = self.chat, chat
        now = self.desk.ctx.clock.now()
        self._say(".topic", Content.assemble((chat.row.name, "bold"), "  ", chat.row.topic))
        self._say(".standing", standing_words(chat, now))
        self._say(".about", about_words(chat))
        self.said.show(chat.lines, HelpAuthor.AGENT, chat.me or " ", self._actor.name)
        answers = chat.row.state is not HelpState.CLOSED
        # What was typed and not sent comes back when the request is reopened.
        if self._acts and self.answer.display is not answers:
            self.answer.display = answers
        if chat.person != before.person or self.panel.person is None:
            self.panel.look_at(chat.person, 0)
        if (chat.row.state, chat.row.mine, chat.person, chat.visit) != (
            before.row.state, before.row.mine, before.person, before.visit,
        ):  # fmt: skip
            self.refresh_bindings()

    def _say(self, where: str, words: Content) -> None:
        line = self.query_one(where, Static)
        if line.content != words:
            line.update(words)

    @on(AnswerLine.Edited)
    def keep(self) -> None:
        """What is typed is here again whenever somebody comes back."""
        self._drafts[self.chat.row.id] = self.answer.value
        self.said.seen()

    @on(Input.Submitted)
    @work(exit_on_error=False)
    async def send(self) -> None:
        """Say what was typed; it stays in the line until it is stored."""
        words = self.answer.value
        if self._busy or not words.strip():
            return
        self._busy = True
        try:
            await self.call(self.desk.help_queue.say, self._actor, self.chat.row.id, words)
        except Unavailable:
            self.answer.tell(AWAY)
        except Refused as refusal:
            self.answer.tell(refusal.sentence)
        except Invalid as refusal:
            self.answer.tell(refusal.problems.get("words", refusal.sentence))
        except DeskError as refusal:
            await self.tell(refusal)
        else:
            self.answer.sent(words)
            self.look()
        finally:
            self._busy = False

    def action_write(self) -> None:
        """Type."""
        self.answer.input.focus()

    async def _do(self, act: Callable[[], Awaitable[object]]) -> None:
        """One thing at a time; then look at what it changed."""
        if self._busy:
            return
        self._busy = True
        try:
            async with self.problems_told():
                await act()
        finally:
            self._busy = False
        self.look()
        self.panel.look()

    @work(exit_on_error=False)
    async def action_take(self) -> None:
        """Have it, and type."""

        async def take() -> None:
            self._show(await self.call(self.desk.help_queue.take, self._actor, self.chat.row.id))
            self.action_write()

        await self._do(take)

    @work(exit_on_error=False)
    async def action_request(self, name: str) -> None:
        """What is done with the request itself: note, close, hand_over, link or reopen."""
        await self._do(lambda: self._requests.do(name, self.chat))

    @work(exit_on_error=False)
    async def action_release(self) -> None:
        """Let the person at the kiosk pass."""
        await self._do(lambda: release_step(self, self._actor, self.chat.visit, self._tasks()))

    @work(exit_on_error=False)
    async def action_person(self) -> None:
        """The panel as a dialog, where the terminal is too narrow for it."""

        async def show() -> None:
            person, tasks = self.chat.person, self._tasks()
            if person is None or tasks is None:
                raise Refused(_NOBODY_YET)
            panel = await self.call(self.desk.people.panel, self._actor, person)
            action = await self.app.push_screen_wait(Person(panel, self.desk.ctx.clock.now()))
            if action is not None:
                await tasks.do(action, person)

        await self._do(show)

    @work(exit_on_error=False)
    async def action_task(self, name: str) -> None:
        """What staff do with the account, as in the lists."""

        async def do() -> None:
            person, tasks = self.chat.person, self._tasks()
            if person is None or tasks is None:
                raise Refused(_NOBODY_YET)
            await tasks.do(PersonAction(name), person)

        await self._do(do)

    def _tasks(self) -> PersonTasks | None:
        person = self.chat.person
        if person is None:
            return None
        kind: Any = ClientTasks if person.kind is PersonKind.CLIENT else StaffTasks
        tasks: PersonTasks = kind(self, self._actor, lambda _: None)
        return tasks

    def action_leave(self) -> None:
        """Back to the list; what was typed is kept."""
        self.dismiss(None)
