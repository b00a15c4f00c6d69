"""The steps of somebody who forgot the password: confirm it, answer the questions, choose a password, type a code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.password_chooser import PasswordChooser
from screens.widgets.tick import Tick
from screens.wizard.held_step import HeldStep
from screens.workplace import Workplace
from services.credentials.passwords import Secret
from services.credentials.questions import QUESTIONS, Answered
from services.entry.words import TEMPORARY_FOLLOWS
from services.recovery_values import OpenedToken
from services.reset_hurdles import Hurdle


@dataclass(frozen=True, slots=True)
class Draft:
    """What is shown for a new password; nothing of it is stored before the end.

    Attributes:
        link_or_code: what was pasted or typed, to be used up at the end; email: the address given with a code.
        opened: what it opens.
        checked: the answers that were right when they were last asked about.
        code: of the authenticator app, or a recovery code.
    """

    link_or_code: str
    email: str
    opened: OpenedToken
    answers: tuple[Answered, ...] = ()
    checked: tuple[Answered, ...] = ()
    password: Secret = field(default_factory=lambda: Secret(""))
    code: Secret = field(default_factory=lambda: Secret(""))


class ResetStep(HeldStep[Draft]):
    """A step that may ask for what somebody must show."""

    hurdle: ClassVar[Hurdle | None] = None
    """What is asked here besides the link or code."""


class ConfirmStep(ResetStep):
    """Whose password it is about, and what will happen."""

    heading = "Confirm"
    DEFAULT_CSS = """
    ConfirmStep {
        .confirm-words { height: auto; }
        .step-told { min-height: 0; padding: 0; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static("", classes="confirm-words", markup=False)
        yield from self.told()

    def show(self, draft: Draft) -> None:
        """The account, and every consequence."""
        opened = draft.opened
        shown = Content("Somebody asked for a new password for this account:\n\n")
        for label, text in (
            ("Name", opened.name),
            ("Agency", f"{opened.agency_name} · {opened.company_code}"),
            ("User name", opened.user_name),
        ):
            shown += Content.styled(f"{label:<12}", "$foreground-muted") + Content(f"{text}\n")
        shown += Content(f"\n{_asked(opened)}{_WHAT_HAPPENS}")
        self.query_one(".confirm-words", Static).update(shown)


class QuestionsStep(ResetStep):
    """All security questions, one below the other; the verdict is one for all of them."""

    heading = "Questions"
    hurdle = Hurdle.QUESTIONS
    DEFAULT_CSS = """
    QuestionsStep {
        .question { height: auto; }
        Field .field-label { width: 9; }
        Field .field-note { padding: 0 0 0 9; }
        Tick { margin: 0 0 0 9; }
        .step-told { min-height: 3; padding: 0; }
    }
    """

    def __init__(self, place: Workplace, questions: tuple[str, ...], *, is_last: bool) -> None:
        """`is_last`: the end of the wizard asks about the answers anyway."""
        super().__init__()
        self._place = place
        self._questions = questions
        self._is_last = is_last

    def compose(self) -> ComposeResult:
        yield Static(
            "Capitals and blanks do not matter in the answers.",
            classes="step-lead",
            markup=False,
        )
        for number, question in enumerate(self._questions, 1):
            yield Static(Content(QUESTIONS.get(question, question)), classes="question")
            yield Field("Answer", id=f"answer{number}", secret=True, check=forms.needed("Write the answer."))
        yield Tick("Show what I type", ticked=False)
        yield from self.told()

    def applies(self, draft: Draft) -> bool:
        """For whoever has answered questions, where the agency asks them."""
        return bool(self._questions)

    def collect(self, draft: Draft) -> Draft:
        """All answers."""
        fields = forms.fields(self)
        given = zip(self._questions, fields, strict=True)
        return replace(draft, answers=tuple(Answered(question, Secret(each.value)) for question, each in given))

    async def leave(self, draft: Draft) -> Draft:
        """Ask whether they are right, so that nobody goes on in vain."""
        if self._is_last or draft.answers == draft.checked:
            return draft
        check = self._place.desk.recovery.check_answers
        await self._place.call(check, draft.link_or_code, draft.email, draft.answers, self._place.origin)
        return replace(draft, checked=draft.answers)

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """Show or mask what is typed."""
        event.stop()
        for each in forms.fields(self):
            each.input.password = not event.ticked


class PasswordStep(ResetStep):
    """The new password, where one mail is enough."""

    heading = "New password"

    def __init__(self, opened: OpenedToken) -> None:
        super().__init__()
        self._opened = opened

    def compose(self) -> ComposeResult:
        yield PasswordChooser(self._opened.policy, self._opened.about, replaces=True)
        yield from self.told()

    def collect(self, draft: Draft) -> Draft:
        """The password."""
        return replace(draft, password=self.query_one(PasswordChooser).secret)


class CodeStep(ResetStep):
    """The second factor, last of all because its code lives half a minute."""

    heading = "Code"
    hurdle = Hurdle.SECOND_FACTOR
    DEFAULT_CSS = """
    CodeStep .code-help { height: auto; padding: 1 0 0 0; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        yield Static(
            "Your account has two-step sign-in. Type the code that your authenticator app shows now, "
            "or one of your recovery codes.",
            classes="step-lead",
            markup=False,
        )
        yield Field("Code", id="code", check=forms.needed("Type the code, or a recovery code."))
        yield Static(
            "If you have neither the app nor a recovery code, press Esc and call the agency: its helpdesk can help.",
            classes="code-help",
            markup=False,
        )
        yield from self.told()

    def applies(self, draft: Draft) -> bool:
        """For whoever has an authenticator app."""
        return draft.opened.hurdles.second_factor

    def collect(self, draft: Draft) -> Draft:
        """The code."""
        return replace(draft, code=Secret(self.text("code")))

    def refuse(self, sentence: str, wait: int, *, too_soon: bool = False) -> None:
        """A code that was wrong is of no use any more."""
        super().refuse(sentence, wait, too_soon=too_soon)
        self.query_one("#code", Field).value = ""
        self.query_one("#code", Field).focus()


_WHAT_HAPPENS = f"{TEMPORARY_FOLLOWS}\n\nIf it was not you, press Esc: then nothing happens."


def _asked(opened: OpenedToken) -> str:
    """What follows before the mail is sent."""
    asked = []
    if opened.hurdles.questions:
        asked.append("your security questions")
    if opened.hurdles.second_factor:
        asked.append("a code of your authenticator app")
    return f"If that was you, go on. You are asked for {' and '.join(asked)}.\n\n" if asked else ""
