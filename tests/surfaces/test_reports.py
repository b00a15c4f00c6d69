"""Reports in real terminals: from the desk to the person in a few keys, and through pipes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable

import pytest

from models.identity import Identity
from models.states import Role
from services.desk import Desk
from services.remembered import Remembered, remember
from tests import making
from tests.making import PASSWORD
from tests.services.reports.test_renewals import owe
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.term import Term

USER = "sam@raystaging.example.com"


@pytest.fixture
def desk(environment: dict[str, str]) -> Desk:
    """An agency whose supervisor has only the password left to type, with fifty renewals and a forgotten account."""
    desk = desk_of(environment)
    made = making.make_agency(desk)
    supervisor = making.make_staff(desk, made.agency, USER, role=Role.SUPERVISOR, first="Sam", last="Super")
    for number in range(50):
        owe(desk, made, f"Client{number:02}", -2000 + number)
    pending = making.make_client(desk, made.agency, "nora@example.com", first="Nora", last="New")
    making.give_account(desk, made.admin, pending, password=None)
    with desk.ctx.unit():
        Identity.update(state_changed_at=0).where(Identity.state == "pending").execute()
        making.secure(desk.ctx)
    desk.sign_in.sign_out(supervisor)
    desk.sign_in.sign_out(made.admin)
    remember(desk.ctx.settings.remembered_path, Remembered(made.agency.code, USER))
    return desk


@pytest.mark.slow
def test_a_forgotten_account_is_found_and_closed_and_the_same_reports_go_through_pipes(
    desk: Desk, terminal: Callable[..., Term], command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    screen = terminal(80, 24)
    sign_in(screen, PASSWORD.reveal())
    screen.expect("5 Audit", 30).settle(0.3, 5)
    screen.key("f7").expect("1 account has not been activated", 20).expect("50 mortgages are due", 20)
    screen.key("down").key("enter").expect("nora@example.com", 20).settle(0.3, 4)
    screen.key("enter").expect("Deactivate the account", 10).key("d").expect("Why is Nora New", 10)
    screen.type("never came").key("enter").expect("Deactivate Nora New?", 10).key("y")
    screen.expect("Nothing to do here", 20).settle(0.3, 4)
    screen.key("esc").expect("Deactivated, but", 10).settle(0.3, 4)
    screen.key("down").key("down").key("enter").expect("Days left", 20).expect("Client00", 20).settle(1.5, 8)
    screen.key("end").expect("Client49", 20)
    screen.key("d").expect("how many days", 10).key("esc").settle(0.3, 4)
    screen.key("esc").key("esc").expect("5 Audit", 10)

    piped = command("report", "renewals", "--format", "csv")
    assert (piped.returncode, len(list(csv.reader(io.StringIO(piped.stdout))))) == (0, 51), piped.stderr
    told = json.loads(command("report", "actions", "--format", "json").stdout)
    assert ("Sam Super", "account_deactivated", 1) in [(row["name"], row["event"], row["done"]) for row in told["rows"]]
    with terminal(80, 24, "report", "renewals") as shown:
        shown.expect("50 mortgages are due within 90 days", 20)
