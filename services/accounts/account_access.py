"""What an account may do, and whose people it sees: shown, and changed after the account was created."""

from __future__ import annotations

from typing import Any

from models.agency import Agency, Office
from models.audit import AuditEntry
from models.identity import Identity, Membership, Session
from models.staff import StaffMember
from models.states import AuditResult, IdentityState, Role
from services import audit, persons, rights, sessions
from services.accounts.identities import hold
from services.accounts.values import AccessChange, AccountView
from services.actor import Actor
from services.context import Context
from services.creation.checks import may_give
from services.creation.making import check_offices
from services.creation.values import OfficeChoice
from services.errors import Conflict, Refused
from services.offices import own_offices
from services.person_key import PersonKey
from services.persons import Relation
from services.rights import Right
from services.staff.changes import follow_role, keep_list, why_not_role
from services.staff.values import STAFF_ROLES
from services.text import safe

_NO_ACCOUNT = "There is no account yet. Close this, and create one."
_CLIENT = "A client sees their own properties and their own account, and nothing else: there is nothing to choose."
_OWN = "This is your own account: nobody changes what they themselves see and may do. Ask another administrator."
_ABOVE = "This account has the role {role}: only an administrator changes what it sees and may do. Ask one."
_WHOLE = "This account sees the whole agency, and you look after some offices. Ask an administrator to change that."
_LAST = "Tick at least one office. Only somebody who looks after all offices takes the last one of yours away."
_NO_ROLE = "The role {role} is not one for office staff. Choose another one."
_GONE = "The account of this person is not there any more. Go back and look again."
_WHOLE_AGENCY = "the whole agency"
_CHANGES = (
    audit.Action.ACCESS_CHANGED,
    audit.Action.STAFF_CHANGED,
    audit.Action.EMAIL_CHANGED,
    audit.Action.ACCOUNT_DEACTIVATED,
    audit.Action.ACCOUNT_REACTIVATED,
    audit.Action.PASSWORD_CHOSEN,
)
"""What makes a new version of an account."""


class AccountAccess:
    """Shows what an account may do and see, tells what would follow from a change, and makes it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def view(self, actor: Actor, person: PersonKey) -> AccountView:
        """The account as it stands now. Raises NotFound, or Refused for somebody without one."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            row = persons.find(actor, person)
            return _view(actor, person, row, _there(row, persons.account_of(row)))

    def review(self, actor: Actor, person: PersonKey, wanted: AccessChange) -> tuple[str, ...]:
        """What would follow, a sentence for each thing; nothing if nothing differs.

        Raises NotFound, Refused, or Conflict with the account as it is now.
        """
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            row = persons.find(actor, person)
            identity = _there(row, persons.account_of(row))
            view = _view(actor, person, row, identity)
            _check(actor, view, identity, wanted)
            return tuple(self._sentences(view, identity, wanted))

    def change(self, actor: Actor, person: PersonKey, wanted: AccessChange) -> AccountView:
        """Store what differs, if the account is still as it was read; offices that are not the actor's stay.

        Open sessions see other offices at once, and end with a changed role, which stands in the list of staff too.
        Raises NotFound, Refused, or Conflict with the account as it is now.
        """
        recorded = audit.refusals_recorded(
            self._ctx,
            actor,
            audit.Action.ACCESS_CHANGED,
            **persons.numbers(person),
        )
        with recorded, self._ctx.unit():
            # One change after the other, and the session looked at when it is its turn: two administrators who take
            # each other's role away at the same moment would leave none.
            keep_list(self._ctx, actor)
            sessions.require_staff(self._ctx, actor)
            row = persons.find_held(self._ctx, actor, person)
            identity = _there(row, hold(self._ctx, row.identity_id or 0))
            view = _view(actor, person, row, identity)
            _check(actor, view, identity, wanted)
            if isinstance(row, StaffMember) and _differs(view, wanted):
                self._store(actor, row, identity, view, wanted)
            return _view(actor, person, row, _there(row, persons.account_of(row)))

    def _store(
        self, actor: Actor, member: StaffMember, identity: Identity, view: AccountView, wanted: AccessChange
    ) -> None:
        told: dict[str, str] = {}
        if wanted.role is not identity.role:
            told |= {"old_role": identity.role.value, "new_role": wanted.role.value}
            StaffMember.update(
                role=wanted.role,
                version=StaffMember.version + 1,
                changed_at=self._ctx.clock.now(),
                changed_by=actor.name,
            ).where(StaffMember.id == member.id).execute()
            follow_role(self._ctx, identity.id, wanted.role)
        if set(wanted.offices) != set(view.ticked):
            told["old_offices"] = _names_of(identity)
            _put_offices(identity, view, wanted)
            told["new_offices"] = _names_of(identity)
        audit.record(
            self._ctx,
            actor,
            audit.Action.ACCESS_CHANGED,
            staff_id=member.id,
            identity_id=identity.id,
            subject=identity.name,
            details=told,
        )

    def _sentences(self, view: AccountView, identity: Identity, wanted: AccessChange) -> list[str]:
        told = []
        before, after = set(view.ticked), set(wanted.offices)
        if before != after:
            sight = f"{_sight(view, len(after))} instead of {_sight(view, len(before))}"
            if len(before) == len(after):
                sight = "other offices than before" if view.whole_agency else "other ones of your offices than before"
            again = "" if wanted.role is not view.role else " and without signing in again"
            told.append(f"{view.name} sees {sight}, from now on{again}.")
            if before and after:
                told += _named("Added", view, after - before) + _named("Taken away", view, before - after)
        if wanted.role is not view.role:
            told.append(f"The role changes from {view.role} to {wanted.role}, in the list of office staff too.")
            count = sessions.count_open(self._ctx, identity.id)
            open_now = f"{count} open session{'' if count == 1 else 's'} of this account"
            told.append(f"It ends {open_now}." if count else "Nobody is signed in with this account now.")
        if told and view.state is IdentityState.DEACTIVATED:
            told.append("The account stays deactivated.")
        return told


def _there(row: Relation, identity: Identity | None) -> Identity:
    if identity is None:
        raise Refused(_NO_ACCOUNT if row.identity_id is None else _GONE)
    return identity


def _view(actor: Actor, person: PersonKey, row: Relation, identity: Identity) -> AccountView:
    locked = _why_locked(actor, row, identity)
    own = own_offices(actor)
    given = _given(identity)
    offices_locked = _WHOLE if not locked and own is not None and not given else ""
    rows = Office.select().where(Office.agency == actor.agency_id)
    offices = tuple(
        OfficeChoice(office.id, safe(office.name))
        for office in sorted(rows, key=lambda office: office.name_key)
        if own is None or office.id in own
    )
    signed_in = (Session.identity == identity.id) & Session.awaits.is_null()
    last: Any = Session.select(Session.created_at).where(signed_in).order_by(Session.id.desc())
    latest = last.first()
    return AccountView(
        person=person,
        version=identity.version,
        name=safe(persons.name_of(row)),
        user_name=identity.email,
        company_code=Agency.get_by_id(actor.agency_id).code,
        state=identity.state,
        since=identity.state_changed_at,
        by=safe(identity.state_changed_by),
        reason=safe(identity.state_reason),
        signed_in_at=None if latest is None else latest.created_at,
        role=identity.role,
        roles=STAFF_ROLES if not locked and rights.has(actor.role, Right.GIVE_ROLES) else (),
        offices=() if offices_locked or identity.role is Role.CLIENT else offices,
        ticked=tuple(sorted(office.id for office in offices if office.id in given)),
        whole_agency=own is None,
        locked=locked,
        offices_locked=offices_locked,
    )


def _why_locked(actor: Actor, row: Relation, identity: Identity) -> str:
    """Why this actor changes nothing of this account; empty if they may."""
    if not isinstance(row, StaffMember):
        return _CLIENT
    if told := rights.why_not(actor.role, Right.ACT):
        return told
    if identity.id == actor.identity_id:
        return _OWN
    return next((_ABOVE.format(role=role) for role in (identity.role, row.role) if not may_give(actor, role)), "")


def _check(actor: Actor, view: AccountView, identity: Identity, wanted: AccessChange) -> None:
    """Whether it may be changed so. Raises Refused or Conflict."""
    if view.locked:
        raise Refused(view.locked)
    if wanted.version != identity.version:
        by = _last_changed_by(identity)
        raise Conflict(
            f"{by} changed this account while you looked at it. Nothing of yours is saved: look at how it is now, and "
            "change it again if it is still needed.",
            view,
            by,
        )
    if wanted.role is not view.role:
        told = why_not_role(actor, identity, wanted.role)
        if told or wanted.role not in STAFF_ROLES:
            raise Refused(told or _NO_ROLE.format(role=wanted.role))
    if set(wanted.offices) != set(view.ticked):
        if view.offices_locked:
            raise Refused(view.offices_locked)
        check_offices(actor, wanted.offices)
        if not wanted.offices and not view.whole_agency:
            raise Refused(_LAST)


def _differs(view: AccountView, wanted: AccessChange) -> bool:
    return wanted.role is not view.role or set(wanted.offices) != set(view.ticked)


def _put_offices(identity: Identity, view: AccountView, wanted: AccessChange) -> None:
    """Give and take what differs; the offices that the actor does not see are not among those that are ticked."""
    gone = set(view.ticked) - set(wanted.offices)
    Membership.delete().where((Membership.identity == identity.id) & Membership.office.in_(sorted(gone))).execute()
    for office_id in sorted(set(wanted.offices) - set(view.ticked)):
        Membership.create(identity=identity, office=office_id)
    Identity.update(version=Identity.version + 1).where(Identity.id == identity.id).execute()


def _given(identity: Identity) -> frozenset[int]:
    rows = Membership.select(Membership.office).where(Membership.identity == identity.id)
    return frozenset(row.office_id for row in rows)


def _names_of(identity: Identity) -> str:
    """The offices of an account, for the audit."""
    rows = Office.select().where(Office.id.in_(sorted(_given(identity))))
    return ", ".join(office.name for office in sorted(rows, key=lambda office: office.name_key)) or _WHOLE_AGENCY


def _sight(view: AccountView, count: int) -> str:
    if view.whole_agency and not count:
        return _WHOLE_AGENCY
    of_all = "" if view.whole_agency else "of your "
    return f"{count or 'none'} {of_all}office{'s' if of_all or count != 1 else ''}"


def _named(verb: str, view: AccountView, offices: set[int]) -> list[str]:
    names = ", ".join(office.name for office in view.offices if office.id in offices)
    return [f"{verb}: {names}."] if names else []


def _last_changed_by(identity: Identity) -> str:
    entry = (
        AuditEntry.select(AuditEntry.actor_name)
        .where(
            (AuditEntry.identity_id == identity.id)
            & AuditEntry.action.in_([action.value for action in _CHANGES])
            & (AuditEntry.result == AuditResult.DONE)
        )
        .order_by(AuditEntry.id.desc())
        .first()
    )
    return "Somebody" if entry is None else safe(entry.actor_name)
