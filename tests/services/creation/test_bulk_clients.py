"""Many accounts at once for clients: from the pre-flight to the mails, by the same run as for office staff."""

from __future__ import annotations

import csv
from pathlib import Path

from models.agency import Agency
from models.client import Client
from models.identity import BulkRow, Identity, Membership
from models.outbox import OutboxMessage
from models.states import Access, IdentityState, MailPurpose, Role, RunRowState, RunState
from services import person_key
from services.context import Context
from services.desk import Desk
from services.person_key import PersonKey
from tests import making
from tests.making import MadeAgency
from tests.services.creating import make_colleague

HAS_ONE = "desiree@example.com"
TWIN = "twin@example.com"


def make_clients(desk: Desk, agency: Agency, count: int) -> list[PersonKey]:
    """So many of them, each with an address of their own."""
    return [
        person_key.client(making.make_client(desk, agency, f"client{number}@example.com", last=f"N{number:03}").id)
        for number in range(count)
    ]


def test_a_run_of_clients_goes_from_the_preflight_to_the_mails(
    desk: Desk, ctx: Context, ray: MadeAgency, tmp_path: Path
) -> None:
    people = make_clients(desk, ray.agency, 3)
    has_one = person_key.client(making.make_client(desk, ray.agency, HAS_ONE, first="Desiree", last="Wallace").id)
    desk.accounts.create_and_welcome(ray.admin, has_one)
    twin = person_key.client(making.make_client(desk, ray.agency, TWIN, first="Ada", last="Twin").id)
    make_colleague(desk, ray.agency, TWIN, first="Bo", last="Twin")
    preflight = desk.bulk.preflight(ray.admin, [has_one, *people, twin])
    told = {row.person: " ".join(row.problems) for row in preflight.rows}
    assert [told[person] for person in people] == ["", "", ""]
    assert "an account already" in told[has_one]
    assert "Bo Twin has the same address" in told[twin]
    run = desk.bulk.start(ray.admin, preflight)
    done = desk.bulk.work(ray.admin, run)
    assert (done.state, done.created, done.refused) == (RunState.DONE, 3, 2)
    addresses = [f"client{number}@example.com" for number in range(3)]
    with ctx.read():
        made = list(Identity.select().where(Identity.email.in_(addresses)).order_by(Identity.email))
        assert [(one.email, one.role, one.state) for one in made] == [
            (address, Role.CLIENT, IdentityState.PENDING) for address in addresses
        ]
        assert not Membership.select().where(Membership.identity.in_(made)).exists()
        rows = {row.id: row for row in Client.select()}
        assert [rows[person.id].identity_id for person in people] == [one.id for one in made]
        assert [rows[person.id].access for person in people] == [Access.PENDING] * 3
        mails = OutboxMessage.select().where(OutboxMessage.purpose == MailPurpose.WELCOME)
        assert sorted(mail.to_address for mail in mails) == [*addresses, HAS_ONE]
        states = [row.state for row in BulkRow.select().where(BulkRow.client_id.is_null(False))]
    assert sorted(states) == sorted([RunRowState.CREATED] * 3 + [RunRowState.REFUSED] * 2)
    desk.bulk.report(ray.admin, run, tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        report = {line["E-mail"]: line["Result"] for line in csv.DictReader(file)}
    assert report == {HAS_ONE: "not created", TWIN: "not created"} | dict.fromkeys(addresses, "created")


def test_clients_and_colleagues_with_the_same_number_are_different_people(
    desk: Desk, ctx: Context, ray: MadeAgency
) -> None:
    # Sue is the first of the office staff.
    making.make_client(desk, ray.agency, "first@example.com")
    brent, frank = making.make_client(desk, ray.agency), make_colleague(desk, ray.agency)
    assert brent.id == frank.id
    people = [person_key.client(brent.id), person_key.staff(frank.id)]
    preflight = desk.bulk.preflight(ray.admin, people)
    assert [row.name for row in preflight.rows] == ["Brent Thomas", "Frank Jones"]
    done = desk.bulk.work(ray.admin, desk.bulk.start(ray.admin, preflight))
    assert (done.created, done.refused) == (2, 0)
    with ctx.read():
        assert Client.get_by_id(brent.id).identity.email == brent.email


def test_a_client_who_got_an_account_since_gets_no_second_mail(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    first, second = make_clients(desk, ray.agency, 2)
    run = desk.bulk.start(ray.admin, desk.bulk.preflight(ray.admin, [first, second]))
    desk.accounts.create_and_welcome(ray.admin, first)
    done = desk.bulk.work(ray.admin, run)
    assert (done.created, done.refused) == (1, 1)
    assert "created this account" in desk.bulk.rows(ray.admin, run)[0].reason
    with ctx.read():
        assert OutboxMessage.select().where(OutboxMessage.purpose == MailPurpose.WELCOME).count() == 2
