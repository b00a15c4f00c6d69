"""Taking a lost second factor off somebody's account; where the agency demands one, its owner sets up a new one."""

from __future__ import annotations

from services import agency_policy, audit, persons, sessions
from services.accounts.identities import hold
from services.accounts.offers import why_not, why_not_this_one
from services.actor import Actor
from services.approvals import granted
from services.approvals.values import Dangerous
from services.clients.values import PersonAction
from services.context import Context
from services.credentials import factor
from services.errors import Refused
from services.mail import notices
from services.mail.notices import Notice
from services.person_key import PersonKey
from services.reasons import clean_reason
from services.rights import Right
from services.verification import levels
from services.verification import standing as caller


class Clearing:
    """Clears second factors."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def second_factor(self, actor: Actor, person: PersonKey, reason: str) -> None:
        """Remove the authenticator app and the recovery codes: sessions end, and the owner gets a notice.

        Raises Invalid for `reason`, NotFound, Refused or Forbidden; NotVerified before the caller is known surely
        enough; NeedsSecondPerson where the agency asks for a colleague's yes.
        """
        told = clean_reason(reason)
        recorded = audit.refusals_recorded(
            self._ctx,
            actor,
            audit.Action.FACTOR_CLEARED,
            client_id=persons.client_id(person),
            staff_id=persons.staff_id(person),
        )
        with recorded, self._ctx.unit():
            sessions.require_staff(self._ctx, actor, Right.CLEAR_FACTOR)
            row = persons.find(actor, person)
            identity = hold(self._ctx, row.identity_id or 0)
            refusal = why_not(PersonAction.CLEAR_FACTOR, identity.state if identity else None)
            refusal = refusal or why_not_this_one(actor, row, identity, PersonAction.CLEAR_FACTOR)
            if identity is None or refusal:
                raise Refused(refusal)
            shown = granted.claim(self._ctx, actor, identity, Dangerous.CLEAR_FACTOR)
            if shown is None:
                level = levels.needed(PersonAction.CLEAR_FACTOR, agency_policy.policy_of(identity.agency))
                shown = caller.require(self._ctx, actor, identity, level)
            factor.remove(self._ctx, identity.id)
            sessions.end_sessions(self._ctx, identity.id, "the second factor was cleared")
            notices.tell(self._ctx, identity, Notice.SECOND_FACTOR_CLEARED, by=actor.name, reason=told)
            audit.record(
                self._ctx,
                actor,
                audit.Action.FACTOR_CLEARED,
                client_id=persons.client_id(person),
                staff_id=persons.staff_id(person),
                identity_id=identity.id,
                subject=identity.name,
                reason=told,
                details=shown,
            )
