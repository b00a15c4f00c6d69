"""Sending somebody a temporary password: made up by the desk, mailed, and never seen by whoever sends it."""

from __future__ import annotations

from models.identity import Identity
from models.states import IdentityState, Role
from services import audit, persons, rights, sessions, temporary_credential, throttle
from services.accounts import access
from services.accounts.identities import hold
from services.accounts.shown import may_reset
from services.actor import Actor
from services.clients.values import PersonAction
from services.context import Context
from services.errors import NotFound, Refused, TooSoon
from services.person_key import PersonKey
from services.rights import Right
from services.when import show_wait


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
        staff_id, client_id = persons.staff_id(person), persons.client_id(person)
        with (
            audit.refusals_recorded(
                self._ctx, actor, audit.Action.TEMPORARY_SENT, client_id=client_id, staff_id=staff_id
            ),
            self._ctx.unit(),
        ):
            identity = self._take(actor, person)
            told, shown = may_reset(self._ctx, actor, identity, PersonAction.TEMPORARY, reason)
            temporary_credential.issue(self._ctx, identity, by=actor.name)
            access.refresh(self._ctx, identity.id)
            audit.record(
                self._ctx,
                actor,
                audit.Action.TEMPORARY_SENT,
                client_id=client_id,
                staff_id=staff_id,
                identity_id=identity.id,
                subject=identity.name,
                reason=told,
                details={"to": identity.email} | shown,
            )
            return str(identity.email)

    def _take(self, actor: Actor, person: PersonKey) -> Identity:
        """The account, held, with the one mail that may go to it in five minutes."""
        sessions.require_staff(self._ctx, actor)
        account = _account_of(actor, person)
        _refuse(actor, account)
        wait = throttle.take_mail_slot(self._ctx, account.email_key, daily_cap=False)
        if wait:
            raise TooSoon(
                f"A mail to {account.email} was asked for less than five minutes ago. "
                f"Wait {show_wait(wait)}, then send the next one.",
                wait,
            )
        # After the slot, as wherever both are taken: two orders of locking could end in a deadlock.
        identity = hold(self._ctx, account.id)
        if identity is None:
            raise NotFound("This account is not here any more. Go back and look again.")
        _refuse(actor, identity)
        return identity


def _account_of(actor: Actor, person: PersonKey) -> Identity:
    identity = persons.account_of(persons.find(actor, person))
    if identity is None:
        raise Refused("There is no account yet. Create one and send the welcome mail.")
    return identity


def _refuse(actor: Actor, identity: Identity) -> None:
    if identity.state is IdentityState.DEACTIVATED:
        raise Refused("The account is deactivated. Reactivate it first.")
    if identity.role is Role.ADMINISTRATOR and not rights.has(actor.role, Right.RESET_ADMINISTRATOR):
        raise Refused("This is an administrator's account. Ask another administrator to do it.")
