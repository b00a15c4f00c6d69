"""Founding an agency: once, whole or not at all, and without a default account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.agency import Agency, Installation
from models.identity import Credential, Identity
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import AuditResult, IdentityState, MailPurpose, Role
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Invalid, NotFound, Refused
from services.recovery import TokenAnswer
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency


def test_a_new_desk_has_no_agency_and_no_account(desk: Desk, ctx: Context) -> None:
    assert not desk.is_founded()
    with ctx.read():
        assert Identity.select().count() == 0


def test_the_administrator_with_a_password_is_active_and_signs_in(desk: Desk) -> None:
    founded = desk.agencies.found(making.new_agency(), HERE)
    assert desk.is_founded()
    assert (founded.company_code, founded.existing, founded.code) == ("RAY-919", False, None)
    actor = desk.sign_in.sign_in("RAY-919", founded.user_name, PASSWORD, HERE)
    assert actor.role is Role.ADMINISTRATOR
    assert actor.name == "Sue Wright"


def test_the_agency_keeps_what_was_typed_cleaned(desk: Desk) -> None:
    founded = desk.agencies.found(making.new_agency(name="  Ray   Staging "), HERE)
    view = desk.agencies.view(founded.agency_id)
    assert view.name == "Ray Staging"
    assert view.address == "12 Harbour Road\nSan Diego"
    assert view.phone == "(519) 555-0143"
    assert view.portal_address == "https://portal.example"
    assert desk.agencies.policy(founded.agency_id).minimum == 12


def test_the_first_administrator_is_a_member_of_the_staff(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    with ctx.read():
        member = StaffMember.get()
    assert (member.first_name, member.last_name) == ("Sue", "Wright")
    assert member.identity_id == ray.admin.identity_id


def test_without_a_password_there_is_a_code_that_activates(desk: Desk, ctx: Context) -> None:
    founded = desk.agencies.found(making.new_agency(password=None), HERE)
    assert founded.code is not None
    with ctx.read():
        identity = Identity.get()
        assert Credential.select().count() == 0
    assert identity.state is IdentityState.PENDING
    assert founded.code == making.sent_secrets(ctx, identity).code
    assert [mail.purpose for mail in making.mails(ctx, identity)] == [MailPurpose.WELCOME]
    desk.recovery.choose_password(founded.code, founded.user_name, PASSWORD, HERE)
    assert desk.sign_in.sign_in("ray-919", founded.user_name, PASSWORD, HERE).role is Role.ADMINISTRATOR


def test_founding_twice_finds_what_stands(desk: Desk, ctx: Context) -> None:
    first = desk.agencies.found(making.new_agency(), HERE)
    again = desk.agencies.found(
        making.new_agency(code="ray-919", admin_email="SUE@raystaging.example.com", password=Secret("another plum 77")),
        HERE,
    )
    assert (again.existing, again.agency_id, again.code) == (True, first.agency_id, None)
    with ctx.read():
        assert (Agency.select().count(), Identity.select().count()) == (1, 1)
    assert desk.sign_in.sign_in("RAY-919", first.user_name, PASSWORD, HERE)


def test_a_second_call_gives_a_fresh_code_until_the_administrator_has_a_password(desk: Desk, ctx: Context) -> None:
    first = desk.agencies.found(making.new_agency(password=None), HERE)
    again = desk.agencies.found(making.new_agency(password=None), HERE)
    assert (again.existing, again.code is None, again.code == first.code) == (True, False, False)
    assert first.code is not None
    assert desk.recovery.open(first.code, first.user_name, HERE).state is TokenAnswer.SUPERSEDED
    assert again.code is not None
    desk.recovery.choose_password(again.code, again.user_name, PASSWORD, HERE)
    assert desk.agencies.found(making.new_agency(password=None), HERE).code is None
    with ctx.read():
        assert OutboxMessage.select().where(OutboxMessage.purpose == MailPurpose.WELCOME).count() == 2


@pytest.mark.parametrize("changed", [{"code": "OTHER-1"}, {"admin_email": "eve@example.com"}])
def test_another_agency_is_refused_with_the_next_step(desk: Desk, ctx: Context, changed: dict[str, str]) -> None:
    desk.agencies.found(making.new_agency(), HERE)
    with pytest.raises(Refused, match="belongs to Ray Staging"):
        desk.agencies.found(making.new_agency(**changed), HERE)
    with ctx.read():
        assert Agency.select().count() == 1
    assert making.entries(ctx)[-1].result is AuditResult.REFUSED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "Ray\x00Staging"),
        ("code", "a b"),
        ("code", "x" * 33),
        ("address", "here\u202e"),
        ("phone", "12"),
        ("email", "nobody"),
        ("admin_first", ""),
        ("admin_last", "\x1b[2J"),
        ("admin_email", "sue@"),
        ("admin_email", "sue\ud800@example.com"),
        ("password", Secret("short")),
        ("password", Secret("Ray Staging 919")),
        ("password", Secret("x" * 10_000)),
    ],
)
def test_a_field_that_does_not_hold_is_named(desk: Desk, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        desk.agencies.found(making.new_agency(**{field: value}), HERE)
    assert list(refused.value.problems) == [field]
    assert not desk.is_founded()


def test_all_fields_that_do_not_hold_are_named_at_once(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.agencies.found(making.new_agency(name="", code="", admin_email="", password=Secret("")), HERE)
    assert list(refused.value.problems) == ["name", "code", "admin_email", "password"]


def test_contact_fields_may_be_empty(desk: Desk) -> None:
    founded = desk.agencies.found(making.new_agency(address="", phone="", email=""), HERE)
    assert desk.agencies.view(founded.agency_id).phone == ""


def test_founding_is_written_down(desk: Desk, ctx: Context) -> None:
    founded = desk.agencies.found(making.new_agency(), HERE)
    [entry] = making.entries(ctx, "agency_founded")
    assert (entry.agency_id, entry.subject) == (founded.agency_id, founded.user_name)
    assert entry.place == HERE.place


def test_two_who_found_at_once_make_one_agency(desk: Desk, ctx: Context, at_once: Callable[..., list[Any]]) -> None:
    with ctx.unit():
        Installation.create(id=1, key_check=ctx.keys.check_value(), created_at=ctx.clock.now())
    outcomes = at_once(*(lambda: desk.agencies.found(making.new_agency(), HERE) for _ in range(2)))
    assert sorted(founded.existing for founded in outcomes) == [False, True]
    with ctx.read():
        assert Agency.select().count() == 1


def test_a_fault_leaves_nothing_half_founded(desk: Desk, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    monkeypatch.setattr(OutboxMessage, "create", broken)
    with pytest.raises(RuntimeError):
        desk.agencies.found(making.new_agency(password=None), HERE)
    with ctx.read():
        assert (Agency.select().count(), Identity.select().count(), StaffMember.select().count()) == (0, 0, 0)
    assert making.entries(ctx) == []


def test_an_agency_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.agencies.view(99)


def test_the_only_agency_needs_no_name(desk: Desk, ray: MadeAgency) -> None:
    for code in ("", " ", "RAY-919", "ray-919"):
        only = desk.agencies.only(code)
        assert only is not None
        assert only.id == ray.agency.id


def test_before_the_first_agency_there_is_none(desk: Desk) -> None:
    assert desk.agencies.only() is None
    assert desk.agencies.only("RAY-919") is None


@pytest.mark.parametrize("code", ["OTHER-1", "\0", "x" * 10_000])
def test_an_agency_that_is_not_known_is_refused_with_the_known_ones(desk: Desk, ray: MadeAgency, code: str) -> None:
    with pytest.raises(Refused, match="Known ones: RAY-919"):
        desk.agencies.only(code)


def test_of_several_agencies_one_must_be_named(desk: Desk, ray: MadeAgency) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    with pytest.raises(Refused, match="RAY-919, OTHER-1"):
        desk.agencies.only()
    only = desk.agencies.only("other-1")
    assert only is not None
    assert only.id == other.agency.id
