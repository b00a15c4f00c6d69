"""The steps by which an account is created for one person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from models.states import Role
from screens.clients.words import called
from screens.creation.access_picks import AccessPicks
from screens.creation.fact import Fact
from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.menu import Choice, PickList
from screens.wizard.step import Step
from services import rules
from services.creation.checks import MENDED
from services.creation.values import CreationPlan, CreationReview, Preview
from services.person_key import PersonKind

Ask = Callable[[CreationPlan], Awaitable[CreationReview]]
"""Asks the service what would happen; it refuses what cannot be."""

_SAME = "It must be the same as the e-mail: one thing to remember. F4 mends it."


@dataclass(frozen=True, slots=True)
class CreationDraft:
    """The plan as far as it is made, and what the service says of it, which nobody typed."""

    plan: CreationPlan
    review: CreationReview | None = field(default=None, compare=False)


class CreationStep(Step[CreationDraft]):
    """A step after which the service is asked what would happen, so that nothing impossible gets to the end."""

    def __init__(self, preview: Preview, ask: Ask) -> None:
        super().__init__()
        self._preview = preview
        self._ask = ask

    async def leave(self, draft: CreationDraft) -> CreationDraft:
        """Ask. Raises what the service refuses."""
        return replace(draft, review=await self._ask(draft.plan))


class PersonStep(CreationStep):
    """Who it is, and the address that becomes the user name."""

    heading = "Person"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f4",
            "same",
            "Same as e-mail",
            show=False,
            id="person.same",
            tooltip="Make the user name the e-mail address",
        ),
    ]

    def compose(self) -> ComposeResult:
        candidate = self._preview.candidate
        plan = self._preview.plan
        kind = "Client" if candidate.person.kind is PersonKind.CLIENT else "Office staff"
        yield Static(Content(f"{kind}: {called(candidate.name)}"), classes="step-lead")
        yield Field("User name", plan.user_name, id="user_name", check=self._wrong_user_name)
        yield Field(
            "E-mail", plan.email, id="email", hint="The mail goes there.", check=forms.told_by(rules.clean_email)
        )
        yield Button("Make them the same (F4)", id="same")
        for obstacle in candidate.obstacles:
            sign = "•" if obstacle.kind in MENDED else "▲"
            yield Static(Content(f"{sign} {obstacle.sentence}"), classes="obstacle")

    def on_mount(self) -> None:
        """The button stands there for whom it helps."""
        self.offer_same()

    def on_field_edited(self) -> None:
        """They may differ now, or be the same."""
        self.offer_same()

    def offer_same(self) -> None:
        """Show the button only while the two differ."""
        self.query_one("#same").display = not self._are_same()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button does what the key does."""
        event.stop()
        self.action_same()

    def action_same(self) -> None:
        """Take the address for the user name."""
        field = self.query_one("#user_name", Field)
        field.value = self.text("email")
        field.problem = ""
        self.query_one("#email", Field).focus()

    def collect(self, draft: CreationDraft) -> CreationDraft:
        """User name and address."""
        return replace(draft, plan=replace(draft.plan, user_name=self.text("user_name"), email=self.text("email")))

    def _wrong_user_name(self, _: str) -> str | None:
        if not self.is_mounted:
            return None
        return None if self._are_same() else _SAME

    def _are_same(self) -> bool:
        return self.text("user_name").casefold() == self.text("email").casefold()


class AccessStep(CreationStep):
    """What the account may do, and whose people it sees."""

    heading = "Access"

    def compose(self) -> ComposeResult:
        preview = self._preview
        if preview.plan.role is Role.CLIENT:
            yield Static(
                "A client sees their own properties and their own account, and nothing else.",
                classes="step-lead",
                markup=False,
            )
        else:
            yield Static(Content(_lead(preview)), classes="step-lead")
            plan = preview.plan
            yield AccessPicks(preview.roles, plan.role, preview.offices, plan.offices)
        yield Static("", classes="wrong", markup=False)
        yield Static(Content(f"Company code: {preview.company_code}"), classes="step-foot")
        yield Static("The mail tells it; the person types it to sign in.", classes="step-foot muted", markup=False)

    def enter(self) -> None:
        """Pick at once; the frame would put the cursor on its button."""
        for picks in self.query(PickList):
            self.call_later(picks.focus)

    def holds(self) -> bool:
        """Who may not give the whole agency has to tick an office."""
        plan = self.collect(CreationDraft(self._preview.plan)).plan
        missing = plan.role is not Role.CLIENT and not plan.offices and not self._preview.whole_agency
        self.query_one(".wrong", Static).update(Content("✗ Tick at least one office." if missing else ""))
        return not missing

    def collect(self, draft: CreationDraft) -> CreationDraft:
        """Role and offices."""
        for picks in self.query(AccessPicks):
            return replace(draft, plan=replace(draft.plan, role=picks.role, offices=picks.offices))
        return draft


class OldAccountStep(CreationStep):
    """The account of the old system, where there is one: what becomes of it."""

    heading = "Old account"

    def compose(self) -> ComposeResult:
        old = self._preview.candidate.old_accounts
        yield Static(
            "This person has signed in with the access key so far."
            if len(old) == 1
            else "This person has signed in with the access key so far, with several user names.",
            classes="step-lead",
            markup=False,
        )
        for account in old:
            yield Static(Content(f"User name  {account.user_name}\nOffice     {account.office}\n"))
        yield Static("Migrate it?", classes="question", markup=False)
        yield PickList(
            [
                Choice("migrate", "Yes: from now on only the new account works", "old"),
                Choice("keep", "No: it stays open until somebody migrates it", "old"),
            ],
            ["migrate" if self._preview.plan.migrate else "keep"],
        )

    def applies(self, draft: CreationDraft) -> bool:
        """Only where there is one."""
        return bool(self._preview.candidate.old_accounts)

    def enter(self) -> None:
        """Pick at once."""
        self.call_later(self.query_one(PickList).focus)

    def collect(self, draft: CreationDraft) -> CreationDraft:
        """Yes or no."""
        migrate = "migrate" in self.query_one(PickList).picked
        return replace(draft, plan=replace(draft.plan, migrate=migrate and self.applies(draft)))


class ReviewPane(VerticalScroll, can_focus=True):
    """The review, which scrolls by the usual keys."""


class ReviewStep(Step[CreationDraft]):
    """Everything that will happen, and the mail as it will look."""

    heading = "Review"

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview

    def compose(self) -> ComposeResult:
        with ReviewPane():
            yield Fact("Person", called(self._preview.candidate.name))
            yield Fact("User name", id="review-user-name")
            yield Fact("Role", id="review-role")
            yield Fact("Sees", id="review-sees")
            yield Fact("Company code", self._preview.company_code)
            yield Static("", classes="review", markup=False)
            yield Static("", classes="mail", markup=False)

    def show(self, draft: CreationDraft) -> None:
        """Write it anew for the plan as it is now."""
        plan, review = draft.plan, draft.review
        if review is None:
            return
        self.query_one("#review-user-name", Fact).say(plan.email)
        self.query_one("#review-role", Fact).say(plan.role.value)
        sees = self.query_one("#review-sees", Fact)
        sees.say(self._preview.offices_shown(plan))
        sees.display = plan.role is not Role.CLIENT
        sentences = Content("\n").join(Content(f"• {sentence}") for sentence in review.sentences)
        self.query_one(".review", Static).update(sentences)
        self.query_one(".mail", Static).update(
            Content.assemble((f"{review.subject}\n\n", "bold"), Content(review.text.rstrip()))
        )

    def enter(self) -> None:
        """Read at once, from the top."""
        pane = self.query_one(ReviewPane)
        pane.scroll_home(animate=False)
        self.call_later(pane.focus)


def shown_user_name(preview: Preview) -> str:
    """What stands in the field at first: the old user name if there is one, to be seen before it goes."""
    old = preview.candidate.old_accounts
    return old[0].user_name if old else preview.plan.user_name


def _lead(preview: Preview) -> str:
    if not preview.offices:
        return "Pick what this person may do."
    if preview.whole_agency:
        return "Pick the role, and tick the offices whose people this account sees. With none ticked it sees all."
    return "Pick the role, and tick the offices whose people this account sees."
