"""What somebody still owes before the desk opens: worked out from what is stored, so that nobody can skip it."""

from __future__ import annotations

from dataclasses import dataclass

from models.identity import Identity
from services import agency_policy, temporary_credential
from services.temporary_credential import TemporaryState


@dataclass(frozen=True, slots=True)
class Owed:
    """The steps that are left, in their order.

    Attributes:
        terms: accept what a private account means.
        password: choose one in the place of the temporary one.
        contact: look at the contact details.
        questions: answer security questions.
    """

    terms: bool = False
    password: bool = False
    contact: bool = False
    questions: bool = False

    def __bool__(self) -> bool:
        return self.terms or self.password or self.contact or self.questions


def owed_by(identity: Identity) -> Owed:
    """What this account's owner owes now; call it inside `ctx.read()` or `ctx.unit()`."""
    temporary = temporary_credential.kept_for(identity.id)
    # One that nobody has signed in with yet asks for nothing: its owner may remember the own password.
    begun = temporary is not None and temporary.state is not TemporaryState.LIVE
    return Owed(
        terms=begun and identity.terms_accepted_at is None,
        password=temporary is not None and temporary.state is TemporaryState.USED,
        contact=begun,
        questions=agency_policy.policy_of(identity.agency).questions and identity.secured_at is None,
    )
