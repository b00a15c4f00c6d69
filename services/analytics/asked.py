"""For whom, and over what time, a chart is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.actor import Actor
from services.analytics.periods import Period, Pieces, pieces_of
from services.conventions import Conventions


@dataclass(frozen=True, slots=True)
class Asked:
    """What every chart of an agency is made from; its functions are called inside a read, with the session checked."""

    actor: Actor
    period: Period
    now: datetime
    written: Conventions

    @property
    def today(self) -> date:
        """The day where the desk stands."""
        return self.now.astimezone().date()

    @property
    def pieces(self) -> Pieces:
        """The period, cut up."""
        return pieces_of(self.period, self.now)
