"""The same for the desk: each form is opened by the way on which it was opened first."""

from __future__ import annotations

import contextlib
from abc import abstractmethod
from typing import Any

from textual.worker import WorkerFailed

from screens.drafts.home import DraftHome
from screens.persons.tab import PersonTab
from services.drafts import DraftForm, WaitingDraft
from services.person_key import PersonKind

_TASKS = {
    DraftForm.CLIENT: "edit",
    DraftForm.STAFF: "edit",
    DraftForm.IDENTITY: "identity",
    DraftForm.ACCOUNT: "identity",
    DraftForm.PROPERTY: "properties",
    DraftForm.MORTGAGE: "properties",
}


class DeskDraftHome(DraftHome):
    """Through the lists, so that they hear of what is saved."""

    forms = frozenset({*_TASKS, DraftForm.RULES})

    @abstractmethod
    def tab_of(self, kind: PersonKind) -> PersonTab[Any]:
        """The part that lists these people."""

    @abstractmethod
    def action_tab(self, key: str) -> None:
        """Show another part."""

    async def open_form(self, draft: WaitingDraft) -> None:
        """The rules by themselves, everything else in the part of the person."""
        person = draft.key.person
        if draft.key.form is DraftForm.RULES:
            from screens.settings.agency_rules import AgencyRulesScreen  # few have its right

            await self.app.push_screen_wait(AgencyRulesScreen(self.place, self._actor))
            return
        new = PersonKind.STAFF if draft.key.form is DraftForm.STAFF else PersonKind.CLIENT
        tab = self.tab_of(new if person is None else person.kind)
        self.action_tab(tab.id or "")
        # A fault in it is told by the app.
        with contextlib.suppress(WorkerFailed):
            if person is None:
                await tab.action_new().wait()
            else:
                await tab.run_task(_TASKS[draft.key.form], person).wait()
