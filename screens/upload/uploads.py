"""All uploads of the agency; a whole one can be undone while nobody has touched its clients."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import ProgressBar, Static

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.saving import save_as
from screens.upload import words
from screens.widgets.key_line import KeyLine
from screens.widgets.listed_rows import ListedRows
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.importing.uploads import UndoCheck, UploadState, UploadView, clients_counted

REDRAW_EVERY = 0.3
"""Seconds between two looks at how far the work is."""

_EMPTY = "Nothing has been uploaded yet.\n\nF8 on the desk uploads a list of clients."


class UploadTable(VirtualTable, inherit_bindings=True):
    """The table of uploads, whose Enter stands in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Details", key_display="Enter", id="uploads.open", tooltip="Everything of this one"),
    ]


class UploadList(DeskScreen[bool]):
    """Newest first."""

    CSS_PATH = "upload.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "Undo", id="uploads.undo", tooltip="Take this upload back as a whole"),
        Binding("x", "stop", "Stop", id="uploads.stop", tooltip="Give the undoing up; nothing is undone then"),
        Binding("f5", "load", "Reload", show=False, id="uploads.load", tooltip="Read the list anew"),
        Binding("escape", "leave", "Back", key_display="Esc", id="uploads.leave", tooltip="Back to where you were"),
    ]

    needs_session = True
    table = getters.query_one(UploadTable)
    busy: reactive[str] = reactive("")
    """What is being done, in words; empty when nothing is."""

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor
        self._uploads: Sequence[UploadView] = ()
        self._stop = threading.Event()
        self._done = (0, 1)

    def compose(self) -> ComposeResult:
        yield TitleBar("Uploads", f"{self._actor.name} · {self._actor.role}")
        with Vertical(classes="head"):
            yield Static("", classes="say", markup=False)
            yield ProgressBar(classes="bar", show_eta=False)
        yield UploadTable(words.UPLOAD_COLUMNS, self.call, empty_text=_EMPTY)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the list."""
        self.table.focus()
        self.set_interval(REDRAW_EVERY, self.redraw)
        self.action_load()

    def on_unmount(self) -> None:
        """Half an undo is never left."""
        self._stop.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is undone is not undone again; one thing at a time."""
        if action == "undo":
            here = self._here
            return here is not None and here.state is not UploadState.UNDONE and not self.busy
        if action == "stop":
            return bool(self.busy)
        return super().check_action(action, parameters)

    def watch_busy(self, busy: str) -> None:
        """Say what is done."""
        if self.is_mounted:
            self.set_class(bool(busy), "-counted")
            self._say(busy or self._heading)
            self.refresh_bindings()

    def redraw(self) -> None:
        """How far the undoing is."""
        if self.busy:
            done, total = self._done
            self.query_one(ProgressBar).update(total=max(1, total), progress=done)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def action_load(self) -> None:
        """Read the list anew."""
        async with self.problems_told():
            self._uploads = await self.call(self.desk.uploads.all, self._actor)
            now = self.desk.ctx.clock.now()
            self.table.show(ListedRows(words.upload_row(upload, now) for upload in self._uploads))
            self._say(self.busy or self._heading)
            self.refresh_bindings()

    @on(VirtualTable.Highlighted)
    def look_at_keys(self) -> None:
        """What can be done depends on the line."""
        self.refresh_bindings()

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self) -> None:
        """Everything of one upload."""
        here = self._here
        if here is not None and self.is_active:
            facts = words.upload_facts(here, self.desk.ctx.clock.now())
            await self.app.push_screen_wait(Details(here.file_name, facts))

    @work(exit_on_error=False)
    async def action_undo(self) -> None:
        """Look who is in the way, say what follows, and do it."""
        here = self._here
        if here is None or self.busy or not self.is_active:
            return
        try:
            async with self.problems_told():
                self.busy = f"Looking whether anybody has touched the clients of {here.file_name} …"
                check = await self.call(self.desk.uploads.check_undo, self._actor, here.id)
                self.busy = ""
                if check.touched_count:
                    await self.app.push_screen_wait(TouchedClients(self.place, self._actor, check))
                elif await self._is_sure(check):
                    await self._undo(here)
        finally:
            self.busy = ""
        self.action_load()

    async def _is_sure(self, check: UndoCheck) -> bool:
        lines = [
            f"Removed from the list: {clients_counted(check.added)} that it added.",
            f"As they were before: {clients_counted(check.changed)} that it changed.",
            "It happens as a whole or not at all. Others who save meanwhile wait for it.",
        ]
        title = f"Undo the upload of {check.upload.file_name}?"
        sure: bool = await self.app.push_screen_wait(Confirm(title, lines, yes="Undo it", no="Keep it", dangerous=True))
        return sure

    async def _undo(self, upload: UploadView) -> None:
        self._stop.clear()
        self._done = (0, 1)
        self.busy = f"Undoing the upload of {upload.file_name} …"
        undone = await self.call(
            partial(self.desk.uploads.undo, on_progress=self._remember, cancelled=self._stop.is_set),
            self._actor,
            upload.id,
        )
        self.notify(f"Undone: {clients_counted(undone.removed)} removed, {undone.restored:,} put back as they were.")

    def action_stop(self) -> None:
        """Give the undoing up."""
        self._stop.set()

    def action_leave(self) -> None:
        """Back; not in the middle of an undoing."""
        if self.busy:
            self.app.bell()
        else:
            self.dismiss(False)

    def _remember(self, done: int, total: int) -> None:
        """Called on the thread that works: only kept here, and drawn by the timer."""
        self._done = (done, total)

    @property
    def _here(self) -> UploadView | None:
        key = self.table.cursor_key if self.is_mounted else None
        return next((upload for upload in self._uploads if upload.id == key), None)

    @property
    def _heading(self) -> str:
        count = len(self._uploads)
        uploads = "1 upload" if count == 1 else f"{count:,} uploads"
        return f"{uploads}. A whole one can be undone while nobody has touched its clients." if count else ""

    def _say(self, sentence: str) -> None:
        self.query_one(".say", Static).update(Content(sentence))


class TouchedClients(DeskScreen[bool]):
    """Who is in the way of undoing an upload: what happened to each since, by whom and when."""

    CSS_PATH = "upload.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", "Save all", id="touched.save", tooltip="Write all of them into a CSV file"),
        Binding("escape", "leave", "Back", key_display="Esc", id="touched.leave", tooltip="Back to the uploads"),
    ]

    needs_session = True
    table = getters.query_one(VirtualTable)

    def __init__(self, place: Workplace, actor: Actor, check: UndoCheck) -> None:
        super().__init__(place)
        self._actor = actor
        self._check = check

    def compose(self) -> ComposeResult:
        yield TitleBar("This upload cannot be undone", f"{self._actor.name} · {self._actor.role}")
        with Vertical(classes="head"):
            yield Static(Content(self._words()), classes="say -wrong")
        yield VirtualTable(words.TOUCHED_COLUMNS, self.call)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show them."""
        now = self.desk.ctx.clock.now()
        self.table.focus()
        self.table.show(ListedRows(words.touched_row(touched, now) for touched in self._check.touched))

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def open(self, event: VirtualTable.Chosen) -> None:
        """One of them in full."""
        touched = next((one for one in self._check.touched if one.client_id == event.key), None)
        if touched is not None and self.is_active:
            facts = [
                ("E-mail", touched.email),
                ("Since then", f"{touched.who} {touched.what}"),
                ("When", f"{touched.when.astimezone():%Y-%m-%d %H:%M}"),
            ]
            await self.app.push_screen_wait(Details(touched.name, facts))

    @work(exit_on_error=False)
    async def action_save(self) -> None:
        """All of them as a file."""
        if not self.is_active:
            return
        async with self.problems_told():
            upload = self._check.upload
            proposal = Path.home() / f"{Path(upload.file_name).stem[:60]}-touched.csv"
            await save_as(self, "Write all of them", proposal, self._write)

    def action_leave(self) -> None:
        """Back to the uploads."""
        self.dismiss(False)

    async def _write(self, path: Path) -> str:
        check = partial(self.desk.uploads.check_undo, report=path)
        await self.call(check, self._actor, self._check.upload.id)
        return "All of them written"

    def _words(self) -> str:
        count, shown = self._check.touched_count, len(self._check.touched)
        cut = f" The first {shown:,} stand here; w writes all into a file." if count > shown else ""
        whom = f"{clients_counted(count)} of {self._check.upload.file_name}"
        return f"✗ Nothing is undone: somebody has touched {whom} since.{cut} Correct the clients one by one instead."
