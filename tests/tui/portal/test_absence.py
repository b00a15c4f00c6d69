"""How long a program waits for its page."""

from __future__ import annotations

import asyncio

import pytest

from tui.portal.absence import Absence, make_room
from tui.portal.protocol import GRACE, GRACE_AWAY


class Waiter:
    """A session, as far as it is looked at."""

    def __init__(self, lost_at: float | None = None, *, ends: bool = False) -> None:
        self.address = ""
        self.absence = Absence()
        self.over = asyncio.Event()
        self.ends = ends
        if lost_at is not None:
            self.absence.begin(lost_at)

    async def hang_up(self) -> None:
        self.ends = True
        self.over.set()


@pytest.mark.parametrize(
    ("on_phone", "hidden", "grace"), [(False, False, GRACE), (True, False, GRACE_AWAY), (False, True, GRACE_AWAY)]
)
def test_a_telephone_and_a_page_out_of_sight_are_waited_for_longer(on_phone: bool, hidden: bool, grace: float) -> None:
    absence = Absence()
    absence.on_phone, absence.hidden = on_phone, hidden
    assert absence.grace == grace


def test_whoever_is_back_is_in_sight_and_away_no_longer() -> None:
    absence = Absence()
    absence.hidden = True
    absence.begin(100.0)
    assert absence.lasts(130.0) == 30.0
    absence.end()
    assert (absence.lasts(200.0), absence.grace) == (0.0, GRACE)


@pytest.mark.parametrize(
    ("code", "hidden", "farewell"),
    [(1000, False, True), (1001, False, True), (1001, True, False), (1000, True, True), (1006, False, False)],
)
def test_a_page_that_the_device_ends_out_of_sight_has_not_been_closed_by_its_person(
    code: int, hidden: bool, farewell: bool
) -> None:
    absence = Absence()
    absence.hidden = hidden
    assert absence.is_farewell(code) is farewell


async def test_room_is_made_by_whoever_has_been_away_longest_and_for_more_than_a_moment() -> None:
    here, moment, long, longest = Waiter(), Waiter(99.0), Waiter(60.0), Waiter(10.0)
    gone = Waiter(0.0, ends=True)
    everybody = [here, moment, long, longest, gone]
    assert await make_room(everybody, 100.0)
    assert [one.ends for one in everybody] == [False, False, False, True, True]
    assert await make_room(everybody, 100.0)
    assert not await make_room(everybody, 100.0)
    assert not here.ends
    assert not moment.ends
