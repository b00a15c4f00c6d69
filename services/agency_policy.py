"""What an agency asks of its people: a profile's numbers, and where the agency chose others."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from models.agency import Agency
from models.states import Role
from services.conventions import CONVENTIONS, ENGLISH, Conventions, Writing
from services.credentials.policy import PasswordPolicy, Profile


class FactorRule(StrEnum):
    """Who must have a second factor; everybody else may."""

    NOBODY = "nobody"
    RIGHTS = "rights"
    STAFF = "staff"
    EVERYBODY = "everybody"


_WITH_RIGHTS = frozenset((Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR))


@dataclass(frozen=True, slots=True)
class AgencyPolicy:
    """The rules of one agency.

    Attributes:
        minimum: fewest signs of a password that is the only proof.
        minimum_with_factor: fewest signs beside a second factor.
        factor: who must have a second factor.
        questions: whether everybody answers security questions.
        reset_mails: 2 when "forgot password" confirms by a first mail and sends a temporary password by a second one;
            1 when the first mail lets choose a password at once.
        idle_minutes: how long the desk may stand untouched before it locks.
        second_person: whether the dangerous few actions need the yes of a colleague.
        verify_callers: whether a caller is verified before any mail that opens an account is sent. Changing the
            address of an active account and clearing a second factor always ask for it.
        staff_portal: whether staff may use the desk in the browser; without it they look after their own account there.
        writing: how amounts, rates, days and phone numbers are written.
    """

    profile: Profile
    minimum: int
    minimum_with_factor: int
    factor: FactorRule
    questions: bool
    reset_mails: int
    idle_minutes: int
    second_person: bool
    verify_callers: bool
    staff_portal: bool
    writing: Writing

    @property
    def idle(self) -> timedelta:
        """The same as `idle_minutes`."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def conventions(self) -> Conventions:
        """The formats that `writing` names."""
        return CONVENTIONS[self.writing]

    def needs_factor(self, role: Role) -> bool:
        """Whether somebody with this role must have a second factor."""
        return {
            FactorRule.NOBODY: False,
            FactorRule.RIGHTS: role in _WITH_RIGHTS,
            FactorRule.STAFF: role is not Role.CLIENT,
            FactorRule.EVERYBODY: True,
        }[self.factor]

    def password(self, *, second_factor: bool) -> PasswordPolicy:
        """What is asked of the password of somebody who has a second factor, or has none."""
        return PasswordPolicy(self.profile, self.minimum_with_factor if second_factor else self.minimum)


# Minutes, signs and mails of DESIGN, section 6; OWASP ASVS 5.0 and NIST SP 800-63B-4 ask for those of `strict`.
PROFILES = {
    Profile.STANDARD: AgencyPolicy(
        profile=Profile.STANDARD,
        minimum=12,
        minimum_with_factor=8,
        factor=FactorRule.RIGHTS,
        questions=True,
        reset_mails=2,
        idle_minutes=15,
        second_person=False,
        verify_callers=False,
        staff_portal=False,
        writing=Writing.ENGLISH,
    ),
    Profile.STRICT: AgencyPolicy(
        profile=Profile.STRICT,
        minimum=15,
        minimum_with_factor=10,
        factor=FactorRule.STAFF,
        questions=False,
        reset_mails=1,
        idle_minutes=10,
        second_person=True,
        verify_callers=True,
        staff_portal=False,
        writing=Writing.ENGLISH,
    ),
}

LIMITS = {"minimum": (8, 64), "minimum_with_factor": (8, 64), "reset_mails": (1, 2), "idle_minutes": (1, 60)}
"""The smallest and the largest value of each number that an agency may choose."""

_ADJUSTABLE = tuple(field.name for field in fields(AgencyPolicy) if field.name != "profile")


def policy_of(agency: Agency) -> AgencyPolicy:
    """The rules that hold for an agency now."""
    return read(agency.profile, agency.adjustments)


def conventions_of(agency_id: int) -> Conventions:
    """How an agency writes amounts, days and numbers; call it inside `ctx.read()` or `ctx.unit()`."""
    agency = Agency.get_or_none(Agency.id == agency_id)
    return ENGLISH if agency is None else policy_of(agency).conventions


def profile_for(policy: AgencyPolicy, profile: Profile) -> AgencyPolicy:
    """A profile's numbers for an agency that has other rules: how it writes is no matter of the profile."""
    return replace(PROFILES[profile], writing=policy.writing)


def read(profile: str, adjustments: str) -> AgencyPolicy:
    """A profile with adjustments as the database keeps them."""
    base = PROFILES[Profile(profile)]
    told: dict[str, Any] = json.loads(adjustments)
    if "factor" in told:
        told["factor"] = FactorRule(told["factor"])
    if "writing" in told:
        told["writing"] = Writing(told["writing"])
    return replace(base, **told)


def adjustments_of(policy: AgencyPolicy) -> str:
    """Where a policy differs from its profile, as the database keeps it."""
    base, mine = asdict(PROFILES[policy.profile]), asdict(policy)
    return json.dumps({name: mine[name] for name in _ADJUSTABLE if mine[name] != base[name]}, sort_keys=True)


NEW_PASSWORD = PROFILES[Profile.STANDARD].password(second_factor=False)
"""What is asked of the first administrator, before there is an agency to choose."""
