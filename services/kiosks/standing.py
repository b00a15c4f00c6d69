"""Whether a request comes from a kiosk that still stands: asked by every service that serves kiosks."""

from __future__ import annotations

from typing import ClassVar

from models.kiosk import Kiosk
from models.states import Surface
from services.actor import Origin
from services.errors import Refused


class KioskClosed(Refused):
    """The kiosk has no identity, or none any more.

    Attributes:
        revoked: whether it had one that was taken back.
    """

    REVOKED: ClassVar[str] = "This kiosk has been closed by an administrator. Please ask at the desk."
    UNKNOWN: ClassVar[str] = "This kiosk is not enrolled. An administrator has to enrol it first."

    def __init__(self, *, revoked: bool) -> None:
        super().__init__(self.REVOKED if revoked else self.UNKNOWN)
        self.revoked = revoked


def closed(row: Kiosk | None) -> KioskClosed:
    """The refusal for what was found, which is nothing or a revoked kiosk."""
    return KioskClosed(revoked=row is not None)


def require(origin: Origin) -> Kiosk:
    """The kiosk that asks; call it inside the unit of work that it guards.

    Raises Refused anywhere but at a kiosk, and KioskClosed for one that is not enrolled or is revoked.
    """
    if origin.surface is not Surface.KIOSK:
        raise Refused("This is only possible at a kiosk.")
    row: Kiosk | None = None if origin.kiosk_id is None else Kiosk.get_or_none(Kiosk.id == origin.kiosk_id)
    if row is None or row.revoked_at is not None:
        raise closed(row)
    return row
