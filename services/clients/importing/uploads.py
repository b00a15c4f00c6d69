"""The uploads of an agency, and taking a whole one back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from models.client import Upload
from services import audit, sessions
from services.actor import Actor
from services.clients.importing.csv_file import CsvFile
from services.clients.importing.touched import TOUCHED_TITLES, Touched, TouchedSearch
from services.clients.importing.undoing import Undoing
from services.clients.importing.upload import keep_others_out
from services.context import Context
from services.errors import NotFound, Refused
from services.offices import require_whole_agency
from services.text import counted, safe

MOST_UPLOADS = 1_000
"""The newest ones, which are listed."""

SHOWN_TOUCHED = 200
"""Clients named when an upload cannot be undone; a file takes all of them."""


class UploadState(StrEnum):
    """How an upload stands."""

    DONE = "done"
    STOPPED = "stopped"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload as the list shows it.

    Attributes:
        state: a stopped one may be under way elsewhere at this moment.
        rows: how many of the file were taken in or refused.
        added, changed: clients; unchanged: rows that brought nothing new; refused: rows that were not taken.
    """

    id: int
    file_name: str
    by: str
    started_at: datetime
    finished_at: datetime | None
    state: UploadState
    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class UndoCheck:
    """Whether an upload can be undone.

    Attributes:
        added: clients that would be removed; changed: that would be as they were before.
        touched: the first `SHOWN_TOUCHED` of those that somebody has touched since; with any, nothing is undone.
        touched_count: how many they are in all.
    """

    upload: UploadView
    added: int
    changed: int
    touched: tuple[Touched, ...]
    touched_count: int


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What was undone.

    Attributes:
        removed: clients that the upload had added; restored: that it had changed.
    """

    removed: int
    restored: int


class Uploads:
    """Lists them, and undoes one while nothing else has touched its clients."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def all(self, actor: Actor) -> tuple[UploadView, ...]:
        """The newest `MOST_UPLOADS`, newest first. Raises Refused or SignedOut."""
        with self._ctx.read():
            self._require(actor)
            mine = Upload.select().where(Upload.agency == actor.agency_id)
            return tuple(_view(row) for row in mine.order_by(Upload.id.desc()).limit(MOST_UPLOADS))

    def check_undo(self, actor: Actor, upload_id: int, *, report: Path | None = None) -> UndoCheck:
        """What undoing it would do, and who is in the way.

        Args:
            report: a CSV file for all clients that were touched since.

        Raises NotFound, Refused for one that is undone already, SignedOut, or Invalid for `report`.
        """
        if report is not None:
            with CsvFile(report, "report") as file:
                file.write(TOUCHED_TITLES)
                check = self._check(actor, upload_id, lambda touched: file.write(touched.cells))
                file.publish()
            return check
        return self._check(actor, upload_id, lambda _: None)

    def undo(
        self,
        actor: Actor,
        upload_id: int,
        *,
        on_progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> UndoReport:
        """Remove what the upload added and give back what it changed: all of it in one unit of work, or nothing.

        Whoever else saves meanwhile waits for it.

        Args:
            on_progress: called with the clients done and all clients, after each portion.
            cancelled: asked between portions; when it comes true, nothing is undone.

        Raises NotFound, Refused if it is undone already, given up, or somebody has touched a client since, SignedOut,
        or Unavailable.
        """
        with audit.refusals_recorded(self._ctx, actor, audit.Action.UPLOAD_UNDONE), self._ctx.unit():
            self._require(actor)
            keep_others_out(self._ctx, actor)
            upload = _find(actor, upload_id)
            now = self._ctx.clock.now()
            open_ones = (Upload.id == upload.id) & Upload.undone_at.is_null()
            if not Upload.update(undone_at=now, undone_by=actor.name).where(open_ones).execute():
                raise Refused(_undone(upload))
            undoing = Undoing(self._ctx, actor, upload)
            removed, restored = undoing.run(on_progress, cancelled)
            audit.record(
                self._ctx,
                actor,
                audit.Action.UPLOAD_UNDONE,
                subject=upload.file_name,
                details={"upload": upload_id, "removed": removed, "restored": restored},
            )
            return UndoReport(removed, restored)

    def _check(self, actor: Actor, upload_id: int, tell: Callable[[Touched], None]) -> UndoCheck:
        first: list[Touched] = []
        with self._ctx.read():
            self._require(actor)
            upload = _find(actor, upload_id)
            if upload.undone_at is not None:
                raise Refused(_undone(upload))
            search = TouchedSearch(self._ctx, upload)
            added, changed = search.sizes()
            count = 0
            for touched in search.all():
                count += 1
                if len(first) < SHOWN_TOUCHED:
                    first.append(touched)
                tell(touched)
        return UndoCheck(_view(upload), added, changed, tuple(first), count)

    def _require(self, actor: Actor) -> None:
        sessions.require_staff(self._ctx, actor)
        require_whole_agency(actor)


def clients_counted(number: int) -> str:
    """So many clients: "1 client", "1,204 clients"."""
    return counted(number, "client", "clients")


def _find(actor: Actor, upload_id: int) -> Upload:
    row: Upload | None = Upload.get_or_none((Upload.id == upload_id) & (Upload.agency == actor.agency_id))
    if row is None:
        raise NotFound("There is no such upload. Look at the list of uploads again.")
    return row


def _undone(upload: Upload) -> str:
    return f"This upload was undone already{f', by {safe(upload.undone_by)}' if upload.undone_by else ''}."


def _view(row: Upload) -> UploadView:
    state = UploadState.DONE if row.finished_at is not None else UploadState.STOPPED
    return UploadView(
        id=int(row.id),
        file_name=safe(row.file_name),
        by=safe(row.by),
        started_at=row.started_at,
        finished_at=row.finished_at,
        state=state if row.undone_at is None else UploadState.UNDONE,
        rows=row.position,
        added=row.added,
        changed=row.changed,
        unchanged=row.unchanged,
        refused=row.refused,
        undone_at=row.undone_at,
        undone_by=safe(row.undone_by),
    )
