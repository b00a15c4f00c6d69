"""SSH keys of accounts: who binds and revokes them, who hears of it, and what ends with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity
from models.staff import StaffMember
from models.states import AuditResult, IdentityState, MailPurpose, Role
from services import person_key
from services.clients.values import PersonAction
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Forbidden, Invalid, NotFound, Refused, SignedOut
from services.mail.notices import Notice
from services.person_key import PersonKey
from services.ssh_keys import ssh_keys
from services.verification.standing import NotVerified
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency
from tests.services.creating import make_office
from tests.services.entry.telling import told
from tests.services.officing import again, join
from tests.services.ssh_keys.keying import a_key, print_of

ANN = "ann@raystaging.example.com"


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> PersonKey:
    """A colleague with an account, whose caller is known."""
    making.make_staff(desk, ray.agency, ANN)
    with desk.ctx.read():
        key = person_key.staff(StaffMember.get(StaffMember.email == ANN).id)
    making.verified(desk, ray.admin, key)
    return key


@pytest.fixture
def account(ctx: Context, ann: PersonKey) -> Identity:
    """Her account."""
    return making.account_behind(ctx, ann)


def mine(ctx: Context, ray: MadeAgency) -> PersonKey:
    """The administrator, as a person of the list."""
    with ctx.read():
        return person_key.staff(StaffMember.get(StaffMember.identity == ray.admin.identity_id).id)


def test_a_bound_key_is_listed_written_down_and_told_to_its_owner(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, account: Identity
) -> None:
    line = a_key("ann@laptop")
    bound = desk.ssh_keys.bind(ray.admin, ann, line)
    assert (bound.owner, bound.comment, bound.bound_by) == ("Ann Agent", "ann@laptop", "Sue Wright")
    assert (bound.fingerprint, bound.used_at, bound.revoked_at) == (print_of(line), None, None)
    assert desk.ssh_keys.of(ray.admin, ann).keys == desk.ssh_keys.list(ray.admin) == (bound,)
    [entry] = making.entries(ctx, "ssh_key_bound")
    assert (entry.staff_id, entry.identity_id, entry.result) == (ann.id, account.id, AuditResult.DONE)
    assert json.loads(entry.details)["verified"]
    assert told(ctx, account, Notice.SSH_KEY_BOUND) == [{"key": print_of(line), "comment": "ann@laptop"}]
    [event] = [one for one in desk.people.history(ray.admin, ann) if one.action == "ssh_key_bound"]
    assert event.words.startswith(f"bound an SSH key to the account: {print_of(line)[:20]}…")


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.AUDITOR])
def test_only_administrators_look_bind_and_revoke(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, role: Role
) -> None:
    line = a_key()
    desk.ssh_keys.bind(ray.admin, ann, line)
    bob = making.make_staff(desk, ray.agency, "bob@example.com", role=role)
    tries: list[Callable[[], object]] = [
        lambda: desk.ssh_keys.of(bob, ann),
        lambda: desk.ssh_keys.list(bob),
        lambda: desk.ssh_keys.bind(bob, ann, a_key()),
        lambda: desk.ssh_keys.revoke(bob, print_of(line)),
    ]
    for attempt in tries:
        with pytest.raises(Forbidden):
            attempt()
    offers = {offer.action: offer for offer in desk.accounts.offers(bob, ann)}
    assert not offers[PersonAction.SSH_KEYS].allowed


def test_a_new_key_needs_a_caller_who_is_known_as_another_address_does(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey
) -> None:
    newly = again(desk, ray.admin)
    with pytest.raises(NotVerified, match="e-mail address or SSH key"):
        desk.ssh_keys.bind(newly, ann, a_key())
    [refused] = making.entries(ctx, "ssh_key_bound")
    assert (refused.result, refused.staff_id) == (AuditResult.REFUSED, ann.id)
    desk.verification.override(newly, ann, "I sit beside her")
    desk.ssh_keys.bind(newly, ann, a_key())
    assert "I sit beside her" in json.loads(making.entries(ctx, "ssh_key_bound")[-1].details)["verified"]


def test_for_ones_own_account_nobody_calls(desk: Desk, ctx: Context, ray: MadeAgency) -> None:
    assert desk.ssh_keys.bind(again(desk, ray.admin), mine(ctx, ray), a_key()).owner == "Sue Wright"


def test_an_account_that_nobody_has_activated_needs_no_caller(desk: Desk, ray: MadeAgency, ctx: Context) -> None:
    making.make_staff(desk, ray.agency, ANN)
    with ctx.unit():
        Identity.update(state=IdentityState.PENDING).where(Identity.email == ANN).execute()
        key = person_key.staff(StaffMember.get(StaffMember.email == ANN).id)
    desk.ssh_keys.bind(ray.admin, key, a_key())


def test_a_line_that_will_not_do_is_told_at_its_field_and_stands_nowhere(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey
) -> None:
    with pytest.raises(Invalid, match="private key") as refused:
        desk.ssh_keys.bind(ray.admin, ann, "-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXk")
    assert list(refused.value.problems) == ["line"]
    assert "b3BlbnNz" not in str([entry.__data__ for entry in making.entries(ctx)])


def test_a_key_is_bound_once_and_whose_it_is_stays_in_its_offices(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey
) -> None:
    line = a_key()
    desk.ssh_keys.bind(ray.admin, ann, line)
    with pytest.raises(Refused, match="to this account already"):
        desk.ssh_keys.bind(ray.admin, ann, line)
    with pytest.raises(Refused, match="account of Ann Agent already"):
        desk.ssh_keys.bind(ray.admin, mine(ctx, ray), line)
    other = making.make_agency(desk, "OTHER-1", "zoe@other.example.com")
    with pytest.raises(Refused, match="opens another account already"):
        desk.ssh_keys.bind(other.admin, mine(ctx, other), line)
    away, here = (make_office(desk, ray.agency, name) for name in ("Away", "Here"))
    with ctx.unit():
        StaffMember.update(office=away).where(StaffMember.id == ann.id).execute()
    bob = join(desk, making.make_staff(desk, ray.agency, "bob@example.com", role=Role.ADMINISTRATOR), int(here.id))
    with ctx.read():
        own = person_key.staff(StaffMember.get(StaffMember.identity == bob.identity_id).id)
    with pytest.raises(Refused, match="opens another account already"):
        desk.ssh_keys.bind(bob, own, line)
    assert desk.ssh_keys.list(bob) == ()
    for looker in (bob, other.admin):
        with pytest.raises(NotFound) as hidden:
            desk.ssh_keys.revoke(looker, print_of(line))
        with pytest.raises(NotFound, match=hidden.value.sentence):
            desk.ssh_keys.revoke(looker, print_of(a_key()))


def test_of_two_who_bind_the_same_key_at_once_one_is_told(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, at_once: Callable[..., list[Any]]
) -> None:
    line, own = a_key(), mine(ctx, ray)
    outcomes = at_once(
        lambda: desk.ssh_keys.bind(ray.admin, ann, line), lambda: desk.ssh_keys.bind(ray.admin, own, line)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "SshKeyView"]


def test_a_revoked_key_can_be_bound_to_somebody_else(desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey) -> None:
    line = a_key()
    desk.ssh_keys.bind(ray.admin, ann, line)
    desk.ssh_keys.revoke(ray.admin, print_of(line))
    desk.ssh_keys.bind(ray.admin, mine(ctx, ray), line)
    assert [key.owner for key in desk.ssh_keys.list(ray.admin)] == ["Sue Wright", "Ann Agent"]


def test_ten_keys_are_enough(desk: Desk, ray: MadeAgency, ann: PersonKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_keys, "MOST", 2)
    for _ in range(2):
        desk.ssh_keys.bind(ray.admin, ann, a_key())
    with pytest.raises(Refused, match="Revoke one first"):
        desk.ssh_keys.bind(ray.admin, ann, a_key())
    assert "Revoke one first" in desk.ssh_keys.of(ray.admin, ann).why_not


def test_a_deactivated_account_is_given_no_key_and_loses_one(desk: Desk, ray: MadeAgency, ann: PersonKey) -> None:
    line = a_key()
    desk.ssh_keys.bind(ray.admin, ann, line)
    desk.accounts.deactivate(ray.admin, ann, "left")
    with pytest.raises(Refused, match="Reactivate it first"):
        desk.ssh_keys.bind(ray.admin, ann, a_key())
    assert desk.ssh_keys.revoke(ray.admin, print_of(line)).revoked_at


def test_clients_and_people_without_an_account_have_none(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    with pytest.raises(Refused, match="no account yet"):
        desk.ssh_keys.bind(ray.admin, person_key.client(brent.id), a_key())
    making.give_account(desk, ray.admin, brent)
    with pytest.raises(Refused, match="Clients sign in at the portal"):
        desk.ssh_keys.of(ray.admin, person_key.client(brent.id))


def test_a_revoked_key_ends_what_it_opened_and_nothing_else(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, account: Identity
) -> None:
    lost, kept = a_key("lost"), a_key("kept")
    for line in (lost, kept):
        desk.ssh_keys.bind(ray.admin, ann, line)
    by_lost, by_kept = (desk.sign_in.by_key(print_of(line), HERE) for line in (lost, kept))
    by_password = desk.sign_in.sign_in(ray.agency.code, ANN, PASSWORD, HERE)
    revoked = desk.ssh_keys.revoke(ray.admin, print_of(lost).removeprefix("SHA256:"))
    assert (revoked.revoked_by, revoked.used_at) == ("Sue Wright", ctx.clock.now())
    with pytest.raises(SignedOut, match="key with which it began was revoked"):
        desk.own.home(by_lost)
    for actor in (by_kept, by_password):
        desk.own.home(actor)
    assert told(ctx, account, Notice.SSH_KEY_REVOKED) == [{"key": print_of(lost), "comment": "lost"}]
    with pytest.raises(NotFound, match="revoked in the meantime"):
        desk.ssh_keys.revoke(ray.admin, print_of(lost))
    assert [key.comment for key in desk.ssh_keys.of(ray.admin, ann).keys] == ["kept", "lost"]


def test_its_owner_sees_and_revokes_a_key_and_stays_where_they_are(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, account: Identity
) -> None:
    line, other = a_key(), a_key()
    desk.ssh_keys.bind(ray.admin, ann, line)
    desk.ssh_keys.bind(ray.admin, mine(ctx, ray), other)
    here, there = (desk.sign_in.by_key(print_of(line), HERE) for _ in range(2))
    assert desk.own_security.overview(here).ssh_keys == 1
    assert [key.fingerprint for key in desk.own_ssh_keys.list(here)] == [print_of(line)]
    for not_hers in (print_of(other), print_of(a_key())):
        with pytest.raises(NotFound, match="opens your account"):
            desk.own_ssh_keys.revoke(here, not_hers)
    desk.own_ssh_keys.revoke(here, print_of(line))
    desk.own.home(here)
    with pytest.raises(SignedOut):
        desk.own.home(there)
    assert desk.own_security.overview(here).ssh_keys == 0
    assert making.entries(ctx, "ssh_key_revoked")[-1].actor_id == account.id


def test_the_mail_about_a_new_password_says_that_keys_go_on_opening_the_account(
    desk: Desk, ctx: Context, ray: MadeAgency, ann: PersonKey, account: Identity
) -> None:
    her = desk.sign_in.sign_in(ray.agency.code, ANN, PASSWORD, HERE)
    passwords = PASSWORD, Secret("a wholly other sentence"), Secret("and yet another sentence")
    said = []
    for before, after in pairwise(passwords):
        desk.own.change_password(her, before, after)
        mail = making.mails(ctx, account, MailPurpose.PASSWORD_CHANGED)[-1]
        said.append("1 SSH key still opens the account" in " ".join(desk.mail.view(ray.admin, mail.id).text.split()))
        desk.ssh_keys.bind(ray.admin, ann, a_key())
    assert said == [False, True]
