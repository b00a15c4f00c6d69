"""The first step of an upload: which file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Label, Static

from models.states import Surface
from screens.base import DeskScreen
from screens.upload import words
from screens.widgets.key_line import KeyLine
from screens.widgets.line_input import LineInput
from screens.widgets.listed_rows import ListedRows
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.importing.folders import ENDINGS, Entry, Folder
from services.errors import Invalid

_RESTING = 0.1
"""Seconds without another key after which a folder is read."""

_PREFERENCE = "upload_folder"
_UP = Entry("..", is_folder=True)
_EMPTY = "There is no list here.\n\nType another folder, or walk there with the arrows and Enter."


class ChooseList(DeskScreen[bool]):
    """Typing narrows the list below, whose cursor the arrows move; closes with whether something was stored."""

    CSS_PATH = "upload.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="help", tooltip="The keys of this screen"),
        Binding("enter", "take", "Open", key_display="Enter", priority=True, id="upload.take", tooltip="Take the file"),
        Binding("tab", "complete", "Complete", priority=True, id="upload.complete", tooltip="Write the name out"),
        Binding("up", "move(-1)", "Up", show=False, priority=True, id="upload.up", tooltip="One line up"),
        Binding("down", "move(1)", "Down", show=False, priority=True, id="upload.down", tooltip="One line down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="upload.page_up", tooltip="One screen up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="upload.page_down", tooltip="One screen down"),
        Binding("f3", "parent", "Folder above", id="upload.parent", tooltip="Go to the folder around this one"),
        Binding("f4", "uploads", "Earlier uploads", id="upload.list", tooltip="All uploads; a whole one can be undone"),
        Binding("escape", "leave", "Back", key_display="Esc", id="upload.leave", tooltip="Back to the desk"),
    ]

    needs_session = True
    table = getters.query_one(VirtualTable)
    input = getters.query_one(LineInput)
    busy: reactive[bool] = reactive(False)
    """Whether a file is being looked at."""

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor
        self._folder: Folder | None = None
        self._wanted = ""
        self._shown: list[Entry] = []

    def compose(self) -> ComposeResult:
        yield TitleBar("Upload clients", f"{self._actor.name} · {self._actor.role}")
        with Vertical(classes="head"):
            yield Static(Content("Step 1 of 3 · Choose the list"), classes="step")
            yield Static("", classes="say", markup=False)
        with Horizontal(classes="path"):
            yield Label("File")
            yield LineInput(compact=True, select_on_focus=False)
        yield VirtualTable(words.ENTRY_COLUMNS, self.call, empty_text=_EMPTY)
        yield Static("", classes="why", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the folder of the last list."""
        self.input.focus()
        self._say("")
        self._begin()

    @work(exit_on_error=False)
    async def _begin(self) -> None:
        async with self.problems_told():
            kept = await self.call(self.desk.preferences.get, self._actor, _PREFERENCE)
            folder = str((kept or {}).get("path") or Path.home())
            try:
                opened = await self.call(self.desk.folders.open, self._actor, Path(folder))
            except Invalid:
                opened = await self.call(self.desk.folders.open, self._actor, Path("/"))
            self._show(opened)
            self._write(str(opened.path))
            return
        if self.is_current:
            self.dismiss(False)

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Show what fits; another folder is read first."""
        event.stop()
        self._say("")
        folder, _ = self._typed
        if folder != self._wanted:
            self._wanted = folder
            self._read(folder)
        else:
            self._list()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter belongs to the screen."""
        event.stop()

    @on(VirtualTable.Chosen)
    def choose(self, event: VirtualTable.Chosen) -> None:
        """A click on the line under the cursor takes it."""
        self._open(self._shown[event.key])

    @work(exclusive=True, group="folder", exit_on_error=False)
    async def _read(self, folder: str) -> None:
        await asyncio.sleep(_RESTING)
        async with self.problems_told():
            try:
                self._show(await self.call(self.desk.folders.open, self._actor, _path(folder)))
            except Invalid as refusal:
                self._folder = None
                self._list()
                self._say(refusal.sentence, wrong=True)

    def action_move(self, step: int) -> None:
        """Move the cursor of the list."""
        self.table.action_move(step)

    def action_page(self, step: int) -> None:
        """Move it by a screen."""
        self.table.action_page(step)

    def action_complete(self) -> None:
        """Write out as much as all that fit have in common, or the line under the cursor."""
        folder, part = self._typed
        names = [entry.name for entry in self._shown if entry is not _UP and _begins(entry.name, part)]
        common = _common(names)
        under = self._under
        if len(common) > len(part):
            self._write_text(folder + common + ("/" if len(names) == 1 and self._is_folder(common) else ""))
        elif under is not None and under is not _UP:
            self._write_text(folder + under.name + ("/" if under.is_folder else ""))

    def action_parent(self) -> None:
        """Go one folder up."""
        self._open(_UP)

    def action_take(self) -> None:
        """What is typed in full, else the line under the cursor."""
        folder, part = self._typed
        exact = next((entry for entry in self._shown if entry.name == part), None)
        if exact is not None:
            self._open(exact)
        elif self._under is not None:
            self._open(self._under)
        elif part:
            self._look(_path(folder + part))
        else:
            self.app.bell()

    @work(exit_on_error=False)
    async def action_uploads(self) -> None:
        """All uploads."""
        if self.is_active and not self.busy:
            from screens.upload.uploads import UploadList  # looked at now and then

            await self.app.push_screen_wait(UploadList(self.place, self._actor))

    def action_leave(self) -> None:
        """Back to the desk."""
        self.dismiss(False)

    def _open(self, entry: Entry) -> None:
        if self._folder is None or self.busy:
            return
        if entry is _UP:
            self._write(str(self._folder.path.parent))
        elif entry.is_folder:
            self._write(str(self._folder.path / entry.name))
        else:
            self._look(self._folder.path / entry.name)

    @work(exit_on_error=False)
    async def _look(self, path: Path) -> None:
        """Look into the file, and go on to its columns."""
        if self.busy or not self.is_active:
            return
        self.busy = True
        stored = None
        try:
            async with self.problems_told():
                stored = await self._columns_of(path)
        finally:
            self.busy = False
        if stored:
            self.dismiss(True)

    async def _columns_of(self, path: Path) -> bool | None:
        self._say(f"Looking into {path.name} …")
        try:
            look = await self.call(self.desk.imports.look, self._actor, path)
        except Invalid as refusal:
            self._say(refusal.sentence, wrong=True)
            return None
        self._say("")
        await self.call(self.desk.preferences.put, self._actor, _PREFERENCE, {"path": str(path.parent)})
        from screens.upload.columns import ListColumns  # with the steps that follow, for those who get there

        return await self.app.push_screen_wait(ListColumns(self.place, self._actor, look))

    @property
    def _typed(self) -> tuple[str, str]:
        """The folder, with its stroke, and the beginning of a name."""
        text = self.input.value
        folder, stroke, part = text.rpartition("/")
        return folder + stroke, part

    @property
    def _under(self) -> Entry | None:
        key = self.table.cursor_key
        return None if key is None or key >= len(self._shown) else self._shown[key]

    def _is_folder(self, name: str) -> bool:
        return any(entry.is_folder for entry in self._shown if entry.name == name)

    def _write(self, folder: str) -> None:
        self._write_text(folder if folder.endswith("/") else f"{folder}/")

    def _write_text(self, text: str) -> None:
        self.input.value = text
        self.input.cursor_position = len(text)

    def _show(self, folder: Folder) -> None:
        self._folder = folder
        self._wanted = f"{folder.path}".rstrip("/") + "/" if not self.input.value else self._typed[0]
        self._list()

    def _list(self) -> None:
        folder, (_, part) = self._folder, self._typed
        entries = () if folder is None else folder.entries
        # What begins as it is typed, and of that the lists first: they are what one is here for.
        ordered = sorted(entries, key=lambda entry: (not _begins(entry.name, part), entry.is_folder))
        self._shown = [entry for entry in ordered if part.casefold() in entry.name.casefold()]
        if folder is not None and not part and folder.path != folder.path.parent:
            place = next((number for number, entry in enumerate(self._shown) if entry.is_folder), len(self._shown))
            self._shown.insert(place, _UP)
        now = self.desk.ctx.clock.now()
        self.table.show(ListedRows(words.entry_row(number, entry, now) for number, entry in enumerate(self._shown)))
        self.table.move_to(0)
        self.query_one(".why", Static).update(Content("\n".join(self._notes(folder))))

    def _notes(self, folder: Folder | None) -> Iterable[str]:
        yield f"On the machine of the desk: {self._machine}. Only {', '.join(ENDINGS)} are shown."
        if folder is not None and folder.cut:
            yield f"The folder has more than {len(folder.entries):,} entries. Type the name in full."
        elif folder is not None and folder.other:
            yield f"{folder.other:,} other {'file is' if folder.other == 1 else 'files are'} not shown."

    @property
    def _machine(self) -> str:
        over_ssh = self._actor.origin.surface is Surface.DESK and "SSH_CONNECTION" in os.environ
        return f"{os.uname().nodename}{' (you came over SSH: copy the list there first)' if over_ssh else ''}"

    def _say(self, sentence: str, *, wrong: bool = False) -> None:
        say = self.query_one(".say", Static)
        say.set_class(wrong, "-wrong")
        words_then = "Type where the list lies, or walk there with the arrows and Enter."
        say.update(Content(f"✗ {sentence}" if wrong else sentence or words_then))


def _path(text: str) -> Path:
    try:
        return Path(text or "/").expanduser()
    except RuntimeError:
        # There is no such user; the folder will say that it is not there.
        return Path(text)


def _common(names: Sequence[str]) -> str:
    """What all begin with, as the first one writes it."""
    if not names:
        return ""
    same = takewhile(lambda signs: len(set(signs)) == 1, zip(*(name.casefold() for name in names), strict=False))
    return names[0][: len(list(same))]


def _begins(name: str, part: str) -> bool:
    return name.casefold().startswith(part.casefold())
