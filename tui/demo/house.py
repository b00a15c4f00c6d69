"""The house of the training mode: a sandbox is built, programs are got ready, and at the end nothing is left."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.content import Content
from textual.screen import Screen
from textual.types import CSSPathType
from textual.worker import Worker, WorkerState

from screens.too_small import StageTooSmall, cover
from services.errors import DeskError
from services.sandbox.sandbox import Sandbox
from tui import exits
from tui.demo.opening import Opening
from tui.demo.post import Post
from tui.demo.programs import Programs
from tui.demo.stage import Stage
from tui.faults import sentence_of, write_down
from tui.memory import SETTLING, spare_the_collector
from tui.themes import apply
from tui.trakdesk_app import TrakdeskApp

_NOT_STARTED = "The programs of the training could not be started. Try again; the machine may be short of memory."


class HouseApp(TrakdeskApp[None], inherit_bindings=False):
    """Opens the stage once everything behind it is ready; what happens on it is not known here.

    Attributes:
        box: the sandbox; stage: the one screen; begun: whether a scene stands on it.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = [
        Path(__file__).parent.parent / "app.tcss",
        Path(__file__).with_name("app.tcss"),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, box: Sandbox, theme: str = "") -> None:
        """`box` is not built yet."""
        super().__init__()
        self._colours = theme or "dark"
        apply(self, self._colours)
        self.box = box
        self.begun = False
        self.stage = Stage()
        self._programs: Programs | None = None
        self._post: Post | None = None

    # -- from the first moment to the last -----------------------------------------------------

    def get_default_screen(self) -> Stage:
        """The stage, below everything else."""
        return self.stage

    def cover(self, screen: Screen[object]) -> None:
        """The stage alone: the menu scrolls, so that one can leave from a window of any size."""
        if isinstance(screen, Stage):
            cover(screen, StageTooSmall)

    def on_mount(self) -> None:
        """Begin to prepare."""
        self._programs = Programs(self.box.home, self._colours)
        self.set_timer(SETTLING, spare_the_collector)
        self.prepare()

    @work(exit_on_error=False)
    async def prepare(self) -> None:
        """Build the sandbox while the programs are got ready, then open the stage."""
        opening = Opening()
        await self.push_screen(opening)
        await asyncio.to_thread(self.box.build, lambda words: self.call_from_thread(opening.tell, words))
        self._post = Post(self.box, self.stage)
        opening.tell("the programs")
        if not await self.programs.warm():
            self.exit(return_code=exits.FAULT, message=_NOT_STARTED)
            return
        opening.dismiss()
        self._watch_programs()
        await self.open_stage()

    async def open_stage(self) -> None:
        """Everything is ready."""

    @work(exit_on_error=False)
    async def _watch_programs(self) -> None:
        await self.programs.gone.wait()
        self.stage.bottom.show_problem("The programs behind the stage have ended. ctrl+t q leaves; then start again.")

    async def run_async(self, **options: Any) -> None:
        """As in Textual; nothing goes on behind the stage afterwards."""
        try:
            await super().run_async(**options)
        finally:
            if self._programs is not None:
                self._programs.close()

    @property
    def programs(self) -> Programs:
        """Those behind the stage."""
        assert self._programs is not None  # noqa: S101 - there from the first moment
        return self._programs

    @property
    def post(self) -> Post:
        """The mailbox."""
        assert self._post is not None  # noqa: S101 - there before the first scene
        return self._post

    # -- faults --------------------------------------------------------------------------------

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault costs what was being done, not the training."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            event.stop()
            told = error.sentence if isinstance(error, DeskError) else sentence_of(write_down(error))
            if event.worker.name == "prepare" and not self.begun:
                self.exit(return_code=exits.NOT_DONE, message=Content(told))
            else:
                self.stage.bottom.show_problem(told)

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with all local variables, passwords among them (pinned version; see the test).
        reference = write_down(error)
        self.exit(return_code=exits.FAULT, message=Content(f"The training had to stop. Reference: {reference}"))
