"""Two people changed the same record: both versions, and a choice for each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, Generic

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from screens.clients.words import called
from screens.dialogs.list_dialog import ListDialog
from screens.persons.sheet import F
from screens.widgets.menu import Choice, PickList

MINE, THEIRS = "mine", "theirs"


class ConflictChoice(ListDialog[F], Generic[F]):
    """Answers with the fields that shall stand, or with None to go back to the form; nothing is stored here."""

    CSS_PATH = ["list_dialog.tcss", "conflict.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "take", "Save", id="conflict.take", tooltip="Save what is picked"),
    ]

    def __init__(
        self,
        name: str,
        changed_by: str,
        versions: tuple[F, F, F],
        labels: Mapping[str, str],
        said: Callable[[str, F], str],
        kind: str,
    ) -> None:
        """Compare, field by field.

        Args:
            name: the record's.
            changed_by: who saved in the meantime.
            versions: the fields as the form first showed them, which tells who changed what; as they would be saved;
                and as they stand now.
            labels: the words of each field, in the order of the form.
            said: the value of a field as people read it.
            kind: what the form is about, in a sentence.
        """
        super().__init__()
        self._whom = name
        self._changed_by = changed_by
        self._base, self._mine, self._theirs = versions
        self._labels = labels
        self._said = said
        self._kind = kind

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -danger -tall"):
            yield Static(Content(f"Somebody else changed {called(self._whom)}"), classes="dialog-title")
            yield Static(
                Content(
                    f"{self._changed_by} saved this {self._kind} while you were editing. Nothing of yours is "
                    "stored yet. Choose for each field what shall stand:"
                ),
                classes="dialog-line why",
            )
            yield PickList(self._choices(), self._defaults())
            yield Static("Space picks, F2 saves, Esc goes back to your form.", classes="dialog-hint", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Save these", variant="primary", id="take")
                yield Button("Go back", id="cancel")

    def on_mount(self) -> None:
        """The list comes first, the buttons after it."""
        self.query_one(PickList).focus()

    @on(Button.Pressed, "#take")
    def action_take(self) -> None:
        """Answer with what is picked."""
        picked = self.query_one(PickList).picked
        chosen = {
            field: getattr(self._mine if f"{field}:{MINE}" in picked else self._theirs, field)
            for field in self._differing()
        }
        self.dismiss(replace(self._theirs, **chosen))

    @on(Button.Pressed, "#cancel")
    def leave(self) -> None:
        """Back to the form, with everything that was typed."""
        self.dismiss(None)

    @on(PickList.Done)
    def pick_here(self, event: PickList.Done) -> None:
        """Enter picks too: with several fields to decide, saving is a step of its own."""
        self.query_one(PickList).pick(event.key)

    def _differing(self) -> list[str]:
        return [field for field in self._labels if getattr(self._mine, field) != getattr(self._theirs, field)]

    def _choices(self) -> list[Choice]:
        choices = []
        for field in self._differing():
            choices.append(Choice("", f"{self._labels[field]}   was {self._said(field, self._base)}"))
            choices.append(Choice(f"{field}:{MINE}", f"yours    {self._said(field, self._mine)}", field))
            choices.append(Choice(f"{field}:{THEIRS}", f"theirs   {self._said(field, self._theirs)}", field))
        return choices

    def _defaults(self) -> list[str]:
        return [
            f"{field}:{THEIRS if getattr(self._mine, field) == getattr(self._base, field) else MINE}"
            for field in self._differing()
        ]
