"""Finds what somebody changed, removed, put in or moved in the audit trail, and names it.

One pass over the trail as it was at one moment, in constant memory: desks go on writing meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from peewee import __exception_wrapper__  # type: ignore[attr-defined] # missing in the stubs only

from models.audit import AuditEntry, AuditHead
from models.database import is_postgresql
from services.auditing import chain
from services.auditing.anchors import Anchor
from services.auditing.findings import Finding, Kind, Known, Suspect, known_of, settled, together
from services.context import Context

MOST = 1_000
"""Findings that are listed; more are only counted."""

SUSPECTS = 200
"""Broken entries that are compared with each other to find out which is to blame."""

CHUNK = 5_000
"""Entries between two looks at how far it is."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        entries: how many stand there; `head` is the number of the newest.
        mac: the seal of the newest, as an anchor keeps it.
        findings: what does not hold and is not known yet, oldest first; at most 1,000 of `problems`.
        known: what does not hold, but was looked at and accepted by a later entry.
    """

    entries: int
    head: int
    mac: str
    findings: tuple[Finding, ...]
    known: tuple[Finding, ...]
    problems: int

    @property
    def whole(self) -> bool:
        """Whether nothing was found that nobody has accepted."""
        return not self.problems


@contextmanager
def snapshot(ctx: Context) -> Iterator[None]:
    """One moment of the database to look at, while others write. Raises Unavailable."""
    with ctx.read():
        if is_postgresql(ctx.database):
            with ctx.database.atomic():
                ctx.database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
        else:
            with ctx.database.atomic("DEFERRED"):
                yield


def check(
    ctx: Context,
    anchors: Sequence[Anchor] = (),
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Check the whole trail.

    Args:
        anchors: what was written down elsewhere.
        on_progress: called with the entries checked and all entries, now and then.
    """
    with snapshot(ctx):
        return _Check(ctx, set(anchors)).run(on_progress)


def check_end(ctx: Context, count: int) -> Report:
    """Check the newest entries only, and that the head follows them."""
    with snapshot(ctx):
        newest = AuditEntry.select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1).scalar() or 0
        return _Check(ctx, set(), start=max(0, int(newest) - count)).run(None)


@dataclass(slots=True)
class _Check:
    """One pass.

    Attributes:
        start: the number of the entry behind which it begins.
        last, before, worked_out: number and stored seal of the entry before, and the seal that it should have.
    """

    ctx: Context
    anchors: set[Anchor]
    start: int = 0
    last: int = 0
    before: str = chain.GENESIS
    worked_out: str = chain.GENESIS
    entries: int = 0
    findings: list[Finding] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    more: int = 0
    gap: bool = False

    def run(self, on_progress: Callable[[int, int], None] | None) -> Report:
        key = self.ctx.keys.audit
        head = AuditHead.get_or_none(AuditHead.id == 1)
        end = int(head.seq) if head is not None else 0
        self._begin()
        for row in self._rows():
            self._take(key, row, end)
            if on_progress is not None and self.entries % CHUNK == 0:
                on_progress(self.entries, max(self.entries, end))
        newest = (self.last, self.before)
        if self.last < end:
            self._miss(self.last + 1, end)
        if not self._head_holds(key, head, newest):
            self._tell(Finding(Kind.HEAD, end, end))
        for anchor in self.anchors:
            self._tell(Finding(Kind.ANCHOR, anchor.seq, anchor.seq, print=anchor.mac[:16]))
        found = settled(key, self.findings, self.suspects)
        accepted = [finding for finding in found if any(known.covers(finding) for known in self.known)]
        fresh = [finding for finding in found if finding not in accepted]
        return Report(self.entries, *newest, tuple(fresh), tuple(accepted), len(fresh) + self.more)

    def _begin(self) -> None:
        """Behind `start`, the seal of the entry there is taken on trust."""
        if self.start:
            row = AuditEntry.get_or_none(AuditEntry.id == self.start)
            self.last = self.start
            self.gap = row is None
            self.before = self.worked_out = row.mac if row is not None else chain.GENESIS

    def _take(self, key: bytes, row: tuple[Any, ...], end: int) -> None:
        *columns, mac = row
        values = dict(zip(chain.COLUMNS, columns, strict=True))
        seq = int(values["id"])
        self.entries += 1
        suspect = Suspect(seq, values, mac, self.before)
        if seq < 1 or seq > end:
            self._tell(Finding(Kind.INSERTED, seq, seq, suspect.told, suspect.print))
            return
        if seq > self.last + 1:
            self._miss(self.last + 1, seq - 1)
        digest = chain.digest_of(values)
        expected = chain.seal_of(key, self.before, seq, digest)
        if mac not in (expected, chain.seal_of(key, self.worked_out, seq, digest)):
            self._suspect(suspect)
        elif values["action"] == "audit_resealed":
            self.known += known_of(values)
        self.anchors.discard(Anchor(seq, mac))
        self.last, self.before, self.worked_out, self.gap = seq, mac, expected, False

    def _suspect(self, suspect: Suspect) -> None:
        if self.gap:
            self._tell(Finding(Kind.UNPROVED, suspect.seq, suspect.seq, suspect.told, suspect.print))
        elif len(self.suspects) < SUSPECTS:
            self.suspects.append(suspect)
        else:
            # Where so much is broken, what follows is told as one.
            self._tell(Finding(Kind.UNPROVED, suspect.seq, suspect.seq, suspect.told, suspect.print))

    def _miss(self, first: int, last: int) -> None:
        self.gap = True
        self._tell(Finding(Kind.MISSING, first, last))

    def _tell(self, finding: Finding) -> None:
        if self.findings and (both := together(self.findings[-1], finding)):
            self.findings[-1] = both
        elif len(self.findings) < MOST:
            self.findings.append(finding)
        else:
            self.more += 1

    def _head_holds(self, key: bytes, head: AuditHead | None, newest: tuple[int, str]) -> bool:
        if head is None:
            return self.entries == 0
        if not chain.is_sealed(key, head):
            return False
        return newest[0] < head.seq or newest[1] == head.mac or any(one.seq == newest[0] for one in self.suspects)

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        names = ", ".join((*chain.COLUMNS, "mac"))
        where = f" WHERE id > {self.start}" if self.start else ""
        sql = f"SELECT {names} FROM audit_entry{where} ORDER BY id"  # noqa: S608 - names of columns, a number
        database = self.ctx.database
        with __exception_wrapper__:
            if is_postgresql(database):
                # A cursor of the server's: the driver's own would hold the whole trail at once.
                cursor = database.connection().cursor(name="audit")
                cursor.itersize = CHUNK
                cursor.execute(sql)
            else:
                cursor = database.execute_sql(sql)
            with closing(cursor):
                yield from cursor
