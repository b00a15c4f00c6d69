"""One upload from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from peewee import IntegrityError

from services import audit, sessions
from services.actor import Actor
from services.agency_policy import conventions_of
from services.clients.importing import mappings
from services.clients.importing.batches import Batch
from services.clients.importing.choices import DATES_READ, Choice
from services.clients.importing.comparing import compare
from services.clients.importing.earlier import Earlier
from services.clients.importing.folders import refuse_reach
from services.clients.importing.headers import faults_of, read_header
from services.clients.importing.looking import ListLook, first_row, look_into
from services.clients.importing.opening import ListFile, open_list, open_upload
from services.clients.importing.preview import Preview
from services.clients.importing.reading import Lines, Record, Records
from services.clients.importing.report import Counts, ImportReport, Progress, RefusalKeeper, Refusals
from services.clients.importing.rows import Layout
from services.clients.importing.storing import Overtaken, Store
from services.clients.importing.upload import Position, stopped_upload
from services.clients.importing.work import Plan
from services.context import Context
from services.errors import Invalid, Refused, Unavailable
from services.offices import require_whole_agency
from services.text import safe

BATCH_ROWS = 2_000
"""Rows of one transaction; others who save wait for it."""

CHANGED = "The file is another one than the one that you looked at. Look at it again, then upload it."

_TRIES = 4


def never() -> bool:
    """Nobody gives up."""
    return False


class ClientImport:
    """Takes in lists of clients."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def look(self, actor: Actor, path: Path) -> ListLook:
        """What a file holds, and how its columns are read; nothing is written down.

        Raises Invalid for `file`, Refused, SignedOut, or Unavailable.
        """
        with self._ctx.read():
            _require(self._ctx, actor)
        refuse_reach(actor, path)
        with open_list(path) as file:
            found = look_into(file, path, safe(path.name)[:255])
        return self._known(actor, found)

    def remember(self, actor: Actor, look: ListLook, choice: Choice) -> None:
        """Read the files of this source so from now on. Raises Invalid for `columns`, Refused, or SignedOut."""
        if faults_of(look.cells, choice.columns):
            raise Invalid({"columns": "Two columns hold the same field, or a field is missing. Correct that first."})
        with self._ctx.unit():
            _require(self._ctx, actor)
            mappings.remember(self._ctx, actor, look, choice)

    def forget(self, actor: Actor, look: ListLook) -> ListLook:
        """Find out anew how the files of this source are read. Raises Refused or SignedOut."""
        with self._ctx.unit():
            _require(self._ctx, actor)
            mappings.forget(self._ctx, actor, look)
        return self._known(actor, look)

    def run(
        self,
        actor: Actor,
        path: Path,
        *,
        dry_run: bool = False,
        report: Path | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] = never,
        choice: Choice | None = None,
        expected: str = "",
        keeper: RefusalKeeper | None = None,
        preview: Preview | None = None,
    ) -> ImportReport:
        """Upload a CSV file; a killed upload of the same file goes on where it stopped.

        Args:
            dry_run: read and compare only; nothing is written.
            report: a CSV file for all refusals; it appears when the whole file was read.
            on_progress: called after each batch.
            cancelled: asked between batches; when it comes true, whole batches are stored and the rest is left.
            choice: how its columns are read; None for as it is remembered, or else as it is found out.
            expected: the digest of the file that was looked at; another one is refused. Empty for whatever it is.
            keeper: takes all refusals as they are found.
            preview: takes what would be stored.

        Raises Invalid for `file` or `report`, Refused, SignedOut, or Unavailable; stored batches stay stored.
        """
        name = safe(path.name)[:255]
        with audit.refusals_recorded(self._ctx, actor, audit.Action.UPLOAD_FINISHED, subject=name):
            with self._ctx.read():
                _require(self._ctx, actor)
                if preview is not None:
                    preview.begin(conventions_of(actor.agency_id))
            refuse_reach(actor, path)
            with open_upload(path, report, keeper) as (file, refusals), Earlier() as earlier:
                if expected and file.digest != expected:
                    raise Refused(CHANGED)
                found = self._known(actor, look_into(file, path, name))
                job = _Job(self._ctx, actor, file, found, choice, dry_run, earlier, refusals, preview)
                finished = job.run(on_progress, cancelled)
                if finished:
                    refusals.publish()
                return job.report(finished)

    def _known(self, actor: Actor, look: ListLook) -> ListLook:
        """The look with what the database knows of such files, and of this one."""
        with self._ctx.read():
            look = mappings.known(actor, look)
            stopped = stopped_upload(actor, look.digest_with(look.choice))
        return replace(look, stored_rows=0 if stopped is None else stopped.position)


def _require(ctx: Context, actor: Actor) -> None:
    """Raises Refused or SignedOut."""
    sessions.require_staff(ctx, actor)
    require_whole_agency(actor)


class _Job:
    """One file on its way into the list."""

    def __init__(
        self,
        ctx: Context,
        actor: Actor,
        file: ListFile,
        look: ListLook,
        choice: Choice | None,
        dry_run: bool,
        earlier: Earlier,
        refusals: Refusals,
        preview: Preview | None,
    ) -> None:
        self._ctx = ctx
        self._actor = actor
        self._file = file
        self._look = look
        self._remembered = look.remembered if choice is None else None
        self._earlier = earlier
        self._refusals = refusals
        self._preview = preview
        self._counts = Counts()
        self._unsettled = 0
        choice = choice or look.choice
        if len(choice.columns) != len(look.cells):
            raise Refused(CHANGED)
        self._header = read_header(look.cells, choice.columns)
        self._order = choice.dates.order(look.order_found(choice.columns))
        self._layout = Layout(self._header, self._order, ctx.clock.now().astimezone().date())
        # Only a file that can be read begins an upload.
        self._position = None if dry_run else Position(ctx, actor, look.name, look.digest_with(choice))
        self._resumed_from = self._position.counts.rows if self._position else 0
        self._store = Store(ctx, actor, self._layout, self._position.id if self._position else None)

    def run(self, on_progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool]) -> bool:
        """Take in all batches; whether it came to the end."""
        looked_at = 0
        with self._file.lines() as lines:
            first_row(lines)
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
            file_name=self._look.name,
            dry_run=self._position is None,
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
            delimiter=self._look.delimiter,
            encoding=self._file.encoding,
            dates=DATES_READ[self._order].value,
            resumed_from=self._resumed_from,
            upload_id=self._position.id if self._position else None,
            remembered=self._remembered,
        )

    def _records(self, lines: Lines) -> Records:
        return Records(lines, self._look.delimiter, self._header.least, self._header.most)

    def _batches(self, records: Iterable[Record]) -> Iterator[Batch]:
        """Cleaned rows; a batch ends where the interrupted upload did, and not between two rows of one client."""
        batch = Batch(2 * BATCH_ROWS)
        begun = 0
        for record in records:
            cleaned = self._layout.clean(record)
            at_stop = begun + batch.size == self._resumed_from
            if batch.size and (at_stop or (batch.size >= BATCH_ROWS and not batch.goes_on_with(cleaned))):
                yield batch
                begun += batch.size
                batch = Batch(2 * BATCH_ROWS)
            batch.add(cleaned)
        if batch.size:
            yield batch

    def _take(self, batch: Batch, stored_before: bool) -> None:
        """Compare a batch and store it, unless an interrupted run did or nothing is to be stored."""
        if self._position is None or stored_before:
            with self._ctx.read():
                sessions.require_staff(self._ctx, self._actor)
                plan = self._compare(batch)
        else:
            plan = self._store_batch(batch, self._position)
        if self._position is None:
            self._counts.add(plan.counts)
        if self._preview is not None:
            self._preview.take(plan.works, self._layout.person)
        self._earlier.keep([work.stated for work in plan.works])
        self._refusals.take(sorted([*batch.refusals, *plan.refusals], key=lambda refusal: refusal.line))

    def _store_batch(self, batch: Batch, position: Position) -> Plan:
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

    def _store_once(self, batch: Batch, position: Position) -> Plan:
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

    def _compare(self, batch: Batch) -> Plan:
        keys = {row.email.key for row in batch.rows}
        plan = compare(batch.rows, self._layout, self._earlier.find(keys), self._store.find(keys))
        plan.counts.refused += batch.refused
        return plan
