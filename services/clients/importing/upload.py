"""The row of the database that remembers how far an upload came."""

from __future__ import annotations

from models.client import Upload
from models.database import is_postgresql
from services import audit, sessions
from services.actor import Actor
from services.clients.importing.report import Counts
from services.context import Context
from services.errors import Refused


def stopped_upload(actor: Actor, digest: str) -> Upload | None:
    """The agency's newest upload, if it was of this file and can be gone on with; call it inside a read or a unit."""
    newest: Upload | None = Upload.select().where(Upload.agency == actor.agency_id).order_by(Upload.id.desc()).first()
    if newest is None or newest.finished_at is not None or newest.undone_at is not None or newest.digest != digest:
        return None
    return newest


def keep_others_out(ctx: Context, actor: Actor) -> None:
    """Let no other upload of the agency store anything until the unit of work ends; SQLite lets nobody anyway."""
    if is_postgresql(ctx.database):
        # Weaker than FOR UPDATE, which would make everybody wait who adds something that refers to the agency.
        lock = "SELECT id FROM agency WHERE id = %s FOR NO KEY UPDATE"
        ctx.database.execute_sql(lock, (actor.agency_id,))


class Position:
    """How far an upload came, in the same transaction as the rows that it stored.

    Attributes:
        id: of the upload.
        counts: what became of the rows up to here, of an interrupted run too.
    """

    def __init__(self, ctx: Context, actor: Actor, name: str, digest: str) -> None:
        """Go on with the agency's newest upload if it was of the same file and did not end; else begin one."""
        self._ctx = ctx
        self._actor = actor
        self._name = name
        with ctx.unit():
            sessions.require_staff(ctx, actor)
            newest = stopped_upload(actor, digest)
            if newest is None:
                newest = Upload.create(
                    agency=actor.agency_id,
                    file_name=name,
                    digest=digest,
                    by=actor.name,
                    surface=actor.origin.surface,
                    started_at=ctx.clock.now(),
                )
        self.id = int(newest.id)
        self.counts = Counts(newest.added, newest.changed, newest.unchanged, 0, newest.refused)
        self.counts.merged = newest.position - self.counts.rows

    def begin_batch(self) -> None:
        """Check the actor and keep other uploads of the agency out until the unit of work ends."""
        sessions.require_staff(self._ctx, self._actor)
        keep_others_out(self._ctx, self._actor)

    def advance(self, batch: Counts) -> None:
        """Write down a batch, inside its unit of work; count it in `counts` when that is stored.

        Raises Refused if another process moved the position.
        """
        here = (Upload.id == self.id) & (Upload.position == self.counts.rows)
        moved = (
            Upload.update(
                position=Upload.position + batch.rows,
                added=Upload.added + batch.added,
                changed=Upload.changed + batch.changed,
                unchanged=Upload.unchanged + batch.unchanged,
                refused=Upload.refused + batch.refused,
            )
            .where(here & Upload.finished_at.is_null() & Upload.undone_at.is_null())
            .execute()
        )
        if not moved and Upload.get_by_id(self.id).undone_at is not None:
            raise Refused("This upload was undone while it was stopped or under way. Upload the file anew.")
        if not moved:
            raise Refused(
                "Somebody else is uploading the same file at this moment. Let that upload end, then look at the list."
            )

    def finish(self) -> None:
        """Write down that the whole file was read."""
        counts = self.counts
        with self._ctx.unit():
            sessions.require_staff(self._ctx, self._actor)
            Upload.update(finished_at=self._ctx.clock.now()).where(Upload.id == self.id).execute()
            audit.record(
                self._ctx,
                self._actor,
                audit.Action.UPLOAD_FINISHED,
                subject=self._name,
                details={
                    "upload": self.id,
                    "rows": counts.rows,
                    "added": counts.added,
                    "changed": counts.changed,
                    "unchanged": counts.unchanged,
                    "merged": counts.merged,
                    "refused": counts.refused,
                },
            )
