"""What screens are handed of a mailed link or code: what it is for, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from models.identity import Identity
from models.states import IdentityState, TokenPurpose
from services.accounts.identities import about, policy_of
from services.credentials.policy import About, PasswordPolicy, describe
from services.credentials.presented import Presented, TokenAnswer
from services.mail.render import masked
from services.reset_hurdles import Hurdles, hurdles_of
from services.text import safe


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A change of address that can be undone.

    Attributes:
        old: where the mail went; new_hidden: as its owner recognises it, and a stranger does not.
        by: who changed it.
    """

    old: str
    new_hidden: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenedToken:
    """What is shown to somebody who holds a link or a code.

    Attributes:
        state: whether it still helps; if not, `why_not` says so and what to do.
        user_name: the address to which the link or code was sent.
        policy_words: the rules to stand above the fields.
        ended_at: when it ceased to help; None while it does.
        hurdles: what is asked besides it.
        change: what it undoes, if that is what it is for and it still can.
    """

    purpose: TokenPurpose
    state: TokenAnswer
    why_not: str
    name: str
    user_name: str
    agency_name: str
    company_code: str
    policy_words: tuple[str, ...]
    policy: PasswordPolicy
    about: About
    ended_at: datetime | None
    hurdles: Hurdles = field(default_factory=Hurdles)
    change: AddressChange | None = None

    @property
    def renewable(self) -> bool:
        """Whether a fresh mail can take the place of one that no longer helps."""
        return self.purpose is not TokenPurpose.UNDO_EMAIL


@dataclass(frozen=True, slots=True)
class PasswordChosen:
    """What the sign-in form is filled in with.

    Attributes:
        questions: whether security questions are asked for at the next sign-in.
    """

    company_code: str
    user_name: str
    agency_name: str
    purpose: TokenPurpose
    questions: bool = False


@dataclass(frozen=True, slots=True)
class ResetConfirmed:
    """The same once a temporary password is on its way to `user_name`."""

    company_code: str
    user_name: str
    agency_name: str


@dataclass(frozen=True, slots=True)
class ChangeUndone:
    """The same once `user_name` is the account's address again."""

    company_code: str
    user_name: str
    agency_name: str


OPENS = {IdentityState.PENDING: TokenPurpose.ACTIVATE, IdentityState.ACTIVE: TokenPurpose.RESET}
"""What a person in this state needs to get in."""


def opened(held: Presented, identity: Identity) -> OpenedToken:
    """What a link or a code is for; call it inside `ctx.read()` or `ctx.unit()`.

    An old one, perhaps at a stranger's address, tells no more than its mail did.
    """
    policy = policy_of(identity)
    live = held.answer is TokenAnswer.LIVE
    undoes = held.purpose is TokenPurpose.UNDO_EMAIL
    return OpenedToken(
        purpose=held.purpose,
        state=held.answer,
        why_not=held.why_not,
        name=identity.name if live and not undoes else held.name,
        user_name=held.sent_to,
        agency_name=identity.agency.name,
        company_code=identity.agency.code,
        policy_words=describe(policy),
        policy=policy,
        about=about(identity) if live and held.purpose in OPENS.values() else About(),
        ended_at=held.ended_at,
        hurdles=hurdles_of(held, identity),
        change=_change(held) if live and undoes else None,
    )


def _change(held: Presented) -> AddressChange:
    told = json.loads(held.details)
    return AddressChange(held.sent_to, masked(told["new"]), safe(held.caused_by), held.caused_at)
