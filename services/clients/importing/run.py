"""One upload from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from peewee import IntegrityError

from services import audit, sessions
from services.actor import Actor
from services.clients.importing.comparing import Plan, compare
from services.clients.importing.earlier import Earlier
from services.clients.importing.headers import Header, column_of, read_header
from services.clients.importing.opening import ListFile, open_upload
from services.clients.importing.reading import Lines, Record, Records, read_first_row
from services.clients.importing.report import Counts, ImportReport, Progress, Refusal, Refusals
from services.clients.importing.rows import Layout, Row, judge_order
from services.clients.importing.storing import Overtaken, Store
from services.clients.importing.upload import Position
from services.context import Context
from services.errors import Refused, Unavailable
from services.offices import require_whole_agency
from services.text import safe

BATCH_ROWS = 2_000
"""Rows of one transaction; others who save wait for it."""

_JUDGED_ROWS = 20_000
"""Rows whose dates are looked at before the first is stored."""

_TRIES = 4
_DATES = {"mdy": "month first", "dmy": "day first", None: "refused"}


def never() -> bool:
    """Nobody gives up."""
    return False


class ClientImport:
    """Takes in lists of clients."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(
        self,
        actor: Actor,
        path: Path,
        *,
        dry_run: bool = False,
        report: Path | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> ImportReport:
        """Upload a CSV file; a killed upload of the same file goes on where it stopped.

        Args:
            dry_run: read and compare only; nothing is written.
            report: a CSV file for all refusals; it appears when the whole file was read.
            on_progress: called after each batch.
            cancelled: asked between batches; when it comes true, whole batches are stored and the rest is left.

        Raises Invalid for `file` or `report`, Refused, SignedOut, or Unavailable; stored batches stay stored.
        """
        name = safe(path.name)[:255]
        with audit.refusals_recorded(self._ctx, actor, audit.Action.UPLOAD_FINISHED, subject=name):
            with self._ctx.read():
                sessions.require_staff(self._ctx, actor)
                require_whole_agency(actor)
            with open_upload(path, report) as (file, refusals), Earlier() as earlier:
                job = _Job(self._ctx, actor, file, name, dry_run, earlier, refusals)
                finished = job.run(on_progress, cancelled)
                if finished:
                    refusals.publish()
                return job.report(finished)


@dataclass(slots=True)
class _Batch:
    """Rows that hold, the refusals of those that do not, and how many these are."""

    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused: int = 0

    @property
    def size(self) -> int:
        """Rows of both kinds."""
        return len(self.rows) + self.refused

    def add(self, cleaned: Row | list[Refusal]) -> None:
        """Take a row or its refusals."""
        if isinstance(cleaned, Row):
            self.rows.append(cleaned)
        else:
            self.refusals += cleaned
            self.refused += 1

    def goes_on_with(self, cleaned: Row | list[Refusal]) -> bool:
        """Whether the row is of the client of the last one; a file of one client only does not go on for ever."""
        if not isinstance(cleaned, Row) or not self.rows or self.size >= 2 * BATCH_ROWS:
            return False
        return cleaned.email.key == self.rows[-1].email.key


class _Job:
    """One file on its way into the list."""

    def __init__(
        self,
        ctx: Context,
        actor: Actor,
        file: ListFile,
        name: str,
        dry_run: bool,
        earlier: Earlier,
        refusals: Refusals,
    ) -> None:
        self._ctx = ctx
        self._actor = actor
        self._file = file
        self._name = name
        self._dry_run = dry_run
        self._earlier = earlier
        self._refusals = refusals
        self._counts = Counts()
        self._unsettled = 0
        with file.lines() as lines:
            self._header, self._delimiter = _read_header(lines)
            self._order = judge_order(islice(self._records(lines), _JUDGED_ROWS), self._header)
        self._layout = Layout(self._header, self._order, ctx.clock.now().astimezone().date())
        # Only a file that can be read begins an upload.
        self._position = None if dry_run else Position(ctx, actor, name, file)
        self._resumed_from = self._position.counts.rows if self._position else 0
        self._store = Store(ctx, actor, self._layout, self._position.id if self._position else None)

    def run(self, on_progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool]) -> bool:
        """Take in all batches; whether it came to the end."""
        looked_at = 0
        with self._file.lines() as lines:
            _read_header(lines)
            for batch in self._batches(self._records(lines)):
                if cancelled():
                    return False
                looked_at += batch.size
                self._take(batch, stored_before=looked_at <= self._resumed_from)
                if on_progress is not None:
                    on_progress(Progress(self._file.bytes_done(), self._file.size, looked_at))
        self._file.refuse_changed()
        if self._position is not None:
            self._position.finish()
        return True

    def report(self, finished: bool) -> ImportReport:
        """What became of the file."""
        counts = self._position.counts if self._position else self._counts
        names = self._header.names
        return ImportReport(
            file_name=self._name,
            dry_run=self._dry_run,
            finished=finished,
            rows=counts.rows,
            added=counts.added,
            changed=counts.changed,
            unchanged=counts.unchanged,
            merged=counts.merged,
            refused=counts.refused,
            problems=tuple(self._refusals.kept),
            problem_count=self._refusals.count,
            columns={names[column]: column.value for column in names},
            ignored=self._header.ignored,
            delimiter=self._delimiter,
            encoding=self._file.encoding,
            dates=_DATES[self._order],
            resumed_from=self._resumed_from,
        )

    def _records(self, lines: Lines) -> Records:
        return Records(lines, self._delimiter, self._header.least, self._header.most)

    def _batches(self, records: Iterable[Record]) -> Iterator[_Batch]:
        """Cleaned rows; a batch ends where the interrupted upload did, and not between two rows of one client."""
        batch = _Batch()
        begun = 0
        for record in records:
            cleaned = self._layout.clean(record)
            at_stop = begun + batch.size == self._resumed_from
            if batch.size and (at_stop or (batch.size >= BATCH_ROWS and not batch.goes_on_with(cleaned))):
                yield batch
                begun += batch.size
                batch = _Batch()
            batch.add(cleaned)
        if batch.size:
            yield batch

    def _take(self, batch: _Batch, stored_before: bool) -> None:
        """Compare a batch and store it, unless an interrupted run did or nothing is to be stored."""
        if self._position is None or stored_before:
            with self._ctx.read():
                sessions.require_staff(self._ctx, self._actor)
                plan = self._compare(batch)
        else:
            plan = self._store_batch(batch, self._position)
        if self._position is None:
            self._counts.add(plan.counts)
        self._earlier.keep([work.stated for work in plan.works])
        self._refusals.take(sorted([*batch.refusals, *plan.refusals], key=lambda refusal: refusal.line))

    def _store_batch(self, batch: _Batch, position: Position) -> Plan:
        tries = 0
        while True:
            tries += 1
            try:
                return self._store_once(batch, position)
            except Overtaken as error:
                if tries == _TRIES:
                    raise Refused("Others keep changing the same clients. Upload the file again later.") from error
            except IntegrityError:
                # Somebody added one of these clients after the look; the next look finds it.
                if tries == _TRIES:
                    raise

    def _store_once(self, batch: _Batch, position: Position) -> Plan:
        try:
            with self._ctx.unit():
                position.begin_batch()
                plan = self._compare(batch)
                self._store.write(plan.works)
                position.advance(plan.counts)
        except Unavailable as error:
            stored = position.counts.rows
            raise Unavailable(f"{stored:,} rows of the file are stored, the next ones are not. {error}") from error
        position.counts.add(plan.counts)
        self._unsettled += plan.counts.added
        with self._ctx.read():
            if self._unsettled and self._store.settle(self._unsettled):
                self._unsettled = 0
        return plan

    def _compare(self, batch: _Batch) -> Plan:
        keys = {row.email.key for row in batch.rows}
        upload_id = self._position.id if self._position else None
        plan = compare(batch.rows, self._layout, self._earlier.find(keys), self._store.find(keys), upload_id)
        plan.counts.refused += batch.refused
        return plan


def _read_header(lines: Lines) -> tuple[Header, str]:
    """The header and the delimiter of a file. Raises Invalid for `file`."""
    cells, delimiter = read_first_row(lines, lambda cell: column_of(cell) is not None)
    return read_header(cells), delimiter
