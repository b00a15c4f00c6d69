"""The third step of an upload: what would be stored and every problem, then the storing itself."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import ContentSwitcher, ProgressBar, Static

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.saving import save_as
from screens.upload import words
from screens.upload.preview_words import Phase, summary_of, takes_something
from screens.widgets.key_line import KeyLine
from screens.widgets.listed_rows import ListedRows
from screens.widgets.tab_line import TabLine
from screens.widgets.title_bar import TitleBar
from screens.widgets.virtual_table import VirtualTable
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.importing.choices import Choice
from services.clients.importing.looking import ListLook
from services.clients.importing.preview import Preview
from services.clients.importing.problems import Problems
from services.clients.importing.report import ImportReport, Progress
from services.clients.importing.uploads import UploadState, clients_counted

REDRAW_EVERY = 0.3
"""Seconds between two looks at how far the work is."""

_PARTS = (("problems", "Problems"), ("changes", "Changes"), ("first", "First clients"))


class ListPreview(DeskScreen[bool]):
    """Closes with whether anything was stored; leaving it stops the work between two batches."""

    CSS_PATH = "upload.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "store", "Upload", id="preview.store", tooltip="Store everything that is not refused"),
        Binding("f2", "go_on", "Go on", id="preview.go_on", tooltip="Go on where it stopped"),
        Binding("f2", "close", "Close", id="preview.close", tooltip="Back to the desk"),
        Binding("p", "pause", "Pause", id="preview.pause", tooltip="Stop between two portions; it can be gone on with"),
        Binding("1", "part('problems')", "Problems", show=False, id="preview.problems", tooltip="What is refused"),
        Binding("2", "part('changes')", "Changes", show=False, id="preview.changes", tooltip="Fields that change"),
        Binding("3", "part('first')", "First clients", show=False, id="preview.first", tooltip="As they are stored"),
        Binding(
            "tab", "next_part", "Next list", show=False, id="preview.next_part", tooltip="The list behind this one"
        ),
        Binding("w", "save", "Save problems", id="preview.save", tooltip="Write all problems into a CSV file"),
        Binding("u", "uploads", "Undo", id="preview.uploads", tooltip="The list of uploads, where it can be undone"),
        Binding("escape", "leave", "Back", key_display="Esc", id="preview.leave", tooltip="Back; what is stored stays"),
    ]

    needs_session = True
    phase: reactive[Phase] = reactive(Phase.LOOKING)
    """Which keys there are, and what stands above the lists."""

    parts = getters.query_one(ContentSwitcher)
    tabs = getters.query_one(TabLine)

    def __init__(self, place: Workplace, actor: Actor, look: ListLook, choice: Choice) -> None:
        super().__init__(place)
        self._actor = actor
        self._look = look
        self._choice = choice
        self._problems = Problems()
        self._preview = Preview()
        self._report: ImportReport | None = None
        self._progress = Progress(0, look.size, 0)
        self._stop = threading.Event()
        self._leaving = False
        self.stored = False
        """Whether anything of the file has been stored here."""

    def compose(self) -> ComposeResult:
        yield TitleBar("Upload clients", f"{self._actor.name} · {self._actor.role}")
        with Vertical(classes="head"):
            yield Static("", classes="step", markup=False)
            yield Static("", classes="say", markup=False)
            yield ProgressBar(classes="bar", show_eta=False)
        yield TabLine(_PARTS, "problems")
        with ContentSwitcher(initial="problems"):
            for key, (columns, nothing) in words.PARTS.items():
                yield VirtualTable(columns, self.call, id=key, empty_text=nothing)
        yield Static("", classes="why", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look through the whole file first; nothing is stored."""
        self.query_one(".step", Static).update(Content(f"Step 3 of 3 · Preview · {words.file_words(self._look)}"))
        self._watching = self.set_interval(REDRAW_EVERY, self.redraw)
        self._table.focus()
        self._say()
        self._work(dry_run=True)

    def on_unmount(self) -> None:
        """Without the screen nobody works on the file."""
        self._stop.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each phase has its keys."""
        match action:
            case "store":
                return self.phase is Phase.READY and self._report is not None and takes_something(self._report)
            case "go_on":
                return self.phase is Phase.STOPPED
            case "pause":
                return self.phase is Phase.STORING
            case "close" | "uploads":
                return self.phase in (Phase.DONE, Phase.UNDONE)
            case "save":
                return self.phase not in (Phase.LOOKING, Phase.STORING) and self._problems.count > 0
        return super().check_action(action, parameters)

    def watch_phase(self) -> None:
        """Other keys, other words."""
        if self.is_mounted:
            self._say()
            self.refresh_bindings()

    def redraw(self) -> None:
        """How far the work is."""
        if self.phase in (Phase.LOOKING, Phase.STORING):
            self.add_class("-counted")
            done, total = self._progress.bytes_done, self._progress.bytes_total
            self.query_one(ProgressBar).update(total=max(1, total), progress=min(done, total))
            self._say()

    @on(TabLine.Chosen)
    def go(self, event: TabLine.Chosen) -> None:
        """A click on a list."""
        self.action_part(event.key)

    @on(VirtualTable.Highlighted)
    def explain(self) -> None:
        """Below the list stands in full what the line has no room for."""
        key = self._table.cursor_key
        told = words.told_of(self.parts.current or "", key, self._problems, self._preview)
        self.query_one(".why", Static).update(told)

    @on(VirtualTable.Chosen)
    @work(exit_on_error=False)
    async def details(self, event: VirtualTable.Chosen) -> None:
        """Everything of one line."""
        if not self.is_active:
            return
        title, facts = words.details_of(self.parts.current or "", event.key, self._problems, self._preview)
        await self.app.push_screen_wait(Details(title, facts))

    def action_part(self, part: str) -> None:
        """Show another list."""
        self.parts.current = self.tabs.here = part
        self._table.focus()
        self.explain()

    def action_next_part(self) -> None:
        """The list behind this one."""
        keys = [key for key, _ in _PARTS]
        self.action_part(keys[(keys.index(self.parts.current or keys[0]) + 1) % len(keys)])

    @work(exit_on_error=False)
    async def action_store(self) -> None:
        """Ask once, then store batch by batch."""
        report = self._report
        if report is None or self.phase is not Phase.READY or not self.is_active:
            return
        lines = [f"New: {clients_counted(report.added)}. Changed: {clients_counted(report.changed)}."]
        if report.refused:
            lines.append(f"{report.refused:,} rows are left out; correct them in the file and upload it again.")
        lines.append("The whole upload can be undone while nobody has touched its clients.")
        if await self.app.push_screen_wait(Confirm("Upload the list?", lines, yes="Upload", no="Not yet")):
            self._work(dry_run=False)

    def action_go_on(self) -> None:
        """Go on where it stopped."""
        if self.phase is Phase.STOPPED:
            self._work(dry_run=False)

    def action_pause(self) -> None:
        """Stop after the present portion."""
        self._stop.set()

    @work(exit_on_error=False)
    async def action_save(self) -> None:
        """All problems as a file."""
        if not self.is_active:
            return
        async with self.problems_told():
            proposal = Path.home() / f"{Path(self._look.name).stem[:60]}-problems.csv"
            await save_as(self, "Write all problems", proposal, self._write_problems)

    async def _write_problems(self, path: Path) -> str:
        await self.call(self._problems.save, path)
        return "All problems written"

    @work(exit_on_error=False)
    async def action_uploads(self) -> None:
        """The list of uploads, with this one at its top."""
        from screens.upload.uploads import UploadList  # looked at now and then

        await self.app.push_screen_wait(UploadList(self.place, self._actor))
        async with self.problems_told():
            ours = self._report.upload_id if self._report else None
            listed = await self.call(self.desk.uploads.all, self._actor)
            if any(one.id == ours and one.state is UploadState.UNDONE for one in listed):
                self.phase = Phase.UNDONE

    def action_close(self) -> None:
        """Back to the desk."""
        self.dismiss(True)

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Back; what is under way is stopped first."""
        if self.phase is not Phase.STORING:
            self._stop.set()
            self.dismiss(self.stored)
            return
        lines = ["What is stored stays. Choose the same file again, and the upload goes on where it stopped."]
        if await self.app.push_screen_wait(Confirm("Stop and leave?", lines, yes="Stop and leave", no="Stay")):
            self._leaving = True
            self._stop.set()
            if self.phase is not Phase.STORING:
                self.dismiss(self.stored)

    @work(exit_on_error=False)
    async def _work(self, *, dry_run: bool) -> None:
        """Run over the file; the lists stand when it ends, however it does."""
        if self.phase in (Phase.STORING, Phase.DONE, Phase.UNDONE) or (dry_run and self._report is not None):
            return
        self._stop.clear()
        self._progress = Progress(0, self._look.size, 0)
        await self.call(self._problems.clear)
        self.phase = Phase.LOOKING if dry_run else Phase.STORING
        ended = Phase.STOPPED
        async with self.problems_told():
            self._report = await self.call(self._run, dry_run)
            self.stored |= not dry_run
            if self._report.finished:
                ended = Phase.READY if dry_run else Phase.DONE
        if not self.is_attached:
            return
        if dry_run and ended is Phase.STOPPED:
            self.dismiss(False)
            return
        self._show_lists()
        self.phase = ended
        if self._leaving:
            self.dismiss(self.stored)

    def _run(self, dry_run: bool) -> ImportReport:
        """On a thread."""
        return self.desk.imports.run(
            self._actor,
            self._look.path,
            dry_run=dry_run,
            choice=self._choice,
            expected=self._look.digest,
            keeper=self._problems,
            preview=self._preview if dry_run else None,
            on_progress=self._remember,
            cancelled=self._stop.is_set,
        )

    def _remember(self, progress: Progress) -> None:
        """Called on the thread that works: only kept here, and drawn by the timer."""
        self._progress = progress

    def _show_lists(self) -> None:
        self.remove_class("-counted")
        self.query_one("#problems", VirtualTable).show(words.ProblemRows(self._problems))
        self.query_one("#changes", VirtualTable).show(ListedRows(words.change_rows(self._preview)))
        self.query_one("#first", VirtualTable).show(ListedRows(words.first_rows(self._preview)))
        self.tabs.show_count("problems", self._problems.count)
        self.tabs.show_count("changes", self._preview.change_count)
        self.tabs.show_count("first", len(self._preview.rows))
        if self.phase is Phase.LOOKING and not self._problems.count and self.parts.current == "problems":
            self.action_part("changes" if self._preview.change_count else "first")

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(f"#{self.parts.current}", VirtualTable)

    def _say(self) -> None:
        say = self.query_one(".say", Static)
        say.set_class(self.phase is Phase.DONE, "-good")
        say.update(Content(summary_of(self.phase, self._report, self._progress.rows, self._look.stored_rows)))
