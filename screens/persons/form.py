"""The lines of a form about one person: what is typed and what is chosen, checked as one goes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Button, Footer, Input, Static

from screens.base import DeskScreen
from screens.clients.words import called
from screens.widgets.field import Field
from screens.widgets.one_of import OneOf
from screens.widgets.tick import Tick
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.clients.values import ClientFields, ClientRecord, EmailChangeEffects, Saved
from services.staff.values import StaffFields, StaffRecord
from services.when import show_moment

F = TypeVar("F", bound=ClientFields | StaffFields)
R = TypeVar("R", bound=ClientRecord | StaffRecord)


class PersonForm(DeskScreen[Saved[R]], Generic[R, F]):
    """Shows the fields of a record; a subclass of `PersonEdit` knows the list on which the person stands."""

    TITLE_BAR: ClassVar[str]
    """Where one is."""

    KIND: ClassVar[str]
    """Whom the form is about, in a sentence."""

    LABELS: ClassVar[Mapping[str, str]]
    """The fields in the order of the form."""

    CHOSEN: ClassVar[frozenset[str]]
    """The fields that are chosen, not typed."""

    HINTS: ClassVar[Mapping[str, str]]

    needs_session = True

    edited: reactive[bool] = reactive(False)
    """Whether the form differs from what it first showed."""

    saving: reactive[bool] = reactive(False)
    """Whether a save is under way; a second one waits for the first."""

    def __init__(
        self, place: Workplace, actor: Actor, record: R | None, shown: F, *, focus: str = "first_name", note: str = ""
    ) -> None:
        """Show a form.

        Args:
            place: the workplace.
            actor: who edits.
            record: the person as read; None for a new one.
            shown: the fields as the form shows them at first.
            focus: the field to begin with.
            note: what follows after saving, if anything does.
        """
        super().__init__(place)
        self._actor = actor
        self._record = record
        self._first = focus
        self._note = note
        self._shown: F = shown

    # What a subclass knows

    def choices(self) -> ComposeResult:
        """The lines of the form that are not typed, below those that are."""
        raise NotImplementedError

    def chosen(self) -> dict[str, Any]:
        """What is chosen in them, by field."""
        raise NotImplementedError

    def choose(self, fields: F) -> None:
        """Choose in them what the fields say."""
        raise NotImplementedError

    def made(self, values: Mapping[str, Any]) -> F:
        """The fields of these values."""
        raise NotImplementedError

    def fields_of(self, record: R) -> F:
        """The fields of a person as read."""
        raise NotImplementedError

    def as_shown(self, fields: F) -> F:
        """Stored fields as the form shows them."""
        raise NotImplementedError

    def said(self, field: str, fields: F) -> str:
        """The value of a field as people read it."""
        raise NotImplementedError

    def problems_of(self, fields: F) -> Mapping[str, str]:
        """What is wrong with fields as typed."""
        raise NotImplementedError

    def cleaned(self, fields: F) -> F:
        """Fields that hold, as they will be stored."""
        raise NotImplementedError

    def add(self, fields: F) -> R:
        """Store somebody new; runs on a thread, as the two that follow."""
        raise NotImplementedError

    def store(self, record: R, fields: F) -> Saved[R]:
        """Store a change."""
        raise NotImplementedError

    def effects(self, record: R, email: str) -> EmailChangeEffects:
        """What follows from another e-mail address."""
        raise NotImplementedError

    # The form

    def compose(self) -> ComposeResult:
        yield TitleBar(self.TITLE_BAR, f"{self._actor.name} · {self._actor.role}")
        with VerticalScroll(classes="form", can_focus=False):
            yield Static(self._title(), classes="form-title")
            if self._note:
                yield Static(Content(self._note), classes="form-note")
            for name in self.typed_fields:
                yield Field(
                    self.LABELS[name],
                    str(getattr(self._shown, name)),
                    id=name,
                    hint=self.HINTS.get(name, ""),
                    check=partial(self._problem_of, name),
                )
            yield from self.choices()
            with Horizontal(classes="dialog-buttons"):
                yield Button("F2 Save", variant="primary", id="save")
                yield Button("Esc Back", id="leave")
                yield Static(self._trace(), classes="trace")
        yield Footer(show_command_palette=False)

    @property
    def typed_fields(self) -> list[str]:
        """The fields that are lines of text."""
        return [name for name in self.LABELS if name not in self.CHOSEN]

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
        return self.problems_of(self.made({**self._values(), name: text})).get(name)

    def _typed(self) -> F:
        return self.made(self._values())

    def _values(self) -> dict[str, Any]:
        typed = {name: self.query_one(f"#{name}", Field).value for name in self.typed_fields}
        return typed | self.chosen()

    def _title(self) -> Content:
        title = f"New {self.KIND}" if self._record is None else f"Edit {called(self._record.name)}"
        mark = ("   ● edited", "$text-warning") if self.edited else ""
        return Content.assemble((title, "bold"), mark)

    def _trace(self) -> Content:
        if self._record is None or not self._record.changed_by:
            return Content("")
        when = show_moment(self._record.changed_at, self.desk.ctx.clock.now())
        return Content(f"Last changed {when} by {self._record.changed_by}")
