"""However a visit ends, whoever signed in at the kiosk meanwhile is signed out, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.client import Client
from models.identity import Session
from models.states import Role, Surface
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.desk import Desk
from tests import making
from tests.kiosking import Person
from tests.making import MadeAgency
from tests.recovering import NOWHERE, USER
from tests.services.signing_in import CODE

VERA = "vera@example.com"
End = Callable[[Desk, MadeAgency, Person, int | None], None]

ENDS: dict[str, End] = {
    "home": lambda desk, ray, there, following: desk.visits.end(there.visit),
    "a fault, also by kill -9": lambda desk, ray, there, following: desk.kiosks.fault(there.origin, "A1B2", following),
    "began anew": lambda desk, ray, there, following: desk.kiosks.started(there.origin, following),
    "revoked": lambda desk, ray, there, following: desk.kiosks.revoke(ray.admin, there.origin.kiosk_id or 0) and None,
}


@pytest.fixture
def there(desk: Desk, ray: MadeAgency, brent: Client) -> Person:
    """Brent and Vera, of the staff, have accounts; somebody stands in the lobby."""
    making.give_account(desk, ray.admin, brent)
    making.make_staff(desk, ray.agency, VERA, role=Role.SUPERVISOR)
    return Person(desk, ray.agency)


def signed_in(desk: Desk, origin: Origin, user: str = USER) -> Actor:
    return desk.sign_in.sign_in(CODE, user, making.PASSWORD, origin)


def why_ended(desk: Desk, actor: Actor) -> str:
    """Empty for a session that goes on."""
    with desk.ctx.read():
        return Session.get_by_id(actor.session_id).ended_because


@pytest.mark.parametrize("how", ENDS)
def test_all_who_signed_in_there_are_signed_out_and_nobody_elsewhere(
    desk: Desk, ray: MadeAgency, there: Person, how: str
) -> None:
    elsewhere = signed_in(desk, NOWHERE)
    hall = signed_in(desk, Person(desk, ray.agency, "Hall").origin)
    namesake = signed_in(desk, Origin(Surface.DESK, there.origin.place))
    here = [signed_in(desk, there.origin), signed_in(desk, there.origin, VERA)]
    ENDS[how](desk, ray, there, None)
    assert [why_ended(desk, actor) for actor in here] == ["the kiosk went home"] * 2
    assert [why_ended(desk, actor) for actor in (elsewhere, hall, namesake)] == [""] * 3


@pytest.mark.parametrize("how", ["home", "a fault, also by kill -9", "began anew"])
def test_whoever_came_since_stays_signed_in(
    desk: Desk, ray: MadeAgency, there: Person, clock: ManualClock, how: str
) -> None:
    before = signed_in(desk, there.origin)
    clock.advance(seconds=1)
    following = desk.visits.begin(there.origin)
    since = signed_in(desk, there.origin)
    ENDS[how](desk, ray, there, following)
    assert (why_ended(desk, before), why_ended(desk, since)) == ("the kiosk went home", "")


def test_a_session_that_was_opened_after_the_end_is_ended_by_the_second_word_about_it(
    desk: Desk, there: Person, clock: ManualClock
) -> None:
    desk.visits.end(there.visit)
    late = signed_in(desk, there.origin)
    desk.visits.end(there.visit)
    assert why_ended(desk, late) == "the kiosk went home"


def test_a_namesake_of_another_agency_is_another_kiosk(desk: Desk, there: Person) -> None:
    other = making.make_agency(desk, "OTHER-1", "ann@other.example.com")
    theirs = Person(desk, other.agency)
    mine = desk.sign_in.sign_in("OTHER-1", "ann@other.example.com", making.PASSWORD, theirs.origin)
    desk.visits.end(there.visit)
    assert why_ended(desk, mine) == ""


def test_the_visit_of_another_kiosk_keeps_nothing_open(desk: Desk, ray: MadeAgency, there: Person) -> None:
    hall = Person(desk, ray.agency, "Hall")
    here = signed_in(desk, there.origin)
    desk.kiosks.fault(there.origin, "A1B2", hall.visit)
    assert why_ended(desk, here) == "the kiosk went home"
