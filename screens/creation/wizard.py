"""The wizard that creates an account for one person; nothing is stored before its last yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from screens.clients.words import called
from screens.creation.steps import AccessStep, CreationDraft, OldAccountStep, PersonStep, ReviewStep, shown_user_name
from screens.dialogs.confirm import Confirm
from screens.widgets.menu import PickList
from screens.wizard import wizard
from screens.wizard.step import Step
from screens.wizard.wizard import Wizard, onward
from screens.workplace import Workplace
from services.actor import Actor
from services.creation.values import CreationPlan, CreationResult, CreationReview, Preview


class CreateIdentity(Wizard[CreationDraft, CreationResult]):
    """Person, access, the old account if there is one, and everything that will happen."""

    CSS_PATH = [Path(wizard.__file__).with_name("wizard.tcss"), "wizard.tcss"]
    title_words = "Manage user account (identity)"
    verb = "Create and e-mail identity account"
    needs_session = True

    BINDINGS: ClassVar[list[BindingType]] = [*onward("Create")]

    def __init__(self, place: Workplace, actor: Actor, preview: Preview) -> None:
        self._actor = actor
        self._preview = preview
        plan = replace(preview.plan, user_name=shown_user_name(preview))
        super().__init__(place, CreationDraft(plan))

    def steps(self) -> Sequence[Step[CreationDraft]]:
        """All four; the third only for somebody with an old account."""
        preview = self._preview
        return (
            PersonStep(preview, self._ask),
            AccessStep(preview, self._ask),
            OldAccountStep(preview, self._ask),
            ReviewStep(preview),
        )

    @on(PickList.Done)
    def take_picks(self, event: PickList.Done) -> None:
        """Enter in a list goes on, as it does after the last field."""
        event.stop()
        self.action_next()

    async def finish(self, draft: CreationDraft) -> CreationResult:
        """Create it."""
        self.busy = "Creating the account …"
        return await self.call(self.desk.creation.create, self._actor, draft.plan)

    async def sure(self, draft: CreationDraft) -> bool:
        """Ask once more."""
        lines = [
            f"The account of {called(self._preview.candidate.name)} is created, and the mail goes to "
            f"{draft.plan.email} at once.",
        ]
        if draft.plan.migrate:
            lines.append("The old account is migrated.")
        return await self.app.push_screen_wait(Confirm("Are you sure?", lines, yes="Create and send", no="Not yet"))

    async def _ask(self, plan: CreationPlan) -> CreationReview:
        return await self.call(self.desk.creation.review, self._actor, plan)
