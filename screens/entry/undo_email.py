"""Undoing a change of one's e-mail address from the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.dialogs.confirm import Confirm
from screens.entry.opened_form import OpenedForm
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from services.entry.words import UNDOING, UNDONE
from services.recovery_values import ChangeUndone
from services.when import show_moment


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of it.

    Attributes:
        forgot: whether the person goes on to "Forgot password".
    """

    change: ChangeUndone
    forgot: bool


class UndoEmail(OpenedForm[Undone]):
    """Shows what was changed, and closes with the account whose address is back."""

    CSS_PATH = "undo_email.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Undo the change", id="form.submit", tooltip="Put the old address back"),
    ]

    busy_words = "Putting the address back …"

    def compose(self) -> ComposeResult:
        yield TitleBar("Undo the change", self.opened.agency_name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("The e-mail address of your account was changed", classes="card-title", markup=False)
            with Vertical(classes="undo-facts"):
                for label, text in self._facts():
                    # Two parts, so that a name that goes on does so below itself.
                    with Horizontal(classes="undo-fact"):
                        yield Static(label, classes="undo-label", markup=False)
                        yield Static(Content(text), classes="undo-text")
            yield Static(
                UNDOING,
                classes="card-lead",
                markup=False,
            )
            yield from self.foot("Undo the change", Button("Leave it as it is", id="leave"))
        yield KeyLine()

    async def on_mount(self) -> None:
        """There is nothing to type."""
        self.query_one("#submit", Button).focus()

    async def use_up(self) -> None:
        """Undo it."""
        change = await self.call(self.desk.email_undo.undo, self.link_or_code, self.email, self.place.origin)
        forgot = await self.app.push_screen_wait(
            Confirm(
                "Your address is back",
                [
                    f"Your user name is {change.user_name} again. Both addresses get a notice.",
                    "",
                    UNDONE,
                ],
                yes="Forgot password",
                no="Back to sign-in",
            )
        )
        self.dismiss(Undone(change, forgot))

    def _facts(self) -> Sequence[tuple[str, str]]:
        opened, change = self.opened, self.opened.change
        if change is None:
            return ()
        return (
            ("Agency", f"{opened.agency_name} · {opened.company_code}"),
            ("From", change.old),
            ("To", change.new_hidden),
            ("By", change.by),
            ("When", show_moment(change.at, self.desk.ctx.clock.now())),
        )
