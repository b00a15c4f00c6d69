"""The kiosks of the agency, for administrators: where they are, whether they run, and closing one at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.dialogs.confirm import Confirm
from screens.dialogs.kiosk_colours import KioskColours
from screens.dialogs.office_menu import OfficeMenu
from screens.revocable_list import MOMENT, RevocableList, exactly
from screens.widgets.menu import Menu
from services.kiosks.values import KioskView

_WHOLE = "whole agency"
_NONE = 'There is no kiosk yet. On its machine, run  trakdesk kiosks enrol --name "Lobby"'


class Kiosks(RevocableList[KioskView]):
    """One line for each; revoked ones stand at the end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "office", "Office", id="kiosks.office", tooltip="Which office answers its requests for help"),
        Binding("c", "colours", "Colours", id="kiosks.colours", tooltip="Which colours it shows"),
        Binding("x", "revoke", "Revoke", id="kiosks.revoke", tooltip="Close this kiosk at once"),
        Binding("escape", "leave", "Back", key_display="Esc", id="kiosks.leave", tooltip="Back to where you were"),
    ]

    title_words = "Kiosks"
    heads = ("Name", "Office", "Last seen", "Enrolled by")
    on_open_ones = frozenset({"office", "colours", "revoke"})

    def make_menu(self) -> Menu:
        """The list."""
        return _List([])

    async def read(self) -> tuple[str, Sequence[KioskView]]:
        """All kiosks, or how the first one is enrolled."""
        kiosks = await self.call(self.desk.kiosks.list, self.actor)
        return "" if kiosks else _NONE, kiosks

    def cells(self, row: KioskView, when: str) -> Sequence[str]:
        """Where it stands, and who made it one."""
        return row.name, row.office or _WHOLE, when, row.enrolled_by

    def used(self, row: KioskView) -> datetime | None:
        """When it ran last."""
        return row.seen_at

    def widths(self, room: int) -> Sequence[int]:
        """A moment has its width, the others share the rest."""
        rest = max(30, room - MOMENT - 10)
        return rest * 2 // 5, rest // 3, MOMENT, rest - rest * 2 // 5 - rest // 3

    def facts(self, row: KioskView) -> tuple[str, Sequence[tuple[str, str]]]:
        """All of one."""
        return row.name, [
            ("Office", row.office or _WHOLE),
            ("Colours", row.theme or "the usual ones"),
            ("Enrolled", f"{exactly(row.enrolled_at)} by {row.enrolled_by}"),
            ("Last seen", exactly(row.seen_at) if row.seen_at else "never"),
            ("Revoked", exactly(row.revoked_at) if row.revoked_at else ""),
        ]

    def question(self, row: KioskView) -> Confirm:
        """What follows at once."""
        lines = [
            f"{row.name} serves nobody any more, from this moment on. Whoever stands there is sent home.",
            "",
            "To use the machine again, enrol it anew.",
        ]
        return Confirm("Revoke this kiosk?", lines, yes="Revoke it", dangerous=True)

    async def take_back(self, row: KioskView) -> str:
        """Close it."""
        await self.call(self.desk.kiosks.revoke, self.actor, row.id)
        return "The kiosk is revoked."

    @work(exit_on_error=False)
    async def action_office(self) -> None:
        """Choose who answers its requests for help."""
        kiosk = self.here()
        if kiosk is None or not self.is_active:
            return
        async with self.problems_told():
            mine = await self.call(self.desk.offices.mine, self.actor)
            offices = [(office.id, office.name) for office in mine.offices]
            present = next((number for number, name in offices if name == kiosk.office), None)
            chosen = await self.app.push_screen_wait(
                OfficeMenu(
                    offices, present, _WHOLE, title="Which office helps there", hint="Enter chooses it, Esc leaves it."
                )
            )
            if chosen is not None:
                await self.call(self.desk.kiosks.move, self.actor, kiosk.id, chosen.office_id)
        self.load()

    @work(exit_on_error=False)
    async def action_colours(self) -> None:
        """Choose its colours."""
        kiosk = self.here()
        if kiosk is None or not self.is_active:
            return
        chosen = await self.app.push_screen_wait(KioskColours(kiosk.theme))
        if chosen is not None:
            async with self.problems_told():
                await self.call(self.desk.kiosks.recolour, self.actor, kiosk.id, chosen)
            self.load()


class _List(Menu, inherit_bindings=True):
    """The list, whose Enter stands in the line of keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", key_display="Enter", id="kiosks.open", tooltip="All about this kiosk"),
    ]
