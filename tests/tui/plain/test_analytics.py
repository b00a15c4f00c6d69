"""Charts, read out."""

from __future__ import annotations

from models.client import Client
from services.desk import Desk
from tests.making import MadeAgency
from tests.services.analytics.stock import give_home, loan
from tests.talking import talk


def test_the_chart_of_an_agency_is_a_sentence_and_its_numbers(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan(lender="[/x]\x1b[2J bank"))
    heard = talk(desk, "5", "2", "y", actor=ray.admin).heard
    assert "Rates by lender. 1 mortgage has a rate; half of them pay 13.00% or less." in heard
    assert "Least 13.00%, Median 13.00%, Most 13.00%, Mortgages 1." in heard
    assert "\x1b[2J" not in heard


def test_the_charts_of_a_client_say_what_is_owed(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    give_home(desk, brent, loan())
    give_home(desk, brent, loan(rate=None), address="9 Elm St")
    heard = talk(desk, "1", "brent", "1", "6", "1", "n", actor=ray.admin).heard
    assert "$55,389.85 is owed on 1 of 2 mortgages." in " ".join(heard.split())
    assert "9 Elm St: the rate is not known. Enter it under My Properties." in heard
    assert "Nov 2026: 12 Oak St $55,389.85." in heard
