"""Opens the desk for a kiosk, and finds out which kiosk it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from screens.kiosk.workplace import KioskPlace
from services.actor import Origin
from services.desk import Desk
from services.kiosks import key_file
from services.kiosks.standing import KioskClosed
from services.kiosks.values import KioskView
from services.opening import open_desk
from services.settings import Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk that answers, and this kiosk on it.

    Attributes:
        desk: kept while the kiosk is closed, so that staff can sign in.
        place: what its screens work with.
        closed: why it serves nobody; None if it does.
    """

    desk: Desk
    place: KioskPlace
    closed: KioskClosed | None


def open_kiosk(settings: Settings, name: str) -> Opened:
    """Raises NotOpened, KeysUnusable, KioskKeyUnusable or Unavailable; what is closed is no error."""
    desk = open_desk(settings)
    return look_again(desk, name)


def look_again(desk: Desk, name: str) -> Opened:
    """The same with a desk that is open already. Raises KioskKeyUnusable or Unavailable."""
    secret = key_file.load(desk.ctx.settings.home, name)
    try:
        if secret is None:
            raise KioskClosed(revoked=False)
        return Opened(desk, KioskPlace(desk, desk.kiosks.open(secret)), None)
    except KioskClosed as refusal:
        return Opened(desk, nobody(desk, name), refusal)


def nobody(desk: Desk, name: str) -> KioskPlace:
    """A workplace without an identity: every service for kiosks refuses it."""
    place = KioskPlace(desk, KioskView(0, 0, name, "Trakdesk", "", "", "", "", "", datetime.now(UTC), "", None, None))
    place.origin = Origin(place.origin.surface, name)
    return place
