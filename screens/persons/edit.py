"""The edit form of a record, and the same form for a new one; of a person, with what follows from another address."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Button

from screens.dialogs.confirm import Confirm
from screens.dialogs.conflict import ConflictChoice
from screens.dialogs.email_change import EmailChange
from screens.persons.form import RecordForm
from screens.persons.sheet import PF, PR, F, PersonSheet, R
from screens.verification.verifying import verify_caller
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.values import Saved
from services.errors import Conflict, Invalid
from services.verification.standing import NotVerified
from services.when import show_moment


class RecordEdit(RecordForm[R, F]):
    """Answers with what was saved, or with None when it was left; what was typed goes only when one says so."""

    CSS_PATH = Path(__file__).with_name("edit.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", key_display="F2", id="edit.save", tooltip="Check everything and save it"),
        Binding(
            "escape",
            "leave",
            "Back",
            key_display="Esc",
            id="edit.leave",
            tooltip="Back; asks first if you typed something",
        ),
        Binding("down", "app.focus_next", "Down", show=False, id="edit.down", tooltip="To the next field"),
        Binding("up", "app.focus_previous", "Up", show=False, id="edit.up", tooltip="To the field before"),
        Binding("f1", "app.help", "Help", key_display="F1", id="edit.help", tooltip="The keys of this screen"),
    ]

    @on(Button.Pressed, "#save")
    @work(exit_on_error=False)
    async def action_save(self) -> None:
        """Check, tell what follows, save."""
        if self.saving:
            return
        self.saving = True
        try:
            async with self.problems_told():
                if (saved := await self._saved()) is not None:
                    await self.keeper.saved()
                    self.dismiss(saved)
        finally:
            self.saving = False

    @on(Button.Pressed, "#leave")
    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Go back, but lose nothing unasked."""
        if self.saving:
            return
        typed = self._typed()
        if typed != self._shown:
            lines = [
                f"{label}: {self._sheet.said(name, typed)}"
                for name, label in self._sheet.labels.items()
                if getattr(typed, name) != getattr(self._shown, name)
            ]
            question = Confirm(
                "Leave without saving?",
                ["This was typed and is not saved:", "", *lines],
                yes="Leave it",
                no="Keep editing",
                dangerous=True,
            )
            if not await self.app.push_screen_wait(question):
                return
        await self.keeper.given_up()
        self.dismiss(None)

    async def _saved(self) -> Saved[R] | None:
        """What was saved; None when the person goes on in the form."""
        if not self._holds():
            return None
        try:
            return await self._save()
        except Invalid as refusal:
            self._show_problems(refusal.problems)
            return None

    async def _save(self) -> Saved[R] | None:
        """Save, as often as somebody else was faster; None when the person goes back to the form."""
        while True:
            record, mine = self._record, self._sheet.cleaned(self._typed())
            if not await self.agreed(record, mine):
                return None
            if record is None:
                return Saved(await self.call(self._sheet.add, self._typed()), email_changed=False)
            try:
                return await self.stored(record, mine)
            except Conflict as conflict:
                if not await self._settled(conflict, record, mine):
                    return None

    async def agreed(self, record: R | None, mine: F) -> bool:
        """Whether the person goes on with what would follow; a form of which nothing follows does not ask."""
        return True

    async def stored(self, record: R, mine: F) -> Saved[R]:
        """Store a change. Raises Conflict, and what the service refuses."""
        return await self.call(self._sheet.change, record, mine)

    async def _settled(self, conflict: Conflict, record: R, mine: F) -> bool:
        """Show both versions; the form then goes on from theirs, with what was chosen in it."""
        theirs = conflict.theirs
        if not isinstance(theirs, type(record)):
            raise conflict
        stored = self._sheet.fields_of(theirs)
        if stored == self._sheet.fields_of(record):
            # What they changed is not in this form.
            self._record = theirs
            return True
        chosen: F | None = stored
        if mine != stored:
            dialog = ConflictChoice(
                theirs.name,
                conflict.changed_by,
                (self._sheet.fields_of(record), mine, stored),
                self._sheet.labels,
                self._sheet.said,
                self._sheet.kind,
            )
            chosen = await self.app.push_screen_wait(dialog)
        if chosen is None:
            return False
        self._record = theirs
        self._shown = self._sheet.as_shown(stored)
        self._fill_in(self._sheet.as_shown(chosen))
        self.look_again()
        return True


class PersonEdit(RecordEdit[PR, PF]):
    """The same for somebody on a list; another e-mail address needs a caller who is known surely enough."""

    def __init__(
        self,
        place: Workplace,
        actor: Actor,
        sheet: PersonSheet[PR, PF],
        record: PR | None,
        *,
        focus: str = "first_name",
        note: str = "",
    ) -> None:
        super().__init__(place, actor, sheet, record, focus=focus, note=note)
        self._person = sheet

    def trace(self) -> str:
        """When and by whom the person was changed last."""
        if self._record is None or not self._record.changed_by:
            return ""
        when = show_moment(self._record.changed_at, self.desk.ctx.clock.now())
        return f"Last changed {when} by {self._record.changed_by}"

    async def agreed(self, record: PR | None, mine: PF) -> bool:
        """Say what follows from another e-mail address, and ask."""
        if record is None or mine.email.casefold() == record.fields.email.casefold():
            return True
        effects = await self.call(self._person.effects, record, mine.email)
        return await self.app.push_screen_wait(EmailChange(effects))

    async def stored(self, record: PR, mine: PF) -> Saved[PR]:
        """Store it; a caller who is not known surely enough for another address is verified first."""
        while True:
            try:
                return await super().stored(record, mine)
            except NotVerified as lacking:
                if not await verify_caller(self, self._actor, self._person.key(record), lacking.needed):
                    raise
