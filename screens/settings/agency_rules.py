"""The rules of the agency, for administrators: chosen, told what follows, and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Button, Static

from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.drafts.keeper import DraftKeeper
from screens.form_screen import FormScreen
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.key_line import KeyLine
from screens.widgets.one_of import OneOf
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.agency_policy import AgencyPolicy, profile_for
from services.agency_rules import FACTOR_WORDS, WRITING_WORDS, RulesView, adjusted, choices, number
from services.credentials.policy import Profile
from services.drafts import DraftForm, DraftKey, Typed
from services.errors import Conflict, Invalid

_YES_NO = [("yes", "yes"), ("no", "no")]
_PROFILES = [(profile.value, profile.value) for profile in Profile]
_PROFILE_HINTS = {
    Profile.STANDARD: "Safe for most; every line may be changed.",
    Profile.STRICT: "OWASP and NIST; lines may only get stricter.",
}
_MAILS = [("2", "two mails: confirm, then a temporary password"), ("1", "one mail with a link")]
_NUMBERS = {
    "minimum": ("Password (signs)", "Fewest signs where it is the only proof."),
    "minimum_with_factor": ("With 2nd factor", "Fewest signs beside a second factor."),
    "idle_minutes": ("Lock after (min)", "Minutes that a desk may stand untouched."),
}


class AgencyRulesScreen(FormScreen[bool]):
    """Closes with True once the rules are others; nothing is stored before what follows has been told."""

    CSS_PATH = "agency_rules.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Save", id="form.submit", tooltip="Tell what follows, then keep these rules"),
    ]

    needs_session = True

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor
        self._view: RulesView | None = None
        self._profile = ""
        self.keeper = self._keeper = DraftKeeper(self, actor, DraftKey(DraftForm.RULES))

    def compose(self) -> ComposeResult:
        yield TitleBar("Rules of the agency", f"{self._actor.name} · {self._actor.role}")
        with VerticalScroll(classes="card-room", can_focus=False), Vertical(classes="card"):
            yield Static(
                "They hold for everybody. Left and right change a line.",
                classes="card-lead",
                markup=False,
            )
            yield Vertical(id="rules")
            yield from self.foot("Save", Button("Back", id="leave"))
        yield KeyLine()

    async def on_mount(self) -> None:
        """The rules come from the database."""
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        async with self.at_work():
            await self._show(await self.call(self.desk.rules.view, self._actor))
            typed = await self._keeper.taken()
            if typed is not None:
                await self._take_draft(typed)

    async def _take_draft(self, typed: Typed) -> None:
        """Choose what was chosen when the line dropped, in the version that was read then."""
        if self._view is None:
            return
        self._view = replace(self._view, version=typed.version)
        profile = typed.fields.get("profile", self._profile)
        if profile != self._profile and profile in list(Profile):
            await self._fill_in(profile_for(self._view.policy, Profile(str(profile))))
        for field in self.query(Field):
            field.value = str(typed.fields.get(field.id or "", field.value))
        for line in self.query(OneOf):
            line.value = typed.fields.get(line.id or "", line.value)

    @on(Field.Edited)
    @on(OneOf.Changed)
    def keep_typed(self) -> None:
        """Keep what is chosen."""
        if self._view is not None:
            chosen = Typed("Rules of the agency", dict(self._chosen()), version=self._view.version)
            self._keeper.note(chosen if self.changed else None)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """In a low terminal only the line with the cursor explains itself."""
        for line in self.query_one("#rules").children:
            line.set_class(line in event.widget.ancestors, "-here")

    def typed(self) -> list[object]:
        """Also what is chosen."""
        return [*super().typed(), *(line.value for line in self.query(OneOf))]

    @on(OneOf.Changed)
    async def follow_profile(self) -> None:
        """Another profile brings its own numbers; back at the present one the present rules stand again."""
        chosen = str(self.query_one("#profile", OneOf).value)
        if self._view is not None and chosen != self._profile:
            present = self._view.policy
            await self._fill_in(present if chosen == present.profile else profile_for(present, Profile(chosen)))

    async def submit(self) -> None:
        """Tell what follows, ask, and keep the rules."""
        if self._view is None:
            return
        try:
            await self._change(self._view)
        except Invalid as refusal:
            self._mark(refusal)
            raise

    async def _change(self, view: RulesView) -> None:
        wanted = adjusted(view.policy, self._chosen())
        follows = await self.call(self.desk.rules.review, self._actor, wanted)
        if not follows:
            self.say("These rules hold already.")
            return
        lines = [f"• {sentence}" for sentence in follows]
        if not await self.app.push_screen_wait(WhatFollows(lines)):
            return
        try:
            await self.call(self.desk.rules.change, self._actor, view.version, wanted)
        except Conflict as conflict:
            await self.app.push_screen_wait(Problem(f"{conflict.changed_by} was faster", conflict.sentence))
            if isinstance(conflict.theirs, RulesView):
                await self._show(conflict.theirs)
            return
        await self._keeper.saved()
        self.notify("The rules of the agency have been changed.", markup=False)
        self.dismiss(True)

    async def _show(self, view: RulesView) -> None:
        self._view = view
        await self._fill_in(view.policy)
        self.begin()
        self.query_one("#profile", OneOf).focus()

    async def _fill_in(self, policy: AgencyPolicy) -> None:
        self._profile = policy.profile.value
        room = self.query_one("#rules")
        await room.remove_children()
        await room.mount(*self._lines(policy))
        self.query_one("#profile", OneOf).focus()

    def _lines(self, policy: AgencyPolicy) -> list[Widget]:
        present = self._view.policy if self._view else policy
        writings = [(writing.value, words) for writing, words in WRITING_WORDS.items()]
        factors = [(rule.value, FACTOR_WORDS[rule]) for rule in choices(policy.profile, present)]
        return [
            OneOf("Profile", _PROFILES, policy.profile.value, id="profile", hint=_PROFILE_HINTS[policy.profile]),
            _number("minimum", policy),
            _number("minimum_with_factor", policy),
            OneOf("Second factor", factors, policy.factor.value, id="factor", hint="Who must have one; the rest may."),
            _yes_no("questions", "Questions", policy, "Everybody answers three at the first sign-in."),
            OneOf("Forgot password", _MAILS, str(policy.reset_mails), id="reset_mails", hint="How a reset begins."),
            _number("idle_minutes", policy),
            _yes_no("second_person", "Second person", policy, "A colleague says yes to dangerous actions."),
            _yes_no("verify_callers", "Verify callers", policy, "Before every mail that opens an account."),
            _yes_no("staff_portal", "Desk in browser", policy, "Staff may use the desk in the portal."),
            OneOf("Writing", writings, policy.writing.value, id="writing", hint="Amounts, days, phone numbers."),
        ]

    def _chosen(self) -> dict[str, str]:
        typed = {field.id or "": field.value for field in self.query(Field)}
        return typed | {line.id or "": str(line.value) for line in self.query(OneOf)}

    def _mark(self, refusal: Invalid) -> None:
        """Also beside what is chosen and not typed."""
        for line in self.query(OneOf):
            line.problem = refusal.problems.get(line.id or "", "")


class WhatFollows(Confirm):
    """True if the rules may change."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("Change the rules?", lines, yes="Change them", no="Go back")


def _number(name: str, policy: AgencyPolicy) -> Field:
    label, hint = _NUMBERS[name]
    return Field(label, str(getattr(policy, name)), id=name, hint=hint, check=forms.told_by(number(name)))


def _yes_no(name: str, label: str, policy: AgencyPolicy, hint: str) -> OneOf:
    return OneOf(label, _YES_NO, "yes" if getattr(policy, name) else "no", id=name, hint=hint)
