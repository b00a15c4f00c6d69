"""The edit form of a person, and the same form for a new one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Button

from screens.dialogs.confirm import Confirm
from screens.dialogs.conflict import ConflictChoice
from screens.dialogs.email_change import EmailChange
from screens.persons.form import PersonForm
from screens.persons.sheet import F, R
from screens.verification.verifying import verify_caller
from services.clients.values import Saved
from services.errors import Conflict, Invalid
from services.verification.standing import NotVerified


class PersonEdit(PersonForm[R, F]):
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
        if self._record is None:
            return Saved(await self.call(self._sheet.add, self._typed()), email_changed=False)
        while True:
            record, mine = self._record, self._sheet.cleaned(self._typed())
            if not await self._agreed(record, mine):
                return None
            try:
                return await self._changed(record, mine)
            except Conflict as conflict:
                if not await self._settled(conflict, record, mine):
                    return None

    async def _changed(self, record: R, mine: F) -> Saved[R]:
        """Store it; a caller who is not known surely enough for another address is verified first."""
        while True:
            try:
                return await self.call(self._sheet.change, record, mine)
            except NotVerified as lacking:
                if not await verify_caller(self, self._actor, self._sheet.key(record), lacking.needed):
                    raise

    async def _agreed(self, record: R, mine: F) -> bool:
        """Say what follows from another e-mail address, and ask."""
        if mine.email.casefold() == record.fields.email.casefold():
            return True
        effects = await self.call(self._sheet.effects, record, mine.email)
        return await self.app.push_screen_wait(EmailChange(effects))

    async def _settled(self, conflict: Conflict, record: R, mine: F) -> bool:
        """Show both versions; the form then goes on from theirs, with what was chosen in it."""
        theirs = conflict.theirs
        if not isinstance(theirs, type(record)):
            raise conflict
        stored = self._sheet.fields_of(theirs)
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
