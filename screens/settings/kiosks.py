"""The kiosks of the agency, for administrators: where they are, whether they run, and closing one at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.base import DeskScreen
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.dialogs.kiosk_colours import KioskColours
from screens.dialogs.office_menu import OfficeMenu
from screens.widgets.key_line import KeyLine
from screens.widgets.menu import Menu, Option
from screens.widgets.safe_text import fit
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.kiosks.values import KioskView
from services.when import show_moment

_WHOLE = "whole agency"
_NONE = 'There is no kiosk yet. On its machine, run  trakdesk kiosks enrol --name "Lobby"'
_HEADS = ("Name", "Office", "Last seen", "Enrolled by")


class Kiosks(DeskScreen[None]):
    """One line for each; revoked ones stand at the end."""

    CSS_PATH = "kiosks.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "office", "Office", id="kiosks.office", tooltip="Which office answers its requests for help"),
        Binding("c", "colours", "Colours", id="kiosks.colours", tooltip="Which colours it shows"),
        Binding("x", "revoke", "Revoke", id="kiosks.revoke", tooltip="Close this kiosk at once"),
        Binding("escape", "leave", "Back", key_display="Esc", id="kiosks.leave", tooltip="Back to where you were"),
    ]

    needs_session = True
    menu = getters.query_one(Menu)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor
        self._kiosks: Sequence[KioskView] = ()

    def compose(self) -> ComposeResult:
        yield TitleBar("Kiosks", f"{self._actor.name} · {self._actor.role}")
        yield Static("", classes="heading", markup=False)
        yield _List([])
        yield KeyLine()

    def on_screen_resume(self) -> None:
        """Whatever was done meanwhile is seen."""
        self.load()

    def on_resize(self) -> None:
        """The columns follow the window."""
        self.call_after_refresh(self._show)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self) -> None:
        """Read the list anew."""
        async with self.problems_told():
            self._kiosks = await self.call(self.desk.kiosks.list, self._actor)
            self._show()

    @on(OptionList.OptionHighlighted)
    def look_at_keys(self) -> None:
        """What can be done depends on the line."""
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    @work(exit_on_error=False)
    async def open(self) -> None:
        """All facts of the line."""
        kiosk = self._here()
        if kiosk is None or not self.is_active:
            return
        facts = [
            ("Office", kiosk.office or _WHOLE),
            ("Colours", kiosk.theme or "the usual ones"),
            ("Enrolled", f"{kiosk.enrolled_at.astimezone():%Y-%m-%d %H:%M %Z} by {kiosk.enrolled_by}"),
            ("Last seen", f"{kiosk.seen_at.astimezone():%Y-%m-%d %H:%M %Z}" if kiosk.seen_at else "never"),
            ("Revoked", f"{kiosk.revoked_at.astimezone():%Y-%m-%d %H:%M %Z}" if kiosk.revoked_at else ""),
        ]
        await self.app.push_screen_wait(Details(kiosk.name, facts))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A revoked kiosk is only looked at."""
        if action in ("office", "colours", "revoke"):
            kiosk = self._here()
            return kiosk is not None and kiosk.revoked_at is None
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_revoke(self) -> None:
        """Ask, then close it."""
        kiosk = self._here()
        if kiosk is None or not self.is_active:
            return
        lines = [
            f"{kiosk.name} serves nobody any more, from this moment on. Whoever stands there is sent home.",
            "",
            "To use the machine again, enrol it anew.",
        ]
        if await self.app.push_screen_wait(Confirm("Revoke this kiosk?", lines, yes="Revoke it", dangerous=True)):
            async with self.problems_told():
                await self.call(self.desk.kiosks.revoke, self._actor, kiosk.id)
                self.notify("The kiosk is revoked.", markup=False)
            self.load()

    @work(exit_on_error=False)
    async def action_office(self) -> None:
        """Choose who answers its requests for help."""
        kiosk = self._here()
        if kiosk is None or not self.is_active:
            return
        async with self.problems_told():
            mine = await self.call(self.desk.offices.mine, self._actor)
            offices = [(office.id, office.name) for office in mine.offices]
            present = next((number for number, name in offices if name == kiosk.office), None)
            chosen = await self.app.push_screen_wait(
                OfficeMenu(
                    offices, present, _WHOLE, title="Which office helps there", hint="Enter chooses it, Esc leaves it."
                )
            )
            if chosen is not None:
                await self.call(self.desk.kiosks.move, self._actor, kiosk.id, chosen.office_id)
        self.load()

    @work(exit_on_error=False)
    async def action_colours(self) -> None:
        """Choose its colours."""
        kiosk = self._here()
        if kiosk is None or not self.is_active:
            return
        chosen = await self.app.push_screen_wait(KioskColours(kiosk.theme))
        if chosen is not None:
            async with self.problems_told():
                await self.call(self.desk.kiosks.recolour, self._actor, kiosk.id, chosen)
            self.load()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    def _here(self) -> KioskView | None:
        option = self.menu.highlighted_option if self.is_mounted else None
        return next((kiosk for kiosk in self._kiosks if option is not None and str(kiosk.id) == option.id), None)

    def _show(self) -> None:
        present = self.menu.highlighted_option
        widths = _widths(self.size.width - 4)
        heads = "  ".join(fit(head, width) for head, width in zip(_HEADS, widths, strict=True))
        self.query_one(".heading", Static).update(Content(f"  {heads}" if self._kiosks else _NONE))
        self.menu.clear_options()
        self.menu.add_options([self._option(kiosk, widths) for kiosk in self._kiosks])
        ids = [str(kiosk.id) for kiosk in self._kiosks]
        if ids:
            self.menu.highlight(present.id if present is not None and present.id in ids else ids[0])
        self.menu.focus()
        self.refresh_bindings()

    def _option(self, kiosk: KioskView, widths: Sequence[int]) -> Option:
        now = self.desk.ctx.clock.now()
        seen = "revoked" if kiosk.revoked_at else show_moment(kiosk.seen_at, now) if kiosk.seen_at else "never"
        cells = (kiosk.name, kiosk.office or _WHOLE, seen, kiosk.enrolled_by)
        sign = "✗" if kiosk.revoked_at else "●" if kiosk.seen_at else "○"
        told = "  ".join(fit(cell, width) for cell, width in zip(cells, widths, strict=True))
        return Option(
            Content.styled(f"{sign} {told}", "$foreground-muted" if kiosk.revoked_at else ""), id=str(kiosk.id)
        )


class _List(Menu, inherit_bindings=True):
    """The list, whose Enter stands in the line of keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", key_display="Enter", id="kiosks.open", tooltip="All about this kiosk"),
    ]


def _widths(room: int) -> tuple[int, int, int, int]:
    """The columns in so many cells: a moment has its width, the others share the rest."""
    moment = 18
    rest = max(30, room - moment - 10)
    return rest * 2 // 5, rest // 3, moment, rest - rest * 2 // 5 - rest // 3
