"""Reports: which there are, what each comes to, its rows, and giving it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.agency import Agency, Office
from services import audit, rights, sessions
from services.actor import Actor
from services.agency_policy import conventions_of
from services.clients.importing.csv_file import NewFile
from services.context import Context
from services.conventions import Conventions
from services.errors import DeskError
from services.files import refuse_existing, refuse_in_browser
from services.reports.catalogue import READINGS, REPORTS
from services.reports.giving_out import WRITERS, Form, Writer
from services.reports.reading import Reading
from services.reports.table import ReportRows
from services.reports.values import Asked, Finding, Head, Offer
from services.rights import Right
from services.rows import Cancelled
from services.text import safe


@dataclass(frozen=True, slots=True)
class GivenOut:
    """The outcome of giving a report out.

    Attributes:
        finished: whether all rows were written; of a file that was given up nothing is there.
    """

    rows: int
    finished: bool


class _ReportFile(NewFile):
    """With a byte order mark where a spreadsheet reads it."""

    def __init__(self, path: Path, form: Form) -> None:
        self.encoding = "utf-8-sig" if form is Form.CSV else "utf-8"
        super().__init__(path, "file")

    def put(self, text: str) -> None:
        """Add some text."""
        with self._told():
            self._file.write(text)


class Reports:
    """Reads, and gives out what it reads."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def list(self, actor: Actor) -> tuple[Offer, ...]:
        """All reports, each with why it is closed to the actor if it is. Raises Refused or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
        return tuple(Offer(report, rights.why_not(actor.role, report.right)) for report in REPORTS)

    def finding(self, actor: Actor, asked: Asked, cancelled: Callable[[], bool] = lambda: False) -> Finding:
        """What a report comes to; of a long one it takes seconds. Raises Cancelled, Refused or SignedOut."""
        return self._reading(actor, asked).finding(cancelled)

    def rows(self, actor: Actor, asked: Asked) -> ReportRows:
        """The table of a report; nothing is read yet."""

        def conventions() -> Conventions:
            with self._ctx.read():
                return conventions_of(actor.agency_id)

        return ReportRows(self._reading(actor, asked), conventions)

    def to_file(
        self,
        actor: Actor,
        asked: Asked,
        path: Path,
        form: Form,
        *,
        on_progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> GivenOut:
        """Write a report to a new file, for its owner only, whole or not at all.

        Args:
            on_progress: called with the rows written and all rows after each page.
            cancelled: asked between pages.

        Raises Invalid for `file` if it is there already or cannot be written; Refused, SignedOut or Unavailable.
        """
        name = safe(path.name)
        with audit.refusals_recorded(self._ctx, actor, audit.Action.REPORT_EXPORTED, subject=name):
            refuse_existing(path)
            try:
                reading = self._reading(actor, asked)
                head = self._head(actor, reading, asked, cancelled)
                refuse_in_browser(actor.origin)
                with _ReportFile(path, form) as file:
                    writer = WRITERS[form](file.put)
                    self._write(reading, writer, head, on_progress, cancelled)
                    self._record(actor, asked, name, form.value, writer.count)
                    # Last, so that nothing leaves without its entry.
                    file.publish()
            except Cancelled:
                return GivenOut(0, finished=False)
        return GivenOut(writer.count, finished=True)

    def to_stream(
        self, actor: Actor, asked: Asked, writer: Writer, form: str, *, cancelled: Callable[[], bool] = lambda: False
    ) -> GivenOut:
        """Hand a report to a writer while it is read; what breaks it off is told to the writer before it is raised.

        Args:
            form: how it is written, for the audit.
            cancelled: asked between pages.

        Raises Refused, SignedOut or Unavailable.
        """
        name = asked.report.name
        with audit.refusals_recorded(self._ctx, actor, audit.Action.REPORT_EXPORTED, subject=name):
            try:
                reading = self._reading(actor, asked)
                head = self._head(actor, reading, asked, cancelled)
            except Cancelled:
                return GivenOut(0, finished=False)
            # First, since what has left cannot be taken back.
            self._record(actor, asked, name, form, head.finding.rows)
        try:
            self._write(reading, writer, head, None, cancelled)
        except Cancelled:
            writer.end("It was stopped by hand.")
            return GivenOut(writer.count, finished=False)
        except DeskError as error:
            writer.end(error.sentence)
            raise
        return GivenOut(writer.count, finished=True)

    def _reading(self, actor: Actor, asked: Asked) -> Reading:
        return READINGS[asked.report.name](self._ctx, actor, asked)

    def _head(self, actor: Actor, reading: Reading, asked: Asked, cancelled: Callable[[], bool]) -> Head:
        """What is said of a report as a whole; whoever may not read it hears so here."""
        finding = reading.finding(cancelled)
        with self._ctx.read():
            agency = Agency.get_by_id(actor.agency_id)
            office = Office.get_or_none(Office.id == asked.office_id)
            conventions = conventions_of(actor.agency_id)
        name = "" if office is None else safe(office.name)
        return Head(asked, agency.code, name, self._ctx.clock.now(), finding, conventions)

    def _write(
        self,
        reading: Reading,
        writer: Writer,
        head: Head,
        on_progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool],
    ) -> None:
        """All rows, page by page, so that nobody waits for the whole. Raises Cancelled."""
        writer.begin(head)
        for page in reading.pages():
            if cancelled():
                raise Cancelled
            writer.add(reading.rows([key for key, _ in page]))
            if on_progress is not None:
                on_progress(writer.count, max(writer.count, head.finding.rows))
        writer.end()

    def _record(self, actor: Actor, asked: Asked, subject: str, form: str, rows: int) -> None:
        details = {"report": asked.report.name, "days": asked.days, "office": asked.office_id, "form": form}
        with self._ctx.unit():
            sessions.require_staff(self._ctx, actor, asked.report.right)
            audit.record(
                self._ctx, actor, audit.Action.REPORT_EXPORTED, subject=subject, details=details | {"rows": rows}
            )
