"""What a screen works with: the desk, where it stands, and the threads on which services run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, ClassVar, ParamSpec, TypeVar

from services.actor import Origin
from services.desk import Desk
from services.remembered import FileMemory, Memory

if TYPE_CHECKING:
    from services.drafts import DraftKey, Typed, WaitingDraft

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 4


class Sitting:
    """One person at this desk, from signing in to signing out.

    Attributes:
        over: why the session has ended by itself, once a service has said so.
        told: whether the person has read that, so that every screen of this sitting closes now.
        closing: whether they are being closed; closed: whether they have been.
        quiet: whether the end of the session is for the screen in sight to tell, and for nobody else.
        unkept: what stands in forms and is not in the database yet; None for a draft that is to be thrown away.
        waiting: drafts of an earlier sitting; going_on: the one whose form is being opened to go on with it.
    """

    def __init__(self) -> None:
        self.over = ""
        self.told = self.closing = False
        self.closed = asyncio.Event()
        self.quiet = False
        self.unkept: dict[DraftKey, Typed | None] = {}
        self.waiting: dict[DraftKey, WaitingDraft] = {}
        self.going_on: DraftKey | None = None

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """While somebody does what may end their own session: how that went is told first."""
        self.quiet = True
        try:
            yield
        finally:
            self.quiet = False


class Workplace:
    """Handed to every screen through its constructor.

    Attributes:
        desk: all services.
        origin: the surface and the place that the audit shows.
        memory: what the sign-in form remembers here.
        ssh_key: the fingerprint of the key with which whoever sits there came over SSH; empty for none.
        sitting: the present one; a screen belongs to the one in which it was made.
    """

    has_keys: ClassVar[bool] = True
    """Whether screens tell which keys work."""

    def __init__(self, desk: Desk, origin: Origin, memory: Memory | None = None, ssh_key: str = "") -> None:
        """`memory` is a file of this machine unless another one is given."""
        self.desk = desk
        self.origin = origin
        self.memory: Memory = memory or FileMemory(desk.ctx.settings.remembered_path)
        self.ssh_key = ssh_key
        self.sitting = Sitting()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="desk")
        self._running = 0
        self._at_rest = asyncio.Event()
        self._at_rest.set()

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a service method on a thread, so that the screen stays alive; its errors arrive here."""
        self._running += 1
        self._at_rest.clear()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(function, *args, **kwargs))
        finally:
            self._running -= 1
            if not self._running:
                self._at_rest.set()

    async def at_rest(self) -> None:
        """Wait until no service is at work for any screen."""
        await self._at_rest.wait()

    def close(self) -> None:
        """Let the threads go; what is being written is finished first."""
        self._threads.shutdown(wait=True, cancel_futures=True)
