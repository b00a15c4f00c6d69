"""What the desk says about clients, and about people of either kind: frozen values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from models.states import Access, AuditResult, IdentityState, MailPurpose, MailState, Surface
from services.accounts.cause_kinds import CauseKind
from services.conventions import ENGLISH, Conventions
from services.person_key import PersonKey
from services.staff.values import StaffRecord
from services.text import counted
from services.verification.values import Level, Standing

Record = TypeVar("Record")


class SortColumn(StrEnum):
    """The columns of the client table by which it sorts."""

    NAME = "name"
    ANNIVERSARY = "anniversary"
    RENEWAL = "renewal"
    RATE = "rate"
    BIRTHDAY = "birthday"
    SUBSCRIPTION = "subscription"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class ClientQuery:
    """What the table shows: words, filters and an order.

    Attributes:
        words: what was typed; every word must begin a word of name, e-mail or phone.
        subscribed: only those, only the others, or None for all.
        access: only this state, or None for all.
        sort: the column; ties are broken by name or by age of the row.
        descending: largest first; blanks stand last either way.
    """

    words: str = ""
    subscribed: bool | None = None
    access: Access | None = None
    sort: SortColumn = SortColumn.NAME
    descending: bool = False


@dataclass(frozen=True, slots=True)
class MortgageView:
    """A loan on one of a client's properties."""

    address: str
    lender: str
    balance: Decimal | None
    rate: Decimal | None
    renewal_on: date | None


@dataclass(frozen=True, slots=True)
class ClientFields:
    """The fields of the edit form, cleaned or as typed.

    Attributes:
        phone: E.164 or empty when cleaned; any spelling when typed.
        date_of_birth: ISO or empty.
    """

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    date_of_birth: str = ""
    subscribed: bool = True


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A client as stored, with the version that a change must name."""

    id: int
    version: int
    fields: ClientFields
    phone_shown: str
    changed_at: datetime
    changed_by: str

    @property
    def name(self) -> str:
        """First and last name as the table shows them."""
        return f"{self.fields.first_name} {self.fields.last_name}".strip()

    @property
    def email(self) -> str:
        """Where mail goes."""
        return self.fields.email

    @property
    def contact(self) -> tuple[str, ...]:
        """What else is to be known of the person, line by line."""
        fields = self.fields
        facts = (self.phone_shown, f"born {fields.date_of_birth}" if fields.date_of_birth else "")
        told = " · ".join(fact for fact in facts if fact)
        subscription = f"Subscription {'enabled' if fields.subscribed else 'disabled'}"
        return (told, subscription) if told else (subscription,)


@dataclass(frozen=True, slots=True)
class EmailChangeEffects:
    """What follows from a changed e-mail address, told before it is saved.

    Attributes:
        old: the address as it stands; new: as it would stand.
        user_name_changes: whether there is an account whose user name follows.
        live_links: how many unused links and codes, sent to the old address, die.
        open_sessions: how many sessions end.
        waiting_mails: how many mails still queued for the old address are taken back.
        undoable: whether the old address can undo the change for three days.
    """

    old: str
    new: str
    user_name_changes: bool
    live_links: int
    open_sessions: int
    waiting_mails: int
    undoable: bool = False

    def sentences(self) -> tuple[str, ...]:
        """One line for each thing that will happen."""
        if not self.user_name_changes:
            return ("There is no account yet: only the address in the list changes.",)
        lines = [f"The user name becomes {self.new}.", f"{self.old} no longer signs in."]
        if self.live_links:
            lines.append(
                f"{counted(self.live_links, 'link or code', 'links and codes')} sent to {self.old} will stop working."
            )
        if self.waiting_mails:
            lines.append(
                f"{counted(self.waiting_mails, 'mail', 'mails')} still waiting to go to {self.old} will not be sent."
            )
        if self.open_sessions:
            lines.append(f"{counted(self.open_sessions, 'open session ends', 'open sessions end')} at once.")
        lines.append("Both addresses get a notice of the change.")
        if self.undoable:
            lines.append(f"Whoever reads the mail of {self.old} can undo it for 72 hours.")
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class Saved(Generic[Record]):
    """The outcome of a save.

    Attributes:
        email_changed: whether the form must say that the e-mail address has been changed.
    """

    record: Record
    email_changed: bool


class PersonAction(StrEnum):
    """What can be done with a client or a staff member from the Actions menu, in its order."""

    PROPERTIES = "properties"
    ANALYTICS = "analytics"
    EDIT = "edit"
    IDENTITY = "identity"
    WELCOME = "welcome"
    RESET = "reset"
    RESEND_WELCOME = "resend-welcome"
    TEMPORARY = "temporary"
    RESET_ADDRESS = "reset-address"
    CLEAR_FACTOR = "clear-factor"
    SSH_KEYS = "ssh-keys"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"
    VERIFY = "verify"
    WHY = "why"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why somebody cannot get in, or what else there is to know of it.

    Attributes:
        words: what is the matter, with its times.
        mend: the action that mends it, if one does.
        until: when it ends by itself, for what may be counted down.
        blocks: whether it keeps the person out by itself.
    """

    kind: CauseKind
    words: str
    mend: PersonAction | None = None
    until: datetime | None = None
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class ActionOffer:
    """One line of the Actions menu.

    Attributes:
        allowed: whether it can be done now.
        reason: why not, with what to do instead; empty when allowed.
        allowed_at: when the wait ends, for what is only too soon.
        lacks: how surely the caller must be known first; the lowest level where nothing is lacking.
    """

    action: PersonAction
    allowed: bool
    reason: str = ""
    allowed_at: datetime | None = None
    lacks: Level = Level.LOOK


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One mail to a person and what became of it.

    Attributes:
        state: where the message is.
        outcome: the words for the screen: "queued", "sent 10:42, used 10:50", "deferred, next try 10:47: 450 busy".
    """

    message_id: int
    at: datetime
    purpose: MailPurpose
    to_address: str
    state: MailState
    outcome: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event of a person's history.

    Attributes:
        id: the entry's number; later entries have larger ones.
        words: what happened, as a sentence without its subject: "sent a reset", "tried to sign in: wrong password".
        transcript: what was said, where it was a conversation.
    """

    id: int
    at: datetime
    actor: str
    surface: Surface
    place: str
    action: str
    words: str
    result: AuditResult
    reason: str
    transcript: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """Everything that stands beside the table for the person under the cursor.

    Attributes:
        person: who it is.
        causes: why they cannot get in, the gravest first; never empty.
        caller: what has been shown of a caller to whoever looks.
        reset_allowed_at: when the next reset mail may go, None for now.
        written: how amounts, rates and days are written.
    """

    person: PersonKey
    record: ClientRecord | StaffRecord
    access: Access
    causes: tuple[Cause, ...]
    caller: Standing
    identity_state: IdentityState | None
    mortgages: tuple[MortgageView, ...]
    trail: tuple[TrailEntry, ...]
    events: tuple[HistoryEntry, ...]
    reset_allowed_at: datetime | None
    written: Conventions = ENGLISH
