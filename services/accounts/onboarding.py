"""What somebody does who has signed in for the first time, step by step; each step is stored when it is finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.identity import Identity
from models.staff import StaffMember
from models.states import MailPurpose, TokenState
from services import audit, sessions, temporary_credential, throttle
from services.accounts import access
from services.accounts.identities import about, client_id_of, hold, policy_of, sign_in_key, store_verifier, verifier_of
from services.accounts.owed import Owed, owed_by
from services.actor import Actor
from services.agencies import AgencyView, view
from services.agency_policy import conventions_of
from services.clients.fields import search_text
from services.context import Context
from services.credentials import answers as stored_answers
from services.credentials import questions, tokens
from services.credentials.passwords import Passwords, Secret
from services.credentials.policy import About, PasswordPolicy, problem, same_as_last
from services.credentials.questions import Answered
from services.errors import Invalid, Refused
from services.mail import outbox
from services.rules import Problem, clean_phone
from services.ssh_keys.standing import told_with_password
from services.temporary_credential import TemporaryState

__all__ = ["Newcomer", "Onboarding", "Owed"]

_TEMPORARY_AGAIN = "This is the temporary password, which works once. Choose one of your own."
_CHOSEN = "Your password has been chosen already. Go on with the next step."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the steps show.

    Attributes:
        cell: as people write it; empty if none is known.
        replaces: whether there is a password of one's own already, which stays until another one is chosen.
        temporary: whether it is a temporary password that must be replaced; else the agency's rules ask for another.
    """

    owed: Owed
    name: str
    user_name: str
    cell: str
    agency: AgencyView
    policy: PasswordPolicy
    about: About
    replaces: bool
    temporary: bool = True


class Onboarding:
    """Everything here serves a limited session, and nothing else does."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def owed(self, actor: Actor) -> Owed:
        """The steps that are left now. Raises SignedOut, or Refused for somebody without an account of their own."""
        with self._ctx.read():
            return owed_by(self._own(actor))

    def begin(self, actor: Actor) -> Newcomer:
        """The steps that are left, with what they show. Raises as `owed` does."""
        with self._ctx.read():
            identity = self._own(actor)
            return Newcomer(
                owed=owed_by(identity),
                name=identity.name,
                user_name=identity.email,
                cell=conventions_of(identity.agency_id).phone(identity.cell or _staff_cell(identity)),
                agency=view(self._ctx, identity.agency),
                policy=policy_of(identity),
                about=about(identity),
                replaces=verifier_of(identity.id) is not None,
                temporary=_has_used_temporary(identity),
            )

    def accept_terms(self, actor: Actor) -> None:
        """Write down that the person has accepted what a private account means; the first time counts."""
        with self._ctx.unit():
            identity = self._held(actor)
            if identity.terms_accepted_at is None:
                Identity.update(terms_accepted_at=self._ctx.clock.now()).where(Identity.id == identity.id).execute()
                self._record(actor, identity, audit.Action.TERMS_ACCEPTED)

    def choose_password(self, actor: Actor, new: Secret) -> None:
        """Put a password in the place of the temporary one or of one that must go, and end the other sessions.

        Raises Invalid for `password`, SignedOut, or Refused where none is to be replaced.
        """
        with audit.refusals_recorded(self._ctx, actor, audit.Action.PASSWORD_CHOSEN, identity_id=actor.identity_id):
            with self._ctx.read():
                identity = self._own(actor)
                told = problem(policy_of(identity), new, about(identity))
                temporary = temporary_credential.kept_for(identity.id)
                stored = verifier_of(identity.id)
            if temporary is not None and temporary.matches(self._ctx, new):
                told = _TEMPORARY_AGAIN
            if told is None and stored is not None and self._passwords.verify(new, stored).ok:
                told = same_as_last()
            if told is not None:
                raise Invalid({"password": told})
            verifier = self._passwords.hash(new)
            with self._ctx.unit():
                self._replace(actor, verifier, stored)

    def confirm_contact(self, actor: Actor, cell: str) -> None:
        """Store the cell number, which may be empty. Raises Invalid for `cell`, or SignedOut."""
        try:
            number = clean_phone(cell)
        except Problem as refusal:
            raise Invalid({"cell": refusal.sentence}) from refusal
        with self._ctx.unit():
            identity = self._held(actor)
            self._follow_cell(identity, number)
            Identity.update(cell=number).where(Identity.id == identity.id).execute()
            temporary_credential.settle(identity.id)
            self._record(actor, identity, audit.Action.CONTACT_CONFIRMED)

    def set_questions(self, actor: Actor, answers: Sequence[Answered]) -> None:
        """Store three questions with hashes of their answers, in the place of earlier ones.

        Raises Invalid for `answer1`, `answer2` or `answer3`, or SignedOut.
        """
        told = questions.problems(answers)
        if told:
            raise Invalid(told)
        with self._ctx.read():
            self._own(actor)
        hashed = {answered.question: questions.hash_answer(self._passwords, answered) for answered in answers}
        with self._ctx.unit():
            identity = self._held(actor)
            stored_answers.store(self._ctx, identity.id, hashed)
            self._record(actor, identity, audit.Action.QUESTIONS_SET)

    def finish(self, actor: Actor) -> Actor:
        """Open the desk to the session. Raises Refused while something is owed, or SignedOut."""
        with self._ctx.unit():
            if owed_by(self._held(actor)):
                raise Refused("Some steps are still open. Sign out, sign in again, and follow them to the end.")
            return sessions.lift(actor)

    def _own(self, actor: Actor) -> Identity:
        sessions.require(self._ctx, actor, limited=True)
        return _there(Identity.get_or_none(Identity.id == actor.identity_id))

    def _held(self, actor: Actor) -> Identity:
        identity = hold(self._ctx, actor.identity_id or 0)
        sessions.require(self._ctx, actor, limited=True)
        return _there(identity)

    def _replace(self, actor: Actor, verifier: str, stored: str | None) -> None:
        identity = self._held(actor)
        if not owed_by(identity).password or verifier_of(identity.id) != stored:
            raise Refused(_CHOSEN)
        temporary = _has_used_temporary(identity)
        # It also turns the temporary password into one that has been replaced.
        tokens.end_live(self._ctx, identity.id, TokenState.REVOKED)
        store_verifier(self._ctx, identity.id, verifier)
        sessions.end_sessions(self._ctx, identity.id, "the password was changed", keep=actor.session_id)
        if stored is not None:
            told = told_with_password(identity.id)
            outbox.enqueue(self._ctx, identity, MailPurpose.PASSWORD_CHANGED, by=identity.name, details=told)
        throttle.forgive(sign_in_key(self._ctx, identity.agency.code, identity.email))
        access.refresh(identity.id)
        purpose = "temporary" if temporary else "rules"
        self._record(actor, identity, audit.Action.PASSWORD_CHOSEN, purpose=purpose)

    def _follow_cell(self, identity: Identity, number: str) -> None:
        """Let the list of office staff have the same number; clients have a phone of their own there."""
        member = StaffMember.get_or_none(StaffMember.identity == identity.id)
        if member is None or member.cell == number:
            return
        StaffMember.update(
            cell=number,
            search=search_text(member.first_name, member.last_name, member.email, number),
            changed_at=self._ctx.clock.now(),
            changed_by=identity.name,
            version=StaffMember.version + 1,
        ).where(StaffMember.id == member.id).execute()

    def _record(self, actor: Actor, identity: Identity, action: audit.Action, **details: Any) -> None:
        audit.record(
            self._ctx,
            actor,
            action,
            client_id=client_id_of(identity.id),
            identity_id=identity.id,
            subject=identity.name,
            details=details,
        )


def _there(identity: Identity | None) -> Identity:
    if identity is None:
        raise Refused("There is no account of your own here. Sign in at the desk for that.")
    return identity


def _has_used_temporary(identity: Identity) -> bool:
    temporary = temporary_credential.kept_for(identity.id)
    return temporary is not None and temporary.state is TemporaryState.USED


def _staff_cell(identity: Identity) -> str:
    row = StaffMember.select(StaffMember.cell).where(StaffMember.identity == identity.id).first()
    return "" if row is None else str(row.cell)
