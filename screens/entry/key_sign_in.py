"""Signing in with the SSH key with which somebody came to the desk."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable

from screens.entry.sign_in_code import CodeScreen, code_screen
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import DeskError

Show = Callable[[CodeScreen], Awaitable[Actor | None]]


async def sign_in_by_key(place: Workplace, show: Show) -> tuple[Actor | None, str]:
    """Whoever is signed in now; without anybody, what the sign-in form says about it.

    Args:
        show: shows the screen of a code that is still missing, and waits for its answer.
    """
    try:
        actor = await place.call(place.desk.sign_in.by_key, place.ssh_key, place.origin)
    except DeskError as refusal:
        return None, refusal.sentence
    while actor.awaits is not None:
        proved = await show(code_screen(place, actor))
        if proved is None:
            # Whoever goes back is signed in nowhere.
            with contextlib.suppress(DeskError):
                await place.call(place.desk.sign_in.sign_out, actor)
            return None, ""
        actor = proved
    return actor, ""
