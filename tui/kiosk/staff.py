"""What staff do at a kiosk, from the hidden key to leaving, staying, or enrolling it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from screens.kiosk.frame import KioskNotice
from screens.kiosk.leave import Decision, StaffMenu, StaffSignIn
from services.actor import Actor
from services.errors import DeskError
from services.kiosks import key_file
from tui.kiosk.ending import Ending
from tui.kiosk.opening import Opened

if TYPE_CHECKING:
    from tui.kiosk.app import KioskApp


async def attend(app: KioskApp, opened: Opened, name: str, signed_in: Callable[[Actor | None], None]) -> Ending | None:
    """Sign in, do what is wanted, and sign out again. Returns how the program ends; None if it goes on."""
    place, desk = opened.place, opened.desk
    actor = await app.push_screen_wait(StaffSignIn(place, signed_in))
    if actor is None:
        return None
    try:
        await place.call(desk.kiosks.may_leave, actor)
        decision = await app.push_screen_wait(StaffMenu(place, actor, enrolled=opened.closed is None))
        if decision is Decision.LEAVE:
            await place.call(desk.kiosks.left, actor)
            return Ending.LEAVE
        if decision is Decision.ENROL:
            await place.call(_enrol, opened, actor, name)
            return Ending.HOME
    except DeskError as refusal:
        await app.push_screen_wait(KioskNotice(place, "That did not work", [refusal.sentence], bad=True))
    finally:
        # Where it cannot be done now, the end of this program does it.
        with contextlib.suppress(DeskError):
            await place.call(desk.sign_in.sign_out, actor)
            signed_in(None)
    return None


def _enrol(opened: Opened, actor: Actor, name: str) -> None:
    _, secret = opened.desk.kiosks.enrol(actor, name)
    key_file.keep(opened.desk.ctx.settings.home, name, secret)
