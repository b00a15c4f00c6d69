"""One person in front of a kiosk, from the first choice to going home."""

from __future__ import annotations

from models.help_queue import KioskVisit
from services.actor import Origin
from services.context import Context
from services.errors import Refused


class Visits:
    """Keeps apart the people who stand in front of the same kiosk one after another."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def begin(self, origin: Origin) -> int:
        """A person has made the first choice. Returns the number of the visit; Refused anywhere but at a kiosk."""
        if origin.kiosk_id is None:
            raise Refused("This is only possible at a kiosk.")
        with self._ctx.unit():
            return int(KioskVisit.create(kiosk=origin.kiosk_id, begun_at=self._ctx.clock.now()).id)

    def end(self, visit_id: int) -> None:
        """The person has gone, or the kiosk went home by itself; what was asked in this visit helps no more."""
        with self._ctx.unit():
            KioskVisit.update(ended_at=self._ctx.clock.now(), step=None).where(
                (KioskVisit.id == visit_id) & KioskVisit.ended_at.is_null()
            ).execute()
