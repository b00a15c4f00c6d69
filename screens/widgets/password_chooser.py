"""Choosing a password: the policy above the fields, each rule ticked while one types."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.widgets.field import Field
from screens.widgets.tick import Tick
from services.credentials.passwords import Secret
from services.credentials.policy import About, PasswordPolicy, Rule, RuleResult, check, describe, problem, strength

_BEST = 4

NARROW = 60
"""Columns below which two rules do not fit into one line."""


class PasswordChooser(Vertical):
    """A new password, typed twice; what it may be stands above it, how good it is below it."""

    DEFAULT_CSS = """
    PasswordChooser {
        height: auto;
        .chooser-rules { height: auto; padding: 0 0 1 0; }
        .chooser-strength { height: 2; padding: 0 0 0 18; }
        Tick { margin: 0 0 0 18; }
        Field .field-note { display: none; }
        Field.-wrong .field-note { display: block; }
    }
    """

    def __init__(
        self, policy: PasswordPolicy, about: About, *, field: str = "password", replaces: bool = False
    ) -> None:
        """`field` is the name under which a service tells problems; `replaces` that there is a password now."""
        super().__init__()
        self._policy = policy
        self._about = about
        self._replaces = replaces
        self._new = Field("New password", id=field, secret=True, check=self._refusal)
        self._again = Field("Confirm password", id="confirm", secret=True, check=self._difference)

    def compose(self) -> ComposeResult:
        yield Static(self._rules(), classes="chooser-rules")
        yield self._new
        yield Static(self._strength(), classes="chooser-strength")
        yield self._again
        yield Tick("Show what I type", ticked=False)

    def on_mount(self) -> None:
        """What is wrong takes the place of how good it is."""
        self.watch(self._new, "problem", self._make_room, init=False)

    @property
    def secret(self) -> Secret:
        """What was typed into the first field."""
        return Secret(self._new.value)

    def on_resize(self) -> None:
        """What shares a line depends on the width."""
        self._show_state()

    def show_about(self, about: About) -> None:
        """The person or the agency got another name, which the password must not be made of."""
        self._about = about
        self._show_state()

    def on_field_edited(self, event: Field.Edited) -> None:
        """Tick the rules anew, and hold the second field against the first."""
        if event.field is self._new:
            self._show_state()
            if self._again.problem:
                self._again.validate_now()

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """Show or mask what is typed; copying stays impossible either way."""
        event.stop()
        for field in (self._new, self._again):
            field.input.password = not event.ticked

    def _refusal(self, text: str) -> str | None:
        return problem(self._policy, Secret(text), self._about)

    def _difference(self, text: str) -> str | None:
        if not text:
            return "Type the new password once more."
        if Secret(text) != self.secret:
            return "The two differ. Type them again."
        return None

    def _make_room(self, problem: str) -> None:
        self.query_one(".chooser-strength").display = not problem

    def _show_state(self) -> None:
        self.query_one(".chooser-rules", Static).update(self._rules())
        self.query_one(".chooser-strength", Static).update(self._strength())

    def _rules(self) -> Content:
        secret = self.secret
        shown = [_line(result, typed=bool(secret)) for result in check(self._policy, secret, self._about)]
        # The two that nearly every password holds share a line, so that all fits on a small screen.
        apart = self.app.size.width < NARROW
        lines = shown if apart else [shown[0], Content("   ").join(shown[1:3]), *shown[3:]]
        if self._replaces:
            lines.append(Content.styled(f"· {self._rest()[0]}", "$foreground-muted"))
        return Content("\n").join(lines)

    def _strength(self) -> Content:
        """How good it is, or while nothing is typed, what else it may be."""
        grade = strength(self.secret, self._about)
        if not grade.words:
            return Content.styled(self._rest()[-1], "$foreground-muted")
        colour = "$text-success" if grade.score > 2 else "$text-warning" if grade.score == 2 else "$text-error"
        return Content.styled(f"{'▰' * grade.score}{'▱' * (_BEST - grade.score)} {grade.words}", colour)

    def _rest(self) -> tuple[str, ...]:
        """What cannot be ticked: that it differs from the last one, as only the service knows, and what is welcome."""
        return describe(self._policy)[-2:]


def _line(result: RuleResult, *, typed: bool) -> Content:
    if not typed:
        return Content.styled(f"○ {result.words}", "$foreground-muted")
    if result.met:
        return Content.styled(f"✓ {result.words}", "$text-success")
    if result.rule is Rule.MINIMUM:
        # Whoever is still typing has done nothing wrong yet.
        return Content.styled(f"○ {result.words}", "$text")
    return Content.styled(f"✗ {result.words}", "$text-error bold")
