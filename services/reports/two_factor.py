"""How far two-step sign-in has come: each role's share, and everybody who must have it and has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from peewee import JOIN, Expression, fn

from models.agency import Agency
from models.client import Client
from models.identity import Identity
from models.security import SecondFactor
from models.staff import StaffMember
from models.states import Access, FactorState, IdentityState, Role
from services import agency_policy
from services.offices import Scope
from services.reports.people import WHO, behind
from services.reports.reading import PAGE, Found, Reading, beyond, raw
from services.reports.values import Column, Kind, Report, Row
from services.rights import Right
from services.staff.values import STAFF_ROLES

REPORT = Report(
    name="two-factor",
    title="Two-step sign-in",
    about="Each role's share of accounts with an authenticator app, then everybody who must have one and has none.",
    columns=(
        Column("line", "Line"),
        Column("role", "Role"),
        *WHO,
        Column("required", "Required"),
        Column("people", "People", Kind.NUMBER),
        Column("with_app", "With app", Kind.NUMBER),
        Column("coverage", "Share", Kind.PERCENT),
    ),
    none="There is nobody yet whose account is active.",
    telling="coverage",
    right=Right.REPORTS,
)

_ROLES = (*STAFF_ROLES, Role.CLIENT)
_MISSING = "missing"
_HUNDREDTH = Decimal("0.01")
_CLIENTS_IN = (Access.ACTIVE, Access.UNDELIVERABLE)
"""What the list of clients says of active accounts; of the second kind not all are."""


@dataclass(frozen=True, slots=True)
class _Share:
    people: int = 0
    covered: int = 0


class TwoFactor(Reading):
    """A line for each role that anybody has; then the people, staff before clients, by name."""

    report = REPORT

    def pages(self) -> Iterator[list[Found]]:
        """The numbers of roles fall from -1; people have those of their accounts."""
        with self.looking() as scope:
            shares, needed = self._shares(scope), self._needed()
            staff = self._staff_missing(scope, needed)
        yield [(-1 - at, role.value) for at, role in enumerate(_ROLES) if shares[role].people]
        yield [(number, _MISSING) for number in staff]
        if Role.CLIENT in needed:
            for access in _CLIENTS_IN:
                yield from self._clients_missing(access)

    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """Lines about roles, and people who still have no app."""
        needed = self._needed()
        rows = []
        if any(key < 0 for key in keys):
            shares = self._shares(scope)
            rows = [self._role(-1 - key, shares, needed) for key in keys if key < 0]
        people = behind([key for key in keys if key > 0], scope)
        for number, role in _without_app(list(people)):
            if role in needed:
                cells = ("person", role.value, *people[number].cells, "yes", None, None, None)
                rows.append(Row(number, cells, people[number].person, "error"))
        return rows

    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """How many must have one and have none."""
        missing = counts[_MISSING]
        if not missing:
            return "Everybody who must have an authenticator app has one."
        people = "1 person" if missing == 1 else f"{figure(missing)} people"
        return f"{people} must have an authenticator app and {'has' if missing == 1 else 'have'} none."

    def good(self, counts: Counter[str]) -> bool:
        """Lines about roles ask for nothing."""
        return not counts[_MISSING]

    def _needed(self) -> frozenset[Role]:
        rules = agency_policy.policy_of(Agency.get_by_id(self.actor.agency_id))
        return frozenset(role for role in _ROLES if rules.needs_factor(role))

    def _role(self, at: int, shares: dict[Role, _Share], needed: frozenset[Role]) -> Row:
        role, share = _ROLES[at], shares[_ROLES[at]]
        # Never 100 as long as one is missing.
        whole = Decimal(100 * share.covered) / max(1, share.people)
        coverage = whole.quantize(_HUNDREDTH, ROUND_DOWN)
        required = "yes" if role in needed else "no"
        mark = "warning" if role in needed and share.covered < share.people else ""
        cells = ("role", role.value, "(all)", "", "", "", required, share.people, share.covered, coverage)
        return Row(-1 - at, cells, None, mark)

    def _shares(self, scope: Scope) -> dict[Role, _Share]:
        """How many active accounts there are of each role, and how many of them have an app."""
        shares = dict.fromkeys(_ROLES, _Share())
        seen = scope.narrowed(StaffMember.agency == self.actor.agency_id, StaffMember.office)
        counted: Any = (
            _active(StaffMember, Identity.role, fn.COUNT(Identity.id), fn.COUNT(SecondFactor.id))
            .where(seen & _IS_ACTIVE)
            .group_by(Identity.role)
        )
        shares.update({role: _Share(people, covered) for role, people, covered in counted.tuples()})
        mine = scope.narrowed(Client.agency == self.actor.agency_id, Client.office)
        # Nearly all are told by the index of the list; their accounts are not looked at.
        plain = Client.select().where(mine & (Client.access == Access.ACTIVE)).count()
        doubtful = Client.select().join(Identity).where(mine & (Client.access == Access.UNDELIVERABLE) & _IS_ACTIVE)
        # From the index of the active accounts on; whose they are is asked of the few that have an app.
        theirs = fn.EXISTS(Client.select(Client.id).where((Client.identity == Identity.id) & mine))
        app = fn.EXISTS(SecondFactor.select(SecondFactor.id).where(_HAS_APP))
        ours = (Identity.agency == self.actor.agency_id) & _IS_ACTIVE
        covered = Identity.select().where(ours & app & theirs)
        shares[Role.CLIENT] = _Share(plain + doubtful.count(), covered.count())
        return shares

    def _staff_missing(self, scope: Scope, needed: frozenset[Role]) -> list[int]:
        seen = scope.narrowed(StaffMember.agency == self.actor.agency_id, StaffMember.office)
        rows: Any = (
            _active(StaffMember, Identity.id, Identity.role)
            .where(seen & _IS_ACTIVE & SecondFactor.id.is_null())
            .order_by(StaffMember.name_key, Identity.id)
        )
        return [number for number, role in rows.tuples() if role in needed]

    def _clients_missing(self, access: Access) -> Iterator[list[Found]]:
        place = (Client.name_key, Client.id)
        last: Sequence[Any] | None = None
        while True:
            asked: Expression = (Client.agency == self.actor.agency_id) & (Client.access == access)
            if last is not None:
                asked &= beyond(place, last)
            with self.looking() as scope:
                page = Client.select(*place, Client.identity).where(scope.narrowed(asked, Client.office))
                rows = raw(self.ctx, page.order_by(*place).limit(PAGE))
                numbers = [row[2] for row in rows]
                missing = {number for number, _ in _without_app(numbers)}
            yield [(number, _MISSING) for number in numbers if number in missing]
            if len(rows) < PAGE:
                return
            last = rows[-1][:2]


_IS_ACTIVE: Expression = Identity.state == IdentityState.ACTIVE
_HAS_APP: Expression = (SecondFactor.identity == Identity.id) & (SecondFactor.state == FactorState.ACTIVE)


def _active(people: Any, *columns: Any) -> Any:
    """People, their accounts, and the second factor of those that have one; so the database begins with the people."""
    return people.select(*columns).join(Identity).join(SecondFactor, JOIN.LEFT_OUTER, on=_HAS_APP)


def _without_app(numbers: list[int]) -> list[tuple[int, Role]]:
    """Those of these accounts that are active and have no app, with their roles."""
    if not numbers:
        return []
    rows: Any = (
        Identity.select(Identity.id, Identity.role)
        .join(SecondFactor, JOIN.LEFT_OUTER, on=_HAS_APP)
        .where(Identity.id.in_(numbers) & _IS_ACTIVE & SecondFactor.id.is_null())
    )
    return list(rows.tuples())
