"""The post and the mailbox of a sandbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.states import Access, MailPurpose, TokenPurpose
from services import person_key
from services.accounts.accounts import ResetReason
from services.desk import Desk
from services.errors import NotFound
from services.sandbox import people
from services.sandbox.clock import clock_of
from services.sandbox.mailbox import SandboxMailbox
from services.sandbox.past import ago
from services.sandbox.post import deliver, refuses
from tests import making

BRENT = "brent@mortgageclient.example.com"


@pytest.fixture
def agency(sandbox: Desk) -> making.MadeAgency:
    return making.make_agency(sandbox)


def test_a_letter_has_the_link_that_works(sandbox: Desk, agency: making.MadeAgency) -> None:
    client = making.make_client(sandbox, agency.agency)
    sandbox.accounts.create_and_welcome(agency.admin, person_key.client(client.id))
    deliver(sandbox)
    [mail] = SandboxMailbox(sandbox).mails()
    letter = SandboxMailbox(sandbox).letter(mail.id)
    assert letter.link in letter.text
    assert sandbox.recovery.open(letter.link, "", making.HERE).purpose is TokenPurpose.ACTIVATE
    assert letter.link.endswith(people.mailed_link(sandbox, BRENT))
    assert people.mailed_code(sandbox, BRENT, MailPurpose.WELCOME) in letter.text


def test_a_letter_has_the_temporary_password(sandbox: Desk, agency: making.MadeAgency) -> None:
    client = making.make_client(sandbox, agency.agency)
    making.give_account(sandbox, agency.admin, client)
    clock_of(sandbox).move(timedelta(minutes=10))
    sandbox.temporary.send(agency.admin, person_key.client(client.id))
    deliver(sandbox)
    newest = SandboxMailbox(sandbox).mails()[0]
    letter = SandboxMailbox(sandbox).letter(newest.id)
    assert letter.link == ""
    assert people.mailed_password(sandbox, BRENT) in letter.text


def test_mail_to_some_domains_bounces_and_is_in_no_mailbox(sandbox: Desk, agency: making.MadeAgency) -> None:
    client = making.make_client(sandbox, agency.agency, email="brent@wrong.example")
    sandbox.accounts.create_and_welcome(agency.admin, person_key.client(client.id))
    deliver(sandbox)
    assert SandboxMailbox(sandbox).mails() == ()
    assert making.reread(sandbox.ctx, client).access == Access.UNDELIVERABLE


@pytest.mark.parametrize("address", ["a@wrong.example", "a@WRONG.example", "a@mail.wrong.example", "a@b.invalid"])
def test_these_addresses_bounce(address: str) -> None:
    assert refuses(address)


@pytest.mark.parametrize("address", ["a@example.com", "wrong.example@example.com", "a@notwrong.example"])
def test_these_do_not(address: str) -> None:
    assert not refuses(address)


def test_a_list_can_be_narrowed_to_somebody(sandbox: Desk, agency: making.MadeAgency) -> None:
    for first in ("Ada", "Bob"):
        client = making.make_client(sandbox, agency.agency, email=f"{first.lower()}@example.com", first=first)
        sandbox.accounts.create_and_welcome(agency.admin, person_key.client(client.id))
    deliver(sandbox)
    box = SandboxMailbox(sandbox)
    assert [mail.to_address for mail in box.mails()] == ["bob@example.com", "ada@example.com"]
    assert [mail.to_address for mail in box.mails("ADA activ")] == ["ada@example.com"]
    assert box.mails("nobody") == ()


def test_the_newest_stands_first_whenever_it_was_written_down(sandbox: Desk, agency: making.MadeAgency) -> None:
    for first, days in (("Ada", 5), ("Bob", 21), ("Eve", 0)):
        client = making.make_client(sandbox, agency.agency, email=f"{first.lower()}@example.com", first=first)
        with ago(sandbox, timedelta(days=days)):
            sandbox.accounts.create_and_welcome(agency.admin, person_key.client(client.id))
    assert [mail.to_name.split()[0] for mail in SandboxMailbox(sandbox).mails()] == ["Eve", "Ada", "Bob"]


def test_the_code_of_one_mail_is_not_taken_for_that_of_another(sandbox: Desk, agency: making.MadeAgency) -> None:
    client = making.make_client(sandbox, agency.agency)
    sandbox.accounts.create_and_welcome(agency.admin, person_key.client(client.id))
    with pytest.raises(NotFound):
        people.mailed_code(sandbox, BRENT, MailPurpose.CALLER_CODE)


def test_nothing_of_a_real_desk_can_be_read_or_sent_so(desk: Desk) -> None:
    with pytest.raises(TypeError):
        SandboxMailbox(desk)
    with pytest.raises(TypeError):
        deliver(desk)


def test_a_letter_waits_for_its_turn_like_any_other(sandbox: Desk, agency: making.MadeAgency) -> None:
    client = making.make_client(sandbox, agency.agency)
    making.give_account(sandbox, agency.admin, client)
    clock_of(sandbox).move(timedelta(minutes=10))
    sandbox.accounts.send_reset(agency.admin, person_key.client(client.id), ResetReason.FORGOTTEN)
    assert deliver(sandbox) > 0
    assert deliver(sandbox) == 0


def test_nobody_reads_the_secrets_of_a_real_desk(desk: Desk) -> None:
    ray = making.make_agency(desk)
    client = making.make_client(desk, ray.agency)
    desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
    for look in (people.mailed_link, people.newest_mail, people.authenticator_code):
        with pytest.raises(TypeError):
            look(desk, BRENT)
    with pytest.raises(TypeError):
        people.mailed_code(desk, BRENT, MailPurpose.WELCOME)
    with pytest.raises(TypeError):
        people.acting(desk)
