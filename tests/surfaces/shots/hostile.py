"""Names that no screen may fall over: markup, control characters, other directions, and far too long ones."""

from __future__ import annotations

from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.places import DATA
from tests.services.creating import make_colleague, make_office, make_old_account
from tests.surfaces.shots.stage import Shoot, Stage, close
from tests.surfaces.term import Term

NAMES = (
    ("[bold]Bob", "[@click=app.quit]Click[/]"),
    ("Wolfeschlegelsteinhausenbergerdorff " * 2, "Featherstonehaugh-Cholmondeley-Majoribanks " * 2),
    ("משה", "כהן"),
    ("محمد", "العربي"),
    ("Z\u0351\u036b\u0343a\u0321\u034al\u0334\u034dgo", "e\u0301\u0302\u0303"),
    ("Eve\x1b[2J\x07", "Es\x00cape\r\nline"),
    ("Ann\u202egnorw", "\u200bZero\ufeff"),
    ("美玲", "王"),
    ("👩‍👩‍👧‍👦 Family", "🇨🇦"),
)
"""First and last names as a careless program might have stored them; no service lets all of them in."""


def play(stage: Stage) -> None:
    """The same names in every list and dialog."""
    desk, made = stage.found()
    fill_lists(desk, made)
    stage.take_in("clients", DATA / "clients-messy-excel.csv")
    with stage.signed_in() as (term, shoot):
        clients(stage, term, shoot)
        staff(term, shoot)
        board(term, shoot)


def fill_lists(desk: Desk, made: MadeAgency) -> None:
    """Past the services, which would refuse most of it."""
    office = make_office(desk, made.agency, "[red]Büro[/] " + "sehr lang " * 5)
    for number, (first, last) in enumerate(NAMES):
        names = {"first": first[:64], "last": last[:64]}
        making.make_client(desk, made.agency, f"client{number}@hostile.example.com", **names)
        make_colleague(desk, made.agency, f"staff{number}@hostile.example.com", **names, office=office)
    make_old_account(desk, office, "[b]old[/b]", "staff0@hostile.example.com")


def clients(stage: Stage, term: Term, shoot: Shoot) -> None:
    """The list, one row's menu, form and mail."""
    shoot("hostile-clients")
    term.key("/").type("client0").expect("1 of", 20).key("enter").settle(0.5, 3)
    shoot("hostile-person")
    term.key("enter").settle(0.5, 3)
    shoot("hostile-actions")
    close(term)
    term.key("e").settle(0.7, 3)
    shoot("hostile-edit")
    close(term)
    term.key("w").expect("Create and send", 20)
    shoot("hostile-welcome")
    term.key("enter").settle(1.0, 5)
    shoot("hostile-toast")
    term.key("4").settle(1.0, 5)
    shoot("hostile-mail")
    term.key("enter").settle(0.7, 3)
    shoot("hostile-message")
    close(term)


def staff(term: Term, shoot: Shoot) -> None:
    """The list, the filter by office, the wizard's review, and many at once."""
    term.key("2").settle(1.0, 5)
    shoot("hostile-staff")
    term.key("f").key("end")
    shoot("hostile-filter")
    close(term)
    term.key("/").type("staff1").expect("1 of", 20).key("enter").key("i").settle(1.0, 5)
    shoot("hostile-identity")
    term.key("f2").settle(0.7, 3)
    shoot("hostile-access")
    term.key("f2").settle(0.7, 3)
    shoot("hostile-review")
    close(term)
    if term.has("Discard"):
        term.key("y").settle(0.5, 3)
    close(term, 2)
    term.key("b").settle(1.5, 5)
    shoot("hostile-bulk")
    close(term)


def board(term: Term, shoot: Shoot) -> None:
    """Old accounts."""
    term.key("o").settle(1.0, 5)
    shoot("hostile-board")
