"""Why somebody cannot get in, the caller who is verified, and the colleague who must agree."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from models.identity import Throttle
from models.states import Role
from services import person_key
from services.accounts.identities import sign_in_key
from services.approvals.values import Dangerous
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import DeskError
from tests import making
from tests.enrolling import enrol
from tests.making import HERE, MadeAgency
from tests.recovering import answer
from tests.surfaces.shots.stage import Shoot, Stage, close, find
from tests.surfaces.term import Term

LONG = "Maximiliane-Alexandrina [/x] " + "Featherstonehaugh " * 8


def play(stage: Stage) -> None:
    """A caller with every trouble, one with none, one with a hostile name; then the same where two must agree."""
    desk, ray = stage.found()
    stage.with_mail()
    troubled(desk, ray)
    making.give_account(desk, ray.admin, making.make_client(desk, ray.agency, "fine@example.com", first="Fiona"))
    hostile = making.make_client(desk, ray.agency, "long@example.com", first=LONG[:90], last="Zz")
    making.give_account(desk, ray.admin, hostile)
    with stage.signed_in() as (term, shoot):
        why(term, shoot)
        verify(term, shoot)
        clear(term, shoot)
        find(term, "zz")
        term.key("v").expect("Verify the caller", 20)
        shoot("verify-hostile")
        close(term)
        term.key("y").expect("Esc closes", 20)
        shoot("why-hostile")
        close(term)
    together(stage, desk, ray)


def troubled(desk: Desk, ray: MadeAgency) -> None:
    """Brent, who typed everything wrong, and whose app is lost."""
    brent = making.make_client(desk, ray.agency)
    identity = making.give_account(desk, ray.admin, brent)
    answer(desk.ctx, identity)
    app = enrol(desk.ctx, identity.id)
    clock = desk.ctx.clock
    assert isinstance(clock, ManualClock)
    clock.advance(minutes=9)
    with suppress(DeskError):
        desk.sign_in.sign_in("RAY-991", identity.email, Secret("wrong password here"), HERE)
    bob = making.make_staff(desk, ray.agency, "bob@raystaging.example.com", first="Bob")
    for _ in range(2):
        desk.verification.check_factor(bob, person_key.client(brent.id), app.wrong(clock.now()))
    put_wait(desk, identity.email, 150)
    with desk.ctx.unit():
        making.secure(desk.ctx, identity, secured=False)


def put_wait(desk: Desk, user: str, seconds: int) -> None:
    """Six failures, of which the wait is long enough to be looked at."""
    now = datetime.now(UTC)
    with desk.ctx.unit():
        key = sign_in_key(desk.ctx, "RAY-919", user)
        Throttle.delete().where(Throttle.key == key).execute()
        Throttle.create(key=key, count=6, window_from=now, next_at=now + timedelta(seconds=seconds))


def why(term: Term, shoot: Shoot) -> None:
    """Every cause, and none."""
    find(term, "brent")
    shoot("why-panel")
    term.key("enter").expect("Why can't they", 20)
    shoot("why-menu")
    close(term)
    term.key("y").expect("Why can't Brent", 20)
    shoot("why")
    close(term)
    find(term, "fiona")
    term.key("y").expect("Nothing keeps", 20)
    shoot("why-fine")
    close(term)


def verify(term: Term, shoot: Shoot) -> None:
    """Questions answered wrongly and rightly, a mailed code, and a reason."""
    find(term, "brent")
    term.key("v").expect("Verify the caller", 20)
    shoot("verify")
    term.key("q").expect("In which street", 20)
    shoot("verify-questions")
    for words in ("Oak Street", "Hillside", "Rex"):
        term.type(words).key("enter")
    term.expect("Not all of these", 20)
    shoot("verify-wrong")
    term.settle(1.2, 5)
    for words in ("Elm Street", "Hillside", "Rex"):
        term.type(words).key("enter")
    term.expect("is verified until", 20)
    shoot("verify-right")
    term.key("v").expect("Verified until", 20)
    shoot("verify-again")
    term.key("c").expect("sent", 20)
    shoot("verify-code")
    term.type("12").key("enter")
    shoot("verify-code-short")
    close(term, 2)


def clear(term: Term, shoot: Shoot) -> None:
    """The second factor needs more than the questions gave."""
    term.settle(0.5, 5)
    term.key("x").expect("Needed for this", 20)
    shoot("clear-needs")
    term.key("o").expect("How do you know", 20).type("showed her passport")
    shoot("verify-override")
    term.key("enter").expect("cleared?", 20).type("the phone was stolen").key("enter").expect("Clear the second", 20)
    shoot("clear-sure")
    close(term)


def together(stage: Stage, desk: Desk, ray: MadeAgency) -> None:
    """Two must agree."""
    clock = desk.ctx.clock
    assert isinstance(clock, ManualClock)
    clock.set(datetime.now(UTC))
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com", role=Role.SUPERVISOR)
    with desk.ctx.unit():
        ray.agency.adjustments = json.dumps(json.loads(ray.agency.adjustments) | {"second_person": True})
        ray.agency.save()
    brent = desk.clients.find_by_email(ann, "brent@mortgageclient.example.com")
    assert brent is not None
    person = person_key.client(brent.id)
    making.verified(desk, ann, person)
    desk.approvals.ask(ann, person, Dangerous.CLEAR_FACTOR, "the phone was stolen on the train to Toronto")
    with stage.signed_in("A colleague asks") as (term, shoot):
        shoot("requests-banner")
        term.key("g").expect("Requests for", 20)
        shoot("requests")
        term.key("enter").expect("May Ann", 20)
        shoot("requests-decide")
        term.key("y").expect("may go on", 20)
        shoot("requests-none")
        close(term)
        asked(term, shoot)


def asked(term: Term, shoot: Shoot) -> None:
    """The other way round: what one asked for."""
    find(term, "brent")
    term.key("x").expect("Verify the caller", 20).key("o").expect("How do you know", 20).type("her passport")
    term.key("enter").expect("cleared?", 20).type("stolen").key("enter").expect("Clear the second", 20)
    term.key("y").expect("A colleague must agree", 20)
    shoot("requests-ask")
    term.key("enter").expect("have been asked", 20)
    term.key("g").expect("nobody has decided", 20)
    shoot("requests-mine")
    close(term)
