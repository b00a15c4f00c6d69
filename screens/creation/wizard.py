"""The wizard that creates an account for one person; nothing is stored before its last yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from screens.clients.words import called
from screens.creation.access_picks import AccessPicks
from screens.creation.steps import AccessStep, CreationDraft, OldAccountStep, PersonStep, ReviewStep, shown_user_name
from screens.dialogs.confirm import Confirm
from screens.widgets.menu import PickList
from screens.wizard import wizard
from screens.wizard.step import Step
from screens.wizard.wizard import Wizard, onward
from screens.workplace import Workplace
from services.actor import Actor
from services.creation.values import CreationPlan, CreationResult, CreationReview, Preview
from services.drafts import Typed, Value


class CreateIdentity(Wizard[CreationDraft, CreationResult]):
    """Person, access, the old account if there is one, and everything that will happen."""

    CSS_PATH = [Path(wizard.__file__).with_name("wizard.tcss"), "wizard.tcss"]
    title_words = "Manage user account (identity)"
    verb = "Create and e-mail identity account"
    needs_session = True

    BINDINGS: ClassVar[list[BindingType]] = [*onward("Create")]

    def __init__(self, place: Workplace, actor: Actor, preview: Preview, typed: Typed | None = None) -> None:
        """`typed` is what stood there when the line dropped."""
        self._actor = actor
        plan = replace(preview.plan, user_name=shown_user_name(preview))
        self._preview = replace(preview, plan=plan if typed is None else as_typed(plan, preview, typed))
        super().__init__(place, CreationDraft(self._preview.plan))
        self._begun = CreationDraft(plan)

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
        result = await self.call(self.desk.creation.create, self._actor, draft.plan)
        if self.keeper is not None:
            await self.keeper.saved()
        return result

    @on(AccessPicks.Picked)
    @on(PickList.OptionSelected)
    def note_draft(self) -> None:
        """Keep what is typed and picked so far."""
        if self.keeper is not None:
            self.keeper.note(self._as_draft() if self.typed else None)

    def entered(self) -> None:
        """What was picked in the step before stands in the draft now."""
        if self._step is not self._steps[0] or self.typed:
            self.note_draft()

    def _as_draft(self) -> Typed:
        plan = self._step.collect(self.draft).plan
        fields: dict[str, Value] = {
            "user_name": plan.user_name,
            "email": plan.email,
            "role": plan.role.value,
            "offices": " ".join(map(str, plan.offices)),
            "migrate": plan.migrate,
        }
        return Typed(f"Account for {called(self._preview.candidate.name)}", fields, version=plan.version)

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


def as_typed(plan: CreationPlan, preview: Preview, typed: Typed) -> CreationPlan:
    """The plan as far as it was made, of the version that was read then; what cannot be given any more is left out."""
    fields = typed.fields
    offices = str(fields.get("offices", "")).split()
    return replace(
        plan,
        version=typed.version,
        user_name=str(fields.get("user_name", plan.user_name)),
        email=str(fields.get("email", plan.email)),
        role=next((role for role in preview.roles if role.value == fields.get("role")), plan.role),
        offices=tuple(office.id for office in preview.offices if str(office.id) in offices),
        migrate=bool(fields.get("migrate")) and bool(preview.candidate.old_accounts),
    )
