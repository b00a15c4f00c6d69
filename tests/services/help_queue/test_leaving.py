"""A kiosk that goes home, or begins anew, takes the person away, and the agents see that at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.actor import Origin
from services.desk import Desk
from tests.making import MadeAgency
from tests.services.help_queue.asking import begin_visit, make_kiosk, stored

GOES: dict[str, Callable[[Desk, Origin, int], None]] = {
    "home": lambda desk, kiosk, visit: desk.visits.end(visit),
    "fault": lambda desk, kiosk, visit: desk.kiosks.fault(kiosk, "ABC-123"),
    "began anew": lambda desk, kiosk, visit: desk.kiosks.started(kiosk),
}


@pytest.mark.parametrize("how", GOES)
def test_whoever_asked_there_has_left_and_nobody_else(desk: Desk, ray: MadeAgency, how: str) -> None:
    here, there = make_kiosk(desk, ray.agency), make_kiosk(desk, ray.agency, "Hall")
    visits = begin_visit(desk, here), begin_visit(desk, there)
    mine = desk.help_asking.ask(here, "Brent", "The door", visit_id=visits[0])
    other = desk.help_asking.ask(there, "Nora", "The door", visit_id=visits[1])
    GOES[how](desk, here, visits[0])
    desk.visits.end(visits[0])
    assert not desk.help_queue.chat(ray.admin, mine.request_id).row.here
    assert desk.help_queue.chat(ray.admin, other.request_id).row.here
    assert stored(desk) == ["Brent has left."]
