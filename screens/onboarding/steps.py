"""The steps of a new account but for the questions: what it means, the password, the contact details, the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.password_chooser import PasswordChooser
from screens.widgets.tick import Tick
from screens.wizard.step import Step
from screens.workplace import Workplace
from services.accounts.first_words import AT_THE_DESK, KEEP_THIS, PASSWORD_LEADS, TERMS, who_corrects
from services.accounts.onboarding import Newcomer
from services.actor import Actor
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.rules import clean_phone

_NOT_ACCEPTED = "Tick the box to accept this. Without it the account stays closed."


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been done so far.

    Attributes:
        newcomer: the person, and what was owed when the wizard began.
        password_chosen: whether the password that had to go has been replaced.
        codes_kept: whether an app is set up and its recovery codes are kept.
        cell: as typed; cell_stored: what the desk has of it, None as long as nobody confirmed it.
        answers: one for each question, as far as they are typed; answers_stored: those that the desk has.
    """

    newcomer: Newcomer
    accepted: bool = False
    password: Secret | None = None
    password_chosen: bool = False
    codes_kept: bool = False
    cell: str = ""
    cell_stored: str | None = None
    answers: tuple[Answered, ...] = ()
    answers_stored: tuple[Answered, ...] = ()


class OwedStep(Step[Draft]):
    """A step that is stored when it is left."""

    def __init__(self, place: Workplace, actor: Actor) -> None:
        """`actor` has a limited session."""
        super().__init__()
        self._place = place
        self._actor = actor


class TermsStep(OwedStep):
    """Welcome, and what a private account means."""

    heading = "Welcome"
    DEFAULT_CSS = """
    TermsStep {
        .terms-line { height: auto; }
        .terms-sign { width: 2; }
        .terms-words { width: 1fr; }
        .terms-welcome { padding: 0 0 1 0; }
        Tick { margin: 1 0 0 0; }
        .terms-problem { height: auto; color: $text-error; text-style: bold; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static("", classes="terms-line terms-welcome", markup=False)
        for line in TERMS:
            # Two parts, so that a line that goes on does so below its words.
            with Horizontal(classes="terms-line"):
                yield Static("•", classes="terms-sign", markup=False)
                yield Static(line, classes="terms-line terms-words", markup=False)
        yield Tick("I understand, and share it with nobody", ticked=False)
        yield Static("", classes="terms-problem", markup=False)

    def applies(self, draft: Draft) -> bool:
        """For whoever came with a temporary password and has not accepted yet."""
        return draft.newcomer.owed.terms

    def show(self, draft: Draft) -> None:
        """Greet by name."""
        greeting = f"Welcome to {draft.newcomer.agency.name}, {draft.newcomer.name}."
        self.query_one(".terms-welcome", Static).update(Content(greeting))

    def collect(self, draft: Draft) -> Draft:
        """Whether the box is ticked."""
        return replace(draft, accepted=self.query_one(Tick).ticked)

    def holds(self) -> bool:
        """The box must be ticked."""
        ticked = self.query_one(Tick).ticked
        self._say("" if ticked else f"✗ {_NOT_ACCEPTED}")
        if not ticked:
            self.query_one(Tick).focus()
        return ticked

    async def leave(self, draft: Draft) -> Draft:
        """Write down that it was accepted."""
        await self._place.call(self._place.desk.onboarding.accept_terms, self._actor)
        return draft

    def enter(self) -> None:
        """The box is what there is to do; the frame would choose its button."""
        self.call_after_refresh(self.query_one(Tick).focus)

    def on_tick_changed(self, event: Tick.Changed) -> None:
        """What was missing is there now."""
        event.stop()
        if event.ticked:
            self._say("")

    def _say(self, words: str) -> None:
        self.query_one(".terms-problem", Static).update(Content(words))


class PasswordStep(OwedStep):
    """A password of one's own in the place of one that has to go."""

    heading = "Password"
    DEFAULT_CSS = """
    PasswordStep .password-room { height: auto; }
    """

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place, actor)
        self._chosen = False

    def compose(self) -> ComposeResult:
        yield Static("", classes="step-lead", markup=False)
        yield Vertical(classes="password-room")

    def applies(self, draft: Draft) -> bool:
        """For whoever signed in with a temporary password, or with one that the rules have outgrown."""
        return draft.newcomer.owed.password

    def show(self, draft: Draft) -> None:
        """The rules of the agency; once it is done there is nothing to type any more."""
        self._chosen = draft.password_chosen
        room = self.query_one(".password-room")
        lead = PASSWORD_LEADS[draft.newcomer.temporary]
        if self._chosen:
            room.remove_children()
            lead = "✓ Your password has been set. There is nothing left to do in this step."
        elif not room.children:
            room.mount(PasswordChooser(draft.newcomer.policy, draft.newcomer.about, replaces=draft.newcomer.replaces))
        self.query_one(".step-lead", Static).update(Content(lead))

    def collect(self, draft: Draft) -> Draft:
        """The password, until it is stored."""
        choosers = self.query(PasswordChooser)
        return replace(draft, password=choosers.first().secret if choosers and not self._chosen else None)

    async def leave(self, draft: Draft) -> Draft:
        """Store it, and keep it no longer."""
        if draft.password_chosen:
            return draft
        await self._place.call(self._place.desk.onboarding.choose_password, self._actor, draft.password or Secret(""))
        return replace(draft, password=None, password_chosen=True)

    def enter(self) -> None:
        """The fields may just have come."""
        self.call_after_refresh(forms.focus_first_empty, self)


class ContactStep(OwedStep):
    """Whether the desk knows the person by the right name and number."""

    heading = "Contact"
    DEFAULT_CSS = """
    ContactStep {
        .contact-known { height: auto; padding: 0 0 1 0; }
        .contact-hint { height: auto; padding: 1 0 0 0; color: $text-muted; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static("This is how the desk knows you.", classes="step-lead", markup=False)
        yield Static("", classes="contact-known", markup=False)
        yield Field("Cell number", id="cell", hint="Empty if you have none.", check=forms.optional(clean_phone))
        yield Static("", classes="contact-hint", markup=False)

    def applies(self, draft: Draft) -> bool:
        """For whoever came with a temporary password."""
        return draft.newcomer.owed.contact

    def show(self, draft: Draft) -> None:
        """Name and user name, which only the agency changes."""
        newcomer = draft.newcomer
        lines = (("Name", newcomer.name), ("User name", newcomer.user_name))
        known = Content("\n").join(
            Content.assemble((f"{label:<18}", "$foreground-muted"), Content(text)) for label, text in lines
        )
        self.query_one(".contact-known", Static).update(known)
        hint = who_corrects(newcomer.agency)
        self.query_one(".contact-hint", Static).update(Content(hint))
        field = self.query_one("#cell", Field)
        if not draft.cell and not field.value:
            field.value = newcomer.cell

    def collect(self, draft: Draft) -> Draft:
        """The number."""
        return replace(draft, cell=self.text("cell"))

    async def leave(self, draft: Draft) -> Draft:
        """Store it; whoever comes back and changes nothing stores nothing."""
        if draft.cell != draft.cell_stored:
            await self._place.call(self._place.desk.onboarding.confirm_contact, self._actor, draft.cell)
        return replace(draft, cell_stored=draft.cell)


class DoneStep(Step[Draft]):
    """What to remember from now on."""

    heading = "Done"
    DEFAULT_CSS = """
    DoneStep Static { height: auto; padding: 0 0 1 0; }
    """

    def compose(self) -> ComposeResult:
        yield Static("", classes="done-words", markup=False)

    def show(self, draft: Draft) -> None:
        """Company code, user name and the address to bookmark."""
        newcomer = draft.newcomer
        lines = (
            ("Company code", newcomer.agency.code),
            ("User name", newcomer.user_name),
            ("Sign in at", newcomer.agency.portal_address or AT_THE_DESK),
        )
        shown = Content.styled("✓ Your account is set up.\n\n", "bold $text-success")
        for label, text in lines:
            shown += Content.styled(f"{label:<18}", "$foreground-muted") + Content(f"{text}\n")
        shown += Content(f"\n{KEEP_THIS}")
        self.query_one(".done-words", Static).update(shown)
