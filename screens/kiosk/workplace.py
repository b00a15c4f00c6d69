"""What a kiosk's screens work with: the desk, which kiosk it is, and who stands in front of it."""

from __future__ import annotations

from typing import ClassVar

from models.states import Surface
from screens.kiosk.open_chat import OpenChat
from screens.workplace import Workplace
from services.actor import Origin
from services.desk import Desk
from services.kiosks.values import KioskView


class KioskPlace(Workplace):
    """Handed to every screen of a kiosk, also to those that desks have too.

    Attributes:
        kiosk: which kiosk it is.
        visit: the number of the present person's visit; None at home.
        chat: with an agent, open while the person does something else; None without one.
    """

    has_keys: ClassVar[bool] = False

    def __init__(self, desk: Desk, kiosk: KioskView) -> None:
        super().__init__(desk, Origin(Surface.KIOSK, kiosk.name, kiosk.id))
        self.kiosk = kiosk
        self.visit: int | None = None
        self.chat: OpenChat | None = None
