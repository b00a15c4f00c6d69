"""A creation of many accounts as the database keeps it: a run, one row for each person, and a lease.

Whoever works on a run holds its lease. Each person is settled in a transaction of their own, so that a killed program
leaves whole rows behind, and the next one goes on with those that still wait.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from peewee import Expression, fn

from models.client import Client
from models.identity import BulkRow, BulkRun
from models.staff import StaffMember
from models.states import RunRowState, RunState
from services import audit, sessions
from services.actor import Actor
from services.context import Context
from services.creation.values import RunView
from services.errors import NotFound, Refused
from services.offices import scope_of
from services.person_key import PersonKey, PersonKind
from services.text import safe

LEASE = timedelta(seconds=20)
"""How long a killed program keeps others from going on; a person takes a hundredth of a second."""


class LeaseLost(Refused):
    """Somebody else works on the run now, because this program did not answer for too long."""


class Lease:
    """The right to work on one run; each piece of work takes one of its own.

    Raises NotFound, SignedOut, or Refused while another program works on the same run.
    """

    def __init__(self, ctx: Context, actor: Actor, run_id: int) -> None:
        self._ctx = ctx
        self._actor = actor
        self._run_id = run_id
        self._owner = secrets.token_hex(16)
        with ctx.unit():
            sessions.require_staff(ctx, actor)
            run_of(actor, run_id)
            now = ctx.clock.now()
            free = BulkRun.lease_until.is_null() | (BulkRun.lease_until <= now)
            taken = (
                BulkRun.update(lease_owner=self._owner, lease_until=now + LEASE, state=RunState.RUNNING)
                .where((BulkRun.id == run_id) & (BulkRun.state != RunState.DONE) & free)
                .execute()
            )
            if not taken:
                raise Refused(
                    "Another program is creating these accounts at this moment, or has just finished. "
                    "Look again in half a minute."
                )

    def waiting(self) -> Iterator[int]:
        """The rows whose turn has not come, one after the other."""
        while True:
            with self._ctx.read():
                row = BulkRow.select(BulkRow.id).where(_waits(self._run_id)).order_by(BulkRow.id).first()
            if row is None:
                return
            yield row.id

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One unit of work under the lease, whose time begins anew. Raises LeaseLost or SignedOut."""
        with self._ctx.unit():
            sessions.require_staff(self._ctx, self._actor)
            held = (
                BulkRun.update(lease_until=self._ctx.clock.now() + LEASE)
                .where((BulkRun.id == self._run_id) & (BulkRun.lease_owner == self._owner))
                .execute()
            )
            if not held:
                raise LeaseLost("Another program has gone on with these accounts. Look at how far it is.")
            yield

    def settle(self, row_id: int, state: RunRowState, reason: str = "") -> None:
        """Write down what became of a person; call it in a `turn`."""
        now = self._ctx.clock.now()
        BulkRow.update(state=state, reason=reason, done_at=now).where(BulkRow.id == row_id).execute()

    def refuse_the_rest(self, reason: str) -> None:
        """Let nobody wait any longer; call it in a `turn`."""
        BulkRow.update(state=RunRowState.REFUSED, reason=reason, done_at=self._ctx.clock.now()).where(
            _waits(self._run_id)
        ).execute()

    def put_down(self) -> None:
        """Give the lease back; a run in which nobody waits is done. The run may have ended the actor's own session."""
        with self._ctx.unit():
            changes: dict[str, Any] = {"lease_owner": "", "lease_until": None, "state": RunState.PAUSED}
            waits = BulkRow.select().where(_waits(self._run_id)).exists()
            if not waits:
                changes |= {"state": RunState.DONE, "ended_at": self._ctx.clock.now()}
            mine = (BulkRun.id == self._run_id) & (BulkRun.lease_owner == self._owner)
            if not BulkRun.update(**changes).where(mine).execute() or waits:
                return
            view = view_of(BulkRun.get_by_id(self._run_id))
            audit.record(
                self._ctx,
                self._actor,
                audit.Action.BULK_ENDED,
                details={"run": view.id, "created": view.created, "refused": view.refused},
            )


def open_run_of(actor: Actor) -> BulkRun | None:
    """The agency's run that is not finished, whoever sees it; call it inside a read or a unit, as the next four."""
    unfinished = (BulkRun.agency == actor.agency_id) & (BulkRun.state != RunState.DONE)
    found: BulkRun | None = BulkRun.select().where(unfinished).order_by(BulkRun.id).first()
    return found


def run_of(actor: Actor, run_id: int) -> BulkRun:
    """A run of the actor's agency, all of whose people the actor sees. Raises NotFound."""
    run: BulkRun | None = BulkRun.get_or_none((BulkRun.id == run_id) & (BulkRun.agency == actor.agency_id))
    if run is None or not sees_all_of(actor, run):
        raise NotFound("This creation of accounts is not here any more. Start anew.")
    return run


def sees_all_of(actor: Actor, run: BulkRun) -> bool:
    """Whether the actor sees everybody of a run who is still there; else the run does not exist for them."""
    scope = scope_of(actor)
    if scope.offices is None:
        return True
    for number, people in ((BulkRow.client_id, Client), (BulkRow.staff_id, StaffMember)):
        mine = BulkRow.run == run.id
        there = BulkRow.select().join(people, on=(people.id == number))
        if there.where(mine).count() != there.where(scope.narrowed(mine, people.office)).count():
            return False
    return True


def view_of(run: BulkRun) -> RunView:
    """How far a run is."""
    rows: Any = BulkRow.select(BulkRow.state, fn.COUNT(BulkRow.id)).where(BulkRow.run == run.id).group_by(BulkRow.state)
    counts = Counter({RunRowState(state): count for state, count in rows.tuples()})
    return RunView(
        id=run.id,
        by=safe(run.by),
        state=run.state,
        started_at=run.started_at,
        created=counts[RunRowState.CREATED],
        refused=counts[RunRowState.REFUSED],
        waiting=counts[RunRowState.WAITING],
    )


def person_of(row_id: int) -> PersonKey:
    """Whom a row is about."""
    row = BulkRow.get_by_id(row_id)
    if row.client_id is not None:
        return PersonKey(PersonKind.CLIENT, row.client_id)
    return PersonKey(PersonKind.STAFF, int(row.staff_id or 0))


def _waits(run_id: int) -> Expression:
    return (BulkRow.run == run_id) & (BulkRow.state == RunRowState.WAITING)
