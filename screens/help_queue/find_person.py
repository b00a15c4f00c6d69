"""Finds whom a request for help is about, among clients and office staff at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList, Static

from screens.clients.words import DIM, TAB_TITLES
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.line_input import LineInput
from screens.widgets.menu import Menu, Option
from services.errors import DeskError
from services.help_queue.values import FoundPerson
from services.person_key import PersonKey

RESTING = 0.15
"""Seconds without another key after which the search begins."""

_START = "Type a name, an e-mail address or a phone number."
_NOBODY = "Nobody matches. Try fewer letters."


@dataclass(frozen=True, slots=True)
class Chosen:
    """The person; None for nobody who is known."""

    person: PersonKey | None


class FindPerson(ListDialog[Chosen]):
    """A line to type, and who matches."""

    CSS_PATH = ["../dialogs/list_dialog.tcss", "find_person.tcss"]

    def __init__(self, name: str, find: Callable[[str], Awaitable[Sequence[FoundPerson]]], *, can_clear: bool) -> None:
        """`name` is what the person calls themselves; `can_clear` offers to know nobody again."""
        super().__init__()
        self._name = name
        self._find = find
        self._can_clear = can_clear
        self._found: tuple[FoundPerson, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Whom is it about?", classes="dialog-title", markup=False)
            yield LineInput(value=self._name, compact=True, select_on_focus=True)
            yield Static(Content(_START), classes="told")
            yield Menu([])
            yield Static("Enter links the one under the cursor, Esc leaves it.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Look at once for whom they say to be."""
        self.query_one(LineInput).focus()
        self.look(self._name)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Look while somebody types."""
        event.stop()
        self.look(event.value)

    @work(exclusive=True, exit_on_error=False)
    async def look(self, words: str) -> None:
        """Show who matches."""
        await asyncio.sleep(RESTING)
        told = self.query_one(".told", Static)
        try:
            found = tuple(await self._find(words))
        except DeskError as refusal:
            told.update(Content(refusal.sentence))
            return
        self._found = found
        options = [Option(_line(one), id=str(number)) for number, one in enumerate(found)]
        if self._can_clear:
            options.append(Option(Content.styled("Nobody who is known", DIM), id="nobody"))
        menu = self.query_one(Menu)
        menu.clear_options()
        menu.add_options(options)
        menu.highlighted = 0 if options else None
        told.display = not found
        told.update(Content(_NOBODY if words.strip() else _START))

    def on_key(self, event: Key) -> None:
        """Up and down go through the list while one types."""
        menu = self.query_one(Menu)
        if self.focused is menu:
            return
        if event.key == "down":
            menu.action_cursor_down()
        elif event.key == "up":
            menu.action_cursor_up()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter takes the one under the cursor."""
        event.stop()
        option = self.query_one(Menu).highlighted_option
        if option is None:
            self.app.bell()
        else:
            self._answer(option.id or "")

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """A click, or Enter in the list."""
        event.stop()
        self._answer(event.option_id or "")

    def _answer(self, key: str) -> None:
        self.dismiss(Chosen(None if key == "nobody" else self._found[int(key)].person))


def _line(found: FoundPerson) -> Content:
    kind = TAB_TITLES[found.person.kind]
    return Content.assemble(found.name, "  ", (f"{found.email or 'no e-mail address'} · {kind}", DIM))
