"""What can be done with a person's account in which state: one rule for the menu and for the action itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.client import Client
from models.identity import Identity
from models.staff import StaffMember
from models.states import IdentityState, LegacyState, Role
from services.actor import Actor
from services.clients.values import ActionOffer, ClientAction
from services.legacy.values import accounts_under
from services.persons import Relation

_NO_ACCOUNT = "There is no account yet. Create one and send the welcome mail."
_DEACTIVATED = "The account is deactivated. Reactivate it first."
_NOT_DEACTIVATED = "The account is not deactivated. "
_SEND_RESET = "If the person cannot get in, send a reset."
_RESEND = "If the welcome mail is lost, send it again."

_WHY_NOT: dict[ClientAction, dict[IdentityState | None, str]] = {
    ClientAction.EDIT: {},
    ClientAction.IDENTITY: {},
    ClientAction.WELCOME: {
        IdentityState.PENDING: "There is an account already, not yet activated. Send its welcome mail again.",
        IdentityState.ACTIVE: f"There is an active account already. {_SEND_RESET}",
        IdentityState.DEACTIVATED: "There is an account already, which is deactivated. Reactivate it.",
    },
    ClientAction.RESET: {None: _NO_ACCOUNT, IdentityState.DEACTIVATED: _DEACTIVATED},
    ClientAction.RESEND_WELCOME: {
        None: _NO_ACCOUNT,
        IdentityState.ACTIVE: f"The account is active already. {_SEND_RESET}",
        IdentityState.DEACTIVATED: _DEACTIVATED,
    },
    ClientAction.TEMPORARY: {None: _NO_ACCOUNT, IdentityState.DEACTIVATED: _DEACTIVATED},
    ClientAction.RESET_ADDRESS: {
        None: f"The reset page sends nothing to this person. {_NO_ACCOUNT}",
        IdentityState.DEACTIVATED: f"The reset page does not help this person. {_DEACTIVATED}",
    },
    ClientAction.DEACTIVATE: {
        None: "There is no account, so nobody signs in as this person. Nothing needs to be done.",
        IdentityState.DEACTIVATED: "The account is deactivated already. To undo that, reactivate it.",
    },
    ClientAction.REACTIVATE: {
        None: _NO_ACCOUNT,
        IdentityState.PENDING: _NOT_DEACTIVATED + _RESEND,
        IdentityState.ACTIVE: _NOT_DEACTIVATED + _SEND_RESET,
    },
    ClientAction.HISTORY: {},
}

_MAILING = (ClientAction.RESET, ClientAction.RESEND_WELCOME, ClientAction.TEMPORARY)
_RECENT = "A mail to this address was asked for less than five minutes ago. Send the next one after the wait."


def why_not(action: ClientAction, state: IdentityState | None) -> str:
    """Why an action is not possible in this state of the account (None: no account) and what to do; empty if it is."""
    return _WHY_NOT[action].get(state, "")


def offers_for(state: IdentityState | None, mail_at: datetime | None) -> tuple[ActionOffer, ...]:
    """The whole Actions menu, in order.

    Args:
        mail_at: when the next mail to the person may go; None for now.
    """
    return tuple(_offer(action, state, mail_at) for action in ClientAction)


def _offer(action: ClientAction, state: IdentityState | None, mail_at: datetime | None) -> ActionOffer:
    reason = why_not(action, state)
    if not reason and action in _MAILING and mail_at is not None:
        return ActionOffer(action, False, _RECENT, mail_at)
    return ActionOffer(action, not reason, reason)


def ruled(actor: Actor, person: Relation, identity: Identity | None, offer: ActionOffer) -> ActionOffer:
    """The offer as it stands for this actor and this person."""
    reason = why_not_this_one(actor, person, identity, offer.action)
    return replace(offer, allowed=False, reason=reason, allowed_at=None) if reason else offer


def why_not_this_one(actor: Actor, person: Relation, identity: Identity | None, action: ClientAction) -> str:
    """Why this actor may not do it with this person, whatever the state of the account; empty if nothing forbids it.

    All of it is about staff: clients have no rights that somebody could take or lend.
    """
    if isinstance(person, Client) or action in _ALWAYS:
        return ""
    rights = {person.role, identity.role if identity else person.role}
    above = actor.role is not Role.ADMINISTRATOR
    if above and Role.ADMINISTRATOR in rights:
        return "This is an administrator: only an administrator may do it. Ask one."
    if action is ClientAction.DEACTIVATE and identity is not None and identity.id == actor.identity_id:
        return "This is your own account. Ask a colleague to deactivate it."
    if action is ClientAction.WELCOME and identity is None:
        if not person.email:
            return "There is no e-mail address, to which the welcome mail would go. Add one first."
        if not person.active:
            return "The status of this person is inactive. Set it to active first."
        if has_old_account(person):
            return "There is an account of the old system. Manage the user account (key i), which migrates it."
        if above and rights != {Role.AGENT}:
            return (
                f"Only an administrator gives somebody the rights of {_A.get(person.role, person.role.value)}. Ask one."
            )
    return ""


def has_old_account(member: StaffMember) -> bool:
    """Whether the access key still opens an account of this person; call it inside a read or a unit."""
    return any(old.state is LegacyState.WAITING for old in accounts_under(member.agency_id, member.email_key))


_ALWAYS = (ClientAction.HISTORY, ClientAction.RESET_ADDRESS)
_A = {Role.SUPERVISOR: "a supervisor", Role.AUDITOR: "an auditor"}
