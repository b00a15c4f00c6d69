"""Creates accounts for many people at once: every problem is found first, then one person follows the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.identity import BulkRow, BulkRun
from models.states import RunRowState, RunState
from services import audit, sessions
from services.actor import Actor
from services.clients.importing.csv_file import CsvFile
from services.context import Context
from services.creation.bulk_run import Lease, LeaseLost, open_run_of, person_of, run_of, sees_all_of, view_of
from services.creation.checks import FOR_MANY, MENDED, candidates
from services.creation.making import make_as_listed
from services.creation.values import Candidate, Preflight, PreflightRow, RunRow, RunView
from services.errors import DeskError, Locked, Refused, SignedOut, Unavailable
from services.files import refuse_in_browser
from services.person_key import PersonKey, PersonKind
from services.text import safe
from services.when import show_moment

_AT_ONCE = 100
_TITLES = ("Name", "E-mail", "Result", "Reason", "When")
RESULT_WORDS = {
    RunRowState.WAITING: "waiting",
    RunRowState.CREATED: "created",
    RunRowState.REFUSED: "not created",
}
"""What became of a person, in words."""


def never() -> bool:
    """Nobody wants to stop."""
    return False


class BulkCreation:
    """Looks at a list, begins a run, works on it, and tells how far it is."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def preflight(self, actor: Actor, people: Sequence[PersonKey]) -> Preflight:
        """Every problem of these people, each once, with nothing stored. Raises Refused or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            found = candidates(actor, list(dict.fromkeys(people)))
        return Preflight(tuple(_row(candidate) for candidate in sorted(found, key=lambda one: _is_own(actor, one))))

    def start(self, actor: Actor, preflight: Preflight) -> int:
        """Begin a run of those who are ready; the others stand in its report. Returns its number.

        Raises Refused if nobody is ready or if another run of the agency is not finished; SignedOut.
        """
        with audit.refusals_recorded(self._ctx, actor, audit.Action.BULK_STARTED), self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            if not preflight.ready:
                raise Refused("None of these people can get an account now. Mend the problems in the list first.")
            standing = open_run_of(actor)
            if standing is not None and not sees_all_of(actor, standing):
                raise Refused(
                    f"{standing.by} began to create accounts for people of other offices, and that is not finished. "
                    "Look at all offices and go on with it, or try again later."
                )
            if standing is not None:
                raise Refused(
                    f"{standing.by} began to create accounts for others, and that is not finished. Go on with it first."
                )
            now = self._ctx.clock.now()
            run = BulkRun.create(agency=actor.agency_id, state=RunState.PAUSED, by=actor.name, started_at=now)
            rows = [_stored(run.id, row) for row in preflight.rows]
            for start in range(0, len(rows), _AT_ONCE):
                BulkRow.insert_many(rows[start : start + _AT_ONCE]).execute()
            audit.record(
                self._ctx,
                actor,
                audit.Action.BULK_STARTED,
                details={"run": run.id, "people": len(rows), "ready": preflight.ready},
            )
            return int(run.id)

    def work(
        self,
        actor: Actor,
        run_id: int,
        *,
        on_progress: Callable[[RunView], None] | None = None,
        stop: Callable[[], bool] = never,
    ) -> RunView:
        """Create the accounts that still wait; returns how far it came.

        Args:
            on_progress: called after each person.
            stop: asked between two people; when it comes true the run is paused, and can be gone on with.

        Raises NotFound, SignedOut or Unavailable; Refused while another program works on the same run.
        """
        lease = Lease(self._ctx, actor, run_id)
        try:
            for row_id in lease.waiting():
                if stop():
                    break
                self._settle(actor, lease, row_id)
                if on_progress is not None:
                    on_progress(self.view(actor, run_id))
        finally:
            # Without a database the lease ends by itself.
            with suppress(Unavailable):
                lease.put_down()
        return self.view(actor, run_id)

    def give_up(self, actor: Actor, run_id: int) -> RunView:
        """End a run without those who still wait; what is created stays. Raises NotFound, Refused or SignedOut."""
        lease = Lease(self._ctx, actor, run_id)
        with lease.turn():
            lease.refuse_the_rest(f"{actor.name} stopped before this one.")
        lease.put_down()
        return self.view(actor, run_id)

    def open_run(self, actor: Actor) -> RunView | None:
        """The run that is not finished, None without one whose people the actor sees. Raises Refused or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            run = open_run_of(actor)
            return view_of(run) if run is not None and sees_all_of(actor, run) else None

    def view(self, actor: Actor, run_id: int) -> RunView:
        """How far a run is; it may be asked of a session that the run ended. Raises NotFound."""
        with self._ctx.read():
            sessions.require_right(self._ctx, actor)
            return view_of(run_of(actor, run_id))

    def rows(self, actor: Actor, run_id: int) -> tuple[RunRow, ...]:
        """What became of each person, in the order of the run. Raises NotFound."""
        with self._ctx.read():
            sessions.require_right(self._ctx, actor)
            run_of(actor, run_id)
            rows = BulkRow.select().where(BulkRow.run == run_id).order_by(BulkRow.id)
            return tuple(RunRow(row.id, safe(row.name), row.email, row.state, safe(row.reason)) for row in rows)

    def report(self, actor: Actor, run_id: int, path: Path) -> None:
        """Write what became of each person into a CSV file. Raises Invalid for `report`, NotFound, or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            refuse_in_browser(actor.origin)
            run_of(actor, run_id)
            rows = list(BulkRow.select().where(BulkRow.run == run_id).order_by(BulkRow.id))
        with CsvFile(path, "report") as file:
            file.write(_TITLES)
            for row in rows:
                when = show_moment(row.done_at, self._ctx.clock.now()) if row.done_at else ""
                file.write((safe(row.name), row.email, RESULT_WORDS[row.state], safe(row.reason), when))
            file.publish()

    def _settle(self, actor: Actor, lease: Lease, row_id: int) -> None:
        """Create one account, or write down why not; either way the row waits no longer."""
        try:
            with lease.turn():
                make_as_listed(self._ctx, actor, person_of(row_id), migrate=True)
                lease.settle(row_id, RunRowState.CREATED)
        except (SignedOut, Locked, Unavailable, LeaseLost):
            raise
        except DeskError as refusal:
            with lease.turn():
                lease.settle(row_id, RunRowState.REFUSED, refusal.sentence)


def _row(candidate: Candidate) -> PreflightRow:
    return PreflightRow(
        person=candidate.person,
        name=candidate.name,
        email=candidate.email,
        problems=tuple(obstacle.sentence for obstacle in candidate.kept_back(FOR_MANY)),
        notes=tuple(obstacle.sentence for obstacle in candidate.kept_back(MENDED)),
    )


def _is_own(actor: Actor, candidate: Candidate) -> bool:
    """Whether the account ends the actor's own session, so that it must come last."""
    return actor.legacy_user_id in {old.id for old in candidate.old_accounts}


def _stored(run_id: int, row: PreflightRow) -> dict[str, Any]:
    client = row.person.kind is PersonKind.CLIENT
    return {
        "run": run_id,
        "client_id": row.person.id if client else None,
        "staff_id": None if client else row.person.id,
        "name": row.name[:201],
        "email": row.email,
        "state": RunRowState.REFUSED if row.problems else RunRowState.WAITING,
        "reason": " ".join(row.problems),
        "done_at": None,
    }
