"""The way in by access key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.agency import Agency, Office
from models.identity import LegacyUser, Session
from models.staff import StaffMember
from models.states import AuditResult, IdentityState, LegacyState, Role, Surface
from services import sessions
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Refused, SignedOut, TooSoon
from services.legacy import legacy
from services.legacy.sign_in import WRONG, WrongAccess
from tests import making
from tests.making import HERE, MadeAgency
from tests.services.creating import (
    FRANK,
    KEY,
    OLD,
    OLD_HASH,
    make_colleague,
    make_identity,
    make_office,
    make_old_account,
)


@pytest.fixture
def office(desk: Desk, ray: MadeAgency) -> Office:
    """An office of the agency."""
    return make_office(desk, ray.agency, "San Diego")


@pytest.fixture
def old(desk: Desk, office: Office) -> LegacyUser:
    """Frank's old account."""
    return make_old_account(desk, office)


def enter(desk: Desk, key: str = KEY, user: str = "fjones", password: Secret = OLD, office: str = "San Diego") -> Actor:
    """Sign in by access key."""
    return desk.legacy.sign_in(key, user, password, office, HERE)


def test_the_right_four_open_a_session_of_an_agent(desk: Desk, old: LegacyUser) -> None:
    actor = enter(desk)
    assert (actor.role, actor.legacy_user_id, actor.identity_id) == (Role.AGENT, old.id, None)
    with desk.ctx.read():
        sessions.require_staff(desk.ctx, actor)
        assert LegacyUser.get_by_id(old.id).last_sign_in_at == desk.ctx.clock.now()
        assert LegacyUser.get_by_id(old.id).verifier == OLD_HASH


def test_in_the_browser_it_opens_the_desk_only_where_the_agency_has_it_there(
    desk: Desk, ray: MadeAgency, old: LegacyUser
) -> None:
    browser = Origin(Surface.PORTAL, "198.51.100.4")
    with pytest.raises(Refused, match="not have it in the browser"):
        desk.legacy.sign_in(KEY, "fjones", OLD, "San Diego", browser)
    assert making.entries(desk.ctx, "sign_in_failed")[-1].result is AuditResult.REFUSED
    view = desk.rules.view(ray.admin)
    desk.rules.change(ray.admin, view.version, replace(view.policy, staff_portal=True))
    assert desk.legacy.sign_in(KEY, "fjones", OLD, "San Diego", browser).legacy_user_id == old.id


def test_spelling_with_other_case_blanks_and_dashes_is_the_same(desk: Desk, old: LegacyUser) -> None:
    actor = enter(desk, key=" htk492qx 7mdp-55tz", user=" FJones ", office="SAN DIEGO")
    assert actor.legacy_user_id == old.id


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_the_role_is_that_of_the_staff_list(desk: Desk, ray: MadeAgency, old: LegacyUser, role: Role) -> None:
    member = make_colleague(desk, ray.agency, FRANK.upper(), role=role)
    assert enter(desk).role is role
    assert making.entries(desk.ctx, "signed_in")[-1].staff_id == member.id


def test_the_role_of_somebody_in_another_agency_is_not_lent(desk: Desk, old: LegacyUser) -> None:
    other = making.make_agency(desk, "OTHER-1", "boss@other.example.com")
    make_colleague(desk, other.agency, FRANK, role=Role.ADMINISTRATOR)
    assert enter(desk).role is Role.AGENT


WRONG_ONES = {
    "key": {"key": "AAAA-BBBB-CCCC-DDDD"},
    "no key": {"key": ""},
    "user": {"user": "somebody"},
    "password": {"password": Secret("legacy-fjonex")},
    "unusable password": {"password": Secret("legacy\0fjones")},
    "no office": {"office": ""},
    "office": {"office": "Ottawa"},
    "hostile": {"user": "x\0'; --" + "é" * 500, "office": "\ud800[/x]", "key": "\0" * 300},
}


@pytest.mark.parametrize("which", WRONG_ONES)
def test_every_failure_is_answered_alike_and_costs_the_same(
    desk: Desk, old: LegacyUser, work: list[bytes], which: str
) -> None:
    with pytest.raises(WrongAccess) as caught:
        enter(desk, **WRONG_ONES[which])  # type: ignore[arg-type] # each has the type of its parameter
    assert (caught.value.sentence, caught.value.wait) == (WRONG, 1)
    assert work == [OLD_HASH.encode()]
    entry = making.entries(desk.ctx, "sign_in_failed")[-1]
    assert entry.result is AuditResult.FAILED
    assert "legacy-fjone" not in str(entry.__data__)


def test_a_stranger_does_not_get_in_with_somebody_elses_password(desk: Desk, old: LegacyUser) -> None:
    with pytest.raises(WrongAccess):
        enter(desk, user="somebody")


def test_without_any_old_account_the_answer_takes_one_hash_all_the_same(
    desk: Desk, ray: MadeAgency, work: list[bytes]
) -> None:
    with pytest.raises(WrongAccess):
        enter(desk)
    assert len(work) == 1


def test_an_agency_without_access_key_is_not_opened_by_an_empty_one(desk: Desk, old: LegacyUser) -> None:
    with desk.ctx.unit():
        Agency.update(access_key_hash="").execute()
    for key in ("", " - "):
        with pytest.raises((WrongAccess, TooSoon)):
            enter(desk, key=key)


def test_each_failure_makes_the_next_try_wait_longer_and_strangers_wait_alike(
    desk: Desk, clock: ManualClock, old: LegacyUser
) -> None:
    for user in ("fjones", "nobody"):
        waits = []
        for _ in range(4):
            with pytest.raises(WrongAccess) as caught:
                enter(desk, user=user, password=Secret("wrong"))
            waits.append(caught.value.wait)
            clock.advance(seconds=caught.value.wait)
        assert waits == [1, 2, 4, 8]


def test_before_the_wait_is_over_nothing_is_compared(desk: Desk, old: LegacyUser, work: list[bytes]) -> None:
    with pytest.raises(WrongAccess):
        enter(desk, password=Secret("wrong"))
    work.clear()
    with pytest.raises(TooSoon):
        enter(desk)
    assert work == []
    assert making.entries(desk.ctx, "sign_in_delayed")[-1].result is AuditResult.REFUSED


def test_a_success_forgets_the_failures(desk: Desk, clock: ManualClock, old: LegacyUser) -> None:
    with pytest.raises(WrongAccess):
        enter(desk, password=Secret("wrong"))
    clock.advance(seconds=1)
    enter(desk)
    with pytest.raises(WrongAccess) as caught:
        enter(desk, password=Secret("wrong"))
    assert caught.value.wait == 1


def test_a_migrated_account_is_closed_with_a_sentence_only_after_the_right_password(
    desk: Desk, clock: ManualClock, ray: MadeAgency, old: LegacyUser
) -> None:
    identity = make_identity(desk, make_colleague(desk, ray.agency, FRANK))
    with desk.ctx.unit():
        legacy.migrate(desk.ctx, ray.admin, old.id, identity)
    with pytest.raises(WrongAccess):
        enter(desk, password=Secret("wrong"))
    clock.advance(seconds=1)
    with pytest.raises(Refused, match="Log in with company code and e-mail address") as caught:
        enter(desk)
    assert not isinstance(caught.value, WrongAccess)
    assert making.entries(desk.ctx, "sign_in_failed")[-1].result is AuditResult.REFUSED


def test_migration_ends_what_the_open_session_may_do(desk: Desk, ray: MadeAgency, old: LegacyUser) -> None:
    actor = enter(desk)
    identity = make_identity(desk, make_colleague(desk, ray.agency, FRANK))
    with desk.ctx.unit():
        legacy.migrate(desk.ctx, ray.admin, old.id, identity)
    with desk.ctx.read(), pytest.raises(SignedOut, match="migrated"):
        sessions.require(desk.ctx, actor)


def test_from_the_closing_day_on_nobody_comes_in_and_before_it_everybody(
    desk: Desk, clock: ManualClock, ray: MadeAgency, old: LegacyUser
) -> None:
    closes_at = clock.now().replace(hour=15)
    desk.legacy.close_at(ray.admin, closes_at)
    actor = enter(desk)
    with desk.ctx.read():
        assert Session.get_by_id(actor.session_id).expires_at == closes_at
    clock.set(closes_at)
    with pytest.raises(Refused, match="closed for everybody"):
        enter(desk)


def test_somebody_who_left_or_is_deactivated_does_not_come_in_by_the_old_door(
    desk: Desk, ray: MadeAgency, old: LegacyUser
) -> None:
    member = make_colleague(desk, ray.agency, FRANK, active=False)
    with pytest.raises(Refused, match="list of active staff"):
        enter(desk)
    with desk.ctx.unit():
        StaffMember.update(active=True).where(StaffMember.id == member.id).execute()
    make_identity(desk, member, IdentityState.DEACTIVATED)
    with pytest.raises(Refused, match="deactivated"):
        enter(desk)


def test_the_same_user_name_in_two_offices_is_two_accounts(desk: Desk, ray: MadeAgency, old: LegacyUser) -> None:
    second = make_old_account(desk, make_office(desk, ray.agency, "Ottawa"), email="")
    assert enter(desk, office="Ottawa").legacy_user_id == second.id
    assert enter(desk).legacy_user_id == old.id


def test_a_hash_that_changed_while_the_password_was_checked_opens_nothing(
    desk: Desk, old: LegacyUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = desk.legacy._door
    find = door._find

    def overtaken(*words: str) -> object:
        found = find(*words)
        with desk.ctx.unit():
            LegacyUser.update(verifier="$2b$04$" + "." * 53, state=LegacyState.WAITING).execute()
        return found

    monkeypatch.setattr(door, "_find", overtaken)
    with pytest.raises(WrongAccess):
        enter(desk)


def test_whoever_uses_the_new_account_already_does_not_need_the_old_door(
    desk: Desk, ray: MadeAgency, old: LegacyUser
) -> None:
    member = make_colleague(desk, ray.agency, FRANK)
    make_identity(desk, member, IdentityState.ACTIVE)
    with pytest.raises(Refused, match="This account has moved"):
        enter(desk)


def test_an_account_that_waits_for_its_activation_leaves_the_old_door_open(
    desk: Desk, ray: MadeAgency, old: LegacyUser
) -> None:
    make_identity(desk, make_colleague(desk, ray.agency, FRANK))
    assert enter(desk).legacy_user_id == old.id
