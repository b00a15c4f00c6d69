"""A creation of many accounts killed by the operating system in the middle: the next one goes on, nobody twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import Access, RunState
from services import person_key
from services.clock import ManualClock, SystemClock
from services.context import Context
from services.creation.bulk_run import LEASE
from services.desk import Desk
from services.errors import Refused
from tests.making import MadeAgency
from tests.places import ROOT
from tests.services.creating import make_colleagues

PEOPLE = 60
DIES_AT = 7
PROGRAM = """
import os, signal, sys
from pathlib import Path
from models.states import Role, Surface
from services.actor import Actor, Origin
from services.creation.bulk_run import Lease
from services.opening import open_desk
from services.settings import Settings

home, url, agency, run, dies_at = sys.argv[1:]
settle, settled = Lease.settle, []

def settle_or_die(*words):
    settled.append(words)
    if len(settled) == int(dies_at):
        os.kill(os.getpid(), signal.SIGKILL)
    settle(*words)

Lease.settle = settle_or_die
desk = open_desk(Settings(home=Path(home), database_url=url))
actor = Actor(int(agency), None, None, "command line", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
desk.bulk.work(actor, int(run), on_progress=lambda view: print(view.created, flush=True))
"""


@pytest.fixture
def run(desk: Desk, ray: MadeAgency) -> int:
    """A run of so many people that nobody has worked on."""
    people = [person_key.staff(person.id) for person in make_colleagues(desk, ray.agency, PEOPLE)]
    return desk.bulk.start(ray.admin, desk.bulk.preflight(ray.admin, people))


def command(ctx: Context, ray: MadeAgency, run: int, dies_at: int) -> tuple[str, ...]:
    """A program that works on the run; it dies between the account and the row of the person with this number."""
    home, url = str(ctx.settings.home), ctx.settings.database_url
    return (sys.executable, "-c", PROGRAM, home, url, str(ray.agency.id), str(run), str(dies_at))


def mails(ctx: Context) -> list[str]:
    with ctx.read():
        return [row.to_address for row in OutboxMessage.select()]


def finish(ctx: Context, ray: MadeAgency, run: int) -> None:
    """Let the next program go on, once the lease of the dead one, who lived in this machine's time, is over."""
    now = SystemClock().now()
    actor = replace(ray.admin, session_id=None)
    early = Desk(replace(ctx, clock=ManualClock(now)))
    with pytest.raises(Refused, match="Another program"):
        early.bulk.work(actor, run)
    late = Desk(replace(ctx, clock=ManualClock(now + LEASE + timedelta(seconds=1))))
    assert late.bulk.work(actor, run).created == PEOPLE
    assert len(mails(ctx)) == len(set(mails(ctx))) == PEOPLE
    with ctx.read():
        assert StaffMember.select().where(StaffMember.access == Access.PENDING).count() == PEOPLE


@pytest.mark.slow
@pytest.mark.surface
@pytest.mark.parametrize("after", [1, 25])
def test_a_killed_run_is_finished_by_the_next_program_and_nobody_gets_two_mails(
    desk: Desk, ctx: Context, ray: MadeAgency, run: int, after: int
) -> None:
    program = command(ctx, ray, run, 0)
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(after)][-1]
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    killed = desk.bulk.view(ray.admin, run)
    assert seen <= killed.created == len(mails(ctx)) < PEOPLE
    assert killed.state is RunState.RUNNING
    finish(ctx, ray, run)


@pytest.mark.slow
@pytest.mark.surface
def test_death_between_an_account_and_its_row_leaves_neither(
    desk: Desk, ctx: Context, ray: MadeAgency, run: int
) -> None:
    died = subprocess.run(command(ctx, ray, run, DIES_AT), cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL
    assert desk.bulk.view(ray.admin, run).created == len(mails(ctx)) == DIES_AT - 1
    finish(ctx, ray, run)
