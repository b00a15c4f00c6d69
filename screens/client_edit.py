"""The edit form of a client, and the same form for a new one."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Button, Footer, Input, Label, Static

from screens.base import DeskScreen
from screens.client_words import FIELD_LABELS, as_shown, called, cleaned, field_shown
from screens.dialogs.confirm import Confirm
from screens.dialogs.conflict import ConflictChoice
from screens.dialogs.email_change import EmailChange
from screens.widgets.field import Field
from screens.widgets.tick import Tick
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.client_values import ClientFields, ClientRecord, Saved
from services.errors import Conflict, Invalid
from services.when import show_moment

_HINTS = {
    "email": "Sign-in name and address of all mails.",
    "phone": "(519) 555-0143, or with + and the country code.",
    "date_of_birth": "Year, month, day: 1972-06-19.",
}
_CONSENT = "Wishes to receive updates and newsletters"


class ClientEdit(DeskScreen[Saved]):
    """Answers with what was saved, or with None when it was left; what was typed goes only when one says so."""

    CSS_PATH = "client_edit.tcss"
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

    needs_session = True

    edited: reactive[bool] = reactive(False)
    """Whether the form differs from what it first showed."""

    saving: reactive[bool] = reactive(False)
    """Whether a save is under way; a second one waits for the first."""

    def __init__(
        self, place: Workplace, actor: Actor, record: ClientRecord | None, *, focus: str = "first_name", note: str = ""
    ) -> None:
        """Show a form.

        Args:
            place: the workplace.
            actor: who edits.
            record: the client as read; None for a new one.
            focus: the field to begin with.
            note: what follows after saving, if anything does.
        """
        super().__init__(place)
        self._actor = actor
        self._record = record
        self._first = focus
        self._note = note
        self._shown = as_shown(record.fields if record else ClientFields())

    def compose(self) -> ComposeResult:
        yield TitleBar("Clients", f"{self._actor.name} · {self._actor.role}")
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(self._title(), classes="form-title")
            if self._note:
                yield Static(Content(self._note), classes="form-note")
            for name, value in self._text_fields(self._shown):
                yield Field(
                    FIELD_LABELS[name],
                    value,
                    id=name,
                    hint=_HINTS.get(name, ""),
                    check=partial(self._problem_of, name),
                )
            with Horizontal(classes="consent"):
                yield Label(FIELD_LABELS["subscribed"], classes="consent-label", markup=False)
                yield Tick(_CONSENT, self._shown.subscribed, id="subscribed")
            with Horizontal(classes="dialog-buttons"):
                yield Button("F2 Save", variant="primary", id="save")
                yield Button("Esc Back", id="leave")
                yield Static(self._trace(), classes="trace")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin where the work is."""
        field = self.query_one(f"#{self._first}", Field)
        field.focus()
        field.input.action_end()

    def watch_edited(self) -> None:
        """The title says whether something is unsaved."""
        if self.is_mounted:
            self.query_one(".form-title", Static).update(self._title())

    def watch_saving(self, saving: bool) -> None:
        """A button that is at work cannot be pressed."""
        if self.is_mounted:
            button = self.query_one("#save", Button)
            button.disabled = saving
            button.label = Content("Saving…" if saving else "F2 Save")

    @on(Field.Edited)
    @on(Tick.Changed)
    def look_again(self) -> None:
        """Compare with what stood there at first."""
        self.edited = self._typed() != self._shown

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field."""
        event.stop()
        self.focus_next()

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
                f"{label}: {field_shown(name, typed)}"
                for name, label in FIELD_LABELS.items()
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

    async def _saved(self) -> Saved | None:
        """What was saved; None when the person goes on in the form."""
        if not self._holds():
            return None
        try:
            return await self._save()
        except Invalid as refusal:
            self._show_problems(refusal.problems)
            return None

    async def _save(self) -> Saved | None:
        """Save, as often as somebody else was faster; None when the person goes back to the form."""
        if self._record is None:
            return Saved(await self.call(self.desk.clients.create, self._actor, self._typed()), email_changed=False)
        while True:
            record, mine = self._record, cleaned(self._typed(), self._today())
            if not await self._agreed(record, mine):
                return None
            try:
                return await self.call(self.desk.clients.save, self._actor, record.id, record.version, mine)
            except Conflict as conflict:
                if not await self._settled(conflict, record, mine):
                    return None

    async def _agreed(self, record: ClientRecord, mine: ClientFields) -> bool:
        """Say what follows from another e-mail address, and ask."""
        if mine.email.casefold() == record.fields.email.casefold():
            return True
        effects = await self.call(self.desk.clients.email_effects, self._actor, record.id, mine.email)
        question = EmailChange(effects)
        return await self.app.push_screen_wait(question)

    async def _settled(self, conflict: Conflict, record: ClientRecord, mine: ClientFields) -> bool:
        """Show both versions; the form then goes on from theirs, with what was chosen in it."""
        theirs = conflict.theirs
        if not isinstance(theirs, ClientRecord):
            raise conflict
        chosen: ClientFields | None = theirs.fields
        if mine != theirs.fields:
            chosen = await self.app.push_screen_wait(
                ConflictChoice(theirs.name, conflict.changed_by, record.fields, mine, theirs.fields)
            )
        if chosen is None:
            return False
        self._record = theirs
        self._shown = as_shown(theirs.fields)
        for name, value in self._text_fields(as_shown(chosen)):
            self.query_one(f"#{name}", Field).value = value
        self.query_one(Tick).ticked = chosen.subscribed
        self.look_again()
        return True

    def _holds(self) -> bool:
        fields = list(self.query(Field))
        wrong = [field for field in fields if not field.validate_now()]
        if wrong:
            wrong[0].focus()
        return not wrong

    def _show_problems(self, problems: dict[str, str]) -> None:
        for number, (name, sentence) in enumerate(problems.items()):
            field = self.query_one(f"#{name}", Field)
            field.problem = sentence
            if number == 0:
                field.focus()

    def _problem_of(self, name: str, text: str) -> str | None:
        typed = ClientFields(**{**self._texts(), name: text}, subscribed=True)
        return self.desk.clients.check(typed, self._today()).get(name)

    def _typed(self) -> ClientFields:
        return ClientFields(**self._texts(), subscribed=self.query_one(Tick).ticked)

    def _texts(self) -> dict[str, str]:
        return {name: self.query_one(f"#{name}", Field).value for name, _ in self._text_fields(self._shown)}

    def _today(self) -> date:
        return self.desk.ctx.clock.now().astimezone().date()

    def _title(self) -> Content:
        title = "New client" if self._record is None else f"Edit {called(self._record.name)}"
        mark = ("   ● edited", "$text-warning") if self.edited else ""
        return Content.assemble((title, "bold"), mark)

    def _trace(self) -> Content:
        if self._record is None:
            return Content("")
        when = show_moment(self._record.changed_at, self.desk.ctx.clock.now())
        return Content(f"Last changed {when} by {self._record.changed_by}")

    @staticmethod
    def _text_fields(fields: ClientFields) -> list[tuple[str, str]]:
        return [(name, getattr(fields, name)) for name in FIELD_LABELS if name != "subscribed"]
