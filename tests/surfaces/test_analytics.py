"""Charts in a real terminal: looked at, tried out, as a table, and as a file; at rest they send nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from services.desk import Desk
from services.remembered import Remembered, remember
from tests import making
from tests.making import PASSWORD
from tests.services.analytics.stock import give_home, loan
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.term import Term


@pytest.fixture
def desk(environment: dict[str, str]) -> Desk:
    """An agency with two clients, one of whom has mortgages; the administrator has only the password left to type."""
    desk = desk_of(environment)
    made = making.make_agency(desk)
    desk.sign_in.sign_out(made.admin)
    with desk.ctx.unit():
        making.secure(desk.ctx)
    brent = making.make_client(desk, made.agency)
    making.make_client(desk, made.agency, "olive@example.com", first="Olive", last="Owner")
    today = desk.ctx.clock.now().date()
    give_home(desk, brent, loan(lender="[/x]\x1b[2Jbank", renewal_on=today + timedelta(days=100)), value="90000")
    give_home(desk, brent, loan(rate=None), address="9 Elm St")
    remember(desk.ctx.settings.remembered_path, Remembered(made.agency.code, "sue@raystaging.example.com"))
    return desk


@pytest.mark.slow
def test_charts_are_looked_at_tried_out_and_written_to_a_file(
    desk: Desk, terminal: Callable[..., Term], tmp_path: Path
) -> None:
    screen = terminal(80, 24)
    sign_in(screen, PASSWORD.reveal())
    screen.expect("1 Clients 2", 30).settle(0.3, 5)
    screen.key("f6").expect("Renewals in the next 24 months", 20).expect("┤")
    screen.key("2").expect("Rates by lender", 20).expect("[/x][2Jbank").expect("●")
    screen.settle(1, 5)
    before = screen.received
    screen.settle(4, 4)
    assert screen.received == before, "a plot at rest sends something"
    screen.key("t").expect("Mortgages").absent("●")
    path = tmp_path / "rates.csv"
    screen.key("x").expect("Write the numbers", 10)
    screen.key("ctrl+u").type(str(path))
    screen.key("enter").expect("1 rows written", 10)
    assert path.read_text("utf-8-sig").splitlines() == [
        "Lender,Least,Median,Most,Mortgages",
        "[/x][2Jbank,13.000,13.000,13.000,1",
    ]
    screen.key("esc").expect("e Edit", 10)

    screen.keys("/").type("brent")
    screen.expect("1 of 2", 20)
    screen.key("enter").settle(0.3, 4)
    screen.key("enter").expect("My Properties", 10)
    screen.key("l").expect("What is owed, at today", 20).expect("9 Elm St: the rate is not known")
    screen.key("3").expect("as much as now", 20)
    screen.keys("+", "+").expect("At 13.50% the payment is", 20)
    screen.key("4").expect("no account yet", 20)
    screen.key("esc").expect("e Edit", 10)
    screen.key("esc").settle(0.3, 4)
    screen.key("ctrl+q").gone()
