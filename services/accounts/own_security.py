"""Everything about the safety of one's own account, as its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from models.audit import AuditEntry
from models.identity import Credential, Identity
from models.security import SecondFactor
from models.states import CredentialKind, FactorState
from services import agency_policy, rights, sessions
from services.accounts.present_password import own
from services.actor import Actor
from services.clients.values import HistoryEntry
from services.context import Context
from services.credentials import answers, recovery_codes
from services.history_words import entry_of
from services.open_sessions import OpenSession, open_of
from services.rights import Right
from services.ssh_keys.standing import count_live
from services.text import safe

EVENTS_PAGE = 200
"""Events that `events` gives at once."""

_NEWEST = 5


@dataclass(frozen=True, slots=True)
class OwnSecurity:
    """The account's owner, what protects it, where it is open, and what happened lately.

    Attributes:
        password_since: when the password was chosen; None without one.
        questions_asked: whether the agency asks security questions.
        questions_answered: how many of them are answered.
        questions_since: when they were answered.
        factor_since: when the second factor was set up; None without one.
        factor_required: whether the agency asks for one.
        recovery_left: recovery codes that still open something.
        ssh_keys: how many SSH keys stand for the password.
        may_set_rules: whether the rules of the agency are this person's to change.
    """

    name: str
    user_name: str
    agency: str
    password_since: datetime | None
    questions_asked: bool
    questions_answered: int
    questions_since: datetime | None
    factor_since: datetime | None
    factor_required: bool
    recovery_left: int
    sessions: tuple[OpenSession, ...]
    events: tuple[HistoryEntry, ...]
    ssh_keys: int
    may_set_rules: bool


class OwnSecurityView:
    """Reads only; what can be done is in `OwnAccount`, `OwnQuestions`, `OwnSessions` and `SecondFactors`."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def overview(self, actor: Actor) -> OwnSecurity:
        """All of it. Raises SignedOut, Locked, or Refused for somebody without an account of their own."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            identity = own(actor)
            policy = agency_policy.policy_of(identity.agency)
            answered = answers.asked(identity.id)
            return OwnSecurity(
                name=safe(identity.name),
                user_name=safe(identity.email),
                agency=safe(identity.agency.name),
                password_since=_password_since(identity),
                questions_asked=policy.questions,
                questions_answered=len(answered),
                questions_since=identity.secured_at if answered else None,
                factor_since=_factor_since(identity),
                factor_required=policy.needs_factor(identity.role),
                recovery_left=recovery_codes.left(identity.id),
                sessions=open_of(self._ctx, actor),
                events=_events(identity, None, _NEWEST),
                ssh_keys=count_live(identity.id),
                may_set_rules=rights.has(actor.role, Right.RULES),
            )

    def events(self, actor: Actor, before_id: int | None = None) -> tuple[HistoryEntry, ...]:
        """The newest events of the account, 200 at once, older than `before_id` if that is given. Raises as above."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            return _events(own(actor), before_id, EVENTS_PAGE)


def _password_since(identity: Identity) -> datetime | None:
    row = Credential.get_or_none((Credential.identity == identity) & (Credential.kind == CredentialKind.PASSWORD))
    moment: datetime | None = row.created_at if row else None
    return moment


def _factor_since(identity: Identity) -> datetime | None:
    row = SecondFactor.get_or_none((SecondFactor.identity == identity) & (SecondFactor.state == FactorState.ACTIVE))
    moment: datetime | None = (row.confirmed_at or row.created_at) if row else None
    return moment


def _events(identity: Identity, before_id: int | None, count: int) -> tuple[HistoryEntry, ...]:
    about = AuditEntry.identity_id == identity.id
    # Somebody of another agency who tried this account's number is nobody's business here.
    about &= AuditEntry.agency_id.is_null() | (AuditEntry.agency_id == identity.agency_id)
    if before_id is not None:
        about &= AuditEntry.id < before_id
    rows = AuditEntry.select().where(about).order_by(AuditEntry.id.desc()).limit(count)
    return tuple(_told(identity, row) for row in rows)


def _told(identity: Identity, row: AuditEntry) -> HistoryEntry:
    """What staff wrote for each other, and where they sat, is not for the owner of the account."""
    entry = entry_of(row)
    if row.actor_id is None or row.actor_id == identity.id:
        return entry
    return replace(entry, place="", reason="", transcript=())
