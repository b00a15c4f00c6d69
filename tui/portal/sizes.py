"""The sizes of a window that is being pulled: a program learns some of them, and always the last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui.portal.limits import RESIZES_EVERY

Size = tuple[int, int]


class Sizes:
    """Passes on the first size at once, and then the newest every so often."""

    def __init__(self, tell: Callable[[Size], None]) -> None:
        """`tell` passes one on."""
        self._tell = tell
        self._newest: Size | None = None
        self._timer: asyncio.TimerHandle | None = None

    def put(self, size: Size) -> None:
        """The window has this size now."""
        self._newest = size
        if self._timer is None:
            self._pass_on()

    def stop(self) -> None:
        """Nobody is there to learn any."""
        if self._timer is not None:
            self._timer.cancel()

    def _pass_on(self) -> None:
        self._timer = None
        size, self._newest = self._newest, None
        if size is not None:
            self._tell(size)
            self._timer = asyncio.get_running_loop().call_later(RESIZES_EVERY, self._pass_on)
