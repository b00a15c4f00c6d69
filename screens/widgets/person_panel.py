"""The person under the cursor: contact, why they cannot get in and the key that mends it, the mail, the last events."""

from __future__ import annotations

import textwrap
from datetime import datetime, timedelta
from math import ceil
from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from models.states import Access, AuditResult, IdentityState, MailPurpose, MailState
from screens.clients.words import ACTION_KEYS, DIM
from services.accounts.action_words import MEND_WORDS
from services.clients.rows import ACCESS_WORDS
from services.clients.values import Cause, HistoryEntry, MortgageView, PersonPanel, TrailEntry
from services.conventions import Conventions
from services.text import safe
from services.verification.words import standing_words
from services.when import show_moment, show_wait

_COUNTED = timedelta(hours=1)
"""How far ahead something may end that is counted down before one's eyes."""

_NARROWEST = 24
"""Cells below which lines are no longer broken with care."""

_STYLES = {
    Access.NO_ACCOUNT: DIM,
    Access.PENDING: "$text-warning",
    Access.ACTIVE: "$text-success",
    Access.UNDELIVERABLE: "$text-error",
    Access.DEACTIVATED: "$text-error",
}
_MAILS = {
    MailPurpose.WELCOME: "welcome",
    MailPurpose.RESET: "reset",
    MailPurpose.TEMPORARY: "temporary password",
    MailPurpose.PASSWORD_CHANGED: "password changed",
    MailPurpose.EMAIL_CHANGED_OLD: "address changed, told the old one",
    MailPurpose.EMAIL_CHANGED_NEW: "address changed, told the new one",
    MailPurpose.DEACTIVATED: "account deactivated",
    MailPurpose.REACTIVATED: "account reactivated",
    MailPurpose.CONFIRM_RESET: "confirm the reset",
    MailPurpose.SIGN_IN_CODE: "code to sign in",
    MailPurpose.CALLER_CODE: "code for a call",
    MailPurpose.KIOSK_CODE: "code for a kiosk",
    MailPurpose.NOTICE: "notice",
}
_TROUBLE = {MailState.DEFERRED: "$text-warning", MailState.FAILED: "$text-error", MailState.EXPIRED: "$text-error"}


class PersonView(VerticalScroll, can_focus=False):
    """Draws one person; says so when there is none."""

    DEFAULT_CSS = """
    PersonView {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        scrollbar-background: $background;
        scrollbar-color: $border;
        & > Static { height: auto; }
    }
    """

    way: ClassVar[str] = ""
    """What is pressed before the key of an action, where the key alone means something else."""

    def __init__(self, words: str = "") -> None:
        """`words` stand there until somebody is shown."""
        super().__init__()
        self._words = words
        self._shown: PersonPanel | None = None
        self._now: datetime | None = None
        self._read_at = 0.0
        self._ticking: Timer | None = None
        self._drawn_width = 0

    def compose(self) -> ComposeResult:
        yield Static(Content(self._words), classes="muted")

    @property
    def person(self) -> PersonPanel | None:
        """Who is shown."""
        return self._shown

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self.scrollable_content_region.width != self._drawn_width:
            self._draw()

    def show(self, person: PersonPanel, now: datetime) -> None:
        """Show somebody; the same facts again cost nothing."""
        if person == self._shown:
            return
        if self._shown is None or self._shown.person != person.person:
            self.scroll_home(animate=False)
        self._shown, self._now, self._read_at = person, now, monotonic()
        self._draw()
        self._tick()

    def show_words(self, words: str) -> None:
        """Show a sentence instead of a person; the same sentence again costs nothing."""
        if self._shown is None and words == self._words:
            return
        self._shown, self._words = None, words
        self._tick()
        self.query_one(Static).add_class("muted").update(Content(words))

    def pass_time(self, seconds: float) -> None:
        """The clock was put forward, as only that of a sandbox can be."""
        self._read_at -= seconds
        self._draw_again()

    def _tick(self) -> None:
        """Draw each second while something is counted down; without, nothing ticks."""
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
        now = self._present()
        if self._shown is None or now is None:
            return
        if any(cause.until is not None and now < cause.until < now + _COUNTED for cause in self._shown.causes):
            self._ticking = self.set_timer(1.0, self._draw_again)

    def _draw_again(self) -> None:
        self._draw()
        self._tick()

    def _present(self) -> datetime | None:
        """What the desk's clock says, which was read once."""
        return None if self._now is None else self._now + timedelta(seconds=monotonic() - self._read_at)

    def _draw(self) -> None:
        now = self._present()
        if self._shown is not None and now is not None:
            self._drawn_width = self.scrollable_content_region.width
            words = person_words(self._shown, now, self._drawn_width, self.way)
            self.query_one(Static).remove_class("muted").update(words)


def person_words(person: PersonPanel, now: datetime, width: int, way: str = "") -> Content:
    """Everything about a person as lines of at most `width` cells; `way` is pressed before the key of an action."""
    width = max(width, _NARROWEST)
    lines = [*_contact(person, width), *_access(person, now, width, way)]
    if person.mortgages:
        lines += _heading("Mortgages")
        lines += [line for mortgage in person.mortgages for line in _mortgage(mortgage, person.written, width)]
    if person.trail:
        lines += _heading("Mail")
        lines += [line for mail in person.trail for line in _mail(mail, person, now, width)]
    if person.events:
        lines += _heading("Last events")
        lines += [line for event in person.events for line in _event(event, now, width)]
    return Content("\n").join(lines)


def _heading(words: str) -> list[Content]:
    return [Content(), Content.styled(words, "bold $accent")]


def _wrapped(words: str, style: str, width: int, lead: Content | None = None) -> list[Content]:
    """The words in lines, those after the first indented so that they stand below it; `lead` begins the first."""
    lead = lead or Content()
    # Signs that are not shown would push the styles of what follows out of place.
    room = width - lead.cell_length
    lines = textwrap.wrap(_breakable(safe(words), room), room) or [""]
    indent = " " * lead.cell_length
    return [lead + Content.styled(lines[0], style), *(Content.styled(indent + line, style) for line in lines[1:])]


def _breakable(words: str, room: int) -> str:
    """The words, with a gap before the domain of each address that is longer than a line."""
    return " ".join(word if len(word) <= room else word.replace("@", " @", 1).strip() for word in words.split())


def _time(moment: datetime, now: datetime) -> Content:
    return Content.styled(f"{show_moment(moment, now)}  ", DIM)


def _contact(person: PersonPanel, width: int) -> list[Content]:
    *facts, last = person.record.contact
    return [
        *_wrapped(person.record.name, "bold", width),
        *_wrapped(person.record.email or "no e-mail address", "", width),
        *(line for fact in facts for line in _wrapped(fact, "", width)),
        *_wrapped(last, DIM, width),
    ]


def with_countdown(cause: Cause, now: datetime) -> str:
    """The words of a cause, with the time that is left of it."""
    left = 0 if cause.until is None else ceil((cause.until - now).total_seconds())
    return f"{cause.words} ({show_wait(left)})" if left > 0 else cause.words


def is_kept_out(person: PersonPanel) -> bool:
    """Whether something keeps out somebody whose account is active."""
    return person.access is Access.ACTIVE and person.causes[0].blocks


def first_sign(person: PersonPanel) -> str:
    """The sign before the gravest cause."""
    return "▲" if is_kept_out(person) else ACCESS_WORDS[person.access].split()[0]


def _access(person: PersonPanel, now: datetime, width: int, way: str) -> list[Content]:
    lines = _heading("Access")
    for number, cause in enumerate(person.causes):
        sign, style = ("▲", "$text-warning") if cause.blocks else ("·", DIM)
        if not number:
            sign, style = first_sign(person), style if is_kept_out(person) else _STYLES[person.access]
        lines += _wrapped(with_countdown(cause, now), style, width, Content.styled(f"{sign} ", style))
        if cause.mend is not None:
            key = Content.assemble((f" {way}{ACTION_KEYS[cause.mend]} ", "bold reverse"), " ")
            lines += _wrapped(MEND_WORDS[cause.mend], "", width, key)
    if person.caller.until is not None and person.caller.until > now:
        lines += _wrapped(
            standing_words(person.caller, now), "$text-success", width, Content.styled("✓ ", "$text-success")
        )
    if person.reset_allowed_at is not None and person.identity_state is not IdentityState.DEACTIVATED:
        lines.append(Content.styled(f"next mail from {show_moment(person.reset_allowed_at, now)}", DIM))
    return lines


def _mortgage(mortgage: MortgageView, written: Conventions, width: int) -> list[Content]:
    facts = [
        "" if mortgage.rate is None else written.rate(mortgage.rate),
        mortgage.lender,
        "" if mortgage.renewal_on is None else f"renews {written.short_day(mortgage.renewal_on)}",
    ]
    return _wrapped(" · ".join(fact for fact in facts if fact) or "no details", "", width)


def _mail(mail: TrailEntry, person: PersonPanel, now: datetime, width: int) -> list[Content]:
    words = f"{_MAILS[mail.purpose]}: {mail.outcome}"
    if mail.to_address.casefold() != person.record.email.casefold():
        words = f"{words} → {mail.to_address}"
    return _wrapped(words, _TROUBLE.get(mail.state, ""), width, _time(mail.at, now))


def _event(event: HistoryEntry, now: datetime, width: int) -> list[Content]:
    words, lead = f"{event.actor} {event.words}", _time(event.at, now)
    if event.result is AuditResult.DONE:
        return _wrapped(words, "", width, lead)
    return _wrapped(f"✗ {words}", "$text-error", width, lead)
