"""Gives out the audit of an agency, or what is asked for of it, as CSV or as JSON lines."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from models.audit import AuditEntry
from services import audit
from services.actor import Actor
from services.auditing.finding import Finding
from services.auditing.query import AuditQuery
from services.auditing.trail import require_reader, sees
from services.clients.importing.csv_file import CsvFile, LineFile
from services.context import Context
from services.files import refuse_existing, refuse_in_browser
from services.history_words import entry_of
from services.rows import Cancelled
from services.search import reading
from services.text import fold, safe, search_words

PAGE = 1_000
"""Entries read at once."""

COLUMNS = (
    *("number", "at", "who", "what", "whom", "surface", "place", "result", "reason", "event"),
    *("client", "staff", "account", "details", "seal"),
)


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class AuditExportReport:
    """The outcome of an export; of one that was given up no file is there."""

    entries: int
    finished: bool


class AuditExport:
    """Gives out the audit, newest first."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(
        self,
        actor: Actor,
        query: AuditQuery,
        path: Path,
        form: Format,
        *,
        on_progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> AuditExportReport:
        """Write what a query asks for to a new file, for its owner only, whole or not at all.

        Args:
            on_progress: called with the entries written and all entries after each page.
            cancelled: asked between pages.

        Raises Invalid for `file` if it is there already or cannot be written; Refused, SignedOut or Unavailable.
        """
        name = safe(path.name)
        with audit.refusals_recorded(self._ctx, actor, audit.Action.AUDIT_EXPORTED, subject=name):
            refuse_existing(path)
            try:
                keys = self._keys(actor, query, cancelled)
                written = 0
                with (CsvFile if form is Format.CSV else LineFile)(path, "file") as file:
                    if isinstance(file, CsvFile):
                        file.write(COLUMNS)
                    for page in self._pages(actor, query, keys):
                        if cancelled():
                            raise Cancelled
                        for facts in page:
                            _write(file, facts)
                        written += len(page)
                        if on_progress is not None:
                            on_progress(written, len(keys))
                    with self._ctx.unit():
                        require_reader(self._ctx, actor)
                        audit.record(
                            self._ctx,
                            actor,
                            audit.Action.AUDIT_EXPORTED,
                            subject=name,
                            details={"entries": written, "words": query.all_words.strip(), "shown": query.filter.words},
                        )
                    # Last, so that nothing leaves without its entry.
                    file.publish()
            except Cancelled:
                return AuditExportReport(0, finished=False)
        return AuditExportReport(written, finished=True)

    def _keys(self, actor: Actor, query: AuditQuery, cancelled: Callable[[], bool]) -> array[int]:
        with reading(self._ctx) as reader:
            require_reader(self._ctx, actor)
            refuse_in_browser(actor.origin)
            return Finding(reader, actor.agency_id, query, self._ctx.clock.now()).all(cancelled)

    def _pages(self, actor: Actor, query: AuditQuery, keys: array[int]) -> Iterator[list[dict[str, str | int | None]]]:
        """Each page is read by itself, so that nobody waits for the whole."""
        for start in range(0, len(keys), PAGE):
            with self._ctx.read():
                require_reader(self._ctx, actor)
                mine = sees(actor)
                found = AuditEntry.select().where(AuditEntry.id.in_(list(keys[start : start + PAGE])))
                yield [
                    _facts(row)
                    for row in found.order_by(AuditEntry.id.desc())
                    if mine(row.agency_id) and _asked(query, row)
                ]


def _asked(query: AuditQuery, row: AuditEntry) -> bool:
    """Whether the words stand where they are asked for."""
    return _tells(row.actor_name, query.who) and _tells(row.subject, query.whom)


def _tells(text: str, asked: str) -> bool:
    words = fold(text).split()
    return all(any(word.startswith(one) for word in words) for one in search_words(asked))


def _facts(row: AuditEntry) -> dict[str, str | int | None]:
    entry = entry_of(row)
    moment: datetime = entry.at
    values = (
        *(entry.id, f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z", entry.actor, entry.words),
        *(safe(row.subject), entry.surface.value, entry.place, entry.result.value, entry.reason, entry.action),
        *(row.client_id, row.staff_id, row.identity_id, row.details, row.mac),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _write(file: CsvFile | LineFile, facts: dict[str, str | int | None]) -> None:
    if isinstance(file, CsvFile):
        file.write(["" if value is None else str(value) for value in facts.values()])
        return
    told = dict(facts)
    try:
        details = json.loads(str(facts["details"]))
    except ValueError:
        details = facts["details"]
    file.write(json.dumps(told | {"details": details}))
