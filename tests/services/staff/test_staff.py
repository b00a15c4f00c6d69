"""The office staff: the table, adding and changing one person, and what follows for the account."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from models.agency import Office
from models.identity import Identity
from models.staff import StaffMember
from models.states import Access, IdentityState, Role
from services import person_key
from services.actor import Actor
from services.desk import Desk
from services.errors import Conflict, Invalid, NotFound, Refused, SignedOut
from services.rules import Email
from services.staff import changes
from services.staff.values import StaffFields, StaffQuery, StaffRecord, StaffSort
from services.text import fold
from tests.making import MadeAgency, entries, make_agency, make_staff

FRANK = StaffFields("Frank", "Jones", "frank@raystaging.example.com", "(519) 555-0132", "San Diego", "agent", True, "")


@pytest.fixture
def offices(desk: Desk, ray: MadeAgency) -> dict[str, int]:
    """Two offices by name."""
    with desk.ctx.unit():
        return {
            name: Office.create(agency=ray.agency, name=name, name_key=fold(name)).id
            for name in ("San Diego", "Petrolia")
        }


@pytest.fixture
def frank(desk: Desk, ray: MadeAgency, offices: dict[str, int]) -> StaffRecord:
    """An agent of San Diego without an account."""
    return desk.staff.add(ray.admin, FRANK)


def names(desk: Desk, actor: Actor, query: StaffQuery) -> list[str]:
    """Whom the query finds, in order."""
    source = desk.staff.rows(actor, query)
    keys = source.keys(lambda: False)
    rows = source.rows(keys)
    assert [row.key for row in source.first(100)] == list(keys)
    return [rows[key].cells[1] for key in keys]


def identity_of(desk: Desk, staff_id: int) -> Identity:
    """The account of a staff member."""
    with desk.ctx.read():
        return Identity.get_by_id(StaffMember.get_by_id(staff_id).identity_id)


def given_account(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> Identity:
    """The account that the welcome mail opens."""
    desk.accounts.create_and_welcome(ray.admin, person_key.staff(frank.id))
    return identity_of(desk, frank.id)


def test_somebody_added_stands_in_the_table_with_all_columns(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    [row] = desk.staff.rows(ray.admin, StaffQuery(words="frank")).first(5)
    assert row.cells == (
        *("San Diego", "Frank Jones", "frank@raystaging.example.com", "(519) 555-0132"),
        *("agent", "Active", "○ no account"),
    )
    assert entries(desk.ctx, "staff_added")[-1].staff_id == frank.id


def test_words_find_names_addresses_and_numbers(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    for words in ("fra", "JON fr", "frank@ray", "0132", "5195550132"):
        assert names(desk, ray.admin, StaffQuery(words=words)) == ["Frank Jones"], words
    assert names(desk, ray.admin, StaffQuery(words="rank")) == []


def test_an_address_in_whatever_case_finds_one_person_of_this_agency(
    desk: Desk, ray: MadeAgency, frank: StaffRecord
) -> None:
    stranger = make_agency(desk, "OTHER-1", "boss@other.example.com").admin
    assert desk.staff.find_by_email(ray.admin, f" {frank.email.upper()} ") == frank
    for who, address in ((ray.admin, "nobody@example.com"), (ray.admin, "frank"), (stranger, frank.email)):
        assert desk.staff.find_by_email(who, address) is None


def test_filters_leave_out_the_others(desk: Desk, ray: MadeAgency, frank: StaffRecord, offices: dict[str, int]) -> None:
    desk.staff.add(ray.admin, replace(FRANK, first_name="Ida", email="", office="Petrolia", active=False))
    assert names(desk, ray.admin, StaffQuery(office_id=offices["Petrolia"])) == ["Ida Jones"]
    assert names(desk, ray.admin, StaffQuery(words="jones", active=True)) == ["Frank Jones"]
    assert "Frank Jones" in names(desk, ray.admin, StaffQuery(access=Access.NO_ACCOUNT))
    assert names(desk, ray.admin, StaffQuery(words="jones", access=Access.ACTIVE)) == []


@pytest.mark.parametrize("column", list(StaffSort))
def test_every_column_sorts_both_ways_with_blanks_last(
    desk: Desk, ray: MadeAgency, frank: StaffRecord, column: StaffSort
) -> None:
    ida = replace(FRANK, first_name="Ida", email="", cell="", office="", role="supervisor", active=False)
    desk.staff.add(ray.admin, ida)
    up = names(desk, ray.admin, StaffQuery(words="jones", sort=column))
    down = names(desk, ray.admin, StaffQuery(words="jones", sort=column, descending=True))
    blank_in_ida = column in (StaffSort.EMAIL, StaffSort.CELL, StaffSort.OFFICE)
    alike = column is StaffSort.ACCESS
    assert up == ["Frank Jones", "Ida Jones"]
    assert down == (up if blank_in_ida or alike else ["Ida Jones", "Frank Jones"])


def test_what_does_not_hold_is_told_by_field(desk: Desk, ray: MadeAgency) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.staff.add(ray.admin, StaffFields("", "Jones", "frank@", "12", "Nowhere", "boss", True, ""))
    assert list(refusal.value.problems) == ["first_name", "email", "cell", "role"]


def test_an_office_that_is_not_there_is_refused(desk: Desk, ray: MadeAgency) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.staff.add(ray.admin, replace(FRANK, office="Nowhere"))
    assert list(refusal.value.problems) == ["office"]


def test_an_address_belongs_to_one_person_of_the_agency(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    with pytest.raises(Invalid, match="already belongs to Frank Jones"):
        desk.staff.add(ray.admin, replace(FRANK, first_name="Ida", email="FRANK@raystaging.example.com"))


def test_several_people_may_have_no_address(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    for first in ("Ida", "Ann"):
        desk.staff.add(ray.admin, replace(FRANK, first_name=first, email=""))
    assert len(names(desk, ray.admin, StaffQuery(words="jones"))) == 3


def test_a_change_is_stored_and_told_by_field(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    saved = desk.staff.change(ray.admin, frank.id, frank.version, replace(FRANK, office="petrolia", note="on leave"))
    assert (saved.record.fields.office, saved.record.fields.note) == ("Petrolia", "on leave")
    assert desk.people.history(ray.admin, person_key.staff(frank.id))[0].words == "changed office, note"


def test_the_same_fields_again_write_nothing(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    assert desk.staff.change(ray.admin, frank.id, frank.version, FRANK).record == frank


def test_whoever_is_late_gets_the_other_version(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    desk.staff.change(ray.admin, frank.id, frank.version, replace(FRANK, note="first"))
    with pytest.raises(Conflict) as conflict:
        desk.staff.change(ray.admin, frank.id, frank.version, replace(FRANK, note="second"))
    assert isinstance(conflict.value.theirs, StaffRecord)
    assert conflict.value.theirs.fields.note == "first"


def test_the_account_follows_name_cell_and_address(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    given_account(desk, ray, frank)
    frank = desk.staff.view(ray.admin, frank.id)
    wanted = replace(FRANK, last_name="James", cell="519-555-0199", email="frank.james@raystaging.example.com")
    effects = desk.staff.email_effects(ray.admin, frank.id, wanted.email)
    saved = desk.staff.change(ray.admin, frank.id, frank.version, wanted)
    identity = identity_of(desk, frank.id)
    assert (effects.user_name_changes, effects.live_links, saved.email_changed) == (True, 1, True)
    assert (identity.name, identity.cell, identity.email) == ("Frank James", "+15195550199", wanted.email)
    assert entries(desk.ctx, "email_changed")[-1].staff_id == frank.id


def test_the_address_of_an_account_cannot_be_emptied(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    given_account(desk, ray, frank)
    with pytest.raises(Invalid, match="user name"):
        desk.staff.email_effects(ray.admin, frank.id, "")
    with pytest.raises(Invalid, match="user name"):
        desk.staff.change(ray.admin, frank.id, frank.version, replace(FRANK, email=""))


def test_another_role_reaches_the_account_and_ends_its_sessions(desk: Desk, ray: MadeAgency) -> None:
    ann = make_staff(desk, ray.agency, "ann@raystaging.example.com")
    with desk.ctx.read():
        member = StaffMember.get(StaffMember.identity == ann.identity_id)
    record = desk.staff.view(ray.admin, member.id)
    desk.staff.change(ray.admin, member.id, record.version, replace(record.fields, role="supervisor"))
    assert identity_of(desk, member.id).role is Role.SUPERVISOR
    with pytest.raises(SignedOut):
        desk.staff.count(ann)


def test_only_an_administrator_gives_more_than_an_agent_has(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    ann = make_staff(desk, ray.agency, "ann@raystaging.example.com", role=Role.SUPERVISOR)
    with pytest.raises(Refused, match="rights of supervisor"):
        desk.staff.add(ann, replace(FRANK, email="ida@raystaging.example.com", role="supervisor"))
    with pytest.raises(Invalid, match="rights of auditor"):
        desk.staff.change(ann, frank.id, frank.version, replace(FRANK, role="auditor"))


def test_only_an_administrator_changes_an_administrator(desk: Desk, ray: MadeAgency) -> None:
    ann = make_staff(desk, ray.agency, "ann@raystaging.example.com", role=Role.SUPERVISOR)
    with desk.ctx.read():
        sue = StaffMember.get(StaffMember.identity == ray.admin.identity_id)
    record = desk.staff.view(ann, sue.id)
    with pytest.raises(Refused, match="only an administrator"):
        desk.staff.change(ann, sue.id, record.version, replace(record.fields, note="mine now"))
    assert entries(desk.ctx, "staff_changed")[-1].staff_id == sue.id


def test_nobody_changes_their_own_role(desk: Desk, ray: MadeAgency) -> None:
    with desk.ctx.read():
        sue = StaffMember.get(StaffMember.identity == ray.admin.identity_id)
    record = desk.staff.view(ray.admin, sue.id)
    with pytest.raises(Invalid, match="your own role"):
        desk.staff.change(ray.admin, sue.id, record.version, replace(record.fields, role="auditor"))


def test_somebody_with_an_open_account_does_not_become_inactive(
    desk: Desk, ray: MadeAgency, frank: StaffRecord
) -> None:
    given_account(desk, ray, frank)
    with pytest.raises(Invalid, match="Deactivate the account first"):
        desk.staff.change(ray.admin, frank.id, frank.version, replace(FRANK, active=False))
    desk.accounts.deactivate(ray.admin, person_key.staff(frank.id), "left")
    assert not desk.staff.change(ray.admin, frank.id, frank.version, replace(FRANK, active=False)).record.fields.active
    assert identity_of(desk, frank.id).state is IdentityState.DEACTIVATED


def test_without_identity_are_the_active_ones_by_name(desk: Desk, ray: MadeAgency, frank: StaffRecord) -> None:
    ann = desk.staff.add(ray.admin, replace(FRANK, first_name="Ann", email=""))
    desk.staff.add(ray.admin, replace(FRANK, first_name="Ida", email="", active=False))
    make_staff(desk, ray.agency, "bob@raystaging.example.com")
    assert desk.staff.without_identity(ray.admin) == (ann.id, frank.id)


def test_another_agency_finds_nobody(desk: Desk, frank: StaffRecord) -> None:
    other = make_agency(desk, code="OTHER-1", admin_email="ann@other.example.com").admin
    assert names(desk, other, StaffQuery(words="jones")) == []
    assert desk.staff.rows(other, StaffQuery()).rows(array("q", [frank.id])) == {}
    with pytest.raises(NotFound):
        desk.staff.view(other, frank.id)
    with pytest.raises(NotFound):
        desk.staff.change(other, frank.id, frank.version, FRANK)


def test_of_two_who_add_the_same_address_at_once_one_is_told(
    desk: Desk, ray: MadeAgency, offices: dict[str, int], at_once: Callable[..., list[Any]]
) -> None:
    outcomes = at_once(*(partial(desk.staff.add, ray.admin, replace(FRANK, first_name=first)) for first in "AB"))
    assert {type(outcome) for outcome in outcomes} == {Invalid, StaffRecord}
    assert len(names(desk, ray.admin, StaffQuery(words="jones"))) == 1


@pytest.mark.parametrize("changing", [False, True])
def test_an_address_that_only_the_table_finds_taken_is_told_like_any_other(
    desk: Desk, ray: MadeAgency, frank: StaffRecord, monkeypatch: pytest.MonkeyPatch, changing: bool
) -> None:
    looks = 0
    look = changes.refuse_taken

    def too_early(actor: Actor, email: Email, but: int = 0) -> None:
        nonlocal looks
        looks += 1
        if looks > 1:
            look(actor, email, but)

    ann = desk.staff.add(ray.admin, replace(FRANK, first_name="Ann", email="ann@raystaging.example.com"))
    monkeypatch.setattr(changes, "refuse_taken", too_early)
    with pytest.raises(Invalid) as caught:
        if changing:
            desk.staff.change(ray.admin, ann.id, ann.version, replace(ann.fields, email=FRANK.email))
        else:
            desk.staff.add(ray.admin, replace(FRANK, first_name="Ida"))
    assert caught.value.problems["email"].startswith(f"{FRANK.email} already belongs to Frank Jones.")
    assert len(names(desk, ray.admin, StaffQuery(words=FRANK.email))) == 1
