"""How a person likes the desk to look."""

from __future__ import annotations

import pytest

from models.identity import Preference
from models.states import Role, Surface
from services.actor import Actor, Origin
from services.desk import Desk
from services.errors import Refused, SignedOut
from services.preferences import MOST_SIGNS
from tests.making import MadeAgency, make_agency, make_staff


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    return make_agency(desk)


def test_a_choice_is_kept_and_replaced(desk: Desk, made: MadeAgency) -> None:
    assert desk.preferences.get(made.admin, "clients") is None
    desk.preferences.put(made.admin, "clients", {"sort": "name", "hidden": ["email"]})
    desk.preferences.put(made.admin, "clients", {"sort": "rate", "falls": True})
    assert desk.preferences.get(made.admin, "clients") == {"sort": "rate", "falls": True}
    assert desk.preferences.get(made.admin, "mail") is None


def test_choices_are_each_persons_own(desk: Desk, made: MadeAgency) -> None:
    other = make_staff(desk, made.agency, "ann@example.com")
    desk.preferences.put(made.admin, "clients", {"sort": "rate"})
    assert desk.preferences.get(other, "clients") is None


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '"x"', "12"])
def test_what_is_no_choice_is_ignored(desk: Desk, made: MadeAgency, text: str) -> None:
    desk.preferences.put(made.admin, "clients", {})
    with desk.ctx.unit():
        Preference.update(value=text).execute()
    assert desk.preferences.get(made.admin, "clients") is None


def test_a_choice_cannot_fill_the_database(desk: Desk, made: MadeAgency) -> None:
    with pytest.raises(Refused, match="can be kept"):
        desk.preferences.put(made.admin, "clients", {"x": "y" * MOST_SIGNS})
    assert desk.preferences.get(made.admin, "clients") is None


def test_the_command_line_has_no_choices_and_keeps_none(desk: Desk, made: MadeAgency) -> None:
    command = Actor(made.agency.id, None, None, "root", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
    desk.preferences.put(command, "clients", {"sort": "rate"})
    assert desk.preferences.get(command, "clients") is None


def test_an_ended_session_neither_reads_nor_keeps(desk: Desk, made: MadeAgency) -> None:
    desk.sign_in.sign_out(made.admin)
    with pytest.raises(SignedOut):
        desk.preferences.get(made.admin, "clients")
    with pytest.raises(SignedOut):
        desk.preferences.put(made.admin, "clients", {})
