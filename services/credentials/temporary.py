"""Sending somebody a temporary password: made up by the desk, mailed, and never seen by whoever sends it."""

from __future__ import annotations

from services import audit, persons, sessions, temporary_credential
from services.accounts import access
from services.accounts.shown import may_reset
from services.accounts.taking import take_with_mail_slot
from services.actor import Actor
from services.clients.values import PersonAction
from services.context import Context
from services.person_key import PersonKey


class TemporaryPasswords:
    """Sends temporary passwords to people of both kinds."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def send(self, actor: Actor, person: PersonKey, reason: str = "") -> str:
        """Queue the mail, which makes an older temporary password useless; returns the address that it goes to.

        The present password stays as it is until its owner has signed in with the temporary one and chosen another.

        Args:
            reason: in the sender's words; an administrator's account needs one.

        Raises Invalid for `reason`, NotFound, Refused, NotVerified, NeedsSecondPerson, or TooSoon within five minutes
        of the last mail.
        """
        whose = persons.numbers(person)
        with audit.refusals_recorded(self._ctx, actor, audit.Action.TEMPORARY_SENT, **whose), self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            row = persons.find(actor, person)
            identity = take_with_mail_slot(self._ctx, actor, row, PersonAction.TEMPORARY)
            told, shown = may_reset(self._ctx, actor, identity, PersonAction.TEMPORARY, reason)
            temporary_credential.issue(self._ctx, identity, by=actor.name)
            access.refresh(identity.id)
            audit.record(
                self._ctx,
                actor,
                audit.Action.TEMPORARY_SENT,
                **whose,
                identity_id=identity.id,
                subject=identity.name,
                reason=told,
                details={"to": identity.email} | shown,
            )
            return str(identity.email)
