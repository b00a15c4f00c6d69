"""What a caller says, typed in by whoever asks: right or wrong comes back, and what was typed is gone."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from screens.base import DeskDialog
from screens.clients.words import called
from screens.widgets.countdown import Countdown, seconds_until
from screens.widgets.field import Field
from services.clock import Clock
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.errors import DeskError, TooSoon
from services.verification.values import CodeStanding, Question, Verdict

POLL = 1.0
"""Seconds between two looks at a mail that has not left."""


class AskCaller(DeskDialog[Verdict]):
    """Fields for what the caller says; a wrong try empties them at once. Answers with the right verdict, or None."""

    CSS_PATH = "asking.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "check", "Check", key_display="F2", id="caller.check", tooltip="Check what the caller said"),
        Binding("down", "app.focus_next", "Down", show=False, id="caller.down", tooltip="To the next field"),
        Binding("up", "app.focus_previous", "Up", show=False, id="caller.up", tooltip="To the field before"),
    ]

    def __init__(self, title: str, wait: str) -> None:
        """`wait` is said while the next try is not heard yet, with `{left}` in it."""
        super().__init__()
        self._title = title
        self._wait = wait
        self._busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield from self.fields()
            yield Static("", classes="verdict", markup=False)
            yield Countdown(self._wait, id="wait")
            with Horizontal(classes="dialog-buttons"):
                yield Button("F2 Check", variant="primary", id="check")
                yield Button("Esc Close", id="close")

    @abstractmethod
    def fields(self) -> Sequence[Widget]:
        """What stands between the title and the verdict."""

    @abstractmethod
    async def ask(self) -> Verdict:
        """The verdict on what stands in the fields. Raises DeskError."""

    def on_mount(self) -> None:
        """Type at once."""
        self.query(Field).first().focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; behind the last field it checks."""
        event.stop()
        if event.input is self.query(Field).last().input:
            self.action_check()
        else:
            self.focus_next()

    @on(Button.Pressed, "#close")
    def leave(self) -> None:
        """Close without a verdict."""
        self.action_close()

    @on(Button.Pressed, "#check")
    @work(exit_on_error=False)
    async def action_check(self) -> None:
        """Ask for the verdict, unless the next try is not heard yet."""
        wait = self.query_one("#wait", Countdown)
        if self._busy or wait.running:
            self.app.bell()
            return
        wrong = [field for field in self.query(Field) if not field.validate_now()]
        if wrong:
            wrong[0].focus()
            return
        self._busy = True
        try:
            verdict = await self.ask()
        except TooSoon as refusal:
            self._say(refusal.sentence)
            wait.start(refusal.wait)
        except DeskError as refusal:
            self._say(refusal.sentence)
        else:
            if verdict.right:
                self.dismiss(verdict)
                return
            self._say(f"✗ {verdict.sentence}")
            wait.start(verdict.wait)
        finally:
            self._busy = False
        self._empty()

    def _say(self, sentence: str) -> None:
        self.query_one(".verdict", Static).update(Content(sentence))

    def _empty(self) -> None:
        for field in self.query(Field):
            field.value = ""
        self.query(Field).first().focus()


class AskAnswers(AskCaller):
    """The security questions one below the other."""

    def __init__(
        self, name: str, questions: Sequence[Question], check: Callable[[Sequence[Answered]], Awaitable[Verdict]]
    ) -> None:
        super().__init__(f"Ask {called(name)} these questions", "The next answers are heard in {left}")
        self._questions = questions
        self._check = check

    def fields(self) -> Sequence[Widget]:
        """Each question above the line for its answer."""
        lines: list[Widget] = []
        for number, question in enumerate(self._questions, 1):
            lines.append(Static(Content(f"{number}  {question.words}"), classes="question"))
            lines.append(Field("The caller says", id=f"answer{number}", check=_said))
        return lines

    async def ask(self) -> Verdict:
        """Right or wrong as a whole."""
        said = [Secret(field.value) for field in self.query(Field)]
        pairs = zip(self._questions, said, strict=True)
        return await self._check([Answered(question.key, answer) for question, answer in pairs])


class AskCode(AskCaller):
    """Six digits: of a mail that is on its way while one waits, or of the caller's app."""

    def __init__(
        self,
        name: str,
        check: Callable[[Secret], Awaitable[Verdict]],
        clock: Clock,
        *,
        address: str = "",
        look: Callable[[], Awaitable[CodeStanding]] | None = None,
    ) -> None:
        """Ask.

        Args:
            name: the person's.
            check: gives the verdict on the digits.
            clock: tells how much time the code still has.
            address: where the mail goes; empty for the app.
            look: tells where the mail is.
        """
        whence = "mail" if look else "authenticator app"
        super().__init__(f"Let {called(name)} read out the code of the {whence}", "The next code is heard in {left}")
        self._check = check
        self._clock = clock
        self._address = address
        self._look = look

    def fields(self) -> Sequence[Widget]:
        """The line for the digits, below what is known of the mail."""
        code = Field("Code", id="code", hint="Six digits, as the caller says them.", check=_digits)
        if self._look is None:
            return [code]
        mail = Static(Content(f"Mail to {self._address}: queued"), classes="mail")
        return [mail, Countdown("The code ends in {left}", id="left"), code]

    def on_mount(self) -> None:
        """Follow the mail until it has left."""
        super().on_mount()
        if self._look is not None:
            self.set_timer(0.1, self.follow)

    @work(exclusive=True, group="follow", exit_on_error=False)
    async def follow(self) -> None:
        """Say where the mail is, and how long its code helps once it is there."""
        if self._look is None:
            return
        try:
            standing = await self._look()
        except DeskError as refusal:
            self._say(refusal.sentence)
            return
        self.query_one(".mail", Static).update(Content(f"Mail to {self._address}: {standing.words}"))
        if standing.why_over:
            self._say(standing.why_over)
        elif standing.until is not None:
            self.query_one("#left", Countdown).start(seconds_until(standing.until, self._clock))
        else:
            self.set_timer(POLL, self.follow)

    @on(Countdown.Over)
    def over(self) -> None:
        """Something has run out: look what it was."""
        self.follow()

    async def ask(self) -> Verdict:
        """Right or wrong."""
        return await self._check(Secret(self.query_one(Field).value))


def _said(text: str) -> str | None:
    return None if text.strip() else "Type what the caller says."


def _digits(text: str) -> str | None:
    digits = [sign for sign in text if sign not in " -"]
    return None if len(digits) == 6 and all(sign.isdecimal() for sign in digits) else "A code has six digits."
