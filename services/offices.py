"""Which offices are somebody's own, and whose people they see now: asked by every service that meets a person.

Clients and staff of no office belong to the agency as a whole. Everybody sees them, but for somebody who looks at one
of several offices alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import Expression, ForeignKeyField

from models.agency import Office
from models.identity import LegacyUser, Membership, Session
from models.states import Role
from services import sessions
from services.actor import Actor
from services.context import Context
from services.errors import NotFound, Refused, SignedOut
from services.rights import Right
from services.staff.values import OfficeView
from services.text import safe

NOT_YOURS = "This office is not one of yours. Choose another one."


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose people somebody sees now; everybody else does not exist for them.

    Attributes:
        offices: the numbers of offices; None for the whole agency.
        unassigned: whether people of no office are among them.
    """

    offices: frozenset[int] | None = None
    unassigned: bool = True

    @property
    def home(self) -> int | None:
        """The office of somebody who is added without one being named; None for the agency as a whole."""
        return min(self.offices) if self.offices is not None and len(self.offices) == 1 else None

    def allows(self, office_id: int | None) -> bool:
        """Whether people of this office are seen; None for people of no office."""
        if self.offices is None:
            return True
        return self.unassigned if office_id is None else office_id in self.offices

    def narrowed(self, condition: Expression, office: ForeignKeyField[Any]) -> Expression:
        """The condition for the people who are seen; `office` is the column that names theirs."""
        if self.offices is None:
            return condition
        seen = office.in_(sorted(self.offices))
        return condition & ((seen | office.is_null()) if self.unassigned else seen)


@dataclass(frozen=True, slots=True)
class OfficeChoices:
    """What somebody may look at.

    Attributes:
        offices: each that can be looked at alone, by name.
        chosen: the one that is looked at alone now, None for all.
        everything: what all together are called.
    """

    offices: tuple[OfficeView, ...]
    chosen: OfficeView | None
    everything: str

    @property
    def can_switch(self) -> bool:
        """Whether there is anything to choose from."""
        return len(self.offices) > 1 or self.chosen is not None

    @property
    def in_sight(self) -> str:
        """The name of what is looked at now; empty where the agency has no offices."""
        if self.chosen is not None:
            return self.chosen.name
        return self.everything if len(self.offices) > 1 else "".join(office.name for office in self.offices)


class Offices:
    """Tells what somebody may look at, and keeps what they look at, for as long as they are signed in."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def mine(self, actor: Actor) -> OfficeChoices:
        """What the actor may look at, and what they look at now. Raises Refused or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return _choices(actor)

    def switch(self, actor: Actor, office_id: int | None) -> OfficeChoices:
        """Look at one office alone from now on, in every call of this session; at all with None.

        Raises NotFound for an office that is not the actor's, Refused or SignedOut.
        """
        with self._ctx.unit():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            if actor.session_id is None:
                raise Refused("The command line sees all offices. Sign in at the desk to look at one alone.")
            if office_id is not None and office_id not in {office.id for office in _choices(actor).offices}:
                raise NotFound(NOT_YOURS)
            Session.update(office=office_id).where(Session.id == actor.session_id).execute()
            return _choices(actor)


def scope_of(actor: Actor) -> Scope:
    """Whose people the actor sees now; call it inside a read or a unit, with the session checked. Raises SignedOut."""
    own, chosen = _standing(actor)
    if chosen is not None:
        return Scope(frozenset({chosen}), unassigned=False)
    return Scope(own)


def own_offices(actor: Actor) -> frozenset[int] | None:
    """All offices that are the actor's, whichever one they look at; None for the whole agency.

    Call it inside a read or a unit.
    """
    return _standing(actor)[0]


def require_whole_agency(
    actor: Actor,
    otherwise: str = "A list changes people of all offices, and you look after some. Ask an administrator to do it.",
) -> None:
    """Check that all offices are the actor's; call it inside a read or a unit. Raises Refused with `otherwise`."""
    if own_offices(actor) is not None:
        raise Refused(otherwise)


def _standing(actor: Actor) -> tuple[frozenset[int] | None, int | None]:
    """The actor's own offices, None for all, and the one that they look at alone, if they do."""
    if actor.session_id is None:
        return None, None
    rows: Any = (
        Session.select(Session.office, Membership.office, LegacyUser.office)
        .left_outer_join(Membership, on=(Membership.identity == Session.identity))
        .switch(Session)
        .left_outer_join(LegacyUser, on=(LegacyUser.id == Session.legacy_user))
        .where(Session.id == actor.session_id)
    )
    found = list(rows.tuples())
    if not found:
        raise SignedOut("Your session has ended: it is not known here. Sign in again.")
    given = frozenset(office for row in found for office in row[1:] if office is not None)
    whole = not given or (actor.legacy_user_id is not None and actor.role is Role.ADMINISTRATOR)
    own = None if whole else given
    chosen = found[0][0]
    # One that was taken away meanwhile counts no longer; a single one is looked at with the people of no office.
    if own is not None and (len(own) == 1 or chosen not in own):
        chosen = None
    return own, chosen


def _choices(actor: Actor) -> OfficeChoices:
    own, chosen = _standing(actor)
    ours = Office.agency == actor.agency_id
    rows = Office.select().where(ours if own is None else ours & Office.id.in_(sorted(own)))
    offices = tuple(OfficeView(row.id, safe(row.name)) for row in sorted(rows, key=lambda row: row.name_key))
    alone = next((office for office in offices if office.id == chosen), None)
    return OfficeChoices(offices, alone, "All offices" if own is None else "All my offices")
