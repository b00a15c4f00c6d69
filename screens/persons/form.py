"""The lines of a form about one person: what is typed and what is chosen, checked as one goes."""

from __future__ import annotations

from functools import partial
from typing import Any, Generic

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from screens.base import DeskScreen
from screens.clients.words import called
from screens.persons.sheet import F, PersonSheet, R
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.one_of import OneOf
from screens.widgets.tick import Tick
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.values import Saved
from services.when import show_moment


class PersonForm(DeskScreen[Saved[R]], Generic[R, F]):
    """Shows the fields of a record; what they are called, and what is wrong with them, the sheet says."""

    needs_session = True

    edited: reactive[bool] = reactive(False)
    """Whether the form differs from what it first showed."""

    saving: reactive[bool] = reactive(False)
    """Whether a save is under way; a second one waits for the first."""

    def __init__(
        self,
        place: Workplace,
        actor: Actor,
        sheet: PersonSheet[R, F],
        record: R | None,
        *,
        focus: str = "first_name",
        note: str = "",
    ) -> None:
        """Show a form.

        Args:
            place: the workplace.
            actor: who edits.
            sheet: the kind of person.
            record: the person as read; None for a new one.
            focus: the field to begin with.
            note: what follows after saving, if anything does.
        """
        super().__init__(place)
        self._actor = actor
        self._sheet = sheet
        self._record = record
        self._first = focus
        self._note = note
        self._shown: F = sheet.as_shown(sheet.new if record is None else sheet.fields_of(record))

    def compose(self) -> ComposeResult:
        yield TitleBar(self._sheet.where, f"{self._actor.name} · {self._actor.role}")
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(self._title(), classes="form-title")
            if self._note:
                yield Static(Content(self._note), classes="form-note")
            for name in self._sheet.labels:
                yield self._line(name)
            with Horizontal(classes="dialog-buttons"):
                yield Button("F2 Save", variant="primary", id="save")
                yield Button("Esc Back", id="leave")
                yield Static(self._trace(), classes="trace")
        yield KeyLine()

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
    @on(OneOf.Changed)
    def look_again(self) -> None:
        """Compare with what stood there at first."""
        self.edited = self._typed() != self._shown

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field."""
        event.stop()
        self.focus_next()

    def _line(self, name: str) -> Widget:
        sheet = self._sheet
        if name in sheet.choices:
            return sheet.choices[name](self._shown)
        value, hint = str(getattr(self._shown, name)), sheet.hints.get(name, "")
        return Field(sheet.labels[name], value, id=name, hint=hint, check=partial(self._problem_of, name))

    def _holds(self) -> bool:
        fields = list(self.query(Field))
        wrong = [field for field in fields if not field.validate_now()]
        if wrong:
            wrong[0].focus()
        return not wrong

    def _show_problems(self, problems: dict[str, str]) -> None:
        for number, (name, sentence) in enumerate(problems.items()):
            widget = self.query_one(f"#{name}")
            if isinstance(widget, (Field, OneOf)):
                widget.problem = sentence
            if number == 0:
                widget.focus()

    def _problem_of(self, name: str, text: str) -> str | None:
        return self._sheet.check(self._sheet.made(**self._values() | {name: text})).get(name)

    def _typed(self) -> F:
        return self._sheet.made(**self._values())

    def _values(self) -> dict[str, Any]:
        typed = {field.id or "": field.value for field in self.query(Field)}
        chosen = {line.id or "": line.value for line in self.query(OneOf)}
        ticked = {tick.id or "": tick.ticked for tick in self.query(Tick)}
        return {**typed, **chosen, **ticked}

    def _fill_in(self, fields: F) -> None:
        for field in self.query(Field):
            field.value = str(getattr(fields, field.id or ""))
        for line in self.query(OneOf):
            line.value = getattr(fields, line.id or "")
        for tick in self.query(Tick):
            tick.ticked = getattr(fields, tick.id or "")

    def _title(self) -> Content:
        title = f"New {self._sheet.kind}" if self._record is None else f"Edit {called(self._record.name)}"
        mark = ("   ● edited", "$text-warning") if self.edited else ""
        return Content.assemble((title, "bold"), mark)

    def _trace(self) -> Content:
        if self._record is None or not self._record.changed_by:
            return Content("")
        when = show_moment(self._record.changed_at, self.desk.ctx.clock.now())
        return Content(f"Last changed {when} by {self._record.changed_by}")
