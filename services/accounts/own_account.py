"""What somebody signed in does with the own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.identity import Identity, Session
from models.states import MailPurpose, Role, TokenState
from services import audit, sessions
from services.accounts.identities import about, hold, policy_of, store_verifier, verifier_of
from services.accounts.present_password import PresentPassword, own, record
from services.actor import Actor
from services.agencies import AgencyView, view
from services.context import Context
from services.credentials import tokens
from services.credentials.passwords import Passwords, Secret
from services.credentials.policy import About, PasswordPolicy, describe, problem, same_as_last
from services.errors import Invalid, Refused
from services.mail import outbox
from services.ssh_keys.standing import told_with_password

_CHANGED = audit.Action.PASSWORD_CHANGED


@dataclass(frozen=True, slots=True)
class OwnHome:
    """What a person sees of the own account.

    Attributes:
        last_sign_in: when the session before this one began; None if this is the first.
        policy_words: the rules to stand above the password fields.
    """

    name: str
    user_name: str
    agency: AgencyView
    role: Role
    last_sign_in: datetime | None
    policy: PasswordPolicy
    policy_words: tuple[str, ...]
    about: About


class OwnAccount:
    """Shows the own account and changes its password."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)
        self._present = PresentPassword(ctx)

    def home(self, actor: Actor) -> OwnHome:
        """The account, its agency and what it asks of passwords. Raises SignedOut, or Refused at the command line."""
        with self._ctx.read():
            identity = self._own(actor)
            policy = policy_of(identity)
            return OwnHome(
                name=identity.name,
                user_name=identity.email,
                agency=view(self._ctx, identity.agency),
                role=identity.role,
                last_sign_in=_session_before(actor),
                policy=policy,
                policy_words=describe(policy),
                about=about(identity),
            )

    def why_no_desk(self, actor: Actor) -> str:
        """Why somebody who works for the agency may not use the desk on this surface; empty if they may."""
        with self._ctx.read():
            return sessions.why_no_desk(actor.agency_id, actor.origin)

    def change_password(self, actor: Actor, current: Secret, new: Secret) -> None:
        """Replace the password and end the other sessions.

        Raises Invalid for `current` or `new`, TooSoon after wrong tries, SignedOut, or Refused.
        """
        with audit.refusals_recorded(self._ctx, actor, _CHANGED, identity_id=actor.identity_id):
            with self._ctx.read():
                identity = self._own(actor)
                told = problem(policy_of(identity), new, about(identity))
            if told is not None:
                raise Invalid({"new": told})
            stored = self._present.check(actor, current, _CHANGED)
            if self._passwords.verify(new, stored).ok:
                raise Invalid({"new": same_as_last()})
            self._store(actor, stored, self._passwords.hash(new))

    def _own(self, actor: Actor) -> Identity:
        sessions.require(self._ctx, actor)
        return own(actor)

    def _store(self, actor: Actor, stored: str | None, verifier: str) -> None:
        """Raises Refused if somebody else changed the password while this one was worked out."""
        with self._ctx.unit():
            identity = hold(self._ctx, actor.identity_id or 0)
            sessions.require(self._ctx, actor)
            if identity is None or verifier_of(identity.id) != stored:
                raise Refused("Your password was changed elsewhere in the meantime. Sign in with the new one.")
            store_verifier(self._ctx, identity.id, verifier)
            sessions.end_sessions(self._ctx, identity.id, "the password was changed", keep=actor.session_id)
            tokens.end_live(self._ctx, identity.id, TokenState.REVOKED)
            told = told_with_password(identity.id)
            outbox.enqueue(self._ctx, identity, MailPurpose.PASSWORD_CHANGED, by=identity.name, details=told)
            record(self._ctx, actor, _CHANGED)


def _session_before(actor: Actor) -> datetime | None:
    """When the newest session that began before this one did."""
    row = (
        Session.select(Session.created_at)
        .where((Session.identity == actor.identity_id) & (Session.id < actor.session_id) & Session.awaits.is_null())
        .order_by(Session.id.desc())
        .first()
    )
    found: datetime | None = row.created_at if row else None
    return found
