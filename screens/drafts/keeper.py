"""Keeps what is typed into one form, until it is saved or thrown away."""

from __future__ import annotations

import asyncio
import contextlib
from time import monotonic
from typing import Any

from textual.timer import Timer

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.drafts.keeping import keep_unkept
from services.actor import Actor
from services.drafts import DraftKey, Typed
from services.errors import DeskError
from services.when import show_moment

KEEP_AFTER = 2.0
"""Seconds after the last key until what was typed is stored."""

KEEP_BY = 10.0
"""The same after the first key, for whoever types without a pause."""


class DraftKeeper:
    """A form has one: it is told what stands there, and tells what stood there when the line dropped."""

    def __init__(self, screen: DeskScreen[Any], actor: Actor, key: DraftKey) -> None:
        """`screen` is where the form stands."""
        self._screen = screen
        self._actor = actor
        self._key = key
        self._sitting = screen.place.sitting
        self._noted = self._over = False
        self._timer: Timer | None = None
        self._since = 0.0
        self._turn = asyncio.Lock()

    @property
    def waits(self) -> bool:
        """Whether something was typed into this form in an earlier sitting."""
        return self._key in self._sitting.waiting

    async def taken(self) -> Typed | None:
        """What was typed then, if the person wants to go on with it. Raises what the service refuses."""
        draft = self._sitting.waiting.get(self._key)
        if draft is None:
            return None
        if self._sitting.going_on == self._key:
            self._sitting.going_on = None
        else:
            when = show_moment(draft.kept_at, self._screen.desk.ctx.clock.now())
            question = Confirm(
                "Go on with what you typed?",
                [f"What you typed here was not saved. It is from {when}."],
                yes="Go on with it",
                no="Not now",
            )
            if not await self._screen.app.push_screen_wait(question):
                return None
        typed = await self._screen.call(self._screen.desk.drafts.take, self._actor, draft.id)
        self._sitting.waiting.pop(self._key, None)
        self._noted = True
        return typed

    def note(self, typed: Typed | None) -> None:
        """Remember what stands there now; None if that is nothing but what stood there at first."""
        if self._over or (typed is None and not self._noted):
            return
        self._noted = True
        if self._timer is None:
            self._since = monotonic()
        else:
            self._timer.stop()
        self._sitting.unkept[self._key] = typed
        left = min(KEEP_AFTER, self._since + KEEP_BY - monotonic())
        self._timer = self._screen.set_timer(max(left, 0.01), self._keep_soon)

    async def saved(self) -> None:
        """It is saved: no draft of it is left, nor one of an earlier sitting."""
        await self._end(drop=self._noted or self.waits)
        self._sitting.waiting.pop(self._key, None)

    async def given_up(self) -> None:
        """The person leaves it, and throws away what was typed here."""
        await self._end(drop=self._noted)

    def _keep_soon(self) -> None:
        self._timer = None
        self._screen.run_worker(self._keep(), group="draft", exit_on_error=False)

    async def _keep(self) -> None:
        async with self._turn:
            if not self._over:
                await self._screen.call(keep_unkept, self._screen.place, self._actor)

    async def _end(self, *, drop: bool) -> None:
        self._over = True
        if self._timer is not None:
            self._timer.stop()
        # One that is being stored now would come after its end.
        async with self._turn:
            self._sitting.unkept.pop(self._key, None)
            if drop:
                # What was asked for is done; a draft that is left over is offered, and thrown away then.
                with contextlib.suppress(DeskError):
                    await self._screen.call(self._screen.desk.drafts.drop, self._actor, self._key)
