"""Whose events and mortgages are counted: those of the people whom somebody sees now."""

from __future__ import annotations

from typing import Any

from peewee import Expression, Field, Function, fn

from models.audit import AuditEntry
from models.client import Client
from models.staff import StaffMember
from services.actor import Actor
from services.offices import Scope, scope_of


def clients_in_sight(actor: Actor) -> Expression:
    """The clients whom the actor sees. Call these inside a read, with the session checked."""
    return scope_of(actor).narrowed(Client.agency == actor.agency_id, Client.office)


def entries_in_sight(actor: Actor) -> Expression:
    """The audit's entries about people whom the actor sees, or about nobody of another office."""
    ours = AuditEntry.agency_id == actor.agency_id
    scope = scope_of(actor)
    if scope.offices is None:
        return ours
    seen = _among(Client, scope, number=AuditEntry.client_id) | _among(StaffMember, scope, number=AuditEntry.staff_id)
    return ours & (seen | _behind(AuditEntry.identity_id, scope))


def accounts_in_sight(actor: Actor, agency: Field[Any], identity: Field[Any]) -> Expression:
    """The accounts of people whom the actor sees, by the columns that hold the agency and the account."""
    ours: Expression = agency == actor.agency_id
    scope = scope_of(actor)
    return ours if scope.offices is None else ours & _behind(identity, scope)


def _behind(identity: Field[Any], scope: Scope) -> Expression:
    found: Expression = _among(Client, scope, account=identity) | _among(StaffMember, scope, account=identity)
    return found


def _among(
    people: type[Client] | type[StaffMember],
    scope: Scope,
    *,
    number: Field[Any] | None = None,
    account: Field[Any] | None = None,
) -> Function:
    """Whether somebody with this number, or with this account, is one of them."""
    person = people.alias()
    same = person.id == number if number is not None else person.identity == account
    return fn.EXISTS(person.select(person.id).where(scope.narrowed(same, person.office)))
