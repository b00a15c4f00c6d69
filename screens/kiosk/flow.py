"""What the tasks of a kiosk share: help at any step, and steps that an agent can let the person pass."""

from __future__ import annotations

import asyncio
import contextlib
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import ClassVar, Generic, TypeVar

from textual import work

from models.states import KioskStep
from screens.kiosk.get_help import KioskHelp
from screens.kiosk.wizard import KioskWizard
from screens.wizard.held_step import HeldStep
from screens.wizard.step import Step
from services.entry.proving import WrongCode
from services.errors import DeskError, TooSoon, WrongSignIn
from services.kiosks.standing import KioskClosed
from services.reset_hurdles import Hurdle, HurdleFailed

D = TypeVar("D")
R = TypeVar("R")

LOOK_EVERY = 1.0
"""Seconds between two looks whether an agent has let the person pass."""


class KioskFlow(KioskWizard[D, R], Generic[D, R]):
    """A task at the kiosk with a button that gets help; what a step refuses is told in it."""

    offers_help: ClassVar[bool] = True

    async def get_help(self) -> None:
        """Talk to a human, and go on at the same step."""
        await self.app.push_screen_wait(KioskHelp(self.place))
        # Not on the button that was pressed: what is typed next is for the step.
        self._step.enter()

    async def _advance(self) -> None:
        await self._guarded(super()._advance)

    async def _guarded(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it; what is refused is told in the step where it belongs."""
        try:
            await act()
        except (HurdleFailed, WrongSignIn, WrongCode) as failed:
            self._hold_up(failed)
        except TooSoon as error:
            if not isinstance(self._step, HeldStep):
                raise
            self._step.refuse(error.sentence, error.wait, too_soon=True)
        except KioskClosed as refusal:
            await self.tell(refusal)
            self.dismiss(None)

    def step_of(self, hurdle: Hurdle) -> Step[D] | None:
        """The step that asks for it; None if that is the present one in any case."""
        return None

    def _hold_up(self, failed: HurdleFailed | WrongSignIn | WrongCode) -> None:
        """Lead back to the step that was failed, and say there when the next try is heard."""
        step = self.step_of(failed.hurdle) if isinstance(failed, HurdleFailed) else None
        if step is not None and step is not self._step:
            self._go(step)
        if isinstance(self._step, HeldStep):
            self._step.refuse(failed.sentence, failed.wait)


class SupervisedFlow(KioskFlow[D, R], Generic[D, R]):
    """A task with steps that an agent can let the person pass; it learns of that by itself, and goes on."""

    @abstractmethod
    def waits_for(self) -> KioskStep | None:
        """What the present step asks for that an agent may let pass; None for nothing."""

    @abstractmethod
    async def let_pass(self) -> None:
        """Take the present step as passed, and go on."""

    def entered(self) -> None:
        """Another step is shown: look for an agent's word about that one."""
        self.look_for_release()

    def on_screen_resume(self) -> None:
        """Back from the chat, perhaps with the agent's word."""
        if self.is_mounted:
            self.look_for_release()

    @work(exclusive=True, group="release", exit_on_error=False)
    async def look_for_release(self) -> None:
        """Say what the screen waits for, then look every second until it is let pass; one read each."""
        waits_for, said = self.waits_for(), False
        while True:
            # What cannot be said or read now is the next time.
            with contextlib.suppress(DeskError):
                if not said:
                    await self._say_step(waits_for)
                    said = True
                if waits_for is None:
                    return
                if await self._is_open(waits_for):
                    break
            await asyncio.sleep(LOOK_EVERY)
        # Covered by the chat it waits; back from there it looks anew.
        if self.is_current and not self.busy:
            self.go_past()

    @work(exit_on_error=False)
    async def go_past(self) -> None:
        """Go on by itself."""
        if self.busy:
            return
        self.busy = "One moment …"
        try:
            async with self.problems_told():
                await self._guarded(self.let_pass)
        finally:
            self.busy = ""

    async def go_after(self) -> None:
        """On to the next step of the draft, or to the end."""
        following = self._after(self.draft)
        if following is None:
            self.dismiss(await self.finish(self.draft))
        else:
            self._go(following)

    async def _say_step(self, step: KioskStep | None) -> None:
        if self.place.visit is not None:
            await self.call(self.desk.visits.at_step, self.place.origin, self.place.visit, step)

    async def _is_open(self, step: KioskStep) -> bool:
        if self.place.visit is None:
            return False
        return step in await self.call(self.desk.releases.for_visit, self.place.origin, self.place.visit)
