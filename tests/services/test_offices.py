"""Offices: who may look at which, what a choice changes, and what it leaves alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from models.agency import Office
from models.client import Client
from models.identity import Membership, Session
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import Role, Surface
from services import person_key
from services.actor import Actor, Origin
from services.clients.values import ClientFields, ClientQuery
from services.desk import Desk
from services.errors import Invalid, NotFound, Refused, SignedOut
from services.mail.mailbox import MailQuery
from services.offices import Scope, own_offices, scope_of
from services.staff.values import StaffFields, StaffQuery
from tests import making
from tests.making import MadeAgency
from tests.services.creating import by_access_key, make_colleague, make_office, make_old_account
from tests.services.officing import Looker, Lookers, again, join, make_lookers

CLIENT = ClientFields(first_name="Nora", last_name="New", email="nora@example.com")
STAFF = StaffFields(first_name="Nora", last_name="New", email="nora@example.com", office="Toronto")
KINDS = ("whole", "whole_at_one", "of_one", "of_two", "of_two_at_one")


@pytest.fixture
def lookers(desk: Desk, ray: MadeAgency) -> Lookers:
    """Three offices, and somebody of each kind."""
    return make_lookers(desk, ray)


@pytest.fixture
def crowd(desk: Desk, ray: MadeAgency, lookers: Lookers) -> dict[int | None, tuple[Client, StaffMember]]:
    """A client and a colleague in each office, and of none; each client has an account, and so a mail."""
    made: dict[int | None, tuple[Client, StaffMember]] = {}
    for office in (*lookers.offices, None):
        client = making.make_client(desk, ray.agency, f"client{office}@example.com", first=f"C{office}", office=office)
        desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
        made[office] = client, make_colleague(desk, ray.agency, f"staff{office}@example.com", office=office)
    return made


def scope(desk: Desk, actor: Actor) -> Scope:
    """What the services hold of an actor."""
    with desk.ctx.read():
        return scope_of(actor)


@pytest.mark.parametrize(
    ("kind", "in_sight", "can_switch", "names"),
    [
        ("whole", "All offices", True, ["Ottawa", "Toronto", "Windsor"]),
        ("whole_at_one", "Windsor", True, ["Ottawa", "Toronto", "Windsor"]),
        ("of_one", "Ottawa", False, ["Ottawa"]),
        ("of_two", "All my offices", True, ["Ottawa", "Toronto"]),
        ("of_two_at_one", "Toronto", True, ["Ottawa", "Toronto"]),
    ],
)
def test_everybody_may_choose_among_their_own_offices(
    desk: Desk, lookers: Lookers, kind: str, in_sight: str, can_switch: bool, names: list[str]
) -> None:
    choices = desk.offices.mine(getattr(lookers, kind).actor)
    assert (choices.in_sight, choices.can_switch) == (in_sight, can_switch)
    assert [office.name for office in choices.offices] == names


def test_an_agency_without_offices_has_nothing_to_name(desk: Desk, ray: MadeAgency) -> None:
    choices = desk.offices.mine(ray.admin)
    assert (choices.in_sight, choices.can_switch, choices.offices) == ("", False, ())


def test_a_choice_holds_for_this_session_alone_until_it_is_taken_back(desk: Desk, lookers: Lookers) -> None:
    bob, elsewhere = lookers.of_two.actor, again(desk, lookers.of_two.actor)
    ottawa = lookers.offices[0]
    chosen = desk.offices.switch(bob, ottawa)
    assert chosen == desk.offices.mine(bob)
    assert chosen.in_sight == "Ottawa"
    assert scope(desk, bob) == Scope(frozenset({ottawa}), unassigned=False)
    assert desk.offices.mine(elsewhere).in_sight == "All my offices"
    assert desk.offices.switch(bob, None).in_sight == "All my offices"
    assert scope(desk, bob) == Scope(frozenset(lookers.offices[:2]))


def test_an_office_that_is_not_theirs_cannot_be_chosen(desk: Desk, lookers: Lookers) -> None:
    other = making.make_agency(desk, code="OTHER-1", admin_email="eve@other.example.com")
    foreign = int(make_office(desk, other.agency, "Paris").id)
    tries = [
        (lookers.of_two, lookers.offices[2]),
        (lookers.of_one, lookers.offices[1]),
        (lookers.whole, foreign),
        (lookers.whole, 4711),
    ]
    for looker, office in tries:
        with pytest.raises(NotFound, match="not one of yours"):
            desk.offices.switch(looker.actor, office)
        assert scope(desk, looker.actor).allows(office) is (looker.sees is None)


def test_an_office_taken_away_meanwhile_counts_no_longer(desk: Desk, lookers: Lookers) -> None:
    ottawa, toronto, windsor = lookers.offices
    bob = join(desk, lookers.of_two_at_one.actor, windsor)
    with desk.ctx.unit():
        Membership.delete().where(Membership.office == toronto).execute()
    assert desk.offices.mine(bob).in_sight == "All my offices"
    assert scope(desk, bob) == Scope(frozenset({ottawa, windsor}))


def test_whoever_is_left_with_one_office_sees_the_people_of_no_office_too(desk: Desk, lookers: Lookers) -> None:
    bob = lookers.of_two_at_one.actor
    with desk.ctx.unit():
        Membership.delete().where(Membership.office == lookers.offices[0]).execute()
    assert desk.offices.mine(bob).in_sight == "Toronto"
    assert scope(desk, bob) == Scope(frozenset({lookers.offices[1]}))


def test_an_office_that_is_gone_is_looked_at_no_longer(desk: Desk, lookers: Lookers) -> None:
    with desk.ctx.unit():
        Office.delete().where(Office.id == lookers.offices[2]).execute()
    assert desk.offices.mine(lookers.whole_at_one.actor).in_sight == "All offices"


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_by_access_key_administrators_see_all_and_others_the_office_of_their_old_account(
    desk: Desk, ray: MadeAgency, lookers: Lookers, role: Role
) -> None:
    with desk.ctx.read():
        office = Office.get_by_id(lookers.offices[0])
    old = by_access_key(desk, make_old_account(desk, office), role)
    whole = role is Role.ADMINISTRATOR
    assert desk.offices.mine(old).in_sight == ("All offices" if whole else "Ottawa")
    with desk.ctx.read():
        assert own_offices(old) == (None if whole else frozenset({office.id}))


def test_the_command_line_sees_all_and_has_nothing_to_choose(desk: Desk, ray: MadeAgency, lookers: Lookers) -> None:
    root = Actor(ray.agency.id, None, None, "root", Role.ADMINISTRATOR, Origin(Surface.COMMAND))
    assert desk.offices.mine(root).in_sight == "All offices"
    with pytest.raises(Refused, match="command line"):
        desk.offices.switch(root, lookers.offices[0])


def test_clients_and_ended_sessions_can_choose_nothing(desk: Desk, ray: MadeAgency, lookers: Lookers) -> None:
    client = making.make_staff(desk, ray.agency, "client@example.com", role=Role.CLIENT)
    with pytest.raises(Refused):
        desk.offices.mine(client)
    desk.sign_in.sign_out(lookers.whole.actor)
    for try_it in (desk.offices.mine, lambda actor: desk.offices.switch(actor, None)):
        with pytest.raises(SignedOut):
            try_it(lookers.whole.actor)


def test_a_session_that_is_not_known_sees_nobody(desk: Desk, lookers: Lookers) -> None:
    with desk.ctx.unit():
        Session.delete().where(Session.id == lookers.of_one.actor.session_id).execute()
    with pytest.raises(SignedOut):
        scope(desk, lookers.of_one.actor)


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_and_every_number_shows_the_people_of_those_offices_only(
    desk: Desk, lookers: Lookers, crowd: dict[int | None, tuple[Client, StaffMember]], kind: str, tmp_path: Path
) -> None:
    looker: Looker = getattr(lookers, kind)
    who = looker.actor
    seen = [office for office in crowd if looker.sees is None or office in looker.sees]
    clients = {int(crowd[office][0].id) for office in seen}
    staff = {int(crowd[office][1].id) for office in seen}
    # Those who look are staff of no office themselves.
    with desk.ctx.read():
        also = {row.id for row in StaffMember.select().where(StaffMember.identity.is_null(False))}
        mails = {row.id for row in OutboxMessage.select().join(
            Client, on=(Client.identity == OutboxMessage.identity_id)).where(Client.id.in_(clients))}  # fmt: skip
    all_staff = staff | (also if None in seen else set())

    everybody = [int(client.id) for client, _ in crowd.values()]
    rows = desk.clients.rows(who, ClientQuery())
    assert set(rows.keys(lambda: False)) == {row.key for row in rows.first(50)} == set(rows.rows(everybody)) == clients
    assert desk.clients.count(who) == len(clients)
    found = [client.email for client, _ in crowd.values() if desk.clients.find_by_email(who, client.email)]
    assert found == [crowd[office][0].email for office in seen]

    people = desk.staff.rows(who, StaffQuery())
    everybody = [int(member.id) for _, member in crowd.values()]
    assert set(people.keys(lambda: False)) == {row.key for row in people.first(50)} == all_staff
    assert set(people.rows(everybody)) == staff
    assert desk.staff.count(who) == len(all_staff)
    assert set(desk.staff.without_identity(who)) == staff
    assert [office.id for office in desk.staff.offices(who)] == [office for office in seen if office is not None]

    messages = desk.mail.rows(who, MailQuery())
    with desk.ctx.read():
        every_mail = [row.id for row in OutboxMessage.select()]
    assert set(messages.keys(lambda: False)) == {row.key for row in messages.first(50)} == mails
    assert set(messages.rows(every_mail)) == mails
    assert desk.mail.waiting(who).queued == len(mails)

    report = desk.exports.run(who, tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(newline="", encoding="utf-8-sig") as file:
        written = list(csv.reader(file))[1:]
    assert report.clients == len(written) == len(clients)


def test_mail_to_nobody_of_the_lists_is_the_whole_agencys(desk: Desk, ray: MadeAgency, lookers: Lookers) -> None:
    client = making.make_client(desk, ray.agency)
    desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
    with desk.ctx.unit():
        client.delete_instance()
    for looker in lookers.all:
        shown = desk.mail.waiting(looker.actor).queued
        assert shown == int(looker.sees is None or None in looker.sees)


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_new_is_in_sight_of_whoever_adds_them(desk: Desk, lookers: Lookers, kind: str) -> None:
    looker: Looker = getattr(lookers, kind)
    client = desk.clients.create(looker.actor, CLIENT)
    assert desk.clients.get(looker.actor, client.id) == client
    with desk.ctx.read():
        office = Client.get_by_id(client.id).office_id
    alone = {"whole_at_one": 2, "of_one": 0, "of_two_at_one": 1}.get(kind)
    assert office == (None if alone is None else lookers.offices[alone])


def test_staff_are_given_only_an_office_that_is_in_sight(desk: Desk, lookers: Lookers) -> None:
    for looker in (lookers.whole_at_one, lookers.of_one):
        with pytest.raises(Invalid, match="no office named Toronto"):
            desk.staff.add(looker.actor, STAFF)
    with pytest.raises(Invalid, match="one office alone"):
        desk.staff.add(lookers.of_two_at_one.actor, StaffFields("Nora", "New", "nora@example.com"))
    added = desk.staff.add(lookers.of_two_at_one.actor, STAFF)
    with pytest.raises(Invalid, match="no office named Windsor"):
        moved = StaffFields("Nora", "New", "nora@example.com", office="Windsor")
        desk.staff.change(lookers.of_two.actor, added.id, added.version, moved)
    moved = StaffFields("Nora", "New", "nora@example.com", office="Ottawa")
    assert desk.staff.change(lookers.of_two.actor, added.id, added.version, moved).record.fields.office == "Ottawa"
    with pytest.raises(NotFound):
        desk.staff.view(lookers.of_two_at_one.actor, added.id)


def test_an_address_taken_in_another_office_is_refused_without_a_name(
    desk: Desk, lookers: Lookers, crowd: dict[int | None, tuple[Client, StaffMember]]
) -> None:
    client, member = crowd[lookers.offices[2]]
    ann = lookers.of_one.actor
    with pytest.raises(Invalid, match="belongs to a client of another office"):
        desk.clients.create(ann, ClientFields("Nora", "New", client.email))
    with pytest.raises(Invalid, match="belongs to somebody of another office"):
        desk.staff.add(ann, StaffFields("Nora", "New", member.email, office="Ottawa"))
    with pytest.raises(Invalid, match=f"belongs to {client.first_name}"):
        desk.clients.create(lookers.whole.actor, ClientFields("Nora", "New", client.email))


def test_only_who_looks_after_all_offices_uploads_a_list(desk: Desk, lookers: Lookers, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("First name,Last name,E-mail\nNora,New,nora@example.com\n")
    for imports in (desk.imports, desk.staff_imports):
        for looker in (lookers.of_one, lookers.of_two, lookers.of_two_at_one):
            with pytest.raises(Refused, match="all offices"):
                imports.run(looker.actor, file)
        imports.run(lookers.whole_at_one.actor, file)
