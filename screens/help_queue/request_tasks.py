"""What an agent does with a request for help itself: each task from its question to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from models.states import HelpState
from screens.base import DeskScreen
from screens.dialogs.ask_line import AskLine
from screens.help_queue.find_person import FindPerson
from screens.help_queue.hand_over import HandOver
from services.actor import Actor
from services.errors import Invalid
from services.help_queue.values import Chat, FoundPerson

_COLLEAGUES_ONLY = "Only colleagues see it."


def possible_with(chat: Chat) -> frozenset[str]:
    """The tasks that a request is open to."""
    if chat.row.state is HelpState.CLOSED:
        return frozenset({"reopen", "note"})
    return frozenset({"note", "close", "hand_over"} | (set() if chat.proved else {"link"}))


class RequestTasks:
    """Runs above one screen, in its workers; what the services refuse is raised, and the screen tells it."""

    def __init__(self, screen: DeskScreen[Any], actor: Actor) -> None:
        self._screen = screen
        self._app = screen.app
        self._queue = screen.desk.help_queue
        self._actor = actor
        self._tasks: dict[str, Callable[[Chat], Awaitable[None]]] = {
            "note": self.note,
            "close": self.close,
            "reopen": self.reopen,
            "hand_over": self.hand_over,
            "link": self.link,
        }

    async def do(self, name: str, chat: Chat) -> None:
        """Do one of `possible_with`."""
        await self._tasks[name](chat)

    async def note(self, chat: Chat) -> None:
        """Write something that the person never sees."""

        async def store(words: str) -> None:
            await self._screen.call(self._queue.note, self._actor, chat.row.id, words)

        await self._ask("A note for colleagues", "Note", "words", _COLLEAGUES_ONLY, "Write it", store)

    async def close(self, chat: Chat) -> None:
        """End it."""

        async def store(how: str) -> None:
            await self._screen.call(self._queue.close, self._actor, chat.row.id, how)

        hint = "It stands in the history, with what was said."
        await self._ask("How did it end?", "Ending", "how", hint, "Close it", store)

    async def reopen(self, chat: Chat) -> None:
        """Go on with it."""
        await self._screen.call(self._queue.reopen, self._actor, chat.row.id)

    async def hand_over(self, chat: Chat) -> None:
        """To whom, and what they should know."""
        row = chat.row
        colleagues = await self._screen.call(self._queue.colleagues, self._actor, row.id)
        waits = row.state is HelpState.WAITING
        menu = HandOver(colleagues, self._actor.identity_id, waits=waits, mine=row.mine)
        to = await self._app.push_screen_wait(menu)
        if to is None:
            return

        async def store(note: str) -> None:
            await self._screen.call(self._queue.hand_over, self._actor, row.id, to.identity_id, note)
            self._screen.notify(f"The request of {row.name} is with {to.name} now.", markup=False)

        title = "Is there anything to know about it?"
        await self._ask(title, "Note", "note", f"{_COLLEAGUES_ONLY} May be empty.", "Hand over", store, needed=False)

    async def link(self, chat: Chat) -> None:
        """Find whom it is about."""

        async def find(words: str) -> tuple[FoundPerson, ...]:
            return await self._screen.call(self._queue.find_people, self._actor, words)

        chosen = await self._app.push_screen_wait(FindPerson(chat.row.name, find, can_clear=chat.linked))
        if chosen is not None:
            await self._screen.call(self._queue.link, self._actor, chat.row.id, chosen.person)

    async def _ask(
        self,
        title: str,
        label: str,
        field: str,
        hint: str,
        go_on: str,
        store: Callable[[str], Awaitable[None]],
        *,
        needed: bool = True,
    ) -> None:
        """Ask for a line and store it, again and again until it holds or somebody leaves it."""
        words, problem = "", ""
        check = _needed if needed else _anything
        while True:
            dialog = AskLine(title, label, words, str, id=field, hint=hint, check=check, problem=problem, go_on=go_on)
            told = await self._app.push_screen_wait(dialog)
            if told is None:
                return
            try:
                await store(told)
            except Invalid as refusal:
                words, problem = told, refusal.sentence
            else:
                return


def _needed(text: str) -> str | None:
    return None if text.strip() else "Type a few words, or press Esc to leave it."


def _anything(_: str) -> None:
    return None
