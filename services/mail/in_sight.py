"""Whose mail somebody sees: that of the people whom they see."""

from __future__ import annotations

from peewee import Expression, Function, fn

from models.client import Client
from models.outbox import OutboxMessage
from models.staff import StaffMember
from services.actor import Actor
from services.offices import Scope, scope_of


def mail_in_sight(actor: Actor) -> Expression:
    """The agency's mail to people whom the actor sees; what is for nobody of the lists is the whole agency's.

    Call it inside a read or a unit, with the session checked.
    """
    scope = scope_of(actor)
    ours = OutboxMessage.agency == actor.agency_id
    if scope.offices is None:
        return ours
    seen = _went_to(Client, scope) | _went_to(StaffMember, scope)
    if scope.unassigned:
        seen |= ~(_went_to(Client, Scope()) | _went_to(StaffMember, Scope()))
    return ours & seen


def _went_to(people: type[Client] | type[StaffMember], scope: Scope) -> Function:
    """Whether the account that a mail is for belongs to one of these people."""
    person = people.alias()
    theirs = scope.narrowed(person.identity == OutboxMessage.identity_id, person.office)
    return fn.EXISTS(person.select(person.id).where(theirs))
