"""What the agency's staff did, counted: for whoever answers for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from peewee import JOIN, fn

from models.agency import Office
from models.audit import AuditEntry
from models.staff import StaffMember
from models.states import AuditResult
from services.accounts.identities import full_name
from services.audit import OUTSIDER, Action
from services.auditing.query import AREAS, Area
from services.history_words import WORDS
from services.offices import Scope
from services.person_key import PersonKey, staff
from services.reports.reading import Found, Reading
from services.reports.values import Column, Days, Kind, Report, Row, Value
from services.rights import Right
from services.text import safe

REPORT = Report(
    name="actions",
    title="Actions of the staff",
    about="What each member of staff did and was refused, by kind; signing in and the own account are left out.",
    columns=(
        Column("name", "Name"),
        Column("role", "Role"),
        Column("office", "Office"),
        Column("action", "Action"),
        Column("event", "Event"),
        Column("done", "Done", Kind.NUMBER),
        Column("refused", "Refused", Kind.NUMBER),
        Column("failed", "Failed", Kind.NUMBER),
        Column("last_at", "Last", Kind.MOMENT),
    ),
    none="Looking {days}, nobody of the staff did anything but sign in.",
    telling="refused",
    days=Days(30, 1, 3650, "back"),
    right=Right.REPORTS,
)

_STEP = 20_000
"""Entries that are counted in one read."""

_NUMBERED = {action.value: number for number, action in enumerate(Action, 1)}
_ROOM = 1_000
"""Rows that each member of staff has numbers for."""

_LEFT_OUT = sorted(action.value for area in (Area.SIGN_IN, Area.MAIL) for action in AREAS[area])


@dataclass(frozen=True, slots=True)
class _Who:
    """Somebody who acts.

    Attributes:
        number: of the staff member; beyond all of them for whoever is on no list.
    """

    number: int
    name: str
    role: str
    office: str
    person: PersonKey | None


@dataclass(slots=True)
class _Line:
    """What one of them did of one kind."""

    results: Counter[AuditResult]
    last_at: datetime


class Actions(Reading):
    """By name, then by kind. Counted once; the rows are kept, since there are few for each member of staff."""

    report = REPORT
    _counted: dict[int, Row] | None = None

    def pages(self) -> Iterator[list[Found]]:
        """Count piece by piece, then give all."""
        lines: dict[tuple[int | None, str, str], _Line] = {}
        with self.looking() as scope:
            people = self._people()
            first, last = self._range()
        while first <= last:
            with self.looking():
                self._count(lines, first, min(first + _STEP, last + 1))
            first += _STEP
            yield []
        counted = self._told(lines, people, scope)
        self._counted = {row.key: row for row in counted}
        yield [(row.key, "") for row in counted]

    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """As they were counted last."""
        counted = self._counted or {}
        return [counted[key] for key in keys if key in counted]

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """As in `Reading`; whoever has only the keys has them counted first."""
        if self._counted is None:
            for _ in self.pages():
                pass
        return super().rows(keys)

    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """How much in all, by how many, and how much was refused."""
        rows = (self._counted or {}).values()
        done, refused = (sum(int(str(row.values[at])) for row in rows) for at in (5, 6))
        people = len({row.values[0] for row in rows})
        actions = f"{figure(done)} {'action' if done == 1 else 'actions'}"
        by = f"{figure(people)} {'person' if people == 1 else 'people'}"
        return f"{actions} by {by} in {self._days}; {figure(refused) if refused else 'none'} refused."

    def good(self, counts: Counter[str]) -> bool:
        """It is no list of faults."""
        return True

    @property
    def _days(self) -> str:
        return "the last day" if self._asked.days == 1 else f"{self._asked.days:,} days"

    def _people(self) -> dict[int, tuple[_Who, int | None]]:
        """Everybody of the staff with an account, by the account, each with the office."""
        columns = (
            *(StaffMember.identity, StaffMember.id, StaffMember.first_name, StaffMember.last_name),
            *(StaffMember.role, StaffMember.office, Office.name),
        )
        rows: Any = (
            StaffMember.select(*columns)
            .join(Office, JOIN.LEFT_OUTER, on=(Office.id == StaffMember.office))
            .where((StaffMember.agency == self.actor.agency_id) & StaffMember.identity.is_null(False))
        )
        return {
            identity: (
                _Who(number, safe(full_name(first, last)), role.value, safe(name or ""), staff(number)),
                office,
            )
            for identity, number, first, last, role, office, name in rows.tuples()
        }

    def _range(self) -> tuple[int, int]:
        """The first entry that is asked for, and the newest of all."""
        recent = AuditEntry.select(fn.MIN(AuditEntry.id)).where(AuditEntry.at >= self.now - self.span)
        first = recent.scalar()
        last = AuditEntry.select(fn.MAX(AuditEntry.id)).scalar()
        return (1, 0) if first is None or last is None else (int(first), int(last))

    def _count(self, lines: dict[tuple[int | None, str, str], _Line], first: int, stop: int) -> None:
        """Add the entries of a range."""
        own = (AuditEntry.identity_id == AuditEntry.actor_id) & (AuditEntry.action != Action.FORBIDDEN.value)
        by = (AuditEntry.actor_id, AuditEntry.actor_name, AuditEntry.action, AuditEntry.result)
        rows: Any = (
            AuditEntry.select(*by, fn.COUNT(AuditEntry.id), fn.MAX(AuditEntry.at))
            .where(
                (AuditEntry.id >= first)
                & (AuditEntry.id < stop)
                & (AuditEntry.at >= self.now - self.span)
                & (AuditEntry.agency_id == self.actor.agency_id)
                & (AuditEntry.actor_name != OUTSIDER)
                & AuditEntry.action.not_in(_LEFT_OUT)
                & (AuditEntry.actor_id.is_null() | AuditEntry.identity_id.is_null() | ~own)
            )
            .group_by(*by)
        )
        for actor, name, action, result, count, at in rows.tuples():
            line = lines.setdefault((actor, "" if actor is not None else name, action), _Line(Counter(), at))
            line.results[result] += count
            line.last_at = max(line.last_at, at)

    def _told(
        self,
        lines: dict[tuple[int | None, str, str], _Line],
        people: dict[int, tuple[_Who, int | None]],
        scope: Scope,
    ) -> list[Row]:
        """Whoever is on no list, at the command line or with an old account, acts for the whole agency."""
        beyond = max((who.number for who, _ in people.values()), default=0) + 1
        unlisted = sorted({name for actor, name, _ in lines if actor is None})
        rows: list[tuple[str, str, Row]] = []
        for (actor, name, action), line in lines.items():
            if actor is None:
                who = _Who(beyond + unlisted.index(name), safe(name), "", "", None)
                seen = scope.offices is None
            elif actor in people:
                who, office = people[actor]
                seen = scope.allows(office)
            else:
                # Clients act too, for themselves; they are no staff.
                continue
            if seen:
                row = _row(who, action, line)
                rows.append((who.name.casefold(), str(row.values[3]), row))
        return [row for _, _, row in sorted(rows, key=lambda one: (*one[:2], one[2].key))]


def _row(who: _Who, event: str, line: _Line) -> Row:
    """An entry outlives the program that wrote it, so that its event may be unknown."""
    words = WORDS[Action(event)][0] if event in _NUMBERED else event.replace("_", " ")
    results = [line.results[result] for result in (AuditResult.DONE, AuditResult.REFUSED, AuditResult.FAILED)]
    mark = "warning" if results[1] else ""
    cells: tuple[Value, ...] = (who.name, who.role, who.office, words, event, *results, line.last_at)
    number = _NUMBERED.get(event) or _ROOM // 2 + crc32(event.encode()) % (_ROOM // 2)
    return Row(who.number * _ROOM + number, cells, who.person, mark)
