"""What the desk opens beside its parts, each by one key from wherever one is."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.worker import Worker

from models.states import Surface
from screens.drafts.desk_home import DeskDraftHome
from services.rights import Right, has


class DeskRooms(DeskDraftHome):
    """Each is imported when it is opened: few days see all of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f6",
            "analytics",
            "Analytics",
            show=False,
            id="desk.analytics",
            tooltip="The numbers of the agency: renewals, rates, access, resets, activation, mails and help",
        ),
        Binding(
            "f7",
            "reports",
            "Reports",
            show=False,
            id="desk.reports",
            tooltip="Who is locked out, never activated or due for renewal, and what the staff did",
        ),
        Binding(
            "f8",
            "upload",
            "Upload",
            show=False,
            id="desk.upload",
            tooltip="Take in a list of clients from a file, or undo an upload",
        ),
    ]

    # mypy holds it; Textual's metaclass leaves no room for another.
    @abstractmethod
    def read_anew(self) -> Worker[None]:
        """Every list has other people now."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Lists are uploaded by those who may change people, where there is a file to choose."""
        if action == "upload":
            return has(self._actor.role, Right.ACT) and self._actor.origin.surface is not Surface.PORTAL
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_analytics(self) -> None:
        """The charts of the agency."""
        if not self.is_active:
            return
        from screens.analytics.of_agency import AgencyCharts

        await self.app.push_screen_wait(AgencyCharts(self.place, self._actor))

    @work(exit_on_error=False)
    async def action_reports(self) -> None:
        """The reports, with what each comes to."""
        if not self.is_active:
            return
        from screens.reports.all_reports import ReportList

        await self.app.push_screen_wait(ReportList(self.place, self._actor))

    @work(exit_on_error=False)
    async def action_upload(self) -> None:
        """A list of clients, step by step; whoever came with it is seen at once."""
        if not self.is_active:
            return
        from screens.upload.choose import ChooseList

        await self.app.push_screen_wait(ChooseList(self.place, self._actor))
        self.read_anew()
