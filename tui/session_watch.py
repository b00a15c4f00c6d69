"""Looks after the session of whoever is signed in: whether it still holds, where else it is open, and when it locks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.timer import Timer

from screens.dialogs.problem import Problem
from screens.ending import begin_end, close_all
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import DeskError, Locked, NotFound, SignedOut
from tui.unsigned import UnsignedWatch

if TYPE_CHECKING:
    from services.open_sessions import OpenSession

EVERY = 1.0
"""Seconds between two looks while somebody types; whoever touches nothing causes no more than the one after it."""


class SessionWatch:
    """One for the whole application; while nobody is signed in it only waits for somebody."""

    def __init__(self, app: App[None], place: Workplace, patience: timedelta | None = None) -> None:
        """`patience` is how long the terminal may stand untouched while nobody is signed in; None for ever."""
        self._app = app
        self._place = place
        self._unsigned = UnsignedWatch(app, patience)
        self._actor: Actor | None = None
        self._session: int | None = None
        self._told: set[int] = set()
        self._arrived = False
        self._looked = self._touched = 0.0
        self._idle = timedelta(0)
        self._timer: Timer | None = None
        self._due: Timer | None = None
        self._uncovered = asyncio.Event()
        self._uncovered.set()

    @property
    def locked(self) -> bool:
        """Whether the screens are covered."""
        return not self._uncovered.is_set()

    @property
    def on(self) -> bool:
        """Whether somebody is signed in whose desk can be locked."""
        return self._actor is not None and not self.locked

    def begin(self, actor: Actor) -> None:
        """Look after this session, once its first screen stands; again when it opens more than before."""
        if actor.session_id != self._session:
            self._session, self._told, self._arrived = actor.session_id, set(), False
        self._actor = actor
        self._unsigned.end()
        self._touched = monotonic()
        self._look_now()

    def end(self) -> None:
        """Nobody is signed in: not yet, or not any more."""
        self._actor = None
        self._unsigned.begin()
        for timer in (self._timer, self._due):
            if timer is not None:
                timer.stop()
        self._timer = self._due = None

    def touched(self) -> None:
        """Somebody pressed a key or a button."""
        self._unsigned.touched()
        if not self.on:
            return
        self._touched = monotonic()
        left = EVERY - (self._touched - self._looked)
        if left <= 0:
            self._look_now()
        elif self._due is None:
            self._due = self._app.set_timer(left, self._look_now)

    def lock_now(self) -> None:
        """Somebody wants to go away for a while."""
        self._run(self._lock(idle=False))

    async def may_show(self, screen: object) -> None:
        """Wait until nothing is covered any more, unless the screen belongs to the lock itself."""
        if not getattr(screen, "above_the_lock", False):
            await self._uncovered.wait()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._app.run_worker(work, group="session", exit_on_error=False)

    def _look_now(self) -> None:
        if self._due is not None:
            self._due.stop()
            self._due = None
        self._looked = monotonic()
        self._run(self._look())

    async def _look(self) -> None:
        actor, sitting = self._actor, self._place.sitting
        if actor is None:
            return
        try:
            standing = await self._place.call(self._place.desk.own_sessions.look, actor)
        except SignedOut as ended:
            # Whoever has signed out meanwhile knows.
            if self._actor is actor and not sitting.quiet:
                begin_end(self._app, sitting, ended.sentence)
            return
        except Locked:
            await self._lock(idle=True)
            return
        except DeskError:
            # A database that cannot serve is told by whatever the person wants of it; the next key looks again.
            return
        if self._actor is actor:
            self._idle = standing.idle
            self._wait()
            arrives = not self._arrived and not actor.limited
            await self._tell_of(actor, standing.others)
            if arrives:
                self._offer_drafts()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        left = self._idle.total_seconds() - (monotonic() - self._touched)
        self._timer = self._app.set_timer(max(left, 0.01), self._waited)

    def _waited(self) -> None:
        if not self.on:
            return
        if monotonic() - self._touched < self._idle.total_seconds():
            self._wait()
        else:
            self._run(self._lock(idle=True))

    async def _tell_of(self, actor: Actor, others: Sequence[OpenSession]) -> None:
        """Say once of each session where else the same person is signed in; not in the middle of the first steps."""
        fresh = [other for other in others if other.id not in self._told]
        if actor.limited:
            return
        newer, self._arrived = self._arrived, True
        self._told.update(other.id for other in fresh)
        if not fresh:
            return
        # These screens are imported when they are needed: the first one of the program must come at once.
        from screens.dialogs.also_signed_in import AlsoSignedIn, Wish

        wish = await self._app.push_screen_wait(AlsoSignedIn(fresh, self._place.desk.ctx.clock.now(), newer=newer))
        if wish is Wish.END:
            await self._end(actor, fresh)
        elif wish is Wish.PASSWORD:
            from screens.settings.password import ChangePassword

            await self._app.push_screen_wait(ChangePassword(self._place, actor))

    def _offer_drafts(self) -> None:
        """What was being typed when the line dropped; only the first screen of somebody signed in offers that."""
        for screen in self._app.screen_stack:
            offer = getattr(screen, "offer_drafts", None)
            if offer is not None:
                offer()

    async def _end(self, actor: Actor, others: Sequence[OpenSession]) -> None:
        try:
            for other in others:
                try:
                    await self._place.call(self._place.desk.own_sessions.end, actor, other.id)
                except NotFound:
                    # It ended in the meantime, which is just as good.
                    continue
        except DeskError as refusal:
            await self._app.push_screen_wait(Problem("That did not work", refusal.sentence))
        else:
            self._app.notify("The other session has ended.", markup=False)

    async def _lock(self, *, idle: bool) -> None:
        """Cover the screens at once; the session is locked as soon as no service is at work that would be cut off."""
        actor, sitting = self._actor, self._place.sitting
        if actor is None or self.locked:
            return
        from screens.lock import LockScreen, Opened

        self._uncovered.clear()
        self._app.clear_notifications()
        self._run(self._lock_session(actor, idle=idle))
        opened = await self._app.push_screen_wait(LockScreen(self._place, actor, idle=idle))
        self._uncovered.set()
        self._touched = monotonic()
        if opened is Opened.UNLOCKED:
            self._wait()
            return
        # Of a session that has ended by itself the lock has told already.
        if opened is not Opened.ENDED:
            close_all(self._app, sitting)

    async def _lock_session(self, actor: Actor, *, idle: bool) -> None:
        await self._place.at_rest()
        if not self.locked or self._actor is not actor:
            return
        from screens.drafts.keeping import keep_unkept

        # Whoever goes away for good has what was typed until now.
        await self._place.call(keep_unkept, self._place, actor)
        try:
            await self._place.call(self._place.desk.own_sessions.lock, actor, idle=idle)
        except DeskError:
            # The screens are covered all the same; what became of the session is told when it is to be unlocked.
            return
