"""My Properties: empty and full, near and past renewals, the forms with what is odd and wrong, hostile addresses."""

from __future__ import annotations

from datetime import timedelta

from models.client import Client, Mortgage, Property
from models.states import PaymentEvery
from services.desk import Desk
from services.properties.values import MortgageFields, PropertyFields
from tests import making
from tests.making import MadeAgency
from tests.surfaces.shots.stage import Shoot, Stage, close, find, retype
from tests.surfaces.term import Term

EVIL = "[/x] \x1b]52;c;aGk=\x07\u202eevil\u200b " + "W" * 160


def happen(desk: Desk, made: MadeAgency) -> None:
    """A client with everything, one whose words are hostile, one with nothing."""
    client = making.make_client(desk, made.agency)
    today = desk.ctx.clock.now().astimezone().date()
    day = {days: (today + timedelta(days=days)).isoformat() for days in (-12, 41, 640)}
    act = desk.properties
    king = act.add(made.admin, client.id, PropertyFields("12 King St W, London", "512,000"))
    act.add_mortgage(
        made.admin,
        client.id,
        king.id,
        MortgageFields("Scotia", "284310.55", "4.89", day[41], "2022-02-28", "5", "25", "1650", "bi-weekly faster"),
    )
    act.add_mortgage(made.admin, client.id, king.id, MortgageFields("Maple Trust", "50000", "3.79", day[640]))
    main = act.add(made.admin, client.id, PropertyFields("88 Main St, Woodstock", "90,000"))
    act.add_mortgage(made.admin, client.id, main.id, MortgageFields("Harbour Bank", "120000", "25", day[-12]))
    act.add(made.admin, client.id, PropertyFields("A cottage at the lake"))
    making.give_account(desk, made.admin, client)
    evil = making.make_client(desk, made.agency, "evil@example.com", first=EVIL[:100], last="Hostile")
    making.make_client(desk, made.agency, "none@example.com", first="Nora", last="Nothing")
    with desk.ctx.unit():
        home = Property.create(client=evil, address=EVIL)
        Mortgage.create(property=home, lender=EVIL[:100], balance=None, payment_every=PaymentEvery.WEEK)
        Client.update(renewal_key=20270101).where(Client.id == evil.id).execute()


def play(stage: Stage) -> None:
    """From the Actions menu to each form."""
    desk, made = stage.found()
    happen(desk, made)
    desk.ctx.database.close()
    with stage.signed_in("Clients") as (term, shoot):
        nothing(term, shoot)
        full(term, shoot)
        forms(term, shoot)
        removing(term, shoot)
        find(term, "hostile")
        term.key("o").expect("evil W", 20)
        shoot("properties-hostile")
        term.key("down")
        shoot("properties-hostile-mortgage")
        close(term, 2)
    at_home(stage)


def nothing(term: Term, shoot: Shoot) -> None:
    """The first property of a client."""
    find(term, "nora")
    term.key("enter").expect("My Properties")
    shoot("properties-menu")
    term.key("o").expect("No property is known", 20)
    shoot("properties-none")
    term.key("n").expect("New property", 20)
    term.key("f2").expect("Nothing is known", 20)
    shoot("properties-new-error")
    close(term, 2)


def full(term: Term, shoot: Shoot) -> None:
    """The list, on a property and on a mortgage."""
    find(term, "brent thomas")
    term.key("o").expect("88 Main St", 20)
    shoot("properties")
    term.key("down")
    shoot("properties-mortgage")


def forms(term: Term, shoot: Shoot) -> None:
    """A mortgage, wrong, odd and right."""
    term.key("e").expect("Edit Scotia", 20)
    shoot("properties-edit")
    for _ in range(7):
        term.key("tab")
    retype(term, "")
    term.expect("fills in", 20)
    shoot("properties-edit-offer")
    term.key("f4").key("shift+tab").key("shift+tab").key("shift+tab").key("shift+tab").key("shift+tab")
    retype(term, "2500")
    term.key("f2").expect("This is no rate", 20)
    shoot("properties-edit-error")
    retype(term, "25")
    term.key("f2").expect("Save it all the same", 20)
    shoot("properties-edit-odd")
    term.key("n").key("esc").expect("Leave without saving", 20)
    shoot("properties-edit-leave")
    term.key("y").expect("88 Main St", 20)


def removing(term: Term, shoot: Shoot) -> None:
    """What goes is named."""
    term.key("up").key("x").expect("Remove this property", 20)
    shoot("properties-remove")
    close(term, 2)


def at_home(stage: Stage) -> None:
    """The client's own."""
    stage.remember("RAY-919", "brent@mortgageclient.example.com")
    with stage.signed_in("Your agency") as (term, shoot):
        shoot("properties-home")
        term.key("o").expect("88 Main St", 20)
        shoot("properties-own")
        term.key("down").key("enter").expect("Esc closes", 20)
        shoot("properties-own-details")
