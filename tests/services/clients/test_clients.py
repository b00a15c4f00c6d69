"""The client list: one client read, added, corrected; two people at once; the e-mail address."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.client import Client
from models.states import Access, AuditResult, IdentityState, MailPurpose, Role
from services import person_key
from services.clients.values import ClientFields, ClientQuery, ClientRecord, Saved
from services.desk import Desk
from services.errors import Conflict, DeskError, Invalid, NotFound, Refused
from tests.making import (
    MadeAgency,
    entries,
    give_account,
    identity_of,
    mails,
    make_agency,
    make_client,
    make_staff,
    reread,
    verified,
)

FIELDS = ClientFields("Brent", "Thomas", "brent@example.ca", "(519) 555-0143", "1972-06-19", True)


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    return make_agency(desk)


@pytest.fixture
def brent(desk: Desk, made: MadeAgency) -> ClientRecord:
    return desk.clients.create(made.admin, FIELDS)


def change(desk: Desk, made: MadeAgency, record: ClientRecord, **fields: Any) -> Saved:
    return desk.clients.save(made.admin, record.id, record.version, replace(record.fields, **fields))


def found(desk: Desk, made: MadeAgency, words: str) -> list[int]:
    return list(desk.clients.rows(made.admin, ClientQuery(words=words)).keys(lambda: False))


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each action gave or raised when all started together."""
    start = threading.Barrier(len(actions))
    ends: list[object] = [None] * len(actions)

    def run(number: int, action: Callable[[], object]) -> None:
        start.wait()
        try:
            ends[number] = action()
        except DeskError as error:
            ends[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_a_new_client_is_kept_clean_and_read_back(desk: Desk, made: MadeAgency, brent: ClientRecord) -> None:
    assert brent.fields == replace(FIELDS, phone="+15195550143")
    assert (brent.phone_shown, brent.version, brent.changed_by, brent.name) == (
        "(519) 555-0143", 1, "Sue Wright", "Brent Thomas",
    )  # fmt: skip
    assert desk.clients.get(made.admin, brent.id) == brent
    row = Client.select(Client.access, Client.birthday_key)
    with desk.ctx.read():
        assert [(client.access, client.birthday_key) for client in row] == [(Access.NO_ACCOUNT, 619)]
    assert [entry.client_id for entry in entries(desk.ctx, "client_added")] == [brent.id]


def test_every_wrong_field_is_told_at_once_in_the_order_of_the_form(desk: Desk, made: MadeAgency) -> None:
    wrong = ClientFields("", "\u202eLee", "ann.lee@", "call me", "2031-01-01")
    with pytest.raises(Invalid) as refused:
        desk.clients.create(made.admin, wrong)
    assert list(refused.value.problems) == ["first_name", "last_name", "email", "phone", "date_of_birth"]
    assert refused.value.problems == desk.clients.check(wrong, date(2026, 11, 21))
    assert desk.clients.count(made.admin) == 0


def test_fields_as_stored_pass_the_check(desk: Desk, brent: ClientRecord) -> None:
    assert desk.clients.check(brent.fields, date(2026, 11, 21)) == {}


def test_an_address_belongs_to_one_client_of_the_agency_in_whatever_case(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    with pytest.raises(Invalid, match=r"BRENT@example.ca already belongs to Brent Thomas. Use another") as refused:
        desk.clients.create(made.admin, replace(FIELDS, email="BRENT@Example.CA"))
    assert list(refused.value.problems) == ["email"]
    other = make_agency(desk, code="OTHER-1", admin_email="ann@other.example.com")
    assert desk.clients.create(other.admin, FIELDS).fields.email == "brent@example.ca"


def test_a_client_is_found_by_its_address_and_nobody_by_what_is_none(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    assert desk.clients.find_by_email(made.admin, " Brent@EXAMPLE.ca ") == brent
    assert desk.clients.find_by_email(made.admin, "brent") is None
    assert desk.clients.find_by_email(made.admin, "other@example.ca") is None


def test_saving_stores_what_differs_and_all_that_follows_from_it(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    saved = change(desk, made, brent, first_name="Brenda", phone="", date_of_birth="1980-01-02", subscribed=False)
    assert not saved.email_changed
    assert saved.record.version == 2
    assert saved.record == desk.clients.get(made.admin, brent.id)
    with desk.ctx.read():
        row = Client.get_by_id(brent.id)
    assert (row.name_key, row.birthday_key, row.subscribed, row.phone) == ("brenda thomas", 102, False, "")
    assert found(desk, made, "brenda") == [brent.id]
    assert found(desk, made, "0143") == []


def test_the_audit_tells_each_changed_field_before_and_after(desk: Desk, made: MadeAgency, brent: ClientRecord) -> None:
    change(desk, made, brent, phone="519 555 0199", date_of_birth="", subscribed=False)
    [entry] = entries(desk.ctx, "client_changed")
    assert json.loads(entry.details) == {
        "old_phone": "+15195550143", "new_phone": "+15195550199",
        "old_date_of_birth": "1972-06-19", "new_date_of_birth": "",
        "old_subscribed": True, "new_subscribed": False,
    }  # fmt: skip
    assert (entry.client_id, entry.actor_name, entry.result) == (brent.id, "Sue Wright", AuditResult.DONE)


def test_saving_without_a_change_writes_nothing(desk: Desk, made: MadeAgency, brent: ClientRecord) -> None:
    before = len(entries(desk.ctx))
    saved = change(desk, made, brent, phone="519-555-0143", email=" brent@example.ca")
    assert saved == Saved(brent, email_changed=False)
    assert len(entries(desk.ctx)) == before


def test_a_client_that_somebody_changed_meanwhile_is_not_overwritten(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    agent = make_staff(desk, made.agency, "ann@example.com")
    theirs = desk.clients.save(agent, brent.id, brent.version, replace(brent.fields, phone="519 555 0100")).record
    with pytest.raises(Conflict, match="Ann Agent changed this client while you were editing") as refused:
        change(desk, made, brent, first_name="Brenda")
    assert refused.value.theirs == theirs
    assert refused.value.changed_by == "Ann Agent"
    assert desk.clients.get(made.admin, brent.id) == theirs


def test_of_two_agents_who_save_at_once_one_is_stored_and_the_other_is_told(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    ends = at_once(
        lambda: change(desk, made, brent, first_name="One"),
        lambda: change(desk, made, brent, first_name="Two"),
    )
    [saved] = [end for end in ends if isinstance(end, Saved)]
    [conflict] = [end for end in ends if isinstance(end, Conflict)]
    assert conflict.theirs == saved.record == desk.clients.get(made.admin, brent.id)
    assert len(entries(desk.ctx, "client_changed")) == 1


def test_of_two_agents_who_add_the_same_address_at_once_one_is_told_whose_it_is(desk: Desk, made: MadeAgency) -> None:
    ends = at_once(lambda: desk.clients.create(made.admin, FIELDS), lambda: desk.clients.create(made.admin, FIELDS))
    assert sorted(type(end).__name__ for end in ends) == ["ClientRecord", "Invalid"]
    assert desk.clients.count(made.admin) == 1


def test_a_taken_address_is_refused_and_nothing_else_of_the_save_is_kept(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    make_client(desk, made.agency, "taken@example.ca", first="Cindy", last="Baxter")
    with pytest.raises(Invalid, match=r"taken@example.ca already belongs to Cindy Baxter"):
        change(desk, made, brent, first_name="Brenda", email="taken@example.ca")
    assert desk.clients.get(made.admin, brent.id) == brent


def test_a_changed_address_takes_the_account_along(desk: Desk, made: MadeAgency, brent: ClientRecord) -> None:
    client = reread(desk.ctx, Client(id=brent.id))
    give_account(desk, made.admin, client)
    verified(desk, made.admin, person_key.client(brent.id))
    saved = change(desk, made, desk.clients.get(made.admin, brent.id), email="New.Brent@example.ca")
    assert saved.email_changed
    identity = identity_of(desk.ctx, client)
    assert (identity.email, identity.email_key) == ("New.Brent@example.ca", "new.brent@example.ca")
    assert identity.state is IdentityState.ACTIVE
    notices = {mail.purpose: mail.to_address for mail in mails(desk.ctx, identity)}
    assert notices[MailPurpose.EMAIL_CHANGED_OLD] == "brent@example.ca"
    assert notices[MailPurpose.EMAIL_CHANGED_NEW] == "New.Brent@example.ca"
    assert found(desk, made, "new.brent") == [brent.id]


def test_what_follows_from_a_changed_address_is_told_before_and_changes_nothing(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    client = reread(desk.ctx, Client(id=brent.id))
    give_account(desk, made.admin, client, password=None)
    effects = desk.clients.email_effects(made.admin, brent.id, " new@example.ca ")
    assert (effects.old, effects.new, effects.user_name_changes) == ("brent@example.ca", "new@example.ca", True)
    assert (effects.live_links, effects.waiting_mails) == (1, 1)
    assert identity_of(desk.ctx, client).email == "brent@example.ca"


def test_the_preview_already_refuses_an_address_that_cannot_be_saved(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    make_client(desk, made.agency, "taken@example.ca", first="Cindy", last="Baxter")
    for address in ("nonsense", "taken@example.ca"):
        with pytest.raises(Invalid) as refused:
            desk.clients.email_effects(made.admin, brent.id, address)
        assert list(refused.value.problems) == ["email"]


def test_the_accounts_name_follows_the_clients(desk: Desk, made: MadeAgency, brent: ClientRecord) -> None:
    client = reread(desk.ctx, Client(id=brent.id))
    give_account(desk, made.admin, client)
    change(desk, made, desk.clients.get(made.admin, brent.id), last_name="Thomson")
    assert identity_of(desk.ctx, client).name == "Brent Thomson"


def test_the_user_name_of_a_colleague_cannot_become_a_clients(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    make_staff(desk, made.agency, "ann@example.com")
    give_account(desk, made.admin, reread(desk.ctx, Client(id=brent.id)))
    current = desk.clients.get(made.admin, brent.id)
    with pytest.raises(Invalid, match="somebody else's account"):
        change(desk, made, current, email="ann@example.com")
    assert desk.clients.get(made.admin, brent.id) == current


def test_another_agencys_client_is_not_there_and_the_try_is_written_down(
    desk: Desk, made: MadeAgency, brent: ClientRecord
) -> None:
    other = make_agency(desk, code="OTHER-1", admin_email="ann@other.example.com")
    for try_it in (
        lambda: desk.clients.get(other.admin, brent.id),
        lambda: desk.clients.save(other.admin, brent.id, 1, FIELDS),
        lambda: desk.clients.email_effects(other.admin, brent.id, "new@example.ca"),
    ):
        with pytest.raises(NotFound, match="not in the list any more"):
            try_it()
    assert desk.clients.count(other.admin) == 0
    assert desk.clients.find_by_email(other.admin, "brent@example.ca") is None
    [refusal] = entries(desk.ctx, "client_changed")
    assert (refusal.result, refusal.agency_id) == (AuditResult.REFUSED, other.agency.id)


def test_an_auditor_reads_clients_and_changes_none(desk: Desk, made: MadeAgency, brent: ClientRecord) -> None:
    auditor = make_staff(desk, made.agency, "audit@example.com", role=Role.AUDITOR)
    assert desk.clients.get(auditor, brent.id) == brent
    for try_it in (
        lambda: desk.clients.create(auditor, replace(FIELDS, email="x@example.ca")),
        lambda: desk.clients.save(auditor, brent.id, 1, FIELDS),
    ):
        with pytest.raises(Refused, match="helpdesk staff"):
            try_it()
    assert desk.clients.get(made.admin, brent.id) == brent


def test_names_that_look_like_markup_are_kept_as_they_are(desk: Desk, made: MadeAgency) -> None:
    hostile = ClientFields("[/x]", "[@click=app.quit]Click[/]", "bob@example.ca")
    assert desk.clients.create(made.admin, hostile).name == "[/x] [@click=app.quit]Click[/]"


def test_the_longest_names_are_stored_and_found(desk: Desk, made: MadeAgency) -> None:
    for number, sign in enumerate("ﷺ𐌰㎯x"):
        fields = ClientFields(sign * 100, sign * 100, f"long{number}@example.ca", "+15195550143")
        record = desk.clients.create(made.admin, fields)
        assert record.id in found(desk, made, sign), sign
