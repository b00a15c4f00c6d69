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
from screens.form_screen import FormScreen
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.errors import Refused
from services.recovery_values import ChangeUndone, OpenedToken
from services.when import show_moment


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of it.

    Attributes:
        forgot: whether the person goes on to "Forgot password".
    """

    change: ChangeUndone
    forgot: bool


class UndoEmail(FormScreen[Undone]):
    """Shows what was changed, and closes with the account whose address is back."""

    CSS_PATH = "undo_email.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Undo the change", id="form.submit", tooltip="Put the old address back"),
    ]

    busy_words = "Putting the address back …"

    def __init__(self, place: Workplace, link_or_code: str, email: str, opened: OpenedToken) -> None:
        """Show the change.

        Args:
            place: the workplace.
            link_or_code: what was pasted or typed; it is used up with the undoing.
            email: the address that was given with a code.
            opened: what it opens; it has a change.
        """
        super().__init__(place)
        self._link_or_code = link_or_code
        self._email = email
        self._opened = opened

    def compose(self) -> ComposeResult:
        yield TitleBar("Undo the change", self._opened.agency_name)
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static("The e-mail address of your account was changed", classes="card-title", markup=False)
            with Vertical(classes="undo-facts"):
                for label, text in self._facts():
                    # Two parts, so that a name that goes on does so below itself.
                    with Horizontal(classes="undo-fact"):
                        yield Static(label, classes="undo-label", markup=False)
                        yield Static(Content(text), classes="undo-text")
            yield Static(
                "If you did not want this, undo it: the old address becomes your user name again, everybody who is "
                "signed in to the account is signed out, and what was mailed to the new address no longer works.",
                classes="card-lead",
                markup=False,
            )
            yield from self.foot("Undo the change", Button("Leave it as it is", id="leave"))
        yield KeyLine()

    async def on_mount(self) -> None:
        """There is nothing to type."""
        self.query_one("#submit", Button).focus()

    async def submit(self) -> None:
        """Undo it; if that is not possible any more, say so and go back."""
        try:
            change = await self.call(self.desk.email_undo.undo, self._link_or_code, self._email, self.place.origin)
        except Refused as refusal:
            await self.tell(refusal)
            self.dismiss(None)
            return
        forgot = await self.app.push_screen_wait(
            Confirm(
                "Your address is back",
                [
                    f"Your user name is {change.user_name} again. Both addresses get a notice.",
                    "",
                    "Does somebody else perhaps know your password? Then choose a new one now, "
                    "and tell your agency that the change was not yours.",
                ],
                yes="Forgot password",
                no="Back to sign-in",
            )
        )
        self.dismiss(Undone(change, forgot))

    def _facts(self) -> Sequence[tuple[str, str]]:
        opened, change = self._opened, self._opened.change
        if change is None:
            return ()
        return (
            ("Agency", f"{opened.agency_name} · {opened.company_code}"),
            ("From", change.old),
            ("To", change.new_hidden),
            ("By", change.by),
            ("When", show_moment(change.at, self.desk.ctx.clock.now())),
        )
