"""How much one page, one address and all together may have."""

from __future__ import annotations

import pytest

from tui.portal.limits import MESSAGES, OCTETS, Full, Pace, Places


def test_somebody_who_types_never_waits() -> None:
    pace = Pace(0)
    assert all(pace.wait_for(20, second / 30) == 0 for second in range(3000))


def test_too_many_messages_wait_until_the_rate_is_kept() -> None:
    pace, now = Pace(0.0), 0.0
    for _ in range(1000):
        now += pace.wait_for(10, now)
    assert now == pytest.approx((1000 - MESSAGES) / MESSAGES, rel=0.05)


def test_too_many_octets_wait_as_well() -> None:
    pace, now = Pace(0.0), 0.0
    for _ in range(20):
        now += pace.wait_for(60_000, now)
    assert now == pytest.approx((20 * 60_000 - OCTETS) / OCTETS, rel=0.05)


def test_a_clock_that_goes_back_lets_nobody_through() -> None:
    pace = Pace(100.0)
    pace.wait_for(int(OCTETS), 100.0)
    assert pace.wait_for(1000, 50.0) > 0


def test_an_address_has_so_many_places_and_others_still_get_in() -> None:
    places = Places(4, 2)
    places.take("a")
    places.take("a")
    with pytest.raises(Full):
        places.take("a")
    places.take("b")
    places.give_back("a")
    places.take("a")
    assert (len(places), places.of("a"), places.of("b")) == (3, 2, 1)


def test_all_together_have_so_many_places() -> None:
    places = Places(2, 2)
    places.take("a")
    places.take("b")
    with pytest.raises(Full):
        places.take("c")


def test_a_place_is_given_back_after_a_fault() -> None:
    places = Places(1, 1)
    with pytest.raises(ValueError, match="fault"), places.taken("a"):
        raise ValueError("fault")
    assert len(places) == 0
