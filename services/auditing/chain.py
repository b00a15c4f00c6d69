"""The chain of the audit trail: each entry gets the next number and a seal over itself and the seal before.

The seal is HMAC-SHA-256(audit key, seal before || number || SHA-256(canonical JSON of all columns)): who can write the
database but lacks the key cannot make an entry that fits. The head carries a seal of its own, because entries cut off
at the end would leave a whole chain. Entries are gathered while a unit of work runs and sealed at its end: the head is
the last lock that a unit takes and the shortest that it holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from peewee import Database, IntegrityError, __exception_wrapper__  # type: ignore[attr-defined] # missing in the stubs only

from models.audit import AuditEntry, AuditHead
from models.database import is_postgresql
from services.errors import Unavailable

COLUMNS = tuple(field.column_name for field in AuditEntry._meta.sorted_fields if field.column_name != "mac")
"""The columns that a seal covers, the number among them."""

GENESIS = "0" * 64
"""Stands for the seal before the first entry."""

_ENTRY = b"desk/audit/entry/v1\0"
_HEAD = b"desk/audit/head/v1\0"

_NUMBERS = ("audit_entry.id", "audit_entry_pkey")
"""How the engines call the column of the numbers when one is taken."""

Draft = dict[str, Any]
"""An entry as the table keeps it, without number and seal."""


class ChainBroken(Unavailable):
    """The head of the trail is not what the desk left; nothing is written until somebody has looked at it."""

    def __init__(self) -> None:
        super().__init__(
            "The audit trail was changed from outside, so nothing can be stored. "
            "Nothing was changed; ask the administrator to run `trakdesk audit verify`."
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number, 0 before the first one, and its seal."""

    seq: int
    mac: str


class Gathered(threading.local):
    """The entries of the unit of work that runs in this thread; each thread has its own."""

    def __init__(self) -> None:
        self._drafts: list[Draft] | None = None

    def add(self, draft: Draft) -> None:
        """Keep an entry for the end of the unit; outside of one it would be lost, which is a fault of ours."""
        if self._drafts is None:
            raise RuntimeError("an audit entry belongs into a unit of work")
        self._drafts.append(draft)

    @contextmanager
    def sealed_at_the_end(self, database: Database, key: bytes) -> Iterator[None]:
        """Around the inside of a transaction or of a part of one: what is undone takes its entries along."""
        if self._drafts is not None:
            before = len(self._drafts)
            try:
                yield
            except BaseException:
                del self._drafts[before:]
                raise
            return
        self._drafts = []
        try:
            yield
            if self._drafts:
                append(database, key, self._drafts)
        finally:
            self._drafts = None


def append(database: Database, key: bytes, drafts: Sequence[Draft]) -> Head:
    """Number, seal and store the entries; call it last in a transaction. Raises ChainBroken."""
    head = lock_head(database, key)
    seq, mac = head.seq, head.mac
    rows = []
    for draft in drafts:
        seq += 1
        values = draft | {"id": seq}
        mac = seal_of(key, mac, seq, digest_of(values))
        rows.append((*(values[column] for column in COLUMNS), mac))
    names = ", ".join(COLUMNS)
    marks = ", ".join([database.param] * (len(COLUMNS) + 1))
    try:
        with __exception_wrapper__:
            database.cursor().executemany(
                f"INSERT INTO audit_entry ({names}, mac) VALUES ({marks})",  # noqa: S608 - names of columns
                rows,
            )
    except IntegrityError as error:
        if any(name in str(error) for name in _NUMBERS):
            # Somebody else put an entry behind the head.
            raise ChainBroken from error
        raise
    return move_head(key, Head(seq, mac))


def lock_head(database: Database, key: bytes) -> Head:
    """The head, for this transaction alone; a new trail gets its first one. Raises ChainBroken."""
    row = locked_head(database)
    if row is None and not AuditEntry.select().exists():
        # Of several units that begin the trail at once, the others wait here and find the first one's.
        AuditHead.insert(id=1, seq=0, mac=GENESIS, seal=head_seal(key, Head(0, GENESIS))).on_conflict_ignore().execute()
    # Whoever began the trail since the first look has left a head beside the entries.
    row = row or locked_head(database)
    if row is None or not is_sealed(key, row):
        raise ChainBroken
    return Head(row.seq, row.mac)


def locked_head(database: Database) -> AuditHead | None:
    """The head as it stands, for this transaction alone."""
    query = AuditHead.select().where(AuditHead.id == 1)
    # SQLite's transactions are immediate: nobody else writes until this one has ended.
    found: AuditHead | None = (query.for_update() if is_postgresql(database) else query).first()
    return found


def move_head(key: bytes, head: Head) -> Head:
    """Store where the chain ends now; call it with the head locked."""
    AuditHead.update(seq=head.seq, mac=head.mac, seal=head_seal(key, head)).where(AuditHead.id == 1).execute()
    return head


def is_sealed(key: bytes, row: AuditHead) -> bool:
    """Whether the head is as the desk stored it."""
    return hmac.compare_digest(row.seal, head_seal(key, Head(row.seq, row.mac)))


def seal_of(key: bytes, before: str, seq: int, digest: bytes) -> str:
    """The seal of an entry, from the seal before, its number and the digest of its columns."""
    return hmac.digest(key, _ENTRY + before.encode() + seq.to_bytes(8, "big") + digest, "sha256").hex()


def head_seal(key: bytes, head: Head) -> str:
    """The seal of the head."""
    return hmac.digest(key, _HEAD + head.seq.to_bytes(8, "big") + head.mac.encode(), "sha256").hex()


def digest_of(values: Mapping[str, Any]) -> bytes:
    """SHA-256 of the columns as canonical JSON: sorted names, no spaces, ASCII."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).digest()
