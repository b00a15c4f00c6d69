"""My Properties in real terminals: kept by staff in the agency's conventions, and seen by the client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.conventions import Writing
from services.desk import Desk
from services.remembered import Remembered, remember
from tests import making
from tests.making import PASSWORD
from tests.surfaces.playing import desk_of, fill, sign_in
from tests.surfaces.term import Term

CODE = "RAY-919"
ADMIN = "sue@raystaging.example.com"
USER = "brent@mortgageclient.example.com"


@pytest.fixture
def earlier(environment: dict[str, str]) -> Desk:
    """The desk ten minutes ago, in Canadian French conventions: one client, with an account and nothing known."""
    desk = desk_of(environment, earlier=True)
    ray = making.make_agency(desk)
    making.give_account(desk, ray.admin, making.make_client(desk, ray.agency))
    view = desk.rules.view(ray.admin)
    desk.rules.change(ray.admin, view.version, replace(view.policy, writing=Writing.FRENCH))
    # Nobody is told of a session elsewhere.
    desk.sign_in.sign_out(ray.admin)
    return desk


@pytest.mark.slow
def test_a_property_is_kept_right_by_staff_and_seen_by_its_owner(earlier: Desk, terminal: Callable[..., Term]) -> None:
    desk = terminal(80, 24)
    desk.expect("Sign in with your account")
    fill(desk, CODE, ADMIN, PASSWORD.reveal())
    desk.key("enter").expect("Brent Thomas", 30).settle(0.3, 5)
    desk.key("enter").expect("My Properties").key("o").expect("No property is known", 20)

    # A value typed the English way is written the French way.
    desk.key("n").expect("New property", 20).settle(0.3, 5)
    fill(desk, "12 rue King", "512,000.50")
    desk.key("f2").expect("512 000,50 $", 20).expect("has been added")

    # A mortgage that began on a 29 February, at a rate that is asked about; what follows is filled in.
    day = datetime.now(UTC).date() + timedelta(days=40)
    desk.key("m").expect("New mortgage", 20).settle(0.3, 5)
    fill(desk, "Caisse", "600 000 $", "25 %", day.isoformat(), "29 févr. 2024", "30 mois", "25")
    desk.key("tab").key("tab").key("right").expect("monthly")
    desk.key("f4").settle(0.3, 5)
    desk.key("f2").expect("Save it all the same", 20).expect("25,00 % is rare").expect("More is owed on this property")
    desk.key("y").expect("Caisse has been added", 20).expect("near, in 40 days")
    desk.expect("-87 999,50 $")
    desk.key("esc").expect("02-29", 20).expect(day.isoformat()).expect("25,00 %")

    remember(earlier.ctx.settings.remembered_path, Remembered(CODE, USER))
    owner = terminal(80, 24)
    sign_in(owner, PASSWORD.reveal())
    owner.expect("Your agency", 30).settle(0.3, 5)
    owner.key("o").expect("12 rue King", 20).key("down").expect("29 févr., since 2024", 20).expect("2 years 6 months")
    owner.key("e").settle(0.4, 3)
    assert "F2" not in owner.text

    # What goes is named; the history keeps what it was.
    desk.key("o").expect("12 rue King", 20).key("x").expect("with Caisse, 600 000,00 $, 25,00 %", 20)
    desk.key("y").expect("No property is known", 20)
    desk.key("h").expect("removed the property", 20).expect("removed the mortgage")
    owner.key("f5").expect("Your agency knows of no property", 20)
