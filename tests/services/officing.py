"""Builders for the tests of offices: three of them, and people who look at one, at some, or at all."""

from __future__ import annotations

from dataclasses import dataclass

from models.identity import Identity, Membership
from models.states import Role
from services import sessions
from services.actor import Actor
from services.desk import Desk
from tests.making import HERE, MadeAgency, make_staff
from tests.services.creating import make_office


@dataclass(frozen=True)
class Looker:
    """Somebody, and the offices whose people they see, with None for people of no office; None for the whole agency."""

    actor: Actor
    sees: frozenset[int | None] | None


@dataclass(frozen=True)
class Lookers:
    """One of each kind, over three offices."""

    offices: tuple[int, int, int]
    whole: Looker
    whole_at_one: Looker
    of_one: Looker
    of_two: Looker
    of_two_at_one: Looker

    @property
    def all(self) -> tuple[Looker, ...]:
        """All of them."""
        return (self.whole, self.whole_at_one, self.of_one, self.of_two, self.of_two_at_one)


def join(desk: Desk, actor: Actor, *offices: int) -> Actor:
    """Let somebody see these offices, and whatever they saw before."""
    with desk.ctx.unit():
        for office in offices:
            Membership.create(identity=actor.identity_id, office=office)
    return actor


def again(desk: Desk, actor: Actor) -> Actor:
    """The same person, signed in once more."""
    with desk.ctx.unit():
        return sessions.open_session(desk.ctx, Identity.get_by_id(actor.identity_id), HERE)


def make_lookers(desk: Desk, made: MadeAgency) -> Lookers:
    """The offices, with somebody of each kind signed in."""
    ottawa, toronto, windsor = (
        int(make_office(desk, made.agency, name).id) for name in ("Ottawa", "Toronto", "Windsor")
    )
    at_one = again(desk, made.admin)
    desk.offices.switch(at_one, windsor)
    ann = join(desk, make_staff(desk, made.agency, "ann@example.com"), ottawa)
    bob = join(desk, make_staff(desk, made.agency, "bob@example.com", role=Role.SUPERVISOR), ottawa, toronto)
    bob_at_one = again(desk, bob)
    desk.offices.switch(bob_at_one, toronto)
    return Lookers(
        offices=(ottawa, toronto, windsor),
        whole=Looker(made.admin, None),
        whole_at_one=Looker(at_one, frozenset({windsor})),
        of_one=Looker(ann, frozenset({ottawa, None})),
        of_two=Looker(bob, frozenset({ottawa, toronto, None})),
        of_two_at_one=Looker(bob_at_one, frozenset({toronto})),
    )
