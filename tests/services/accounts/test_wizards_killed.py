"""Wizards killed by the operating system while they store something: what was finished stands, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from models.identity import Identity
from services.accounts.owed import Owed
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.person_key import PersonKey
from tests import making
from tests.acting import everything
from tests.making import HERE, PASSWORD, MadeAgency
from tests.places import ROOT

PROGRAM = """
import os, signal, sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from models.states import Role, Surface
from services import audit
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.opening import open_desk
from services.person_key import PersonKey, PersonKind
from services.settings import Settings

home, url, now, agency, identity, session, role, limited, kind, number, dies_at = sys.argv[1:]
record, recorded = audit.record, []

def record_or_die(*words, **more):
    recorded.append(words)
    if len(recorded) == int(dies_at):
        os.kill(os.getpid(), signal.SIGKILL)
    return record(*words, **more)

audit.record = record_or_die
ctx = open_desk(Settings(home=Path(home), database_url=url)).ctx
desk = Desk(replace(ctx, clock=ManualClock(datetime.fromisoformat(now)), bcrypt_cost=4))
ids = (int(agency), int(identity), int(session))
actor = Actor(*ids, "somebody", Role(role), Origin(Surface.DESK), limited=limited == "True")
if actor.limited:
    steps = desk.onboarding
    steps.accept_terms(actor)
    steps.choose_password(actor, Secret("walnut river eleven sky"))
    steps.confirm_contact(actor, "519 555 0168")
    answers = {"first_pet": "Rex", "first_car": "Beetle", "first_school": "Hillside"}
    steps.set_questions(actor, [Answered(key, Secret(text)) for key, text in answers.items()])
else:
    plan = desk.creation.preview(actor, PersonKey(PersonKind(kind), int(number))).plan
    desk.creation.review(actor, plan)
    desk.creation.create(actor, plan)
"""


def kill(ctx: Context, actor: Actor, person: PersonKey, dies_at: int) -> None:
    """Let a program go through the wizard; it dies where it would write down the step with this number."""
    who = (actor.agency_id, actor.identity_id, actor.session_id, actor.role, actor.limited, person.kind, person.id)
    place = (str(ctx.settings.home), ctx.settings.database_url, ctx.clock.now().isoformat())
    words = (sys.executable, "-c", PROGRAM, *place, *map(str, who), str(dies_at))
    died = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.slow
@pytest.mark.surface
@pytest.mark.parametrize("dies_at", [1, 2, 3, 4])
def test_of_the_first_steps_those_that_were_finished_stand_and_the_one_at_hand_does_not(
    desk: Desk, ctx: Context, ray: MadeAgency, clock: ManualClock, person: PersonKey, dies_at: int
) -> None:
    desk.accounts.create_and_welcome(ray.admin, person)
    identity: Identity = making.account_behind(ctx, person)
    desk.recovery.choose_password(making.sent_secrets(ctx, identity).link, "", PASSWORD, HERE)
    clock.advance(minutes=5)
    desk.temporary.send(ray.admin, person)
    password = making.temporary_in(ctx, making.mails(ctx, identity)[-1])
    actor = desk.sign_in.sign_in("RAY-919", identity.email, password, HERE)
    kill(ctx, actor, person, dies_at)
    assert desk.onboarding.owed(actor) == Owed(*(number >= dies_at for number in range(1, 5)))


@pytest.mark.slow
@pytest.mark.surface
def test_of_an_account_at_the_last_yes_nothing_stands_before_all_of_it(
    desk: Desk, ctx: Context, ray: MadeAgency, person: PersonKey
) -> None:
    before = everything(ctx)
    kill(ctx, ray.admin, person, 1)
    # A program that opens a desk names the installation.
    assert everything(ctx) | {"Installation": []} == before | {"Installation": []}
    desk.creation.create(ray.admin, desk.creation.preview(ray.admin, person).plan)
