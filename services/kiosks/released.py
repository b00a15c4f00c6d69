"""What an agent has let the person at a kiosk pass: looked for by the steps, and used up at the end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from peewee import Expression

from models.help_queue import KioskVisit, StepRelease
from models.states import KioskStep
from services.actor import Origin
from services.context import Context
from services.errors import Refused
from services.kiosks import visits

HELPS_FOR = timedelta(minutes=10)
"""How long a step stays open that an agent has let somebody pass."""

OVER = "What the agent let you pass helps no more: it does for ten minutes. Ask for help again, or start again."


def steps(ctx: Context, origin: Origin, visit_id: int) -> frozenset[KioskStep]:
    """The steps that are open to whoever stands there now, for the address they typed; one statement."""
    rows = (
        StepRelease.select(StepRelease.step)
        .join(KioskVisit, on=(KioskVisit.id == StepRelease.visit) & (KioskVisit.identity == StepRelease.identity))
        .where(_helps(ctx, visit_id) & visits.here(origin, visit_id))
    )
    return frozenset(row.step for row in rows)


def use(ctx: Context, visit: KioskVisit, taken: Collection[KioskStep]) -> str:
    """Use up what was taken in the place of a proof, and tell for the audit by whom; call it inside `ctx.unit()`.

    Raises Refused if one of them helps no more.
    """
    if not taken:
        return ""
    mine = _helps(ctx, visit.id) & (StepRelease.identity == visit.identity_id) & StepRelease.step.in_(list(taken))
    rows = list(StepRelease.select().where(mine).order_by(StepRelease.id))
    used = StepRelease.update(used_at=ctx.clock.now()).where(mine).execute()
    if {row.step for row in rows} != set(taken) or used != len(rows):
        raise Refused(OVER)
    return ", ".join(dict.fromkeys(f"{row.step.value} by {row.agent.name}" for row in rows))


def _helps(ctx: Context, visit_id: int) -> Expression:
    condition: Expression = (
        (StepRelease.visit == visit_id) & StepRelease.used_at.is_null() & (StepRelease.expires_at > ctx.clock.now())
    )
    return condition
