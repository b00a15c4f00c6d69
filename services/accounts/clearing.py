"""Taking a lost second factor off somebody's account; where the agency demands one, its owner sets up a new one."""

from __future__ import annotations

from services import audit, persons, sessions
from services.accounts.shown import verified_for
from services.accounts.taking import take
from services.actor import Actor
from services.approvals import granted
from services.approvals.values import Dangerous
from services.clients.values import PersonAction
from services.context import Context
from services.credentials import factor
from services.mail import notices
from services.mail.notices import Notice
from services.person_key import PersonKey
from services.reasons import clean_reason
from services.rights import Right


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
            **persons.numbers(person),
        )
        with recorded, self._ctx.unit():
            sessions.require_staff(self._ctx, actor, Right.CLEAR_FACTOR)
            row = persons.find(actor, person)
            identity = take(self._ctx, actor, row, PersonAction.CLEAR_FACTOR)
            shown = granted.claim(self._ctx, actor, identity, Dangerous.CLEAR_FACTOR)
            if shown is None:
                shown = verified_for(self._ctx, actor, identity, PersonAction.CLEAR_FACTOR)
            factor.remove(self._ctx, identity.id)
            sessions.end_sessions(self._ctx, identity.id, "the second factor was cleared")
            notices.tell(self._ctx, identity, Notice.SECOND_FACTOR_CLEARED, by=actor.name, reason=told)
            audit.record(
                self._ctx,
                actor,
                audit.Action.FACTOR_CLEARED,
                **persons.numbers(person),
                identity_id=identity.id,
                subject=identity.name,
                reason=told,
                details=shown,
            )
