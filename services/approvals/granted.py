"""A colleague's yes that was given: looked for and used up by the action itself."""

from __future__ import annotations

from peewee import Expression

from models.identity import Identity
from models.security import Approval
from models.states import ApprovalState
from services import agency_policy
from services.actor import Actor
from services.approvals.values import Dangerous, NeedsSecondPerson
from services.context import Context


def claim(ctx: Context, actor: Actor, identity: Identity, what: Dangerous) -> dict[str, str] | None:
    """Use a colleague's yes up, and tell for the audit whose it was and how the caller was verified when it was asked.

    None where no second person is needed. Call it inside the unit of work of the action, with the account held.
    Raises NeedsSecondPerson.
    """
    # The command line is for whoever owns the machine: there is nobody above.
    if actor.session_id is None or not agency_policy.policy_of(identity.agency).second_person:
        return None
    granted = _granted(ctx, actor, identity, what)
    row = Approval.select().where(granted).order_by(Approval.id.desc()).first()
    if row is None:
        raise NeedsSecondPerson(what)
    used = Approval.update(state=ApprovalState.USED).where(granted & (Approval.id == row.id)).execute()
    if not used:
        raise NeedsSecondPerson(what)
    by = row.decided_by.name if row.decided_by is not None else ""
    return {"approved_by": by} | ({"verified": row.verified} if row.verified else {})


def is_granted(ctx: Context, actor: Actor, identity: Identity, what: Dangerous) -> bool:
    """Whether a colleague's yes waits to be used; call it inside `ctx.read()`."""
    return bool(Approval.select().where(_granted(ctx, actor, identity, what)).exists())


def _granted(ctx: Context, actor: Actor, identity: Identity, what: Dangerous) -> Expression:
    condition: Expression = (
        (Approval.asked_by == actor.identity_id)
        & (Approval.identity == identity.id)
        & (Approval.action == what.value)
        & (Approval.state == ApprovalState.GRANTED)
        & (Approval.expires_at > ctx.clock.now())
    )
    return condition
