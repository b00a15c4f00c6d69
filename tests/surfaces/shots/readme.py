"""The picture of the README: a search, people in every state, and why one of them cannot get in."""

from __future__ import annotations

from models.client import Client
from services import person_key
from services.desk import Desk
from tests import making
from tests.making import PASSWORD, MadeAgency
from tests.services.smtp_server import Stage as SmtpStage
from tests.surfaces.shots.stage import Stage

SIZE = (120, 30)
NAME = "readme"


def play(stage: Stage) -> None:
    """One size only; the picture stands in a page, not in a terminal."""
    if not stage.wide:
        return
    stage.size = SIZE
    desk, made = stage.found()
    stage.take_in("clients")
    lost = accounts(desk, made)
    stage.with_mail()
    stage.post.on(SmtpStage.RCPT, "550 5.1.1 no such user", address=lost)
    with stage.signed_in("Clients 1,") as (term, shoot):
        term.key("/").type("bro").expect("▲ mail failed", 30)
        # Down to the one whose mail came back.
        term.key("enter")
        for _ in range(5):
            term.key("down")
        term.settle(0.5, 3)
        shoot(NAME)


def accounts(desk: Desk, made: MadeAgency) -> str:
    """Give some of those found an account; the address of the one who will not get the mail."""
    with desk.ctx.read():
        found = {row.first_name: row for row in Client.select().where(Client.last_name == "Brown")}
    for name in ("Emmanuel", "Ida", "Filipa"):
        making.give_account(desk, made.admin, found[name], PASSWORD)
    for name in ("Brittany", "Jane"):
        making.give_account(desk, made.admin, found[name], password=None)
    desk.accounts.deactivate(made.admin, person_key.client(found["Filipa"].id), "moved away")
    return str(found["Jane"].email)
