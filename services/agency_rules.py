"""Changing the rules of the agency: by administrators, with what follows told before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from models.agency import Agency
from models.audit import AuditEntry
from models.identity import Identity
from models.security import SecondFactor
from models.states import AuditResult, FactorState, IdentityState, Role
from services import audit, sessions
from services.actor import Actor
from services.agency_policy import LIMITS, PROFILES, AgencyPolicy, FactorRule, adjustments_of, policy_of, profile_for
from services.context import Context
from services.conventions import Writing
from services.credentials.policy import Profile
from services.errors import Conflict, Invalid, NotFound
from services.rights import Right
from services.rules import Problem
from services.text import safe

_CHANGED = audit.Action.RULES_CHANGED

FACTOR_WORDS: Mapping[FactorRule, str] = {
    FactorRule.NOBODY: "nobody",
    FactorRule.RIGHTS: "staff with rights over others",
    FactorRule.STAFF: "all office staff",
    FactorRule.EVERYBODY: "everybody, clients too",
}
"""Who must have a second factor, in words."""

WRITING_WORDS: Mapping[Writing, str] = {
    Writing.ENGLISH: "Canadian English: $284,310.55, Aug 26, 2027",
    Writing.FRENCH: "Canadian French: 284 310,55 $, 26 août 2027",
}
"""How amounts, days and numbers are written, in words."""

_LEAST = {Profile.STANDARD: FactorRule.RIGHTS, Profile.STRICT: FactorRule.STAFF}
"""Of whom the profile asks a second factor at least; OWASP ASVS 5.0, 6.3.3."""

_UNITS = {"minimum": "signs", "minimum_with_factor": "signs", "reset_mails": "mails", "idle_minutes": "minutes"}

_STRICTER_ONLY = {
    "minimum": "at least",
    "minimum_with_factor": "at least",
    "idle_minutes": "at most",
}
"""What the profile "strict" lets an agency change in one direction alone."""


@dataclass(frozen=True, slots=True)
class RulesView:
    """The rules as they stand.

    Attributes:
        version: of the agency, to be handed back with a change.
    """

    policy: AgencyPolicy
    version: int


class AgencyRules:
    """Shows and changes them."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def view(self, actor: Actor) -> RulesView:
        """The rules as they stand. Raises Forbidden for all but administrators."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.RULES)
            return _view(_agency(actor))

    def review(self, actor: Actor, wanted: AgencyPolicy) -> tuple[str, ...]:
        """What would follow, a sentence for each thing; nothing if nothing differs. Raises Invalid or Forbidden."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.RULES)
            present = policy_of(_agency(actor))
            _refuse(present, wanted)
            return tuple(_follows(present, wanted, actor.agency_id))

    def change(self, actor: Actor, version: int, wanted: AgencyPolicy) -> RulesView:
        """Store the rules, which hold from then on.

        Raises Invalid for single rules, Forbidden, or Conflict with the rules as they are now.
        """
        with audit.refusals_recorded(self._ctx, actor, _CHANGED), self._ctx.unit():
            sessions.require_staff(self._ctx, actor, Right.RULES)
            agency = _agency(actor)
            present = policy_of(agency)
            _refuse(present, wanted)
            if agency.version == version and present == wanted:
                return _view(agency)
            stored = (
                Agency.update(
                    profile=wanted.profile.value, adjustments=adjustments_of(wanted), version=Agency.version + 1
                )
                .where((Agency.id == agency.id) & (Agency.version == version))
                .execute()
            )
            if not stored:
                raise Conflict(
                    "Somebody else changed the rules of the agency while you were choosing. "
                    "Look at them as they are now, then choose again.",
                    _view(agency),
                    _last_changed_by(agency.id),
                )
            audit.record(self._ctx, actor, _CHANGED, subject=agency.name, details=_told(present, wanted))
            return _view(_agency(actor))


def number(name: str) -> Callable[[str], int]:
    """The rule of a field in which one of the numbers is typed; raises Problem."""
    low, high = LIMITS[name]

    def clean(text: str) -> int:
        plain = text.strip()
        if not (plain.isascii() and plain.isdecimal() and len(plain) <= 3 and low <= int(plain) <= high):
            raise Problem(f"Write a number of {_UNITS[name]} from {low} to {high}.")
        return int(plain)

    return clean


def choices(profile: Profile, present: AgencyPolicy) -> tuple[FactorRule, ...]:
    """Whom the second factor can be asked of; what stands already may stay as long as the profile does."""
    order = tuple(FactorRule)
    least = order.index(_LEAST[profile])
    stays = present.factor if present.profile is profile else None
    return tuple(rule for rule in order if order.index(rule) >= least or rule is stays)


def adjusted(policy: AgencyPolicy, values: Mapping[str, Any]) -> AgencyPolicy:
    """The policy with other values; another profile brings its own numbers first. Raises Invalid for unknown words."""
    told: dict[str, str] = {}
    if "profile" in values and values["profile"] != policy.profile:
        if values["profile"] not in list(Profile):
            raise Invalid({"profile": "Write standard or strict."})
        policy = profile_for(policy, Profile(values["profile"]))
    taken: dict[str, Any] = {}
    for name, text in values.items():
        try:
            if name in LIMITS:
                taken[name] = number(name)(str(text))
            elif name in _WORDS:
                taken[name] = _WORDS[name](text)
            elif name != "profile":
                taken[name] = _yes_or_no(str(text))
        except Problem as problem:
            told[name] = problem.sentence
        except ValueError:
            told[name] = f"Write one of: {', '.join(_WORDS[name])}."
    if told:
        raise Invalid(told)
    return replace(policy, **taken)


_WORDS: Mapping[str, type[StrEnum]] = {"factor": FactorRule, "writing": Writing}


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Problem("Write yes or no.")
    return text == "yes"


def _agency(actor: Actor) -> Agency:
    agency = Agency.get_or_none(Agency.id == actor.agency_id)
    if agency is None:
        raise NotFound("This agency is not here any more. Sign in again.")
    found: Agency = agency
    return found


def _view(agency: Agency) -> RulesView:
    return RulesView(policy_of(agency), agency.version)


def _last_changed_by(agency_id: int) -> str:
    here = (AuditEntry.agency_id == agency_id) & (AuditEntry.action == _CHANGED.value)
    done = AuditEntry.select().where(here & (AuditEntry.result == AuditResult.DONE)).order_by(AuditEntry.id.desc())
    entry = done.first()
    return "somebody" if entry is None else safe(entry.actor_name)


def _refuse(present: AgencyPolicy, wanted: AgencyPolicy) -> None:
    """Raises Invalid for what lies outside of the limits, or beneath the profile."""
    told = {name: sentence for name in LIMITS if (sentence := _outside(name, wanted))}
    if "minimum" not in told and wanted.minimum_with_factor > wanted.minimum:
        told.setdefault(
            "minimum_with_factor",
            f"Beside a second factor a password may be shorter, never longer: write {wanted.minimum} or less.",
        )
    if wanted.factor not in choices(wanted.profile, present):
        least = FACTOR_WORDS[_LEAST[wanted.profile]]
        told["factor"] = f'The profile "{wanted.profile}" asks at least {least} for a second factor.'
    if wanted.profile is Profile.STRICT and wanted.questions:
        told["questions"] = 'The profile "strict" knows no security questions. Choose no, or the other profile.'
    if told:
        raise Invalid(told)


def _outside(name: str, wanted: AgencyPolicy) -> str:
    """Why a number cannot stand; empty if it can."""
    try:
        number(name)(str(getattr(wanted, name)))
    except Problem as problem:
        return problem.sentence
    if wanted.profile is not Profile.STRICT or name not in _STRICTER_ONLY:
        return ""
    mine, least = getattr(wanted, name), getattr(PROFILES[Profile.STRICT], name)
    fits = mine >= least if _STRICTER_ONLY[name] == "at least" else mine <= least
    return "" if fits else f'The profile "strict" asks for {_STRICTER_ONLY[name]} {least} {_UNITS[name]}.'


def _told(present: AgencyPolicy, wanted: AgencyPolicy) -> dict[str, Any]:
    old, new = asdict(present), asdict(wanted)
    changed = [name for name in old if old[name] != new[name]]
    return {f"old_{name}": old[name] for name in changed} | {f"new_{name}": new[name] for name in changed}


def _follows(present: AgencyPolicy, wanted: AgencyPolicy, agency_id: int) -> Iterator[str]:
    if wanted.profile is not present.profile:
        yield _OTHER_PROFILE[wanted.profile]
    yield from _password_follows(present, wanted)
    if wanted.factor is not present.factor:
        yield f"A second factor is asked of: {FACTOR_WORDS[wanted.factor]}."
        without = _lacking(wanted, agency_id)
        if without:
            yield f"{_people(without)} without one set it up at the next sign-in."
    if wanted.questions != present.questions:
        yield _QUESTIONS[wanted.questions]
    if wanted.reset_mails != present.reset_mails:
        yield _MAILS[wanted.reset_mails]
    if wanted.idle_minutes != present.idle_minutes:
        yield f"A desk that nobody touches locks after {wanted.idle_minutes} minutes instead of {present.idle_minutes}."
    if wanted.second_person != present.second_person:
        yield _SECOND_PERSON[wanted.second_person]
    if wanted.verify_callers != present.verify_callers:
        yield _CALLERS[wanted.verify_callers]
    if wanted.staff_portal != present.staff_portal:
        yield _STAFF_PORTAL[wanted.staff_portal]
    if wanted.writing is not present.writing:
        yield f"Amounts, days and phone numbers are written in {WRITING_WORDS[wanted.writing]}."


def _password_follows(present: AgencyPolicy, wanted: AgencyPolicy) -> Iterator[str]:
    for name, whose in (("minimum", "alone"), ("minimum_with_factor", "beside a second factor")):
        old, new = getattr(present, name), getattr(wanted, name)
        if new > old:
            yield f"A password {whose} needs {new} signs; shorter ones go at the next sign-in."
        elif new < old:
            yield f"A new password {whose} needs {new} signs instead of {old}."


def _lacking(wanted: AgencyPolicy, agency_id: int) -> int:
    """How many active people would have to set up a second factor."""
    asked = [role for role in Role if wanted.needs_factor(role)]
    rows = Identity.select(Identity.id).where(
        (Identity.agency == agency_id) & (Identity.state == IdentityState.ACTIVE) & Identity.role.in_(asked)
    )
    enrolled = SecondFactor.select(SecondFactor.identity).where(SecondFactor.state == FactorState.ACTIVE)
    return int(rows.where(Identity.id.not_in(enrolled)).count()) if asked else 0


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


_OTHER_PROFILE = {
    Profile.STRICT: "An activation link lives 24 hours, a typed code 10 minutes.",
    Profile.STANDARD: "An activation link lives 72 hours, a typed code 1 hour.",
}
_QUESTIONS = {
    True: "Whoever has not answered three questions does so at the next sign-in.",
    False: "Nobody is asked security questions any more; answers are kept.",
}
_MAILS = {
    1: '"Forgot password" sends one mail with a link to a new password.',
    2: '"Forgot password" sends two mails: to confirm, then a temporary password.',
}
_SECOND_PERSON = {
    True: "Dangerous actions wait for the yes of a colleague.",
    False: "Dangerous actions need nobody else's yes.",
}
_CALLERS = {
    True: "Before a mail that opens an account is sent, the caller is verified.",
    False: "Mails that open an account are sent without verifying the caller.",
}
_STAFF_PORTAL = {
    True: "Staff may use the desk in the browser too, from wherever the portal can be reached.",
    False: "In the browser staff look after their own account only; whoever has the desk open there loses it at once.",
}
