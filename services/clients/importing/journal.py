"""What an upload changed, and how it stood before: enough to undo the upload while nobody else has touched it.

Every value is kept as the table holds it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import Field

from models.client import NO_MONTH_DAY, Client, Property
from services.clients.importing.bulk import insert, select
from services.clients.importing.headers import Column
from services.clients.importing.work import Work
from services.context import Context

PERSON_FIELDS: Mapping[Column, Field[Any]] = {
    Column.FIRST_NAME: Client.first_name,
    Column.LAST_NAME: Client.last_name,
    Column.PHONE: Client.phone,
    Column.DATE_OF_BIRTH: Client.date_of_birth,
    Column.ANNIVERSARY: Client.anniversary,
    Column.SUBSCRIBED: Client.subscribed,
}

_COLUMNS = ("upload_id", "client_id", "before", "version")
_NEWER = "ON CONFLICT (upload_id, client_id) DO UPDATE SET before = excluded.before, version = excluded.version"


@dataclass(slots=True)
class HomeBefore:
    """A stored property on which something was changed.

    Attributes:
        seen: its version before the change; left: after it.
        value: what it was worth.
        loans: all its mortgages by number, with their figures in the order of `FIGURE_FIELDS`.
    """

    seen: int
    left: int
    value: int | None
    loans: dict[int, list[Any]]


@dataclass(slots=True)
class Before:
    """How a client stood before.

    Attributes:
        version: of the client.
        person: the fields that were changed, by the name of their column.
        homes: the properties on which something was changed, by number.
        added: the numbers of the new properties, with their versions after the upload.
    """

    version: int
    person: dict[str, Any] = field(default_factory=dict)
    homes: dict[int, HomeBefore] = field(default_factory=dict)
    added: dict[int, int] = field(default_factory=dict)

    def text(self) -> str:
        """As the database keeps it."""
        homes = {number: [home.seen, home.left, home.value, home.loans] for number, home in self.homes.items()}
        return json.dumps({"version": self.version, "person": self.person, "homes": homes, "added": self.added})

    def then(self, later: Before) -> None:
        """Take in what a later batch of the same upload changed: the first state counts, and the last version."""
        self.person = later.person | self.person
        for number, home in later.homes.items():
            if number in self.added:
                self.added[number] = home.left
            elif number in self.homes:
                self.homes[number].left = home.left
            else:
                self.homes[number] = home
        self.added |= later.added

    def moved_on(self, number: int, before: int, now: int) -> bool:
        """Whether a property that was left in one version stands in another one with the same values now."""
        if number in self.homes and self.homes[number].left == before:
            self.homes[number].left = now
            return True
        if self.added.get(number) == before:
            self.added[number] = now
            return True
        return False


def told_value(value: Any) -> str | int | bool:
    """A stored value as an entry of the audit tells it."""
    if value is None or value == NO_MONTH_DAY:
        return ""
    return value if isinstance(value, (int, bool)) else str(value)


def before_from(text: str) -> Before:
    """What the database keeps."""
    told = json.loads(text)
    homes = {
        int(number): HomeBefore(seen, left, value, {int(loan): figures for loan, figures in loans.items()})
        for number, (seen, left, value, loans) in told["homes"].items()
    }
    added = {int(number): left for number, left in told["added"].items()}
    return Before(told["version"], told["person"], homes, added)


class Journal:
    """The changes of one upload; every method runs inside a read or a unit of work."""

    def __init__(self, ctx: Context, upload_id: int) -> None:
        self._ctx = ctx
        self._upload_id = upload_id

    def clients(self, client_ids: Collection[int]) -> dict[int, Before]:
        """Those of the clients that the upload has changed so far."""
        mine = f"upload_id = {int(self._upload_id)}"
        rows = select(self._ctx.database, "upload_change", ("client_id", "before"), "client_id", client_ids, mine)
        return {int(client_id): before_from(before) for client_id, before in rows}

    def note(self, works: Sequence[Work]) -> None:
        """Write down what was changed of stored clients; one that the upload itself added needs no past."""
        noted: list[tuple[Any, ...]] = []
        earlier = self.clients([work.stored.id for work in works if work.stored and work.stored.changed_here])
        for work in works:
            if work.stored is None or work.stored.added_here:
                continue
            before = _before(work)
            if work.stored.id in earlier:
                earlier[work.stored.id].then(before)
                before = earlier[work.stored.id]
            version = work.stored.version + bool(work.changed)
            noted.append((self._upload_id, work.stored.id, before.text(), version))
        if noted:
            insert(self._ctx.database, "upload_change", _COLUMNS, noted, tail=_NEWER)


def _before(work: Work) -> Before:
    person = {
        PERSON_FIELDS[column].column_name: PERSON_FIELDS[column].db_value(old)
        for column, (old, _) in work.changed.items()
    }
    if work.anniversary is not None and work.stored is not None:
        # Not by hand, so that the client's version says nothing of it.
        person[Client.anniversary.column_name] = work.stored.person[Column.ANNIVERSARY]
    before = Before(0 if work.stored is None else work.stored.version, person)
    for home in work.changed_homes:
        if home.id is not None:
            on_it = [loan for loan in work.loans if loan.home_id == home.id]
            loans = {loan.id: list(loan.stored) for loan in on_it if loan.id is not None}
            before.homes[home.id] = HomeBefore(
                home.version, home.version + 1, Property.value.db_value(home.stored_value), loans
            )
    before.added = {home.id: home.version for home in work.homes.values() if home.id is not None and home.is_new}
    return before
