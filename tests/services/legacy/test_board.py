"""The board of old and new accounts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from models.agency import Office
from models.client import Client
from models.identity import Identity, LegacyUser, Membership
from models.outbox import OutboxMessage
from models.states import IdentityState, LegacyState, MailState, Role, TokenPurpose
from services import person_key
from services.clock import ManualClock
from services.credentials import tokens
from services.desk import Desk
from services.errors import NotFound
from services.legacy import legacy
from services.legacy.values import ELSEWHERE, BoardRow, Standing
from tests import making
from tests.making import MadeAgency
from tests.services.creating import FRANK, make_colleague, make_identity, make_office, make_old_account


@pytest.fixture
def office(desk: Desk, ray: MadeAgency) -> Office:
    """An office of the agency."""
    return make_office(desk, ray.agency, "San Diego")


def frank(desk: Desk, ray: MadeAgency) -> BoardRow:
    """The row of Frank, who is the only one besides the administrator."""
    (found,) = (row for row in desk.legacy.board(ray.admin).rows if row.email == FRANK)
    return found


def welcome(desk: Desk, identity: Identity) -> OutboxMessage:
    """The welcome mail, queued."""
    with desk.ctx.unit():
        return tokens.issue(desk.ctx, identity, TokenPurpose.ACTIVATE, by="test").message


def test_old_and_new_of_one_person_stand_side_by_side(
    desk: Desk, ray: MadeAgency, office: Office, clock: ManualClock
) -> None:
    old = make_old_account(desk, office)
    member = make_colleague(desk, ray.agency, FRANK, office=office)
    row = frank(desk, ray)
    assert (row.person, row.office, row.user_name, row.old) == ("Frank Jones", "San Diego", "fjones", "open")
    assert (row.new, row.standing, row.why) == ("none yet", Standing.WAITING, "")
    assert row.subject == person_key.staff(member.id)
    identity = make_identity(desk, member)
    message = welcome(desk, identity)
    with desk.ctx.unit():
        legacy.migrate(desk.ctx, ray.admin, old.id, identity)
    row = frank(desk, ray)
    assert (row.old.split()[0], row.new, row.standing) == ("migrated", "mail queued", Standing.UNOPENED)
    making.server_took(desk.ctx, message)
    row = frank(desk, ray)
    assert row.new.startswith("mail sent")
    assert row.standing is Standing.UNOPENED
    with desk.ctx.unit():
        Identity.update(state=IdentityState.ACTIVE, activated_at=clock.now()).where(
            Identity.id == identity.id
        ).execute()
    assert frank(desk, ray).standing is Standing.OVER


def test_a_mail_that_did_not_arrive_says_what_to_do(desk: Desk, ray: MadeAgency, office: Office) -> None:
    message = welcome(desk, make_identity(desk, make_colleague(desk, ray.agency, FRANK, office=office)))
    with desk.ctx.unit():
        OutboxMessage.update(state=MailState.FAILED, reply_text="550 no such user").where(
            OutboxMessage.id == message.id
        ).execute()
    row = frank(desk, ray)
    assert (row.standing, row.new) == (Standing.UNOPENED, "mail failed: 550 no such user")
    assert "Correct the e-mail address" in row.why


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"email": ""}, "No e-mail address"), ({"email": FRANK, "active": False}, "Not active on the staff list")],
)
def test_somebody_who_cannot_migrate_is_shown_with_the_reason(
    desk: Desk, ray: MadeAgency, office: Office, columns: dict[str, object], words: str
) -> None:
    make_old_account(desk, office)
    make_colleague(desk, ray.agency, office=office, first="Desiree", **columns)  # type: ignore[arg-type] # as it takes them
    rows = [row for row in desk.legacy.board(ray.admin, office.id).rows if row.person]
    assert [(row.standing, row.why.startswith(words)) for row in rows] == [(Standing.CANNOT, True)]
    assert "open" not in rows[0].old


def test_an_old_account_of_nobody_on_the_staff_list_cannot_migrate_unless_it_is_a_clients(
    desk: Desk, ray: MadeAgency, office: Office, brent: Client
) -> None:
    make_old_account(desk, office, "nobody", "nobody@x.example.com")
    make_old_account(desk, office, "brent", brent.email)
    make_old_account(desk, office, "mute", "")
    rows = {row.user_name: row for row in desk.legacy.board(ray.admin, office.id).rows}
    assert rows["nobody"].why.startswith("Nobody on the staff list")
    assert rows["mute"].why.startswith("No e-mail address")
    assert [rows[name].new for name in ("nobody", "mute", "brent")] == ["none: unknown", "none: no e-mail", "none yet"]
    assert rows["brent"].standing is Standing.WAITING
    assert (rows["brent"].subject, rows["mute"].subject) == (person_key.client(brent.id), None)


def test_a_deactivated_account_and_one_that_is_gone_cannot_go_over(desk: Desk, ray: MadeAgency, office: Office) -> None:
    make_old_account(desk, office, "gone", "gone@x.example.com", state=LegacyState.MIGRATED)
    make_identity(desk, make_colleague(desk, ray.agency, FRANK, office=office), IdentityState.DEACTIVATED)
    assert frank(desk, ray).why.startswith("The new account is deactivated")
    (row,) = (row for row in desk.legacy.board(ray.admin).rows if row.user_name == "gone")
    assert (row.standing, row.why) == (Standing.CANNOT, "The new account is gone. Create it again.")


def test_the_old_account_of_somebody_who_is_active_already_counts_as_closed(
    desk: Desk, ray: MadeAgency, office: Office
) -> None:
    make_old_account(desk, office)
    make_identity(desk, make_colleague(desk, ray.agency, FRANK, office=office), IdentityState.ACTIVE)
    row = frank(desk, ray)
    assert (row.standing, row.old, row.why) == (Standing.OVER, "closed", "")


def test_one_office_shows_its_own_people_only(desk: Desk, ray: MadeAgency, office: Office) -> None:
    ottawa = make_office(desk, ray.agency, "Ottawa")
    make_old_account(desk, office)
    make_old_account(desk, ottawa, "olga", "olga@x.example.com")
    board = desk.legacy.board(ray.admin, ottawa.id)
    assert [row.user_name for row in board.rows] == ["olga"]
    assert [name for _, name in board.offices] == ["Ottawa", "San Diego"]
    assert board.count(Standing.CANNOT) == 1


def test_a_supervisor_of_one_office_sees_that_one_and_the_people_of_none(
    desk: Desk, ray: MadeAgency, office: Office
) -> None:
    ottawa = make_office(desk, ray.agency, "Ottawa")
    make_old_account(desk, office)
    make_old_account(desk, ottawa, "olga", "olga@x.example.com")
    sup = making.make_staff(desk, ray.agency, "sup@x.example.com", role=Role.SUPERVISOR)
    with desk.ctx.unit():
        Membership.create(identity=sup.identity_id, office=ottawa)
    board = desk.legacy.board(sup)
    assert [(row.office, row.person, row.user_name) for row in board.rows] == [
        ("", "Ann Agent", ""),
        ("", "Sue Wright", ""),
        ("Ottawa", "", "olga"),
    ]
    assert [row.user_name for row in desk.legacy.board(sup, ottawa.id).rows] == ["olga"]
    assert board.offices == ((ottawa.id, "Ottawa"),)
    with pytest.raises(NotFound):
        desk.legacy.board(sup, office.id)


@pytest.mark.parametrize(("state", "standing"), [(None, Standing.CANNOT), (IdentityState.ACTIVE, Standing.OVER)])
def test_an_old_account_in_sight_does_not_tell_who_has_it_in_another_office(
    desk: Desk, ray: MadeAgency, office: Office, state: IdentityState | None, standing: Standing
) -> None:
    make_old_account(desk, office)
    member = make_colleague(desk, ray.agency, FRANK, office=make_office(desk, ray.agency, "Ottawa"))
    if state is not None:
        make_identity(desk, member, state)
    sup = making.make_staff(desk, ray.agency, "sup@x.example.com", role=Role.SUPERVISOR)
    with desk.ctx.unit():
        Membership.create(identity=sup.identity_id, office=office)
    (row,) = desk.legacy.board(sup, office.id).rows
    assert (row.user_name, row.office, row.person, row.subject) == ("fjones", "San Diego", "", None)
    assert (row.new, row.standing) == (ELSEWHERE, standing)
    assert row.why.startswith("This person belongs to another office.") is (standing is Standing.CANNOT)
    assert frank(desk, ray).person == "Frank Jones"


def test_moments_of_other_days_are_told_by_the_day(
    desk: Desk, ray: MadeAgency, office: Office, clock: ManualClock
) -> None:
    old = make_old_account(desk, office)
    with desk.ctx.unit():
        LegacyUser.update(last_sign_in_at=clock.now() - timedelta(days=400)).where(LegacyUser.id == old.id).execute()
    assert re.fullmatch(r"open, used \w+ \d+ \d{4}", frank(desk, ray).old)
    with desk.ctx.unit():
        LegacyUser.update(last_sign_in_at=clock.now()).where(LegacyUser.id == old.id).execute()
    assert re.fullmatch(r"open, used \d\d:\d\d", frank(desk, ray).old)


def test_the_people_of_another_agency_are_not_on_the_board(desk: Desk, ray: MadeAgency, office: Office) -> None:
    other = making.make_agency(desk, "OTHER-1", "boss@other.example.com")
    make_old_account(desk, make_office(desk, other.agency, "San Diego"))
    make_identity(desk, make_colleague(desk, other.agency, FRANK), IdentityState.ACTIVE)
    make_old_account(desk, office)
    row = frank(desk, ray)
    assert (row.new, row.person) == ("none: unknown", "")
    with pytest.raises(NotFound):
        desk.legacy.board(other.admin, office.id)


def test_after_the_closing_day_the_board_says_so(
    desk: Desk, ray: MadeAgency, office: Office, clock: ManualClock
) -> None:
    make_old_account(desk, office)
    desk.legacy.close_at(ray.admin, clock.now())
    assert frank(desk, ray).old == "closed"
    assert desk.legacy.board(ray.admin).closed


def test_a_board_takes_the_same_few_queries_however_many_people_it_has(
    desk: Desk, ray: MadeAgency, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        make_identity(desk, make_colleague(desk, ray.agency, f"p{number}@x.example.com", office=office))
        make_old_account(desk, office, f"p{number}", f"p{number}@x.example.com")
    asked: list[str] = []
    execute = desk.ctx.database.execute_sql

    def counted(sql: str, *rest: object, **more: object) -> object:
        asked.append(sql)
        return execute(sql, *rest, **more)

    monkeypatch.setattr(desk.ctx.database, "execute_sql", counted)
    assert len(desk.legacy.board(ray.admin).rows) == 41
    assert len(asked) < 20
