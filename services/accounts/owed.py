"""What somebody still owes before the desk opens: worked out from what is stored, so that nobody can skip it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from models.identity import Credential, Identity
from models.states import CredentialKind
from services import agency_policy, temporary_credential
from services.credentials import factor
from services.temporary_credential import TemporaryState


@dataclass(frozen=True, slots=True)
class Owed:
    """The steps that are left.

    Attributes:
        terms: accept what a private account means.
        password: choose one in the place of a temporary one, or of one that the agency's rules have outgrown.
        contact: look at the contact details.
        questions: answer security questions.
        second_factor: set up an authenticator app.
        recovery_codes: keep the codes that stand in for a lost app.
    """

    terms: bool = False
    password: bool = False
    contact: bool = False
    questions: bool = False
    second_factor: bool = False
    recovery_codes: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, step.name) for step in fields(self))


def owed_by(identity: Identity) -> Owed:
    """What this account's owner owes now; call it inside `ctx.read()` or `ctx.unit()`."""
    kept = {row.kind: row for row in Credential.select().where(Credential.identity == identity.id)}
    password, row = kept.get(CredentialKind.PASSWORD), kept.get(CredentialKind.TEMPORARY)
    temporary = None if row is None else temporary_credential.temporary_of(row)
    rules = agency_policy.policy_of(identity.agency)
    app = factor.active(identity.id)
    # One that nobody has signed in with yet asks for nothing: its owner may remember the own password.
    begun = temporary is not None and temporary.state is not TemporaryState.LIVE
    return Owed(
        terms=begun and identity.terms_accepted_at is None,
        password=(temporary is not None and temporary.state is TemporaryState.USED)
        or (password is not None and password.expires_at is not None),
        second_factor=app is None and rules.needs_factor(identity.role),
        recovery_codes=app is not None and app.codes_kept_at is None,
        contact=begun,
        questions=rules.questions and identity.secured_at is None,
    )
