"""The lines of a form about one record: what is typed and what is chosen, checked as one goes."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Any, ClassVar, Generic

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from screens.base import DeskScreen
from screens.clients.words import called
from screens.drafts.keeper import DraftKeeper
from screens.field_screen import AT_ONCE
from screens.persons.sheet import F, FormSheet, R
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.one_of import OneOf
from screens.widgets.tick import Tick
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.values import Saved
from services.drafts import Typed


class RecordForm(DeskScreen[Saved[R]], Generic[R, F]):
    """Shows the fields of a record; what they are called, and what is wrong with them, the sheet says."""

    BINDINGS: ClassVar[list[BindingType]] = [*AT_ONCE]

    needs_session = True

    edited: reactive[bool] = reactive(False)
    """Whether the form differs from what it first showed."""

    saving: reactive[bool] = reactive(False)
    """Whether a save is under way; a second one waits for the first."""

    def __init__(
        self,
        place: Workplace,
        actor: Actor,
        sheet: FormSheet[R, F],
        record: R | None,
        *,
        focus: str,
        note: str = "",
    ) -> None:
        """Show a form.

        Args:
            place: the workplace.
            actor: who edits.
            sheet: the kind of record.
            record: as it was read; None for a new one.
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
        self.keeper = DraftKeeper(self, actor, sheet.draft(record))

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
                yield Static(Content(self.trace()), classes="trace")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin where the work is."""
        field = self.query_one(f"#{self._first}", Field)
        field.focus()
        field.input.action_end()
        if self.keeper.waits:
            self.go_on_with_draft()

    @work(exit_on_error=False)
    async def go_on_with_draft(self) -> None:
        """Show what was typed when the line dropped."""
        async with self.problems_told():
            typed = await self.keeper.taken()
            if typed is not None:
                self.take_draft(typed)

    def trace(self) -> str:
        """Who changed the record last, and when; empty where nobody asks."""
        return ""

    def draft(self) -> Typed:
        """What stands in the form now, and what it was read from."""
        record = self._record
        read = {} if record is None else asdict(self._sheet.fields_of(record))
        return Typed(self.doing, self._values(), read, 0 if record is None else record.version)

    def take_draft(self, typed: Typed) -> None:
        """Show it as it was typed; whoever changed the record since then meets it as a conflict."""
        if self._record is not None and self._record.version != typed.version:
            read = self._sheet.made(**asdict(self._sheet.fields_of(self._record)) | dict(typed.read))
            # The sheet pairs the two types, which no checker can see.
            self._record = replace(self._record, version=typed.version, fields=read)  # type: ignore[arg-type]
            self._shown = self._sheet.as_shown(read)
        self._fill_in(self._sheet.made(**self._values() | dict(typed.fields)))
        self.look_again()

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
        self.keeper.note(self.draft() if self.edited else None)
        self.follow_typing()

    def follow_typing(self) -> None:
        """Show anew what depends on the fields; most forms have nothing of the kind."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter goes on from a field; elsewhere it belongs to the button or to the choice."""
        if action == "next_field":
            return isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def action_next_field(self) -> None:
        """Move the cursor at once."""
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

    @property
    def doing(self) -> str:
        """What the form is for, with the name of the record."""
        return f"New {self._sheet.kind}" if self._record is None else f"Edit {called(self._record.name)}"

    def _title(self) -> Content:
        mark = ("   ● edited", "$text-warning") if self.edited else ""
        return Content.assemble((self.doing, "bold"), mark)
