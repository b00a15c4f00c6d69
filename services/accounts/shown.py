"""What must be shown of a caller, and by whom else, before something is done to an account; the audit keeps it."""

from __future__ import annotations

from dataclasses import replace

from models.identity import Identity
from models.states import Role
from services import agency_policy
from services.actor import Actor
from services.approvals import granted as second_person
from services.approvals.values import Dangerous
from services.clients.values import ActionOffer, PersonAction
from services.context import Context
from services.reasons import clean_reason
from services.verification import levels
from services.verification import standing as caller

_DANGEROUS = {
    PersonAction.CLEAR_FACTOR: Dangerous.CLEAR_FACTOR,
    PersonAction.RESET: Dangerous.RESET_ADMINISTRATOR,
    PersonAction.TEMPORARY: Dangerous.RESET_ADMINISTRATOR,
}
"""For these the caller was verified when a colleague's yes was asked for."""


def verified_for(ctx: Context, actor: Actor, identity: Identity, action: PersonAction) -> dict[str, str]:
    """How the caller was verified, as far as the action needs it; call it in its unit of work. Raises NotVerified."""
    return caller.require(ctx, actor, identity, levels.needed(action, agency_policy.policy_of(identity.agency)))


def verified_for_email(ctx: Context, actor: Actor, identity: Identity | None) -> dict[str, str]:
    """The same for another e-mail address or SSH key of somebody with this account, held; None for no account."""
    if identity is None:
        return {}
    level = levels.for_new_email(identity.state, agency_policy.policy_of(identity.agency))
    return caller.require(ctx, actor, identity, level)


def lacking(ctx: Context, actor: Actor, identity: Identity | None, offer: ActionOffer) -> ActionOffer:
    """The offer with what must still be shown of the caller; call it inside `ctx.read()`."""
    if identity is None or actor.session_id is None or not (offer.allowed or offer.allowed_at):
        return offer
    level = levels.needed(offer.action, agency_policy.policy_of(identity.agency))
    if level <= caller.standing_of(ctx, actor, identity.id).level:
        return offer
    what = _DANGEROUS.get(offer.action)
    granted = what is not None and second_person.is_granted(ctx, actor, identity, what)
    return offer if granted else replace(offer, lacks=level)


def may_reset(
    ctx: Context, actor: Actor, identity: Identity, action: PersonAction, reason: str
) -> tuple[str, dict[str, str]]:
    """The reason as it is kept, and what was shown; call it in the unit of work of the action, the account held.

    An administrator's account needs a reason, and a colleague's yes where the agency asks for it: then the caller was
    verified when that was asked for. Raises Invalid for `reason`, NotVerified or NeedsSecondPerson.
    """
    if identity.role is not Role.ADMINISTRATOR:
        return "", verified_for(ctx, actor, identity, action)
    told = clean_reason(reason)
    granted = second_person.claim(ctx, actor, identity, Dangerous.RESET_ADMINISTRATOR)
    return told, verified_for(ctx, actor, identity, action) if granted is None else granted
