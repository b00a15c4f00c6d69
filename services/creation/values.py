"""What is said of an account before and after it is created: frozen values, no rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.states import IdentityState, MailState, Role, RunRowState, RunState
from services.person_key import PersonKey


class ObstacleKind(StrEnum):
    """What can stand between a person and an account, in the order in which it is told."""

    GONE = "gone"
    HAS_ACCOUNT = "has-account"
    INACTIVE = "inactive"
    ROLE = "role"
    OFFICE = "office"
    NO_EMAIL = "no-email"
    TAKEN = "taken"
    SHARED = "shared"
    OLD_CLASH = "old-clash"
    OLD_NAME = "old-name"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing to know, with what to do about it."""

    kind: ObstacleKind
    sentence: str


@dataclass(frozen=True, slots=True)
class OldAccount:
    """An account of the old system that is the person's by its e-mail address."""

    id: int
    user_name: str
    office: str

    @property
    def words(self) -> str:
        """As a sentence names it: "fjones (Ray Staging)"."""
        return f"{self.user_name} ({self.office})"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person as they stand now, looked at with the eyes of somebody who wants to create an account.

    Attributes:
        version: of the row, which a plan must name.
        email: as stored; empty without one.
        role: the account's, for a staff member as the list has it.
        office_id: where a staff member works.
        account: the state of the account that they have already.
        old_accounts: those that would be migrated.
        obstacles: everything to know, the gravest first.
    """

    person: PersonKey
    version: int
    name: str
    email: str
    role: Role
    office_id: int | None
    account: IdentityState | None
    old_accounts: tuple[OldAccount, ...]
    obstacles: tuple[Obstacle, ...]

    def kept_back(self, by: frozenset[ObstacleKind]) -> tuple[Obstacle, ...]:
        """The obstacles that are of these kinds."""
        return tuple(obstacle for obstacle in self.obstacles if obstacle.kind in by)


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """An office that can be given."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CreationPlan:
    """What shall be created, as the wizard's draft holds it.

    Attributes:
        user_name: as typed; it must be the e-mail address.
        email: as typed; another one than the stored one corrects it in the list.
        offices: whose people the account sees; empty for the whole agency.
        migrate: whether the old accounts end with it.
    """

    person: PersonKey
    version: int
    user_name: str
    email: str
    role: Role
    offices: tuple[int, ...] = ()
    migrate: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything the wizard begins with.

    Attributes:
        plan: what would be created if nobody changed anything.
        offices: those that the actor may give; whole_agency: whether that may be given too.
        roles: those that the actor may give.
    """

    candidate: Candidate
    plan: CreationPlan
    company_code: str
    offices: tuple[OfficeChoice, ...]
    whole_agency: bool
    roles: tuple[Role, ...]

    def offices_shown(self, plan: CreationPlan) -> str:
        """The offices of a plan in words."""
        names = [office.name for office in self.offices if office.id in plan.offices]
        return ", ".join(names) if plan.offices else "The whole agency"


@dataclass(frozen=True, slots=True)
class CreationReview:
    """What will happen, before it does.

    Attributes:
        sentences: one for each thing that will happen.
        subject: of the mail; text: the mail as it will look, with signs in the place of its secrets.
    """

    sentences: tuple[str, ...]
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class CreationResult:
    """The account that now stands, and the mail that opens it."""

    name: str
    email: str
    identity_id: int
    message_id: int
    migrated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailStanding:
    """Where the mail is.

    Attributes:
        words: for the screen: "queued", "sent 10:42, works until 10:42".
        settled: whether it will stay so.
    """

    state: MailState
    words: str
    settled: bool


@dataclass(frozen=True, slots=True)
class PreflightRow:
    """One person of a list.

    Attributes:
        problems: why no account is created; empty if one will be.
        notes: what else to know.
    """

    person: PersonKey
    name: str
    email: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preflight:
    """Every problem of a list, found before anything is created."""

    rows: tuple[PreflightRow, ...]

    @property
    def ready(self) -> int:
        """How many accounts will be created."""
        return sum(not row.problems for row in self.rows)


@dataclass(frozen=True, slots=True)
class RunView:
    """How far a creation of many accounts is.

    Attributes:
        by: who began it.
        waiting: people whose turn has not come.
    """

    id: int
    by: str
    state: RunState
    started_at: datetime
    created: int
    refused: int
    waiting: int

    @property
    def total(self) -> int:
        """All people of the run."""
        return self.created + self.refused + self.waiting


@dataclass(frozen=True, slots=True)
class RunRow:
    """What became of one person of a run."""

    id: int
    name: str
    email: str
    state: RunRowState
    reason: str
