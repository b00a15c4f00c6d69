"""One mail: to whom, what became of it, and its text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, Static

from screens.base import DeskScreen
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.credentials import codes
from services.mail.mailbox import MailView
from services.when import show_moment


class MailText(VerticalScroll, can_focus=True):
    """The text, which scrolls by the usual keys."""


class MailMessage(DeskScreen[None]):
    """Shows the mail; link and code can be copied where staff may see them."""

    CSS_PATH = "message.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "copy('link')", "Copy link", id="message.link", tooltip="Copy the link, to hand it over"),
        Binding("c", "copy('code')", "Copy code", id="message.code", tooltip="Copy the code, to hand it over"),
        Binding("escape", "leave", "Back", key_display="Esc", id="message.leave", tooltip="Back to the list of mails"),
    ]

    needs_session = True

    def __init__(self, place: Workplace, actor: Actor, mail: MailView) -> None:
        super().__init__(place)
        self._actor = actor
        self._mail = mail
        self._secrets = _secrets(mail)

    def compose(self) -> ComposeResult:
        mail = self._mail
        yield TitleBar("Mail", f"{self._actor.name} · {self._actor.role}")
        with Vertical(classes="head"):
            for label, value in self._facts():
                with Horizontal(classes="fact"):
                    yield Label(Content(label), classes="fact-label")
                    yield Static(Content(value), classes="fact-value")
            if mail.note:
                yield Static(Content(mail.note), classes="note -open" if mail.secrets_shown else "note")
        with MailText():
            yield Static(Content(mail.text))
        yield KeyLine()

    def on_mount(self) -> None:
        """The arrows scroll at once."""
        self.query_one(MailText).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is not shown cannot be copied."""
        return action != "copy" or parameters[0] in self._secrets

    def _facts(self) -> list[tuple[str, str]]:
        mail = self._mail
        to = f"{mail.to_name} <{mail.to_address}>" if mail.to_name else mail.to_address
        facts = [
            ("To", to),
            ("Subject", mail.subject),
            ("Written", show_moment(mail.at, self.desk.ctx.clock.now())),
            ("State", mail.state_words),
            ("Server", mail.server_words),
        ]
        return [(label, value) for label, value in facts if value]

    def action_copy(self, what: str) -> None:
        """Over SSH only the terminal itself can reach the clipboard of the person before it."""
        self.app.copy_to_clipboard(self._secrets[what])
        self.notify(f"The {what} was sent to your terminal's clipboard.", markup=False)

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)


def _secrets(mail: MailView) -> dict[str, str]:
    """Link and code of a mail, as far as they are shown in it; each stands on a line of its own."""
    found: dict[str, str] = {}
    if mail.secrets_shown:
        for line in map(str.strip, mail.text.splitlines()):
            if "link" not in found and "://" in line and codes.read_link(line) is not None:
                found["link"] = line
            elif "link" in found and "code" not in found and "-" in line and codes.read_code(line) is not None:
                found["code"] = line
    return found
