"""Taking an account for one action: held, if its state and the actor's rights allow it, as the menu says."""

from __future__ import annotations

from models.identity import Identity
from services import persons, throttle
from services.accounts.identities import hold
from services.accounts.offers import why_not, why_not_this_one
from services.actor import Actor
from services.clients.values import PersonAction
from services.context import Context
from services.errors import Refused, TooSoon
from services.persons import Relation
from services.when import show_wait


def take(ctx: Context, actor: Actor, row: Relation, action: PersonAction) -> Identity:
    """The account of this person, held; call it inside `ctx.unit()`. Raises Refused."""
    return allowed(actor, row, hold(ctx, row.identity_id or 0), action)


def take_with_mail_slot(ctx: Context, actor: Actor, row: Relation, action: PersonAction) -> Identity:
    """The same, with the one mail that may go to it in five minutes. Raises Refused or TooSoon."""
    identity = allowed(actor, row, persons.account_of(row), action)
    # The slot before the account, as wherever both are taken: two orders of locking could end in a deadlock.
    wait = throttle.take_mail_slot(ctx, identity.email_key, daily_cap=False)
    if wait:
        raise TooSoon(
            f"A mail to {identity.email} was asked for less than five minutes ago. "
            f"Wait {show_wait(wait)}, then send the next one.",
            wait,
        )
    return take(ctx, actor, row, action)


def allowed(actor: Actor, row: Relation, identity: Identity | None, action: PersonAction) -> Identity:
    """This account of a person; call it inside `ctx.read()` or `ctx.unit()`. Raises Refused, as without an account."""
    told = refusal(actor, row, identity, action)
    if identity is None or told:
        raise Refused(told)
    return identity


def refusal(actor: Actor, row: Relation, identity: Identity | None, action: PersonAction) -> str:
    """What the menu says of it too; empty if it may be done."""
    return why_not(action, identity.state if identity else None) or why_not_this_one(actor, row, identity, action)
