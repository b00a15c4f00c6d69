"""Which clients of an upload somebody has touched since: with any, the upload is not undone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.audit import AuditEntry
from models.client import Client, Property, Upload, UploadChange
from models.help_queue import HelpRequest
from models.states import AuditResult
from services.accounts.identities import full_name
from services.audit import Action
from services.clients.importing.bulk import select
from services.clients.importing.journal import Before, before_from
from services.context import Context
from services.history_words import entry_of
from services.text import safe

PORTION = 1_000
"""Clients that are looked at together."""

TOUCHED_TITLES = ("Client", "E-mail", "What happened since", "Who", "When (UTC)")

_ENTRIES = 20
"""Newest entries of a client among which the one is looked for that tells who touched it."""


_CHANGES = tuple(
    action.value
    for action in (
        *(Action.CLIENT_CHANGED, Action.EMAIL_CHANGED, Action.EMAIL_UNDONE),
        *(Action.PROPERTY_ADDED, Action.PROPERTY_CHANGED, Action.PROPERTY_REMOVED),
        *(Action.MORTGAGE_ADDED, Action.MORTGAGE_CHANGED, Action.MORTGAGE_REMOVED),
    )
)


@dataclass(frozen=True, slots=True)
class Touched:
    """A client that is not as the upload left it.

    Attributes:
        what: as a sentence without its subject: "changed the client".
    """

    client_id: int
    name: str
    email: str
    what: str
    who: str
    when: datetime

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of a file, under `TOUCHED_TITLES`."""
        return (self.name, self.email, self.what, self.who, f"{self.when:%Y-%m-%d %H:%M}")


@dataclass(frozen=True, slots=True)
class Noted:
    """A client that the upload changed: how it stood before, and its version after the change."""

    client_id: int
    before: Before
    version: int


class TouchedSearch:
    """Goes through the clients of one upload; every method runs inside a read or a unit of work."""

    def __init__(self, ctx: Context, upload: Upload) -> None:
        self._ctx = ctx
        self._upload = upload
        undone = Upload.select(Upload.id).where(
            Upload.agency == upload.agency_id, Upload.id > upload.id, Upload.undone_at.is_null(False)
        )
        self._neutral = {int(upload.id), *(int(row.id) for row in undone)}

    def sizes(self) -> tuple[int, int]:
        """How many clients the upload added that are there still, and how many it changed."""
        added = Client.select().where(Client.upload == self._upload.id).count()
        return int(added), int(UploadChange.select().where(UploadChange.upload == self._upload.id).count())

    def added(self) -> Iterator[list[int]]:
        """The clients that it added, in portions."""
        last = 0
        while True:
            mine = (Client.upload == self._upload.id) & (Client.id > last)
            ids = [int(row.id) for row in Client.select(Client.id).where(mine).order_by(Client.id).limit(PORTION)]
            if not ids:
                return
            last = ids[-1]
            yield ids

    def changed(self) -> Iterator[list[Noted]]:
        """The clients that it changed, in portions."""
        last = 0
        while True:
            mine = (UploadChange.upload == self._upload.id) & (UploadChange.client > last)
            rows = list(UploadChange.select().where(mine).order_by(UploadChange.client).limit(PORTION))
            if not rows:
                return
            last = rows[-1].client_id
            yield [Noted(row.client_id, before_from(row.before), row.version) for row in rows]

    def all(self) -> Iterator[Touched]:
        """Everybody whom somebody has touched."""
        for ids in self.added():
            yield from self.told(self.touched_of_added(ids))
        for noted in self.changed():
            yield from self.told(self.touched_of_changed(noted))

    def touched_of_added(self, ids: Sequence[int]) -> set[int]:
        """Those of added clients with an account, a help request, or anything in their history, as each change is."""
        chosen = Client.id.in_(ids)
        touched = {int(row.id) for row in Client.select(Client.id).where(chosen & Client.identity.is_null(False))}
        asked = HelpRequest.select(HelpRequest.client).where(HelpRequest.client.in_(ids))
        touched |= {int(row.client_id) for row in asked if row.client_id is not None}
        done = (AuditEntry.client_id.in_(ids)) & (AuditEntry.result == AuditResult.DONE)
        entries = AuditEntry.select().where(done)
        return touched | {int(entry.client_id or 0) for entry in entries if not self._is_neutral(entry)}

    def touched_of_changed(self, noted: Sequence[Noted]) -> set[int]:
        """Those of changed clients that, or whose changed properties, have another version, or are gone."""
        ids = [one.client_id for one in noted]
        rows = Client.select(Client.id, Client.version).where(Client.id.in_(ids))
        versions = {int(row.id): row.version for row in rows}
        left = {
            number: version
            for one in noted
            for number, version in (
                *((number, home.left) for number, home in one.before.homes.items()),
                *one.before.added.items(),
            )
        }
        found = dict(map(tuple, select(self._ctx.database, Property._meta.table_name, ("id", "version"), "id", left)))
        touched = {one.client_id for one in noted if versions.get(one.client_id) != one.version}
        touched |= {
            one.client_id
            for one in noted
            if any(found.get(number) != left[number] for number in (*one.before.homes, *one.before.added))
        }
        return touched | self._changed_by_hand(ids)

    def told(self, client_ids: Collection[int]) -> Iterator[Touched]:
        """Who touched them last, and when."""
        for client in Client.select().where(Client.id.in_(list(client_ids))).order_by(Client.name_key, Client.id):
            name, email = safe(full_name(client.first_name, client.last_name)), safe(client.email)
            entry = self._last_entry(client)
            if entry is None:
                who, when = safe(client.changed_by), client.changed_at
                yield Touched(int(client.id), name, email, "changed the client", who, when)
            else:
                told = entry_of(entry)
                yield Touched(int(client.id), name, email, told.words, told.actor, told.at)

    def _last_entry(self, client: Client) -> AuditEntry | None:
        about = AuditEntry.client_id == client.id
        if client.identity_id is not None:
            about |= AuditEntry.identity_id == client.identity_id
        done = about & (AuditEntry.result == AuditResult.DONE) & (AuditEntry.at >= self._upload.started_at)
        newest = AuditEntry.select().where(done).order_by(AuditEntry.id.desc()).limit(_ENTRIES)
        return next((entry for entry in newest if not self._is_neutral(entry)), None)

    def _changed_by_hand(self, ids: Sequence[int]) -> set[int]:
        """Those of changed clients of whom the history tells another change since, be it of a property."""
        rows = AuditEntry.select().where(
            AuditEntry.client_id.in_(ids),
            AuditEntry.action.in_(_CHANGES),
            AuditEntry.result == AuditResult.DONE,
            AuditEntry.at >= self._upload.started_at,
        )
        changed: set[int] = set()
        touched: set[int] = set()
        for entry in rows.order_by(AuditEntry.id):
            client_id = int(entry.client_id or 0)
            if self._uploaded_by(entry) == self._upload.id:
                changed.add(client_id)
            elif client_id in changed and not self._is_neutral(entry):
                touched.add(client_id)
        return touched

    def _uploaded_by(self, entry: AuditEntry) -> int | None:
        found = json.loads(entry.details).get("upload")
        return found if isinstance(found, int) else None

    def _is_neutral(self, entry: AuditEntry) -> bool:
        """Whether it tells of this upload, or of a later one that was undone."""
        return "undone_upload" in json.loads(entry.details) or self._uploaded_by(entry) in self._neutral
