"""What every step of a forgotten password at a kiosk is made of: the draft, and one question above one field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from models.states import KioskStep
from screens.kiosk.workplace import KioskPlace
from screens.wizard.held_step import HeldStep
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.kiosks.reset_values import CodeAsked, KioskOpened, KioskProof
from services.reset_hurdles import Hurdle


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has shown so far; nothing of it is stored before the end.

    Attributes:
        asked: what was said when a code was asked for, for `asked_for`.
        opened: what it is good for, once the code was right or let pass.
        checked: the answers that were right when they were last asked about.
        passed: what an agent let the person pass last, until the next step is left.
    """

    email: str = ""
    again: str = ""
    asked: CodeAsked | None = None
    asked_for: str = ""
    code: Secret = field(default_factory=lambda: Secret(""))
    opened: KioskOpened | None = None
    answers: tuple[Answered, ...] = ()
    checked: tuple[Answered, ...] = ()
    password: Secret = field(default_factory=lambda: Secret(""))
    factor: Secret = field(default_factory=lambda: Secret(""))
    passed: bool = False

    @property
    def proof(self) -> KioskProof:
        """As the service takes it."""
        return KioskProof(self.email, self.code, self.answers, self.factor)

    @property
    def questions(self) -> tuple[str, ...]:
        """The keys of the questions that are asked."""
        return self.opened.hurdles.questions if self.opened is not None else ()


class ResetStep(HeldStep[Draft]):
    """One question."""

    hurdle: ClassVar[Hurdle | None] = None
    """What is asked here besides the address."""

    waits_for: ClassVar[KioskStep | None] = None
    """What an agent may let the person pass here."""

    def __init__(self, place: KioskPlace) -> None:
        super().__init__()
        self._place = place

    def lead(self, draft: Draft) -> str:
        """What stands above the field."""
        return ""

    def above(self, more: str = "", *, kind: str = "step-lead step-aside") -> ComposeResult:
        """That an agent let the step before pass, the lead, and what only a larger screen has room for."""
        yield Static("✓ An agent has let you pass the step before.", classes="step-passed", markup=False)
        yield Static("", classes=f"{kind} step-above", markup=False)
        if more:
            yield Static(more, classes="step-more", markup=False)

    def show(self, draft: Draft) -> None:
        """The words above the field."""
        self.set_class(draft.passed, "-passed")
        words = self.lead(draft)
        lead = self.query_one(".step-above", Static)
        lead.update(Content(words))
        lead.set_class(not words, "-empty")
