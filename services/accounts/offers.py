"""What can be done with a person's account in which state: one rule for the menu and for the action itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.client import Client
from models.identity import Identity
from models.staff import StaffMember
from models.states import IdentityState, Role
from services import person_key, rights
from services.actor import Actor
from services.clients.values import ActionOffer, PersonAction
from services.creation.checks import HAS_ACCOUNT, candidates, why_not_as_listed
from services.credentials import factor
from services.persons import Relation
from services.rights import Right

_NO_ACCOUNT = "There is no account yet. Create one and send the welcome mail."
_DEACTIVATED = "The account is deactivated. Reactivate it first."
_NOT_DEACTIVATED = "The account is not deactivated. "
_NO_KEYS = "SSH keys are for office staff. Clients sign in at the portal, with their password."
_OF_CLIENTS = "Only clients have properties and mortgages."
_SEND_RESET = "If the person cannot get in, send a reset."
_RESEND = "If the welcome mail is lost, send it again."

_WHY_NOT: dict[PersonAction, dict[IdentityState | None, str]] = {
    PersonAction.PROPERTIES: {},
    PersonAction.ANALYTICS: {},
    PersonAction.EDIT: {},
    PersonAction.IDENTITY: {},
    PersonAction.WELCOME: HAS_ACCOUNT,
    PersonAction.RESET: {None: _NO_ACCOUNT, IdentityState.DEACTIVATED: _DEACTIVATED},
    PersonAction.RESEND_WELCOME: {
        None: _NO_ACCOUNT,
        IdentityState.ACTIVE: f"The account is active already. {_SEND_RESET}",
        IdentityState.DEACTIVATED: _DEACTIVATED,
    },
    PersonAction.TEMPORARY: {None: _NO_ACCOUNT, IdentityState.DEACTIVATED: _DEACTIVATED},
    PersonAction.RESET_ADDRESS: {
        None: f"The reset page sends nothing to this person. {_NO_ACCOUNT}",
        IdentityState.DEACTIVATED: f"The reset page does not help this person. {_DEACTIVATED}",
    },
    PersonAction.DEACTIVATE: {
        None: "There is no account, so nobody signs in as this person. Nothing needs to be done.",
        IdentityState.DEACTIVATED: "The account is deactivated already. To undo that, reactivate it.",
    },
    PersonAction.REACTIVATE: {
        None: _NO_ACCOUNT,
        IdentityState.PENDING: _NOT_DEACTIVATED + _RESEND,
        IdentityState.ACTIVE: _NOT_DEACTIVATED + _SEND_RESET,
    },
    PersonAction.CLEAR_FACTOR: {None: _NO_ACCOUNT},
    PersonAction.SSH_KEYS: {None: _NO_ACCOUNT},
    PersonAction.VERIFY: {None: f"Nothing is kept by which a caller could be verified. {_NO_ACCOUNT}"},
    PersonAction.WHY: {},
    PersonAction.HISTORY: {},
}

_MAILING = (PersonAction.RESET, PersonAction.RESEND_WELCOME, PersonAction.TEMPORARY)
_RECENT = "A mail to this address was asked for less than five minutes ago. Send the next one after the wait."


def why_not(action: PersonAction, state: IdentityState | None) -> str:
    """Why an action is not possible in this state of the account (None: no account) and what to do; empty if it is."""
    return _WHY_NOT[action].get(state, "")


def offers_for(state: IdentityState | None, mail_at: datetime | None) -> tuple[ActionOffer, ...]:
    """The whole Actions menu, in order.

    Args:
        mail_at: when the next mail to the person may go; None for now.
    """
    return tuple(_offer(action, state, mail_at) for action in PersonAction)


def _offer(action: PersonAction, state: IdentityState | None, mail_at: datetime | None) -> ActionOffer:
    reason = why_not(action, state)
    if not reason and action in _MAILING and mail_at is not None:
        return ActionOffer(action, False, _RECENT, mail_at)
    return ActionOffer(action, not reason, reason)


def ruled(actor: Actor, person: Relation, identity: Identity | None, offer: ActionOffer) -> ActionOffer:
    """The offer as it stands for this actor and this person."""
    reason = why_not_this_one(actor, person, identity, offer.action)
    return replace(offer, allowed=False, reason=reason, allowed_at=None) if reason else offer


def why_not_this_one(actor: Actor, person: Relation, identity: Identity | None, action: PersonAction) -> str:
    """Why this actor may not do it with this person, whatever the state of the account; empty if nothing forbids it."""
    if action in (PersonAction.PROPERTIES, PersonAction.ANALYTICS):
        return "" if isinstance(person, Client) else _OF_CLIENTS
    if action in _ALWAYS or (action is PersonAction.IDENTITY and identity is not None):
        return ""
    if told := rights.why_not(actor.role, Right.ACT):
        return told
    if action is PersonAction.SSH_KEYS:
        return _about_keys(actor, person)
    if isinstance(person, StaffMember):
        told = _about_rights(actor, person, identity, action)
        if told:
            return told
    if action is PersonAction.CLEAR_FACTOR and identity is not None and not factor.is_enrolled(identity.id):
        return "This account has no second factor. There is nothing to clear."
    if action is PersonAction.WELCOME and identity is None:
        key = person_key.client(person.id) if isinstance(person, Client) else person_key.staff(person.id)
        return why_not_as_listed(candidates(actor, [key])[0], migrate=False)
    return ""


def _about_keys(actor: Actor, person: Relation) -> str:
    """Why the SSH keys of this person are not this actor's to look after."""
    if told := rights.why_not(actor.role, Right.SSH_KEYS):
        return told
    return "" if isinstance(person, StaffMember) else _NO_KEYS


def _about_rights(actor: Actor, member: StaffMember, identity: Identity | None, action: PersonAction) -> str:
    """Why the rights of a staff member forbid it; clients have none that somebody could take or lend."""
    roles = {member.role, identity.role if identity else member.role}
    if Role.ADMINISTRATOR in roles and not rights.has(actor.role, Right.GIVE_ROLES):
        return "This is an administrator: only an administrator may do it. Ask one."
    if action is PersonAction.DEACTIVATE and identity is not None and identity.id == actor.identity_id:
        return "This is your own account. Ask a colleague to deactivate it."
    if action is PersonAction.CLEAR_FACTOR and identity is not None:
        return _about_clearing(actor, identity)
    return ""


def _about_clearing(actor: Actor, identity: Identity) -> str:
    """Why the second factor of a colleague is not this actor's to clear."""
    if identity.id == actor.identity_id:
        return "This is your own account: change the second factor in your settings, or ask a colleague to clear it."
    if not rights.reaches(actor.role, identity.role):
        return f"The role {identity.role} may do more than yours: ask somebody who may do as much."
    return ""


_ALWAYS = (PersonAction.HISTORY, PersonAction.RESET_ADDRESS, PersonAction.WHY)
"""What only shows something; so does the account of somebody who has one, which says what may be changed of it."""
