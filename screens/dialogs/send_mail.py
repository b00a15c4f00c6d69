"""Asks before a mail goes, and counts down when it is too soon for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from screens.base import DeskDialog
from screens.widgets.countdown import Countdown


class SendMail(DeskDialog[bool]):
    """True to send; while there is a wait, the button waits too."""

    CSS_PATH = "send_mail.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "send", "Send", id="send.yes", tooltip="Send it"),
        Binding("n", "close", "Leave", id="send.no", tooltip="Leave everything as it is"),
    ]

    def __init__(self, title: str, lines: Sequence[str], send: str, wait: int = 0) -> None:
        """Ask.

        Args:
            title: the question.
            lines: what will happen.
            send: the button.
            wait: seconds until the mail may go, 0 for now.
        """
        super().__init__()
        self._title = title
        self._lines = lines
        self._send = send
        self._wait = wait

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            for line in self._lines:
                yield Static(Content(line), classes="dialog-line")
            yield Countdown("The next mail to this address may go in {left}")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(self._send), variant="primary", id="send", disabled=self._wait > 0)
                yield Button("Leave it", id="leave")

    def on_mount(self) -> None:
        """Enter sends, unless it is too soon."""
        self.query_one(Countdown).start(self._wait)
        self.query_one("#leave" if self._wait else "#send", Button).focus()

    @on(Countdown.Over)
    def may_go(self) -> None:
        """The wait is over."""
        button = self.query_one("#send", Button)
        button.disabled = False
        button.focus()

    @on(Button.Pressed, "#send")
    def action_send(self) -> None:
        """Answer yes, if it is time."""
        if self.query_one(Countdown).running:
            self.app.bell()
        else:
            self.dismiss(True)

    @on(Button.Pressed, "#leave")
    def leave(self) -> None:
        """Answer no."""
        self.dismiss(None)
